"""Papers of a declaration: Kouan's own acknowledgement, and the official answers as they were received."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kouan.accounts.access import door
from kouan.clearance.looks import official_chip
from kouan.clearance.timeline import wait_words
from kouan.clearance.views.cases import SEERS, CustomsNames
from kouan.declarations import selectors as declarations
from kouan.notices.tracking import check_value, tracking_path
from kouan.transport import selectors as transport


@require_GET
@door(roles=SEERS)
def show_acknowledgement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the paper that says what was received and when; ours, and never an official receipt."""
    case = declarations.get_case(user=request.user, pk=pk)  # type: ignore[arg-type]
    versions = declarations.versions_of(case)
    context = {"versions": versions, "wait_words": wait_words(case), **_head(request, case)}
    return render(request, "clearance/acknowledgement.html", context)


@require_GET
@door(roles=SEERS)
def show_official_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the paper with the official answers, word for word, and who issued them."""
    case = declarations.get_case(user=request.user, pk=pk)  # type: ignore[arg-type]
    found = declarations.answers_to(declarations.documents_about(case))
    answers = [(one, one.said, official_chip(one.said.status)) for one in found]
    context = {"answers": answers, "tax_bills": declarations.tax_bills_of(case), **_head(request, case)}
    return render(request, "clearance/official_receipt.html", context)


def _head(request: HttpRequest, case: Any) -> dict[str, Any]:
    """Give what both papers have: the case, the names of its codes, and the way to its tracking page."""
    names = CustomsNames(case.received_at.date())
    path = tracking_path(case.internal_no, case.pk)
    address = settings.KOUAN_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    return {
        "case": case,
        "customs": names.of("customs_district", case.customs_code),
        "mode": names.of("trade_mode", case.trade_mode),
        "place": transport.place_name(case.place_code),
        "check": check_value(case.pk),
        "tracking_url": address + path,
        "track_page": address + path.partition("?")[0],
        "now": timezone.now(),
    }
