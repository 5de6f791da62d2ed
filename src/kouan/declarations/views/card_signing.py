"""The pages on which a clerk downloads messages to be signed with the card, and hands them in signed."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from kouan.accounts.access import NotAllowed, NotYours, door
from kouan.declarations import selectors
from kouan.declarations.codes import DraftState
from kouan.declarations.forms import SignedForm
from kouan.declarations.models import Draft, DraftMessage
from kouan.declarations.services.card_signing import must_be_signed, reopen_draft, take_signed, unsigned_of
from kouan.declarations.views import TRADER
from kouan.gateway.services.receiving import MAX_BODY_BYTES
from kouan.records.problems import Problem
from kouan.screens.formats import is_english
from kouan.screens.pieces import Consequence, Crumb


def show_signing(request: HttpRequest, draft: Draft, *, problems: list[Problem] | None = None) -> HttpResponse:
    """Show what has to be signed, what has come back, and the way to hand it in."""
    awaited = selectors.messages_to_sign(draft)
    context = {
        "draft": draft,
        "crumbs": [Crumb(_("申报草稿"), reverse("drafts"))],
        "awaited": [(message, must_be_signed(message), _file_name(message)) for message in awaited],
        "missing": sum(must_be_signed(message) and message.signed_at is None for message in awaited),
        "problems": problems or [],
        "form": SignedForm(),
        "may_reopen": draft.source == "form",
        "at": timezone.now(),
    }
    return render(request, "declarations/signing.html", context, status=422 if problems else 200)


@require_GET
@door(roles=TRADER)
def download_one(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Give one unsigned message, exactly as it was written."""
    draft = selectors.get_draft(user=request.user, pk=pk)  # type: ignore[arg-type]
    message = next((one for one in selectors.messages_to_sign(draft) if one.number == number), None)
    if message is None:
        raise NotYours
    return _as_file(unsigned_of(message), _file_name(message), "application/xml")


@require_GET
@door(roles=TRADER)
def download_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give all unsigned messages of a draft in one zip."""
    draft = selectors.get_draft(user=request.user, pk=pk)  # type: ignore[arg-type]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for message in selectors.messages_to_sign(draft):
            archive.writestr(_file_name(message), unsigned_of(message))
    return _as_file(buffer.getvalue(), f"kouan-{str(draft.pk)[-8:]}.zip", "application/zip")


@door(roles=TRADER)
def upload_signed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the signed messages; with the last one that has to be signed, the draft is declared."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    if request.method != "POST":
        return redirect("draft", pk=draft.pk)
    files = [(upload.name or "", upload.read(MAX_BODY_BYTES + 1)) for upload in request.FILES.getlist("signed_files")]
    try:
        taken = take_signed(user=user, draft_id=pk, files=files, at=timezone.now())
    except NotAllowed as refusal:
        messages.warning(request, refusal.problem.en if is_english() else refusal.problem.zh)
        return redirect("draft", pk=pk)
    if taken.problems or not files:
        return show_signing(request, taken.draft, problems=list(taken.problems) or [_no_file()])
    if taken.draft.state == DraftState.DECLARED:
        messages.success(request, _("签名核对无误，已申报。"))
    else:
        messages.success(
            request,
            ngettext("已收下 %(count)s 份签名报文。", "已收下 %(count)s 份签名报文。", taken.count)
            % {"count": taken.count},
        )
    return redirect("draft", pk=pk)


@door(roles=TRADER)
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a draft that waits for its signatures back to be changed."""
    user: Any = request.user
    draft = selectors.get_draft(user=user, pk=pk)
    if request.method == "POST":
        reopen_draft(user=user, draft_id=pk, at=timezone.now())
        messages.success(request, _("已退回修改，请改好后重新申报。"))
        return redirect("draft", pk=pk)
    context = {
        "title": _("退回修改"),
        "about": draft.title,
        "consequences": [
            Consequence(_("已生成的报文和已上传的签名作废，改好后须重新签名"), "final"),
            Consequence(_("填写的内容全部保留")),
        ],
        "act_label": _("退回修改"),
        "back_url": reverse("draft", args=[pk]),
    }
    return render(request, "screens/confirm.html", context)


def _file_name(message: DraftMessage) -> str:
    return f"{message.number:03d}-CEB{message.kind}Message.xml"


def _as_file(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _no_file() -> Problem:
    return Problem("-950035", "signed_files", "error", "没有选择文件", "No file was chosen", "请选择已签名的报文",
                   "Choose the signed messages")  # fmt: skip
