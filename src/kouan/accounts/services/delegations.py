"""Delegation: a firm lets an agent act for it, and takes that back at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, NotYours, require_role
from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.models import Delegation, Organisation
from kouan.accounts.rules import Mistake, ends_soon_at
from kouan.audit.services import record
from kouan.audit.types import Actor, SystemActor


class TheDelegationDoesNotFit(Mistake):
    """The agent is not one, or is the client, or the time makes no sense."""


@transaction.atomic
def delegate(
    *,
    actor: Actor,
    at: dt.datetime,
    client_id: UUID,
    agent_id: UUID,
    scope: Iterable[str] = (),
    acts: Iterable[str] = (),
    agreement_no: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Delegation:
    """Let an agent act for a client, with the kinds of documents of ``scope`` and the ``acts`` (none: all).

    since: from when on; now unless given, never earlier. Only the client's own clerk can do that. Raises
    TheDelegationDoesNotFit, NotAllowed, NotYours.
    """
    require_role(actor, Role.TRADER_CLERK)
    if not isinstance(actor, SystemActor) and actor.organisation_id != client_id:
        raise NotAllowed("只能由委托方本单位人员办理委托。", "Only the client's own people can delegate.")
    check_sides(client_id, agent_id)
    begins = max(since or at, at)
    if until is not None and until <= begins:
        raise TheDelegationDoesNotFit(
            "ACCOUNTS-DELEGATION-END",
            "until",
            "终止日期应晚于今天和生效日期。",
            "The last day has to lie after the first and in the future.",
        )
    delegation = Delegation.objects.create(
        client_id=client_id,
        agent_id=agent_id,
        agreement_no=agreement_no.strip(),
        scope=sorted(set(scope)),
        acts=sorted(set(acts)),
        since=begins,
        until=until,
        ends_soon_at=ends_soon_at(until),
        granted_by_id=actor.pk or client_id,
    )
    record(
        actor=actor,
        act="delegate",
        subject_kind="delegation",
        subject_id=delegation.id,
        at=at,
        detail={
            "client": str(client_id),
            "agent": str(agent_id),
            "scope": delegation.scope,
            "acts": delegation.acts,
            "agreement_no": delegation.agreement_no,
        },
    )
    return delegation


def check_sides(client_id: UUID, agent_id: UUID) -> None:
    """Make sure that the agent is a broker other than the client. Raises TheDelegationDoesNotFit, NotYours."""
    agent = Organisation.objects.filter(id=agent_id).first()
    if agent is None or not Organisation.objects.filter(id=client_id).exists():
        raise NotYours("agent")
    if agent.id == client_id or OrganisationKind.AGENT not in agent.kinds:
        raise TheDelegationDoesNotFit(
            "ACCOUNTS-AGENT",
            "agent",
            "受托方应为报关企业，且不能是本单位。",
            "The agent has to be a customs broker other than yourself.",
        )


@transaction.atomic
def revoke_delegation(*, actor: Actor, at: dt.datetime, delegation_id: UUID) -> Delegation:
    """End a delegation at this moment, unless it has ended; either side may. Raises NotAllowed, NotYours."""
    require_role(actor, Role.TRADER_CLERK)
    delegation = Delegation.objects.select_for_update().filter(id=delegation_id).first()
    sides = (delegation.client_id, delegation.agent_id) if delegation else ()
    if delegation is None or (not isinstance(actor, SystemActor) and actor.organisation_id not in sides):
        raise NotYours
    if delegation.until is None or delegation.until > at:
        delegation.until, delegation.revoked_by_id = max(at, delegation.since), actor.pk
        delegation.save(update_fields=["until", "revoked_by_id"])
        record(actor=actor, act="revoke_delegation", subject_kind="delegation", subject_id=delegation.id, at=at)
    return delegation
