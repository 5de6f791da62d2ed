"""Drafting: what a clerk writes in the form, its files, and sending it through the same door as machines."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import GOODS_DOCUMENTS, Role
from kouan.audit import services as audit
from kouan.checking.codes import CheckedKind
from kouan.checking.selectors import has_to_be_checked
from kouan.checking.services.checking import note_change, refuse_unchecked, submit
from kouan.gateway.services.connections import desk_of
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.dec.attached import Attachment
from kouan.gateway.standards.dec.attached_files import check_file
from kouan.gateway.standards.dec.checks import Context, check
from kouan.gateway.standards.dec.codec import UnwritableMessage, encode
from kouan.gateway.standards.dec.packing import MOST_FILES, pack, pack_many
from kouan.gateway.standards.dec.types import Declaration
from kouan.goods import selectors
from kouan.goods.codes import DraftState, Step
from kouan.goods.composing import Sender, at_field, compose, to_copy, values_of
from kouan.goods.models import DraftFile, GoodsDeclaration, GoodsDraft
from kouan.goods.natural import masks_in
from kouan.goods.services.applying import approved_corrections
from kouan.goods.services.covering import refuse_new_after_end, require_client, undelegated
from kouan.goods.services.tables import tables_of
from kouan.goods.sheets import SheetDeclaration
from kouan.goods.states import OPEN_TO_A_NEW_VERSION, may_be_sent_anew
from kouan.kernel.dates import format_date
from kouan.records.problems import Problem, has_error
from kouan.safekeeping.safe import KeyGone, safe
from kouan.screens.masking import to_masked

if TYPE_CHECKING:
    from kouan.accounts.models import User

SENT_TOGETHER = 200
"""So many declarations of a sheet are received in one transaction."""
_EMPTY: dict[str, Any] = {"goods": [], "containers": [], "documents": []}


def sender_of(user: User) -> Sender:
    """Give the firm that a clerk declares for."""
    firm = user.organisation
    return Sender(firm.customs_code or firm.uscc, firm.uscc, firm.name_zh)


def begin_draft(*, user: User, at: datetime) -> GoodsDraft:
    """Begin a draft with a number of its own, or take up the one that this clerk began and left untouched."""
    require_role(user, Role.TRADER_CLERK)
    own = GoodsDraft.objects.visible_to(user).filter(author_id=user.pk, state=DraftState.DRAFT, corrects__isnull=True)
    newest = own.filter(updated_at=F("created_at")).order_by("-created_at").first()
    if newest and _is_untouched(newest):
        return newest
    values = {**_EMPTY, "client_no": new_client_no(at), "typist_name": user.name, "direction": "I"}
    return _make(user, values, at)


def _is_untouched(draft: GoodsDraft) -> bool:
    try:
        return "trader_code" not in draft.values
    except KeyGone:
        return False


def new_client_no(at: datetime) -> str:
    """Make a client number of eighteen characters that no other draft has."""
    return f"KG{format_date(timezone.localdate(at))}{secrets.randbelow(10**8):08d}"


def _make(user: User, values: dict[str, Any], at: datetime, corrects: UUID | None = None) -> GoodsDraft:
    return GoodsDraft.objects.create(
        organisation_id=user.organisation_id, author_id=user.pk, title=_title(values), corrects=corrects,
        kept_values=safe().keep_values(values, at), created_at=at, updated_at=at, **_client(values),
    )  # fmt: skip


def _client(values: Mapping[str, Any]) -> dict[str, str]:
    shown = {name: str(values.get(name) or "").strip() for name in ("trader_code", "trader_uscc", "trader_name")}
    shown |= {name: to_masked(shown[name], kind) for name, kind in masks_in(shown).items() if name in shown}
    code = shown["trader_code"] or shown["trader_uscc"]
    return {"client_code": code[:18], "client_name": shown["trader_name"][:100]}


def _title(values: Mapping[str, Any]) -> str:
    return str(values.get("client_no") or values.get("bill_no") or "")[:120]


def save_draft(*, user: User, draft_id: UUID, values: dict[str, Any], at: datetime) -> GoodsDraft:
    """Keep what was typed; a draft that was sent stays as it is. A correction keeps its number.

    A change after a check needs a new check. Raises NotDelegated where the client's delegation has ended.
    """
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        draft: GoodsDraft = get_visible(GoodsDraft.objects.select_for_update(), user, pk=draft_id)
        if draft.corrects:
            values["client_no"] = draft.values.get("client_no", "")
        if draft.state == DraftState.DRAFT and draft.values != values:
            refuse_new_after_end(user=user, values=values, at=at)
            draft.kept_values, draft.title, draft.updated_at = safe().keep_values(values, at), _title(values), at
            for name, value in _client(values).items():
                setattr(draft, name, value)
            draft.save(update_fields=["kept_values", "title", "updated_at", "client_code", "client_name"])
            note_change(row=draft, user=user, at=at)
    return draft


def discard_draft(*, user: User, draft_id: UUID, at: datetime) -> None:
    """Throw a draft away that was never sent."""
    require_role(user, Role.TRADER_CLERK)
    draft: GoodsDraft = get_visible(GoodsDraft.objects, user, pk=draft_id)
    _refuse_sent(draft)
    audit.record(actor=user, act="discard_draft", subject_kind="goods_draft", subject_id=draft.pk, at=at)
    draft.delete()


def _refuse_sent(draft: GoodsDraft) -> None:
    if draft.state != DraftState.DRAFT:
        raise NotAllowed("该草稿已经发送。", "This draft was sent.", "请查看对应的报关单。", "See its declaration.",
                         code="-961030")  # fmt: skip


# Checking and sending ------------------------------------------------------------------------------------------------


def check_values(*, user: User, values: Mapping[str, Any], at: datetime) -> list[Problem]:
    """Check what was typed by the rules that will check it on arrival; each problem points at its field."""
    return check_declaration(compose(values, sender=sender_of(user)), at)


def check_declaration(declaration: Declaration, at: datetime) -> list[Problem]:
    """Check a composed declaration; each problem points at its field."""
    check(declaration, _context(at))
    return [at_field(one) for one in declaration.problems]


def _context(at: datetime) -> Context:
    today = timezone.localdate(at)
    return Context(today, tables_of(today))


def send_draft(*, user: User, draft_id: UUID, at: datetime) -> GoodsDraft:
    """Send a draft with its files through the firm's own channel, to be saved on the national side.

    Raises NotAllowed with the first thing that is wrong: the check that the firm asks for and that was not done, the
    client's delegation, and what the rules of declarations find.
    """
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        draft: GoodsDraft = get_visible(GoodsDraft.objects.select_for_update(), user, pk=draft_id)
        _refuse_sent(draft)
        refuse_unchecked(row=draft, kind=CheckedKind.GOODS)
        values = draft.values
        require_client(user=user, values=values, at=at)
        declaration = compose(values, sender=sender_of(user))
        files = {one.name: safe().take(bytes(one.content)) for one in draft.files.all()}
        declaration.attachments = [_attachment(one, declaration) for one in draft.files.order_by("added_at")]
        _refuse_errors(check_declaration(declaration, at))
        draft.message_id = _receive(user, declaration, files, at)
        draft.state, draft.updated_at = DraftState.SENT, at
        draft.save()
        draft.files.all().delete()
        audit.record(actor=user, act="send_draft", subject_kind="goods_draft", subject_id=draft.pk, at=at)
    return draft


def _refuse_errors(problems: Sequence[Problem]) -> None:
    error = next((one for one in problems if one.is_error), None)
    if error:
        raise NotAllowed(error.zh, error.en, error.fix_zh, error.fix_en, code=error.code, pointer=error.pointer)


def _attachment(one: DraftFile, declaration: Declaration) -> Attachment:
    head = declaration.head
    return Attachment(
        file_name=one.name, document_kind=one.document_kind, format="US", firm_file_name=one.firm_name[:64],
        owner_code=head.trader_code, owner_name=head.trader_name, signing_firm_code=head.agent_code, size=str(one.size),
    )  # fmt: skip


def _receive(user: User, declaration: Declaration, files: Mapping[str, bytes], at: datetime) -> UUID:
    try:
        raw = encode(declaration)
    except UnwritableMessage as refusal:
        _refuse_errors([at_field(one) for one in refusal.problems])
        raise
    body = pack(raw, files, message_name=f"{declaration.signing.client_no}.xml") if files else raw
    [one] = receive(channel=desk_of(organisation_id=user.organisation_id, at=at), body=body, at=at)
    return one.message_id


def check_sheet(*, user: User, made: Sequence[SheetDeclaration], at: datetime) -> None:
    """Check every declaration of a sheet, and that its client has delegated it; what is found joins it."""
    sender, context = sender_of(user), _context(at)
    for one, refusal in zip(made, undelegated(user=user, sets=[one.values for one in made], at=at), strict=True):
        if refusal:
            one.problems.append(refusal.problem)
        if not has_error(one.problems):
            declaration = compose(one.values, sender=sender)
            check(declaration, context)
            one.problems += [at_field(problem) for problem in declaration.problems]


def send_many(*, user: User, sets: Sequence[Mapping[str, Any]], at: datetime) -> list[UUID]:
    """Send the value sets of a sheet that have no error, each as a declaration of its own; return their messages.

    Raises NotAllowed where the firm lets nothing leave unchecked: a sheet then becomes drafts (``keep_many``).
    """
    require_role(user, Role.TRADER_CLERK)
    if has_to_be_checked(user.organisation_id, CheckedKind.GOODS):
        raise NotAllowed(
            "本单位要求复核后才能发送。", "Your firm lets nothing leave unchecked.", "请生成草稿并提交复核。",
            "Make drafts of it and hand them over.", code="CHECK-UNCHECKED",
        )  # fmt: skip
    refusals = undelegated(user=user, sets=sets, at=at)
    sets = [values for values, refusal in zip(sets, refusals, strict=True) if refusal is None]
    sender, context = sender_of(user), _context(at)
    channel = desk_of(organisation_id=user.organisation_id, at=at)
    ids: list[UUID] = []
    for start in range(0, len(sets), SENT_TOGETHER):
        messages: dict[str, bytes] = {}
        for place, values in enumerate(sets[start : start + SENT_TOGETHER]):
            declaration = compose(values, sender=sender)
            check(declaration, context)
            if not has_error(declaration.problems):
                messages[f"{place}.xml"] = encode(declaration, strict=False)
        if messages:
            body = pack_many(messages)
            ids += [one.message_id for one in receive(channel=channel, body=body, at=at)]
    if ids:
        audit.record_batch(act="send_goods_sheet", subject_kind="message", ids_digest=audit.digest_of_ids(ids),
                           count=len(ids), at=at, actor=user)  # fmt: skip
    return ids


def keep_many(*, user: User, sets: Sequence[Mapping[str, Any]], at: datetime) -> list[GoodsDraft]:
    """Make a draft of each value set of a sheet, and hand each over to be checked where the firm asks for it."""
    require_role(user, Role.TRADER_CLERK)
    is_checked = has_to_be_checked(user.organisation_id, CheckedKind.GOODS)
    made = []
    with transaction.atomic():
        for values in sets:
            draft = _make(user, {**_EMPTY, **values}, at)
            if is_checked:
                submit(row=draft, kind=CheckedKind.GOODS, user=user, at=at)
            made.append(draft)
        if made:
            ids = [one.pk for one in made]
            audit.record_batch(act="keep_goods_sheet", subject_kind="goods_draft", ids_digest=audit.digest_of_ids(ids),
                               count=len(ids), at=at, actor=user)  # fmt: skip
    return made


# Copies and corrections ----------------------------------------------------------------------------------------------


def copy_declaration(*, user: User, declaration_id: UUID, at: datetime) -> GoodsDraft:
    """Begin a draft with what an earlier declaration says, without what belongs to its shipment alone."""
    require_role(user, Role.TRADER_CLERK)
    declaration: GoodsDeclaration = get_visible(GoodsDeclaration.objects, user, pk=declaration_id)
    values = to_copy(values_of(selectors.read_version(declaration.message_id).declaration))
    refuse_new_after_end(user=user, values=values, at=at)
    return _make(user, {**values, "client_no": new_client_no(at)}, at)


def correct_declaration(*, user: User, declaration_id: UUID, at: datetime) -> GoodsDraft:
    """Open the draft of a declaration's next version, with what the current one says and its files.

    Raises NotAllowed where customs has it and has not agreed to a correction.
    """
    require_role(user, Role.TRADER_CLERK)
    declaration: GoodsDeclaration = get_visible(GoodsDeclaration.objects, user, pk=declaration_id)
    if declaration.sender_id not in user.acting_for(GOODS_DOCUMENTS):
        raise NotAllowed("只有报送单位可以修改。", "Only the sender may correct it.", "请联系报送单位。",
                         "Ask the firm that sent it.", code="-961031")  # fmt: skip
    if not may_be_sent_anew(declaration) and not approved_corrections([declaration.pk]):
        raise NotAllowed("海关已接收，修改须先申请修撤单。", "Customs has it: apply for correction first.",
                         "请在报关单页面提出申请。", "Apply on its page.", code="-961032")  # fmt: skip
    open_one = GoodsDraft.objects.visible_to(user).filter(corrects=declaration.pk, state=DraftState.DRAFT).first()
    if open_one:
        return open_one
    version = selectors.read_version(declaration.message_id)
    values = values_of(version.declaration)
    refuse_new_after_end(user=user, values=values, at=at)
    if declaration.step == Step.OUTLINE and declaration.state not in OPEN_TO_A_NEW_VERSION:
        values["step"] = str(Step.COMPLETE)
    with transaction.atomic():
        draft = _make(user, values, at, corrects=declaration.pk)
        kinds = {one.file_name: one for one in version.declaration.attachments}
        for name, content in version.files.items():
            known = kinds.get(name)
            DraftFile.objects.create(
                draft=draft, name=name, firm_name=(known.firm_file_name if known else "") or name,
                document_kind=(known.document_kind if known else "") or "00000001", content=safe().keep(content, at),
                size=len(content), added_at=at,
            )  # fmt: skip
    return draft


# Files ---------------------------------------------------------------------------------------------------------------


def add_file(
    *, user: User, draft_id: UUID, firm_name: str, document_kind: str, content: bytes, at: datetime
) -> DraftFile:
    """Attach a PDF to a draft, under the name by which the message will call it.

    The name follows the rule of the single window: customs, kind of document, ``IM``, eighteen digits. Raises
    NotAllowed for what is no whole passive PDF, is too large, or is one too many, NotDelegated after the client's
    delegation has ended.
    """
    require_role(user, Role.TRADER_CLERK)
    draft: GoodsDraft = get_visible(GoodsDraft.objects, user, pk=draft_id)
    _refuse_sent(draft)
    refuse_new_after_end(user=user, values=draft.values, at=at)
    _refuse_errors(check_file(firm_name, content))
    if draft.files.count() >= MOST_FILES:
        raise NotAllowed(f"最多 {MOST_FILES} 份随附单据。", f"At most {MOST_FILES} files.", "请合并后上传。",
                         "Merge them.", code="-961033")  # fmt: skip
    customs = str(draft.values.get("customs_code") or "0000")[:4]
    name = f"{customs}{document_kind}IM{secrets.randbelow(10**18):018d}.pdf"
    try:
        with transaction.atomic():
            made = DraftFile.objects.create(
                draft=draft, name=name, firm_name=firm_name[:120], document_kind=document_kind,
                content=safe().keep(content, at), size=len(content), added_at=at,
            )  # fmt: skip
            _changed(draft, user, at)
            return made
    except IntegrityError:
        raise NotAllowed("文件名重复。", "The name is taken.", "请再试一次。", "Try again.", code="-961034") from None


def remove_file(*, user: User, draft_id: UUID, file_id: UUID, at: datetime) -> None:
    """Take a file away from a draft that was not sent. Raises NotDelegated."""
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        draft: GoodsDraft = get_visible(GoodsDraft.objects, user, pk=draft_id)
        _refuse_sent(draft)
        refuse_new_after_end(user=user, values=draft.values, at=at)
        if draft.files.filter(pk=file_id).delete()[0]:
            _changed(draft, user, at)


def _changed(draft: GoodsDraft, user: User, at: datetime) -> None:
    """Note that the files of a draft changed: they are checked with it."""
    note_change(row=GoodsDraft.objects.select_for_update().get(pk=draft.pk), user=user, at=at)
