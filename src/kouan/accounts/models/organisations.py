"""Rows of organisations, their names and their units."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import (
    AgencyCode,
    AliasKind,
    OrganisationKind,
    OrganisationState,
)
from kouan.kernel.identifiers import uuid7

if TYPE_CHECKING:
    import datetime as dt

    from kouan.accounts.models.people import User


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
