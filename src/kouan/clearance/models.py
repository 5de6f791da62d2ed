"""Rows of clearance: reviews, inspections, what happened at the gate, coordination tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import GOODS_DOCUMENTS
from kouan.clearance.codes import SubjectKind, Way
from kouan.clearance.states import InspectionState, ReviewState, TicketState
from kouan.declarations.codes import LISTS, Kind
from kouan.kernel.identifiers import uuid7

if TYPE_CHECKING:
    from kouan.accounts.models import User


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User) -> ReviewQuerySet:
        """An agency sees its own reviews, the port office all of them."""
        if user.sees_all_cases:
            return self
        return self.filter(agency=user.agency_code) if user.agency_code else self.none()


class Review(models.Model):
    """Where one agency stands with one version of a case.

    ``way`` says how its answer reaches us: relayed from its own system, or recorded here by its officer. A review
    that is relayed is never moved by a person. ``opinion_version`` is the version that the opinion was written on: an
    earlier one where its officer confirmed that it still holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField(_("办件"))
    version = models.PositiveIntegerField(_("版本"))
    agency = models.CharField(_("机关"), max_length=20)
    way = models.CharField(_("答复方式"), max_length=8, choices=Way.choices)
    subject_kind = models.CharField(
        _("办件类型"), max_length=8, choices=SubjectKind.choices, default=SubjectKind.PARCEL, db_default="parcel"
    )
    state = models.CharField(
        _("状态"), max_length=24, choices=[(s.value, s.value) for s in ReviewState], default=ReviewState.PENDING.value
    )
    opinion = models.TextField(_("意见"), blank=True, default="")
    opinion_version = models.PositiveIntegerField(_("意见所针对的版本"), null=True)
    officer_id = models.UUIDField(_("经办人"), null=True)
    opened_at = models.DateTimeField(_("开始时间"))
    state_since = models.DateTimeField(_("状态起始"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("机关办理")
        constraints = [
            models.UniqueConstraint(fields=["case_id", "version", "agency"], name="one_review_per_agency_and_version")
        ]
        indexes = [models.Index(fields=["agency", "way", "state", "id"], name="review_worklist")]


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> InspectionQuerySet:
        """The operator of the place, the declarant's side, the ordering agency and the port office."""
        if user.sees_all_cases:
            return self
        if user.agency_code:
            return self.filter(agency=user.agency_code)
        goods = Q(subject_kind=SubjectKind.GOODS, parties__overlap=list(user.acting_for(GOODS_DOCUMENTS)))
        both_ways = frozenset.intersection(*(user.acting_for(kind) for kind in LISTS))
        return self.filter(goods | Q(subject_kind=SubjectKind.PARCEL, parties__overlap=list(both_ways)))


class Inspection(models.Model):
    """An inspection of the goods of a case: who ordered it, when it is booked, when the goods were presented."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField(_("办件"), db_index=True)
    version = models.PositiveIntegerField(_("版本"))
    agency = models.CharField(_("机关"), max_length=20)
    subject_kind = models.CharField(
        _("办件类型"), max_length=8, choices=SubjectKind.choices, default=SubjectKind.PARCEL, db_default="parcel"
    )
    place_code = models.CharField(_("监管场所"), max_length=10, blank=True)
    parties = ArrayField(models.UUIDField(), verbose_name=_("相关单位"), default=list)
    state = models.CharField(
        _("状态"),
        max_length=12,
        choices=[(s.value, s.value) for s in InspectionState],
        default=InspectionState.ORDERED.value,
    )
    ordered_at = models.DateTimeField(_("布控时间"))
    order_source = models.TextField(_("依据"), blank=True)
    booked_for = models.DateTimeField(_("预约时间"), null=True)
    bay = models.CharField(_("查验台"), max_length=40, blank=True)
    presented_at = models.DateTimeField(_("到场时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    result_note = models.TextField(_("现场记录"), blank=True)
    state_since = models.DateTimeField(_("状态起始"))

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("查验")
        constraints = [
            models.UniqueConstraint(fields=["case_id", "version", "agency"], name="one_inspection_per_agency")
        ]
        indexes = [models.Index(fields=["place_code", "state", "booked_for"], name="inspection_by_place")]


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def visible_to(self, user: User) -> ArrivalQuerySet:
        """The operator that recorded it, and the port office."""
        if user.sees_all_cases:
            return self
        return self.filter(operator_id__in=user.acting_for(Kind.INBOUND_DETAIL))


class Arrival(models.Model):
    """A parcel that the operator of a supervision place took in: by its system or at the desk.

    ``container_no`` names the container in which it came, as one number without spaces (ISO 6346).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    waybill_no = models.CharField(_("运单编号"), max_length=60)
    carrier_code = models.CharField(_("物流企业代码"), max_length=18)
    bill_no = models.CharField(_("提运单号"), max_length=37, blank=True)
    container_no = models.CharField(_("箱号"), max_length=11, blank=True, default="")
    place_code = models.CharField(_("监管场所"), max_length=10)
    operator_id = models.UUIDField(_("场所经营人"))
    arrived_at = models.DateTimeField(_("到达时间"))
    location = models.CharField(_("库位"), max_length=100, blank=True)
    source = models.CharField(_("来源"), max_length=20)
    document_id = models.UUIDField(_("入库明细"), null=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("到货")
        constraints = [
            models.UniqueConstraint(
                fields=["waybill_no", "carrier_code", "place_code"], name="one_arrival_per_parcel_and_place"
            )
        ]
        indexes = [
            models.Index(fields=["place_code", "-id"], name="arrival_by_place"),
            models.Index(fields=["document_id"], condition=Q(document_id__isnull=False), name="arrival_by_document"),
            models.Index(fields=["bill_no"], condition=~Q(bill_no=""), name="arrival_by_bill"),
            models.Index(fields=["container_no"], condition=~Q(container_no=""), name="arrival_by_container"),
        ]


class GateCheckQuerySet(models.QuerySet["GateCheck"]):
    def visible_to(self, user: User) -> GateCheckQuerySet:
        """The operator of the gate, and the port office."""
        if user.sees_all_cases:
            return self
        return self.filter(operator_id=user.organisation_id)


class GateCheck(models.Model):
    """One question "may this leave?" and the answer that was given, with what it rested on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("查询号码"), max_length=64)
    operator_id = models.UUIDField(_("场所经营人"))
    asked_by_id = models.UUIDField(_("查询人"), null=True)
    asked_at = models.DateTimeField(_("查询时间"))
    may_leave = models.BooleanField(_("可否放行"))
    reason = models.CharField(_("原因"), max_length=40)
    case_ids = ArrayField(models.UUIDField(), verbose_name=_("办件"), default=list)
    goods_ids = ArrayField(models.UUIDField(), verbose_name=_("报关单"), default=list)
    left_at = models.DateTimeField(_("离场时间"), null=True)
    gate = models.CharField(_("卡口"), max_length=40, blank=True)
    vehicle_no = models.CharField(_("车牌"), max_length=20, blank=True)

    objects = GateCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("卡口核放")
        indexes = [models.Index(fields=["operator_id", "-id"], name="gate_check_by_operator")]


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User) -> TicketQuerySet:
        """The port office, and every party to the ticket."""
        if user.sees_all_cases:
            return self
        return self.filter(party_ids__overlap=list(user.acting_wholly))


class Ticket(models.Model):
    """A coordination of the port office about a case that is stuck, visible to both sides."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField(_("办件"), db_index=True)
    question = models.TextField(_("协调事项"))
    party_ids = ArrayField(models.UUIDField(), verbose_name=_("协调单位"), default=list)
    state = models.CharField(
        _("状态"), max_length=12, choices=[(s.value, s.value) for s in TicketState], default=TicketState.OPEN.value
    )
    opened_by_id = models.UUIDField(_("发起人"))
    opened_at = models.DateTimeField(_("发起时间"))
    due_at = models.DateTimeField(_("请于此前答复"), null=True)
    state_since = models.DateTimeField(_("状态起始"))

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("协调单")
        indexes = [models.Index(fields=["state", "-id"], name="ticket_by_state")]


class TicketEntry(models.Model):
    """One statement in a coordination ticket."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="entries")
    organisation_id = models.UUIDField(_("单位"))
    author_id = models.UUIDField(_("经办人"))
    author_label = models.CharField(_("经办"), max_length=120)
    text = models.TextField(_("内容"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("协调记录")
        ordering = ["id"]
