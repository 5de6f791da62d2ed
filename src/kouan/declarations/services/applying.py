"""Applying for export lists from the pages: to sum a month up (701), to cancel a list (605), to return goods (213).

Each application is written as one message of the firm, checked by the rules that will check it on arrival, signed with
the appointed key and received through the firm's own channel. Without an appointed key it waits in a draft for the
declarant's card, like every other message that is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from psycopg import Cursor

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.declarations import applications, selectors
from kouan.declarations.codes import DraftState, Kind
from kouan.declarations.composing import envelope_of, new_guid
from kouan.declarations.models import Case, Draft, GoodsLine
from kouan.declarations.months import Group, groups_of
from kouan.declarations.services import following
from kouan.declarations.services.drafting import Written, keep_for_signing, sender_of, sign_and_receive
from kouan.declarations.services.reading import contexts_of
from kouan.declarations.types import Sender
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.services.appointments import NoSigner
from kouan.gateway.standards.ceb.checks import check
from kouan.gateway.standards.ceb.codec import decode
from kouan.gateway.standards.ceb.types import Node

if TYPE_CHECKING:
    from kouan.accounts.models import User

SOURCES = {
    Kind.SUMMARY: "summary", Kind.EXPORT_CANCELLATION: "cancellation", Kind.EXPORT_RETURN: "return",
    Kind.MASTER_BILL: "master_bill", Kind.ARRIVAL: "arrival", Kind.DEPARTURE: "departure",
}  # fmt: skip
"""Where a draft of an application comes from; it is never taken back to a form."""


def close_month(*, user: User, first: date, merchant_code: str, customs_code: str, at: datetime) -> Draft:
    """Apply for the summary of the lists of one consignor at one customs office that are ready.

    first: the first day of the month. The lists are held for the application until it is stored, so that none is in
    two. Raises NotAllowed when none is ready.
    """
    require_role(user, Role.TRADER_CLERK)
    sender = sender_of(user)
    with transaction.atomic():
        following.take_turn(Cursor(database.connection))
        locked = Case.objects.select_for_update().filter(declarant_code=sender.code).visible_to(user)
        group = _group(groups_of(selectors.exports_of_month(locked, first)), merchant_code, customs_code)
        number = f"HZ{first:%Y%m}{new_guid()[-12:]}"
        draft = hand_in(user, Kind.SUMMARY, applications.summary(group, number, sender, at), sender, number, at)
        held_for = draft.message_ids[0] if draft.message_ids else draft.pk
        Case.objects.filter(pk__in=[case.id for case in group.ready]).update(held_for=held_for)
        record(user, draft, "close_export_month", at, month=f"{first:%Y-%m}", lists=len(group.ready), number=number)
    return draft


def _group(groups: list[Group], merchant_code: str, customs_code: str) -> Group:
    for group in groups:
        if (group.merchant_code, group.customs_code) == (merchant_code, customs_code) and group.ready:
            return group
    raise NotAllowed(
        "本月没有可以汇总的清单。", "No list of this month is ready to be summed up.",
        "选择汇总申报且海关已结关的清单才能汇总。", "Lists have to be declared for summary, and closed by customs.",
        code="-950021",
    )  # fmt: skip


def apply_for_cancellation(*, user: User, case_id: UUID, reason: str, at: datetime) -> Draft:
    """Apply to customs to cancel an export list. Raises NotYours, and NotAllowed where nothing can be cancelled."""
    require_role(user, Role.TRADER_CLERK)
    sender = sender_of(user)
    with transaction.atomic():
        case = _own_list(user, case_id, sender)
        if case.is_withdrawn or case.departed_at:
            raise NotAllowed(
                "清单已撤销或货物已离境，不能申请撤销。", "The list is cancelled, or its goods have left the country.",
                "货物已离境的，请办理退货申请。", "For goods that have left, apply for their return.", code="-950041",
            )  # fmt: skip
        _refuse_second(case, Kind.EXPORT_CANCELLATION)
        number = f"CX{new_guid()[-16:]}"
        node = applications.cancellation(case, number, reason.strip(), sender, at)
        draft = hand_in(user, Kind.EXPORT_CANCELLATION, node, sender, number, at)
        record(user, draft, "apply_for_cancellation", at, list_no=case.list_no)
    return draft


def apply_for_return(
    *, user: User, case_id: UUID, values: Mapping[str, str], quantities: Mapping[int, str], at: datetime
) -> Draft:
    """Apply to customs to bring exported goods back in.

    values: what ``applications.goods_return`` asks for. quantities: how much comes back, by the number of the goods
    line; empty for none. Raises NotYours, and NotAllowed where nothing can come back.
    """
    require_role(user, Role.TRADER_CLERK)
    sender = sender_of(user)
    with transaction.atomic():
        case = _own_list(user, case_id, sender)
        if case.is_withdrawn or not case.departed_at:
            raise NotAllowed(
                "货物尚未离境，不能申请退货。", "The goods have not left the country.",
                "尚未离境的，请办理撤销申请。", "For goods that have not left, apply for cancellation.", code="-950042",
            )  # fmt: skip
        lines = _returned(selectors.goods_of(case), quantities)
        number = f"TH{new_guid()[-16:]}"
        names = accounts.organisation_names_by_code({case.platform_code, values.get("carrier_code", "")})
        node = applications.goods_return(case, number, values, lines, sender, at, names=names)
        draft = hand_in(user, Kind.EXPORT_RETURN, node, sender, number, at)
        record(user, draft, "apply_for_return", at, list_no=case.list_no)
    return draft


def _own_list(user: User, case_id: UUID, sender: Sender) -> Case:
    """Give an export list that the firm of a clerk declared or sells, locked. Raises NotYours and NotAllowed."""
    case: Case = get_visible(Case.objects.select_for_update(), user, pk=case_id)
    if not may_apply(user, case) or not case.list_no:
        raise NotAllowed(
            "只有申报企业和收发货人能对有清单编号的出口清单提出申请。",
            "Only the declarant and the consignor may apply, and only for an export list that has its number.",
            "请核对清单和单位。", "Check the list and the firm.", code="-950040",
        )  # fmt: skip
    return case


def may_apply(user: User, case: Case) -> bool:
    """Whether a person may apply for something about a list: a clerk of its declarant or consignor."""
    is_export = case.direction == "E"
    return is_export and user.has_role(Role.TRADER_CLERK) and sender_of(user).code in (
        case.declarant_code, case.merchant_code,
    )  # fmt: skip


def _refuse_second(case: Case, kind: Kind) -> None:
    """Refuse an application while customs has not answered an earlier one of its kind."""
    for document in selectors.documents_about(case):
        status = document.official_status
        is_over = document.is_deleted or status in ("4", "100") or status.startswith("-")
        if document.kind == kind and not is_over:
            raise NotAllowed(
                f"已有未办结的申请 {document.number}。", f"Application {document.number} is not settled.",
                "请等待它的官方回执。", "Wait for its official receipt.", code="-950043",
            )  # fmt: skip


def _returned(goods: list[GoodsLine], quantities: Mapping[int, str]) -> list[tuple[GoodsLine, Decimal]]:
    found = []
    for line in goods:
        text = quantities.get(line.line_no, "").strip()
        try:
            quantity = Decimal(text or 0)
        except InvalidOperation:
            quantity = Decimal(-1)
        if not (quantity.is_finite() and 0 <= quantity <= line.quantity):
            raise NotAllowed(
                f"第 {line.line_no} 项的退货数量应在 0 和 {line.quantity.normalize():f} 之间。",
                f"The quantity of line {line.line_no} has to be between 0 and {line.quantity.normalize():f}.",
                "请修改退货数量。", "Change the quantity.", code="-950044", pointer=f"quantity_{line.line_no}",
            )  # fmt: skip
        if quantity:
            found.append((line, quantity))
    if not found:
        raise NotAllowed(
            "没有填写退货数量。", "No quantity is given.", "请至少填写一项商品的退货数量。",
            "Give the quantity of one goods line at least.", code="-950045",
        )  # fmt: skip
    return found


def hand_in(user: User, kind: Kind, node: Node, sender: Sender, number: str, at: datetime) -> Draft:
    """Write an application as a message; receive it signed, or let it wait for the card."""
    guid = new_guid()
    raw = envelope_of(kind, [node], sender, guid=guid)
    _refuse_faulty(raw, at)
    draft = Draft.objects.create(
        organisation_id=user.organisation_id, author_id=user.pk, title=number, source=SOURCES[kind],
        created_at=at, updated_at=at,
    )  # fmt: skip
    written = [Written(str(kind), guid, 1, raw)]
    try:
        draft.message_ids = sign_and_receive(user, written, at)
        draft.state = DraftState.DECLARED
    except NoSigner:
        keep_for_signing(draft, written)
    draft.save(update_fields=["message_ids", "state"])
    return draft


def _refuse_faulty(raw: bytes, at: datetime) -> None:
    """Refuse an application that would be refused on arrival, with the first thing that is wrong."""
    envelope = decode(raw)
    check(envelope, contexts_of(at)[SignaturePolicy.OFF])
    error = next((problem for problem in envelope.all_problems() if problem.is_error), None)
    if error:
        raise NotAllowed(error.zh, error.en, error.fix_zh, error.fix_en, code=error.code, pointer=error.pointer)


def record(user: User, draft: Draft, act: str, at: datetime, **detail: Any) -> None:
    """Write into the audit what was handed in."""
    audit.record(actor=user, act=act, subject_kind="draft", subject_id=draft.pk, at=at, detail=detail)
