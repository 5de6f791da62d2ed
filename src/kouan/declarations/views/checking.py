"""The doors between maker and checker of a draft."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kouan.accounts.access import door
from kouan.checking.codes import CheckedKind
from kouan.checking.views.reviewing import Reader, Review, respond
from kouan.declarations import selectors
from kouan.declarations.forms import CODED, in_words
from kouan.declarations.pointers import at_form_fields
from kouan.declarations.services.checking import give_back, let_pass, take_back_from_check
from kouan.declarations.services.drafting import check_values
from kouan.declarations.views import TRADER
from kouan.declarations.views.drafts import forms_of
from kouan.reference import selectors as reference
from kouan.reference.codes import Generation
from kouan.screens.pieces import Crumb

_PERSONAL = {
    "buyer_name": "name", "buyer_id_number": "id", "buyer_phone": "phone", "consignee_name": "name",
    "consignee_phone": "phone", "consignee_address": "address",
}  # fmt: skip


@door(roles=TRADER)
def review_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a draft to the checker; take the verdict."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    at, form_url = timezone.now(), reverse("draft", args=[pk])
    codes = reference.load_codes(timezone.localdate())
    reader = Reader(codes, CODED, Generation.CUSTOMS, _PERSONAL)
    lines = draft.values.get("goods") or []
    form, goods = forms_of(draft.values, codes)
    fields = goods.empty_form.fields
    found = at_form_fields(check_values(user=user, values=draft.values, at=at), list(range(len(lines))))
    review = Review(
        draft=draft,
        kind=CheckedKind.PARCELS,
        title=draft.title,
        client=draft.client_name,
        form_url=form_url,
        groups=[(label, reader.group(some, draft.values)) for _key, label, some in form.groups()],
        lists=[("goods", _("商品"), [one.label for one in fields.values()], reader.lines("goods", fields, lines))],
        found=[in_words(one, form, goods) for one in found],
        crumbs=[Crumb(_("申报草稿"), reverse("drafts")), Crumb(draft.title, form_url)],
        file_count=0,
        let_pass=lambda revision: let_pass(user=user, pk=pk, revision=revision, at=at),
        give_back=lambda given: give_back(user=user, pk=pk, at=at, **given),
    )
    return respond(request, review)


@require_POST
@door(roles=TRADER)
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a draft back from the checkers."""
    take_back_from_check(user=request.user, pk=pk, at=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("已收回，可以继续修改。"))
    return redirect("draft", pk=pk)
