"""Papers of a goods declaration: Kouan's own acknowledgement, and the official answers as they were received."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kouan.accounts.access import door
from kouan.goods import selectors
from kouan.goods.looks import PARTY_WORDS, channel_chip
from kouan.goods.states import Party
from kouan.goods.views import SEERS
from kouan.goods.views.declarations import Names
from kouan.notices.tracking import check_value, tracking_path


@require_GET
@door(roles=SEERS)
def show_acknowledgement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the paper that says what was received and when; ours, and never an official receipt."""
    row = selectors.get_goods(user=request.user, pk=pk)  # type: ignore[arg-type]
    context = {
        "versions": selectors.versions_of(row),
        "files": selectors.files_of(row),
        "whose": PARTY_WORDS[Party(row.waits_for)],
        **_head(request, row),
    }
    return render(request, "goods/acknowledgement.html", context)


@require_GET
@door(roles=SEERS)
def show_official_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the paper with the official answers, word for word, and who issued them."""
    row = selectors.get_goods(user=request.user, pk=pk)  # type: ignore[arg-type]
    answers = [(one, channel_chip(one.kind, one.code)) for one in selectors.answers_of(row)]
    return render(request, "goods/official_receipt.html", {"answers": answers, **_head(request, row)})


def _head(request: HttpRequest, row: Any) -> dict[str, Any]:
    """Give what both papers have: the declaration, the names of its codes, and the way to its tracking page."""
    path = tracking_path(row.client_no, row.pk)
    address = settings.KOUAN_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    return {
        "row": row,
        "names": Names(row),
        "check": check_value(row.pk),
        "tracking_url": address + path,
        "track_page": address + path.partition("?")[0],
        "now": timezone.now(),
    }
