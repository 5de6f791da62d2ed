"""Rows of delegations between organisations, and of requests for one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import (
    DelegatedAct,
    DelegationState,
    RequestState,
)
from kouan.accounts.models.organisations import Organisation
from kouan.kernel.identifiers import uuid7

if TYPE_CHECKING:
    import datetime as dt

    from kouan.accounts.models.people import User


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, at: dt.datetime) -> DelegationQuerySet:
        """Those that hold at a moment."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)

    def in_states(self, states: list[str], at: dt.datetime) -> DelegationQuerySet:
        """Those that stand in any of these states (DelegationState) at a moment."""
        over = Q(until__lte=at)
        conditions = {
            DelegationState.TO_COME: (Q(until__isnull=True) | Q(until__gt=at)) & Q(since__gt=at),
            DelegationState.RUNNING: (Q(until__isnull=True) | Q(until__gt=at)) & Q(since__lte=at),
            DelegationState.REVOKED: over & Q(revoked_by_id__isnull=False),
            DelegationState.ENDED: over & Q(revoked_by_id__isnull=True),
        }
        wanted = Q()
        for state in states:
            wanted |= conditions[DelegationState(state)]
        return self.filter(wanted)

    def covering(self, kind: str, act: str = "") -> DelegationQuerySet:
        """Those that cover a kind of document, and an act where one is named; a blank list covers all."""
        rows = self.filter(Q(scope=[]) | Q(scope__contains=[kind]))
        return rows.filter(Q(acts=[]) | Q(acts__contains=[act])) if act else rows

    def visible_to(self, user: User) -> DelegationQuerySet:
        """Both sides see a delegation; so do the port office and the administrators."""
        if user.sees_all_cases or user.is_administrator:
            return self
        return self.filter(Q(client_id=user.organisation_id) | Q(agent_id=user.organisation_id))


class Delegation(models.Model):
    """That an agent may act for a client, with which kinds of documents and for how long; revocable at once.

    ``scope`` holds kinds of documents, ``acts`` what may be done with them; empty means all. Revoking sets ``until``
    to that moment; rows are never removed, so that what covered a declaration can always be told. ``ends_soon_at``:
    from when on both sides are to know that it ends, by the rule of the day on which it was granted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id: UUID
    client = models.ForeignKey(Organisation, models.PROTECT, related_name="delegations_given", verbose_name=_("委托方"))
    agent_id: UUID
    agent = models.ForeignKey(Organisation, models.PROTECT, related_name="delegations_held", verbose_name=_("受托方"))
    agreement_no = models.CharField(_("委托协议编号"), max_length=60, blank=True, default="")
    scope = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("委托范围"))
    acts = ArrayField(
        models.CharField(max_length=12, choices=DelegatedAct.choices),
        default=list,
        blank=True,
        verbose_name=_("委托事项"),
    )
    since = models.DateTimeField(_("生效时间"))
    until = models.DateTimeField(_("终止时间"), null=True, blank=True)
    ends_soon_at = models.DateTimeField(_("临近终止"), null=True, blank=True)
    granted_by_id = models.UUIDField(_("授权人"))
    revoked_by_id = models.UUIDField(_("撤销人"), null=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("委托")
        constraints = [
            models.CheckConstraint(condition=~Q(client=F("agent")), name="nobody_delegates_to_oneself"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="delegation_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "client"], name="delegation_by_agent"),
            models.Index(fields=["client", "agent"], name="delegation_by_client"),
        ]

    @property
    def state(self) -> DelegationState:
        """Whether the delegation holds now."""
        now = timezone.now()
        if self.until is None or self.until > now:
            return DelegationState.TO_COME if self.since > now else DelegationState.RUNNING
        return DelegationState.REVOKED if self.revoked_by_id else DelegationState.ENDED


class DelegationRequestQuerySet(models.QuerySet["DelegationRequest"]):
    def visible_to(self, user: User) -> DelegationRequestQuerySet:
        """Both sides see a request; so do the port office and the administrators."""
        if user.sees_all_cases or user.is_administrator:
            return self
        return self.filter(Q(client_id=user.organisation_id) | Q(agent_id=user.organisation_id))


class DelegationRequest(models.Model):
    """A broker's request for a delegation, in the terms that it proposes; the client grants or declines it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id: UUID
    client = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("委托方"))
    agent_id: UUID
    agent = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("受托方"))
    agreement_no = models.CharField(_("委托协议编号"), max_length=60, blank=True, default="")
    scope = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("委托范围"))
    acts = ArrayField(
        models.CharField(max_length=12, choices=DelegatedAct.choices),
        default=list,
        blank=True,
        verbose_name=_("委托事项"),
    )
    until = models.DateTimeField(_("终止时间"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=RequestState.choices, default=RequestState.ASKED)
    asked_by_id = models.UUIDField(_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    answered_by_id = models.UUIDField(_("答复人"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True, default="")
    delegation = models.OneToOneField(
        Delegation, models.PROTECT, null=True, related_name="request", verbose_name=_("委托")
    )

    objects = DelegationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("委托申请")
        constraints = [
            models.CheckConstraint(condition=~Q(client=F("agent")), name="nobody_asks_oneself"),
            models.UniqueConstraint(
                fields=["client", "agent"], condition=Q(state=RequestState.ASKED), name="one_open_request_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.GRANTED, delegation__isnull=False)
                | (~Q(state=RequestState.GRANTED) & Q(delegation__isnull=True)),
                name="granted_request_has_its_delegation",
            ),
        ]
        indexes = [models.Index(fields=["agent", "-asked_at"], name="request_by_agent")]
