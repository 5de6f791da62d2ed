"""Requests for a delegation: a broker asks a firm, the firm grants it in its own terms or declines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import RequestState, Role
from kouan.accounts.models import Delegation, DelegationRequest, User
from kouan.accounts.services.delegations import TheDelegationDoesNotFit, check_sides, delegate
from kouan.audit.services import record


def ask_for_delegation(
    *,
    actor: User,
    at: dt.datetime,
    client_id: UUID,
    agreement_no: str = "",
    scope: Iterable[str] = (),
    acts: Iterable[str] = (),
    until: dt.datetime | None = None,
) -> DelegationRequest:
    """Ask a firm to let the actor's own firm act for it. Raises TheDelegationDoesNotFit, NotAllowed, NotYours."""
    require_role(actor, Role.TRADER_CLERK)
    check_sides(client_id, actor.organisation_id)
    if until is not None and until <= at:
        raise TheDelegationDoesNotFit(
            "ACCOUNTS-DELEGATION-END", "until", "终止日期应晚于今天。", "The last day has to lie in the future."
        )
    try:
        with transaction.atomic():
            made = DelegationRequest.objects.create(
                client_id=client_id,
                agent_id=actor.organisation_id,
                agreement_no=agreement_no.strip(),
                scope=sorted(set(scope)),
                acts=sorted(set(acts)),
                until=until,
                asked_by_id=actor.pk,
                asked_at=at,
            )
            _record(actor, "ask_delegation", made, at)
    except IntegrityError:
        raise TheDelegationDoesNotFit(
            "ACCOUNTS-REQUEST-OPEN",
            "client",
            "已向该单位提出申请，尚待答复。",
            "A request to this firm is open already.",
            "请等待答复，或先收回原申请。",
            "Wait for its answer, or take the first one back.",
        ) from None
    return made


@transaction.atomic
def grant_delegation(
    *,
    actor: User,
    at: dt.datetime,
    request_id: UUID,
    agreement_no: str,
    scope: Iterable[str],
    acts: Iterable[str],
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Delegation:
    """Grant a request in the client's own terms, which may be narrower. Raises as ``delegate`` does."""
    asked = _lock_asked(actor, request_id)
    made = delegate(
        actor=actor,
        at=at,
        client_id=asked.client_id,
        agent_id=asked.agent_id,
        scope=scope,
        acts=acts,
        agreement_no=agreement_no,
        since=since,
        until=until,
    )
    asked.delegation = made
    _answer(asked, RequestState.GRANTED, actor, "grant_delegation", at)
    return made


@transaction.atomic
def decline_delegation(*, actor: User, at: dt.datetime, request_id: UUID, reason: str) -> DelegationRequest:
    """Decline a request, with the reason that the broker reads. Raises NotAllowed, NotYours."""
    asked = _lock_asked(actor, request_id)
    if actor.organisation_id != asked.client_id:
        raise NotAllowed("只能由委托方答复。", "Only the client can answer.")
    asked.reason = reason.strip()
    _answer(asked, RequestState.DECLINED, actor, "decline_delegation", at)
    return asked


@transaction.atomic
def take_back_request(*, actor: User, at: dt.datetime, request_id: UUID) -> DelegationRequest:
    """Take an open request back. Raises NotAllowed, NotYours."""
    asked = _lock_asked(actor, request_id)
    if actor.organisation_id != asked.agent_id:
        raise NotAllowed("只能由申请的报关企业收回。", "Only the broker that asked can take it back.")
    _answer(asked, RequestState.TAKEN_BACK, actor, "take_back_request", at)
    return asked


def _lock_asked(actor: User, request_id: UUID) -> DelegationRequest:
    require_role(actor, Role.TRADER_CLERK)
    asked: DelegationRequest = get_visible(DelegationRequest.objects.select_for_update(), actor, pk=request_id)
    if asked.state != RequestState.ASKED:
        raise NotAllowed(
            f"该申请已有结果：{asked.get_state_display()}。",
            "This request has been answered or taken back.",
            "如仍需委托，请重新提出。",
            "Ask again if it is still wanted.",
            code="ACCOUNTS-REQUEST-ANSWERED",
        )
    return asked


def _answer(asked: DelegationRequest, state: RequestState, actor: User, act: str, at: dt.datetime) -> None:
    asked.state, asked.answered_by_id, asked.answered_at = state, actor.pk, at
    asked.save()
    _record(actor, act, asked, at)


def _record(actor: User, act: str, asked: DelegationRequest, at: dt.datetime) -> None:
    record(actor=actor, act=act, subject_kind="delegation_request", subject_id=asked.pk, at=at)
