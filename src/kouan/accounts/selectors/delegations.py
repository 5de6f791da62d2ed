"""Reads of delegations and of requests for one."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from kouan.accounts.access import get_visible
from kouan.accounts.codes import OrganisationKind, RequestState
from kouan.accounts.models import Delegation, DelegationRequest, Organisation, User
from kouan.accounts.selectors.organisations import local_date


def organisations_actable_by(user: User, *, at: dt.datetime, document_kind: str = "") -> list[Organisation]:
    """Return the organisations for which a person may act, the own one first.

    document_kind: only those whose delegation covers this kind of document; a delegation without scope covers all.
    """
    held = Delegation.objects.in_force(at).filter(agent_id=user.organisation_id)
    if document_kind:
        held = held.filter(Q(scope=[]) | Q(scope__contains=[document_kind]))
    rows = Organisation.objects.on(local_date(at)).filter(
        Q(id=user.organisation_id) | Q(id__in=held.values("client_id"))
    )
    return sorted(rows, key=lambda row: (row.id != user.organisation_id, row.name_zh))


def may_act_for(user: User, organisation_id: UUID, *, at: dt.datetime, document_kind: str) -> bool:
    """Whether a person may hand in a document of this kind for an organisation."""
    return any(
        organisation.id == organisation_id
        for organisation in organisations_actable_by(user, at=at, document_kind=document_kind)
    )


def list_delegations(*, user: User, of: UUID | None = None) -> QuerySet[Delegation]:
    """Return the delegations that a person may see, the youngest first; ``of``: those of one organisation."""
    rows = Delegation.objects.visible_to(user).select_related("client", "agent").order_by("-since", "-id")
    return rows.filter(Q(client_id=of) | Q(agent_id=of)) if of else rows


def get_delegation(*, user: User, pk: UUID) -> Delegation:
    """Return one delegation that a person may see; raise NotYours otherwise."""
    return get_visible(Delegation.objects.select_related("client", "agent"), user, pk=pk)


def list_requests(*, user: User) -> QuerySet[DelegationRequest]:
    """Return the requests for a delegation that a person may see."""
    return DelegationRequest.objects.visible_to(user).select_related("client", "agent")


def get_request(*, user: User, pk: UUID) -> DelegationRequest:
    """Return one request that a person may see; raise NotYours otherwise."""
    return get_visible(DelegationRequest.objects.select_related("client", "agent"), user, pk=pk)


def count_requests_asked_of(user: User) -> int:
    """Count the requests that wait for the answer of a person's firm."""
    return DelegationRequest.objects.filter(client_id=user.organisation_id, state=RequestState.ASKED).count()


def delegation_behind(pk: UUID | None) -> Delegation | None:
    """Return the delegation that a page of what it covers shows; None where none had to cover it."""
    return Delegation.objects.filter(pk=pk).first() if pk else None


def clients_of(agent_id: UUID) -> list[Organisation]:
    """Return the firms that ever delegated to an agent, by name. For the system's own use."""
    clients = Delegation.objects.filter(agent_id=agent_id).values("client_id")
    return list(Organisation.objects.filter(id__in=clients).order_by("name_zh", "id"))


def list_agents(*, user: User, at: dt.datetime) -> QuerySet[Organisation]:
    """Return the firms to which a person's own firm may delegate, by name."""
    agents = Organisation.objects.on(local_date(at)).filter(kinds__contains=[OrganisationKind.AGENT])
    return agents.exclude(id=user.organisation_id).order_by("name_zh", "id")
