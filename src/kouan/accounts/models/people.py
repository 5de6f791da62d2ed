"""Rows of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations
from types import MappingProxyType
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import (
    NEVER_TOGETHER,
    Language,
    PersonState,
    Role,
)
from kouan.accounts.models.delegations import Delegation
from kouan.accounts.models.organisations import Organisation, Unit
from kouan.accounts.passwords import password_rules
from kouan.kernel.identifiers import uuid7


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
    password_set_at = models.DateTimeField(_("口令设置时间"), null=True, blank=True)
    must_change_password = models.BooleanField(_("须修改口令"), default=False)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    objects = UserQuerySet.as_manager()

    request_id = ""
    """The request in which the person acts now; set by the middleware, written into the audit."""

    came_by_provider = False
    """Whether the provider opened the session in which the person acts now; set by the session's backend."""

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

    @property
    def has_to_change_password(self) -> bool:
        """Whether a new password comes before anything else; whoever the provider vouched for uses none."""
        return not self.came_by_provider and (self.must_change_password or self.password_is_over)

    @property
    def password_is_over(self) -> bool:
        """Whether the password is older than the installation allows."""
        return password_rules().is_over(self.password_set_at, at=timezone.now())

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
    def acting_wholly(self) -> frozenset[UUID]:
        """The own organisation and those that have delegated all kinds of documents: for rows that tell no kind."""
        return frozenset({self.organisation_id, *(client for client, scope in self._delegations_held if not scope)})

    def seen_for(self, organisation: str, kind: str, spelled: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Q:
        """Give the condition on rows of one kind of document each: all of the own, of a client's what it delegated.

        organisation, kind: the columns. spelled: how a kind of a delegation's scope is spelled in the column, where it
        is spelled otherwise.
        """
        seen = Q(**{f"{organisation}__in": self.acting_wholly})
        clients: defaultdict[frozenset[str], set[UUID]] = defaultdict(set)
        for client_id, scope in self._delegations_held:
            if scope:
                clients[frozenset(scope)].add(client_id)
        for scope, ids in clients.items():
            kinds = {each for one in scope for each in spelled.get(one, [one])}
            seen |= Q(**{f"{organisation}__in": ids, f"{kind}__in": kinds})
        return seen

    @cached_property
    def _delegations_held(self) -> list[tuple[UUID, list[str]]]:
        """Clients and scopes of the delegations that hold as of the request; asked once."""
        held = Delegation.objects.in_force(timezone.now()).filter(agent_id=self.organisation_id)
        return list(held.values_list("client_id", "scope"))

    @property
    def audit_label(self) -> str:
        """How the audit names the person: name and user name, as they are now."""
        return f"{self.name}（{self.username}）"
