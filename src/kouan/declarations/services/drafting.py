"""Drafting: what a clerk writes in a form or a sheet, kept as typed, and declared through the same door as machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.checking.codes import CheckedKind
from kouan.checking.services.checking import note_change, refuse_unchecked
from kouan.declarations.codes import DraftState
from kouan.declarations.composing import KINDS, compose, envelope_of, new_guid, problems_of
from kouan.declarations.models import Draft, DraftMessage
from kouan.declarations.services.covering import refuse_new_after_end, require_client
from kouan.declarations.services.reading import contexts_of
from kouan.declarations.services.summaries import release_held
from kouan.declarations.types import Sender
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.services.appointments import NoSigner, sign_for
from kouan.gateway.services.connections import desk_of
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.ceb.types import Node
from kouan.records.problems import Problem
from kouan.safekeeping.safe import KeyGone, safe

if TYPE_CHECKING:
    from kouan.accounts.models import User

NODES_A_MESSAGE = 100


def sender_of(user: User) -> Sender:
    """Give the firm that a clerk declares for."""
    firm = user.organisation
    return Sender(firm.customs_code or firm.uscc, firm.name_zh, firm.dxp_id)


def begin_draft(*, user: User, at: datetime, direction: str = "I") -> Draft:
    """Begin a draft of an import or an export, or take up the one that this clerk began and left empty."""
    empty: dict[str, Any] = {"goods": []} | ({} if direction == "I" else {"direction": direction})
    require_role(user, Role.TRADER_CLERK)
    own = Draft.objects.visible_to(user).filter(author_id=user.pk, state=DraftState.DRAFT, source="form", title="")
    newest = own.order_by("-updated_at").first()
    left_empty = newest if newest and _says(newest, empty) else None
    return left_empty or save_draft(user=user, draft_id=None, values=empty, at=at)


def _says(draft: Draft, values: dict[str, Any]) -> bool:
    try:
        return draft.values == values
    except KeyGone:
        return False


def save_draft(*, user: User, draft_id: UUID | None, values: dict[str, Any], at: datetime) -> Draft:
    """Keep what was typed; a draft that was declared stays as it is.

    A change after a check needs a new check. Raises NotDelegated where the client's delegation has ended.
    """
    require_role(user, Role.TRADER_CLERK)
    shown = {
        "title": str(values.get("internal_no") or values.get("order_no") or "")[:120],
        "client_code": str(values.get("merchant_code") or "").strip()[:18],
        "client_name": str(values.get("merchant_name") or "").strip()[:100],
    }
    if draft_id is None:
        refuse_new_after_end(user=user, values=values, at=at)
        return Draft.objects.create(
            organisation_id=user.organisation_id, author_id=user.pk, kept_values=safe().keep_values(values, at),
            created_at=at, updated_at=at, source="form", **shown,
        )  # fmt: skip
    with transaction.atomic():
        draft: Draft = get_visible(Draft.objects.select_for_update(), user, pk=draft_id)
        if draft.state == DraftState.DRAFT and draft.values != values:
            refuse_new_after_end(user=user, values=values, at=at)
            draft.kept_values, draft.updated_at = safe().keep_values(values, at), at
            for name, value in shown.items():
                setattr(draft, name, value)
            draft.save(update_fields=["kept_values", "updated_at", *shown])
            note_change(row=draft, user=user, at=at)
    return draft


def discard_draft(*, user: User, draft_id: UUID, at: datetime) -> None:
    """Throw a draft away that was never declared."""
    require_role(user, Role.TRADER_CLERK)
    draft: Draft = get_visible(Draft.objects, user, pk=draft_id)
    if draft.state == DraftState.DECLARED:
        raise NotAllowed(
            "已申报的内容不能删除。", "What was declared cannot be thrown away.", "如需撤回请办理撤销申请。",
            "Apply for cancellation.", code="-950010",
        )  # fmt: skip
    with transaction.atomic():
        release_held([draft.pk])
        audit.record(actor=user, act="discard_draft", subject_kind="draft", subject_id=draft.pk, at=at)
        draft.delete()


def check_values(*, user: User, values: dict[str, Any], at: datetime) -> list[Problem]:
    """Check what was typed by the rules that will check it on arrival."""
    sender = sender_of(user)
    context = contexts_of(at)[SignaturePolicy.OFF]
    return problems_of(compose(values, sender=sender, at=at), sender, context)


def declare_draft(*, user: User, draft_id: UUID, at: datetime) -> Draft:
    """Declare a draft: composed, signed by the appointed key, received through the firm's own channel.

    Without an appointed key its messages wait to be signed with the declarant's card (``card_signing``). Raises
    NotAllowed with what is wrong: the check that the firm asks for, the client's delegation, the rules.
    """
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        draft: Draft = get_visible(Draft.objects.select_for_update(), user, pk=draft_id)
        _refuse_unfit(draft, [])
        values = draft.values
        refuse_unchecked(row=draft, kind=CheckedKind.PARCELS)
        require_client(user=user, values=values, at=at)
        _refuse_unfit(draft, check_values(user=user, values=values, at=at))
        written = messages_of(user, [values], at)
        try:
            draft.message_ids = sign_and_receive(user, written, at)
            draft.state = DraftState.DECLARED
        except NoSigner:
            keep_for_signing(draft, written)
        draft.updated_at = at
        draft.save()
        audit.record(
            actor=user, act="declare_draft", subject_kind="draft", subject_id=draft.pk, at=at,
            detail={"state": str(draft.state)},
        )  # fmt: skip
    return draft


def _refuse_unfit(draft: Draft, problems: list[Problem]) -> None:
    if draft.state == DraftState.DECLARED:
        raise NotAllowed(
            "该草稿已经申报。", "This draft was declared.", "请查看对应的清单。", "See its list.", code="-950011"
        )
    if draft.state == DraftState.AWAITING_SIGNATURE:
        raise NotAllowed(
            "该草稿的报文正等待签名。", "The messages of this draft wait for their signatures.",
            "请上传已签名的报文，或先退回修改。", "Hand the signed messages in, or take the draft back first.",
            code="-950012",
        )  # fmt: skip
    error = next((problem for problem in problems if problem.is_error), None)
    if error:
        raise NotAllowed(error.zh, error.en, error.fix_zh, error.fix_en, code=error.code, pointer=error.pointer)


@dataclass(frozen=True, slots=True)
class Written:
    """One unsigned message: its kind and guid, how many documents it carries, and its bytes."""

    kind: str
    guid: str
    node_count: int
    raw: bytes


def messages_of(user: User, sets: Sequence[dict[str, Any]], at: datetime) -> list[Written]:
    """Write the unsigned messages of value sets, order first, list last."""
    sender = sender_of(user)
    nodes: dict[str, list[Node]] = defaultdict(list)
    for values in sets:
        for kind, node in compose(values, sender=sender, at=at).nodes.items():
            nodes[kind].append(node)
    batches = [
        (kind, nodes[kind][start : start + NODES_A_MESSAGE])
        for kind in KINDS
        for start in range(0, len(nodes[kind]), NODES_A_MESSAGE)
    ]
    return [_write(kind, batch, sender) for kind, batch in batches]


def _write(kind: str, nodes: Sequence[Node], sender: Sender) -> Written:
    guid = new_guid()
    return Written(kind, guid, len(nodes), envelope_of(kind, nodes, sender, guid=guid))


def sign_and_receive(user: User, written: Sequence[Written], at: datetime) -> list[UUID]:
    """Sign messages with the appointed key and receive them. Raises NoSigner."""
    organisation_id = user.organisation_id
    signed = [sign_for(actor=user, organisation_id=organisation_id, raw=one.raw, at=at) for one in written]
    return receive_at_desk(organisation_id=organisation_id, raws=signed, at=at)


def keep_for_signing(draft: Draft, written: Sequence[Written]) -> None:
    """Let messages wait for the declarant's card."""
    draft.state = DraftState.AWAITING_SIGNATURE
    DraftMessage.objects.bulk_create(
        DraftMessage(
            draft=draft, number=number, kind=one.kind, guid=one.guid, node_count=one.node_count,
            unsigned=safe().keep(one.raw, draft.updated_at, level=3),
        )
        for number, one in enumerate(written, start=1)
    )  # fmt: skip


def receive_at_desk(*, organisation_id: UUID, raws: Sequence[bytes], at: datetime) -> list[UUID]:
    """Receive messages through a firm's own channel, byte for byte as any other; give their ids."""
    channel = desk_of(organisation_id=organisation_id, at=at)
    return [one.message_id for raw in raws for one in receive(channel=channel, body=raw, at=at)]
