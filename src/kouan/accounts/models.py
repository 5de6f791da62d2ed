"""Rows of organisations, their names and units, people, and delegations between organisations."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import (
    NEVER_TOGETHER,
    AgencyCode,
    AliasKind,
    DelegatedAct,
    DelegationState,
    Language,
    OrganisationKind,
    OrganisationState,
    PersonState,
    RequestState,
    Role,
)
from kouan.kernel.identifiers import uuid7

if TYPE_CHECKING:
    import datetime as dt


def _until_after_since(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name=name)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> OrganisationQuerySet:
        """Officials and administrators see all; firms see themselves and whom they act for."""
        if user.sees_all_cases or user.is_administrator or user.agency_code:
            return self
        return self.filter(id__in=user.acting_organisation_ids)

    def on(self, date: dt.date) -> OrganisationQuerySet:
        """Those that exist on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=date), since__lte=date)


class Organisation(models.Model):
    """A firm, a supervision-site operator, an agency or the port office."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name_zh = models.CharField(_("单位名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    kinds = ArrayField(models.CharField(max_length=20, choices=OrganisationKind.choices), verbose_name=_("单位类型"))
    agency_code = models.CharField(_("机关"), max_length=20, choices=AgencyCode.choices, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    customs_code = models.CharField(_("海关注册编码"), max_length=10, blank=True)
    dxp_id = models.CharField(_("报文传输编号"), max_length=30, blank=True)
    since = models.DateField(_("启用日期"))
    until = models.DateField(_("停用日期"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="one_organisation_per_uscc"),
            models.UniqueConstraint(
                fields=["customs_code"], condition=~Q(customs_code=""), name="one_organisation_per_customs_code"
            ),
            models.UniqueConstraint(fields=["dxp_id"], condition=~Q(dxp_id=""), name="one_organisation_per_dxp_id"),
            models.CheckConstraint(
                condition=Q(uscc="") | Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"), name="uscc_has_its_form"
            ),
            models.CheckConstraint(
                condition=Q(customs_code="") | Q(customs_code__regex=r"^[0-9A-Z]{10}$"),
                name="customs_code_has_its_form",
            ),
            models.CheckConstraint(
                condition=Q(kinds__len__gt=0) & Q(kinds__contained_by=OrganisationKind.values),
                name="kinds_are_known",
            ),
            models.CheckConstraint(
                condition=Q(kinds__contains=[OrganisationKind.AGENCY], agency_code__in=AgencyCode.values)
                | (~Q(kinds__contains=[OrganisationKind.AGENCY]) & Q(agency_code="")),
                name="agencies_have_a_code",
            ),
            _until_after_since("organisation_ends_after_it_began"),
        ]
        indexes = [
            GinIndex(fields=["kinds"], name="organisation_by_kind"),
            models.Index(fields=["name_zh", "id"], name="organisation_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the screen; Chinese where there is no English one."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name_zh

    @property
    def state(self) -> OrganisationState:
        """Whether the organisation is in use today."""
        today = timezone.localdate()
        if self.since > today:
            return OrganisationState.TO_COME
        return OrganisationState.ENDED if self.until and self.until <= today else OrganisationState.RUNNING

    @property
    def kind_labels(self) -> list[str]:
        """The kinds in words; for an agency its authority."""
        return [
            str(AgencyCode(self.agency_code).label if kind == OrganisationKind.AGENCY else OrganisationKind(kind).label)
            for kind in self.kinds
        ]


class OrganisationAlias(models.Model):
    """Another name of an organisation, with the days on which it was in use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="aliases", verbose_name=_("单位"))
    kind = models.CharField(_("类别"), max_length=10, choices=AliasKind.choices)
    name_zh = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    since = models.DateField(_("启用日期"), null=True, blank=True)
    until = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("单位别名")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=F("since")),
                name="alias_ends_after_it_began",
            )
        ]
        indexes = [models.Index(fields=["name_zh"], name="alias_by_name")]

    def __str__(self) -> str:
        return self.name_zh


