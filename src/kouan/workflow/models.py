"""What happened to a case, a review, a task: one row per act, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7


class Event(models.Model):
    """An act that moved a subject from one state to another, with who and when; partitioned by month.

    ``subject_id`` is the case that the reader looks at; ``object_id`` the review, inspection or ticket that moved,
    where it is another row than the case itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_id = models.UUIDField(_("办件"))
    object_id = models.UUIDField(_("对象"), null=True)
    kind = models.CharField(_("对象类型"), max_length=20)
    act = models.CharField(_("动作"), max_length=32)
    from_state = models.CharField(_("原状态"), max_length=32, blank=True)
    to_state = models.CharField(_("新状态"), max_length=32, blank=True)
    actor_id = models.UUIDField(_("经办人"), null=True)
    actor_label = models.CharField(_("经办"), max_length=120, blank=True)
    at = models.DateTimeField(_("时间"))
    data = models.JSONField(_("说明"), default=dict)

    class Meta:
        verbose_name = _("事件")
        indexes = [models.Index(fields=["subject_id", "id"], name="event_by_subject")]
