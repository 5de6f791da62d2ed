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
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from kouan.accounts.access import door
from kouan.checking.codes import CheckedKind
from kouan.checking.states import CheckState
from kouan.checking.views.reviewing import Reader, Review, respond
from kouan.gateway.selectors import channel_name
from kouan.goods import selectors
from kouan.goods.composing import values_of
from kouan.goods.forms import CODED, GRIDS, GoodsHeadForm, in_words
from kouan.goods.natural import masks_in
from kouan.goods.services.checking import bounce_draft, pass_draft, submit_draft, take_back_draft
from kouan.goods.services.drafting import check_values
from kouan.goods.services.holding import pass_held, refuse_held
from kouan.goods.views import TRADER
from kouan.reference import selectors as reference
from kouan.screens.pieces import Crumb


@door(roles=TRADER)
def review_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a draft to the checker; take the verdict."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    at, form_url = timezone.now(), reverse("goods-draft", args=[pk])
    review = Review(
        draft=draft,
        kind=CheckedKind.GOODS,
        title=draft.title,
        client=draft.client_name,
        form_url=form_url,
        **_as_typed(draft.values),
        found=[in_words(one) for one in check_values(user=user, values=draft.values, at=at)],
        crumbs=[Crumb(_("报关单草稿"), reverse("goods-drafts")), Crumb(draft.title, form_url)],
        file_count=len(selectors.files_of_draft(draft)),
        let_pass=lambda revision: pass_draft(user=user, draft_id=pk, revision=revision, at=at),
        give_back=lambda given: bounce_draft(user=user, draft_id=pk, at=at, **given),
    )  # fmt: skip
    return respond(request, review)


@door(roles=TRADER)
def review_held(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a declaration that the firm's own system sent to the checker; take the verdict."""
    user: Any = request.user
    held = selectors.get_held(user=user, pk=pk)
    at = timezone.now()
    read = selectors.read_version(pk)
    values = values_of(read.declaration)
    review = Review(
        draft=held,
        kind=CheckedKind.GOODS,
        title=held.client_no,
        client=held.client_name,
        form_url=reverse("message", args=[pk]),
        form_label=_("查看报文"),
        done_url=reverse("held-goods", args=[pk]),
        made_by=channel_name(held.author_id),
        is_open=held.stands is CheckState.TO_CHECK,
        **_as_typed(values),
        found=[in_words(one) for one in check_values(user=user, values=values, at=at)],
        crumbs=[Crumb(pgettext("列表", "报关单"), reverse("goods"))],
        file_count=len(read.files),
        let_pass=lambda revision: pass_held(user=user, message_id=pk, revision=revision, at=at),
        give_back=lambda given: refuse_held(
            user=user, message_id=pk, revision=given["revision"], reason=given["reason"], pointer=given["pointer"],
            at=at,
        ),
    )  # fmt: skip
    return respond(request, review)


def _as_typed(values: dict[str, Any]) -> dict[str, Any]:
    """Give what stands in a declaration as the checker reads it: the groups of the head, and the lists."""
    codes = reference.load_codes(timezone.localdate())
    reader = Reader(codes, CODED, masked=masks_in(values))
    head = GoodsHeadForm(initial=values, codes=codes)
    words = {"goods": _("商品"), "containers": _("集装箱"), "documents": _("随附单证")}
    return {
        "groups": [(label, reader.group(fields, values)) for _key, label, fields in head.groups()],
        "lists": [
            (key, words[key], [field.label for field in form.base_fields.values()],
             reader.lines(key, form.base_fields, values.get(key) or []))
            for key, (form, _most) in GRIDS.items()
        ],
    }  # fmt: skip


@require_POST
@door(roles=TRADER)
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand a draft over as it was last kept."""
    submit_draft(user=request.user, draft_id=pk, at=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("已提交复核。"))
    return redirect("goods-draft", pk=pk)


@require_POST
@door(roles=TRADER)
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a draft back from the checkers."""
    take_back_draft(user=request.user, draft_id=pk, at=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("已收回，可以继续修改。"))
    return redirect("goods-draft", pk=pk)
