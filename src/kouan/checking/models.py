"""Rows of checking: by which rule a firm works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.checking.codes import CheckedKind

if TYPE_CHECKING:
    from kouan.accounts.models import User


class CheckRuleQuerySet(models.QuerySet["CheckRule"]):
    def visible_to(self, user: User) -> CheckRuleQuerySet:
        """The people of a firm see its own rule."""
        return self.filter(organisation_id=user.organisation_id)


class CheckRule(models.Model):
    """By which rule a firm works: what has to be checked, and who may check. A firm without a row checks nothing.

    ``holds_machine``: goods declarations that the firm's own system sends wait for the check too. By default they do
    not: the system that sends them has its own.
    """

    organisation_id = models.UUIDField(_("单位"), primary_key=True)
    kinds = ArrayField(
        models.CharField(max_length=10, choices=CheckedKind.choices), verbose_name=_("须复核的单证"), default=list
    )
    holds_machine = models.BooleanField(_("接口报送须复核"), default=False)
    checker_ids = ArrayField(models.UUIDField(), verbose_name=_("复核人"), default=list)
    changed_by_id = models.UUIDField(_("设置人"), null=True)
    changed_at = models.DateTimeField(_("设置时间"))

    objects = CheckRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("复核规则")
