"""Drafting: what a clerk writes in a form or a sheet, kept as typed, and declared through the same door as machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import zstandard
from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.declarations.codes import DraftState
from kouan.declarations.composing import KINDS, Sender, compose, envelope_of, problems_of
from kouan.declarations.models import Draft
from kouan.declarations.services.reading import contexts_of
from kouan.declarations.sheets import SheetParcel
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.services.certificates import NoSigner, sign_for
from kouan.gateway.services.connections import desk_of
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.ceb.types import Node
from kouan.records.problems import Problem, has_error

if TYPE_CHECKING:
    from kouan.accounts.models import User

NODES_A_MESSAGE = 100


def sender_of(user: User) -> Sender:
    """Give the firm that a clerk declares for."""
    firm = user.organisation
    return Sender(firm.customs_code or firm.uscc, firm.name_zh, firm.dxp_id)


def save_draft(*, user: User, draft_id: UUID | None, values: dict[str, Any], at: datetime) -> Draft:
    """Keep what was typed; a draft that was declared stays as it is."""
    require_role(user, Role.TRADER_CLERK)
    title = str(values.get("internal_no") or values.get("order_no") or "")[:120]
    if draft_id is None:
        return Draft.objects.create(
            organisation_id=user.organisation_id,
            author_id=user.pk,
            title=title,
            values=values,
            created_at=at,
            updated_at=at,
            source="form",
        )
    draft: Draft = get_visible(Draft.objects, user, pk=draft_id)
    if draft.state == DraftState.DRAFT:
        draft.values, draft.title, draft.updated_at = values, title, at
        draft.save(update_fields=["values", "title", "updated_at"])
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
    audit.record(actor=user, act="discard_draft", subject_kind="draft", subject_id=draft.pk, at=at)
    draft.delete()


def check_values(*, user: User, values: dict[str, Any], at: datetime) -> list[Problem]:
    """Check what was typed by the rules that will check it on arrival."""
    sender = sender_of(user)
    context = contexts_of(at)[SignaturePolicy.OFF]
    return problems_of(compose(values, sender=sender, at=at), sender, context)


def check_parcels(*, user: User, parcels: Sequence[SheetParcel], at: datetime) -> None:
    """Check every parcel of a sheet; what is found joins the parcel."""
    sender, context = sender_of(user), contexts_of(at)[SignaturePolicy.OFF]
    for parcel in parcels:
        if not has_error(parcel.problems):
            parcel.problems += problems_of(compose(parcel.values, sender=sender, at=at), sender, context)


def declare_draft(*, user: User, draft_id: UUID, at: datetime) -> Draft:
    """Declare a draft: composed, signed by the appointed key, received through the firm's own channel.

    Without an appointed key it stays awaiting its signature. Raises NotAllowed with what is wrong.
    """
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        draft: Draft = get_visible(Draft.objects.select_for_update(), user, pk=draft_id)
        _refuse_unfit(draft, check_values(user=user, values=draft.values, at=at))
        raws = _messages(user, [draft.values], at)
        try:
            draft.message_ids = _declare(user, raws, at)
            draft.state = DraftState.DECLARED
        except NoSigner:
            draft.unsigned = zstandard.compress(b"\n".join(raws), 3)
            draft.state = DraftState.AWAITING_SIGNATURE
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
    error = next((problem for problem in problems if problem.is_error), None)
    if error:
        raise NotAllowed(error.zh, error.en, error.fix_zh, error.fix_en, code=error.code, pointer=error.pointer)


def declare_parcels(*, user: User, parcels: Sequence[SheetParcel], at: datetime) -> list[UUID]:
    """Declare the parcels of a sheet that have no error, a hundred a message; return the ids of the messages.

    Raises NoSigner when the firm has appointed no key: nothing is declared then.
    """
    require_role(user, Role.TRADER_CLERK)
    fit = [parcel.values for parcel in parcels if not has_error(parcel.problems)]
    if not fit:
        return []
    ids = _declare(user, _messages(user, fit, at), at)
    audit.record_batch(
        act="declare_sheet", subject_kind="message", ids_digest=audit.digest_of_ids(ids), count=len(fit), at=at,
        actor=user,
    )  # fmt: skip
    return ids


def _messages(user: User, sets: Sequence[dict[str, Any]], at: datetime) -> list[bytes]:
    """Write the unsigned messages of value sets, order first, list last."""
    sender = sender_of(user)
    nodes: dict[str, list[Node]] = defaultdict(list)
    for values in sets:
        for kind, node in compose(values, sender=sender, at=at).nodes.items():
            nodes[kind].append(node)
    return [
        envelope_of(kind, nodes[kind][start : start + NODES_A_MESSAGE], sender)
        for kind in KINDS
        for start in range(0, len(nodes[kind]), NODES_A_MESSAGE)
    ]


def _declare(user: User, raws: Sequence[bytes], at: datetime) -> list[UUID]:
    """Sign and receive messages through the firm's own channel."""
    signed = [sign_for(actor=user, organisation_id=user.organisation_id, raw=raw, at=at) for raw in raws]
    channel = desk_of(organisation_id=user.organisation_id, at=at)
    return [one.message_id for raw in signed for one in receive(channel=channel, body=raw, at=at)]
