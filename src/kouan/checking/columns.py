"""The columns of whatever one person makes and another checks; rows of other apps take them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.checking.codes import CheckChoices
from kouan.checking.states import CheckState, Hands

if TYPE_CHECKING:
    from uuid import UUID


class Checked(models.Model):
    """The columns of whatever one person makes and another checks.

    ``revision`` counts changes of what is checked, so that a check speaks of what the checker saw. ``maker_id`` and
    ``organisation_id`` are the row's own: who made it, and whose rule holds.
    """

    check_state = models.CharField(
        _("复核状态"), max_length=10, choices=CheckChoices.choices, default=CheckChoices.MAKING
    )
    revision = models.PositiveIntegerField(_("修改次数"), default=0)
    changed_by_id = models.UUIDField(_("最后修改人"), null=True)
    submitted_at = models.DateTimeField(_("提交复核时间"), null=True)
    checked_by_id = models.UUIDField(_("复核人"), null=True)
    checked_at = models.DateTimeField(_("复核时间"), null=True)
    bounce_reason = models.CharField(_("退回理由"), max_length=500, blank=True, default="")
    bounce_pointer = models.CharField(_("退回所指栏目"), max_length=80, blank=True, default="")

    if TYPE_CHECKING:
        author_id: UUID | models.UUIDField
        organisation_id: UUID | models.UUIDField

    class Meta:
        abstract = True

    @property
    def hands(self) -> Hands:
        """Who made it, and who changed it last."""
        return Hands(self.author_id, self.changed_by_id or self.author_id)  # type: ignore[arg-type]

    @property
    def stands(self) -> CheckState:
        """Where its checking stands."""
        return CheckState(self.check_state)