class Unit(models.Model):
    """A department of an organisation, possibly within another department."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="units", verbose_name=_("单位"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("上级部门"))
    name_zh = models.CharField(_("部门名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    since = models.DateField(_("启用日期"))
    until = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("部门")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name_zh"],
                condition=Q(until__isnull=True),
                name="one_running_unit_per_name",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_is_not_its_own_parent"),
            _until_after_since("unit_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name_zh


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> UserQuerySet:
        """Administrators and the port office see everybody, others the people of their own organisation."""
        if user.sees_all_cases or user.is_administrator:
            return self
        return self.filter(organisation_id=user.organisation_id)

    def get_by_natural_key(self, username: str) -> User:
        """The person of a user name, written in any case."""
        return self.get(username=username.lower())


class User(AbstractBaseUser):
    """A person who may sign in, with the roles that the person has in one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    organisation_id: UUID
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people", verbose_name=_("单位"))
    unit = models.ForeignKey(
        Unit, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("部门")
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=list, blank=True, verbose_name=_("角色")
    )
    language = models.CharField(_("界面语言"), max_length=7, choices=Language.choices, default=Language.CHINESE)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("须修改口令"), default=False)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    objects = UserQuerySet.as_manager()

    request_id = ""
    """The request in which the person acts now; set by the middleware, written into the audit."""

    class Meta:
        verbose_name = _("人员")
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9][a-z0-9._@-]*$"), name="username_is_written_small"
            ),
            models.CheckConstraint(condition=Q(roles__contained_by=Role.values), name="roles_are_known"),
            *(
                models.CheckConstraint(
                    condition=~Q(roles__contains=[one, other]), name=f"never_both_{one.value}_and_{other.value}"
                )
                for one, other in combinations(NEVER_TOGETHER, 2)
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "name", "id"], name="person_by_organisation"),
            models.Index(fields=["name", "id"], name="person_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> PersonState:
        """Whether the person can work."""
        if not self.is_active:
            return PersonState.SUSPENDED
        return PersonState.ACTIVE if self.roles else PersonState.WAITING

    @property
    def role_labels(self) -> list[str]:
        """The roles in words."""
        return [str(Role(role).label) for role in self.roles]

    def has_role(self, *roles: Role) -> bool:
        """Whether the person has any of these roles."""
        return any(role in self.roles for role in roles)

    @property
    def sees_all_cases(self) -> bool:
        """Whether the person coordinates for the port office and so sees every case."""
        return self.has_role(Role.PORT_OFFICE_CLERK)

    @property
    def is_system_admin(self) -> bool:
        """Whether the person runs the system: people, organisations, connections; no cases."""
        return self.has_role(Role.SYSTEM_ADMIN)

    @property
    def is_administrator(self) -> bool:
        """Whether the person has one of the three administrators' roles."""
        return self.has_role(*NEVER_TOGETHER)

    @property
    def agency_code(self) -> str:
        """The authority for which the person acts as an officer; empty for everybody else."""
        return self.organisation.agency_code if self.has_role(Role.OFFICER) else ""

    @cached_property
    def acting_organisation_ids(self) -> frozenset[UUID]:
        """The person's own organisation and those that have delegated to it, as of the request; asked once."""
        return frozenset({self.organisation_id, *(client_id for client_id, _scope in self._delegations_held)})

    def acting_for(self, *kinds: str) -> frozenset[UUID]:
        """The own organisation and those whose delegation covers one of these kinds of documents."""
        wanted = set(kinds)
        held = (client_id for client_id, scope in self._delegations_held if not scope or wanted & set(scope))
        return frozenset({self.organisation_id, *held})

    @cached_property
    def _delegations_held(self) -> list[tuple[UUID, list[str]]]:
        """Clients and scopes of the delegations that hold as of the request; asked once."""
        held = Delegation.objects.in_force(timezone.now()).filter(agent_id=self.organisation_id)
        return list(held.values_list("client_id", "scope"))

    @property
    def audit_label(self) -> str:
        """How the audit names the person: name and user name, as they are now."""
        return f"{self.name}（{self.username}）"


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
    to that moment; rows are never removed, so that what covered a declaration can always be told.
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


class SignInFailure(models.Model):
    """One failed attempt to sign in; counted for the lock-out, removed when it no longer counts.

    ``account`` is a digest of the name that was typed: people type passwords into the wrong field.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.BinaryField(_("账号摘要"), max_length=32)
    address = models.GenericIPAddressField(_("来源地址"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("登录失败")
        indexes = [
            models.Index(fields=["account", "at"], name="failure_by_account"),
            models.Index(fields=["address", "at"], name="failure_by_address"),
        ]
