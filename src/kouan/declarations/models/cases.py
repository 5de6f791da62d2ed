"""Cases: what an import or export list opens; the parcel to everybody."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kouan.declarations.codes import EXPORTS, IMPORTS, Direction, Match, Procedure

if TYPE_CHECKING:
    from kouan.accounts.models import User


CUSTOMS = "customs"
CNY = "142"
BEYOND_CUSTOMS = ~Q(agencies__contained_by=[CUSTOMS])
"""Cases that concern an agency other than customs, in the words of the index over them."""


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """Who may see a parcel declaration.

        The port office all of them; an agency those it has a review of; the operator of a supervision place those
        bound for its places; a firm those in which it is platform, seller, declarant, carrier or sender; a broker its
        clients' of the direction that they delegated.
        """
        if user.sees_all_cases:
            return self
        if user.agency_code:
            concerned = self.filter(agencies__contains=[user.agency_code])
            return concerned if user.agency_code == CUSTOMS else concerned.filter(BEYOND_CUSTOMS)
        imports, exports = user.acting_for(*IMPORTS), user.acting_for(*EXPORTS)
        if imports == exports:
            return self.filter(parties__overlap=list(imports))
        return self.filter(
            Q(direction=Direction.IMPORT, parties__overlap=list(imports))
            | Q(direction=Direction.EXPORT, parties__overlap=list(exports))
        )


class Case(models.Model):
    """The parcel declaration: an import or export list with the order, payment and waybill that belong to it.

    ``parties`` holds every organisation that may see the case: declarant, seller, platform, carrier, sender and the
    operator of the supervision place. ``state`` is computed by clearance from the reviews of the current version and
    the relayed official state; nothing else writes it. ``held_for`` names the message, or the draft that waits for a
    signature, in which an application for this list was written here and is not stored yet.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    internal_no = models.CharField(_("企业清单号"), max_length=64)
    declarant_code = models.CharField(_("申报企业代码"), max_length=18)
    declarant_name = models.CharField(_("申报企业"), max_length=100)
    merchant_code = models.CharField(_("电商企业代码"), max_length=18)
    merchant_name = models.CharField(_("电商企业"), max_length=100)
    platform_code = models.CharField(_("电商平台代码"), max_length=50)
    order_no = models.CharField(_("订单编号"), max_length=60)
    carrier_code = models.CharField(_("物流企业代码"), max_length=18)
    waybill_no = models.CharField(_("运单编号"), max_length=80)
    bill_no = models.CharField(_("提运单号"), max_length=37, blank=True)
    list_no = models.CharField(_("清单编号"), max_length=20, blank=True)
    customs_code = models.CharField(_("申报海关"), max_length=4)
    place_code = models.CharField(_("监管场所"), max_length=10, blank=True)
    trade_mode = models.CharField(_("监管方式"), max_length=4)
    departure_country = models.CharField(_("起运国"), max_length=3)
    gross_weight_kg = models.DecimalField(_("毛重"), max_digits=19, decimal_places=5)
    total_value = models.DecimalField(_("总价"), max_digits=19, decimal_places=5)
    goods_summary = models.CharField(_("商品"), max_length=80, blank=True)
    hs_codes = ArrayField(models.CharField(max_length=10), verbose_name=_("商品编码"), default=list)
    parties = ArrayField(models.UUIDField(), verbose_name=_("相关单位"), default=list)
    agencies = ArrayField(models.CharField(max_length=20), verbose_name=_("相关机关"), default=list)
    sender_id = models.UUIDField(_("报送单位"))
    connection_id = models.UUIDField(_("报送通道"))
    message_id = models.UUIDField(_("当前报文"))
    version = models.PositiveIntegerField(_("版本"))
    match = models.CharField(_("对碰"), max_length=10, choices=Match.choices, default=Match.WAITING)
    wait_reason = models.CharField(_("等待原因"), max_length=60, blank=True, default="missing")
    match_problems = models.JSONField(_("对碰问题"), default=list)
    routed_version = models.PositiveIntegerField(_("已判定版本"), default=0)
    routing = models.JSONField(_("判定依据"), default=dict)
    official_status = models.CharField(_("官方状态"), max_length=10, blank=True, default="")
    official_at = models.DateTimeField(_("官方回执时间"), null=True)
    tax = models.DecimalField(_("税款"), max_digits=19, decimal_places=5, null=True)
    tax_status = models.CharField(_("税单状态"), max_length=1, blank=True, default="")
    state = models.CharField(_("状态"), max_length=24)
    waits_for = models.CharField(_("等待谁"), max_length=24)
    state_since = models.DateTimeField(_("状态起始"))
    received_at = models.DateTimeField(_("收到时间"))
    released_at = models.DateTimeField(_("放行时间"), null=True)
    left_at = models.DateTimeField(_("离场时间"), null=True)
    is_withdrawn = models.BooleanField(_("已撤回"), default=False)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    direction = models.CharField(
        _("进出口"), max_length=1, choices=Direction.choices, default=Direction.IMPORT, db_default=Direction.IMPORT
    )
    procedure = models.CharField(
        _("申报业务类型"), max_length=1, choices=Procedure.choices, blank=True, default="", db_default=""
    )
    currency = models.CharField(_("币制"), max_length=3, default=CNY, db_default=CNY)
    departed_at = models.DateTimeField(_("离境时间"), null=True)
    summary_id = models.UUIDField(_("汇总申请"), null=True)
    held_for = models.UUIDField(_("备汇总"), null=True)
    return_state = models.CharField(_("退货"), max_length=8, blank=True, default="", db_default="")

    objects = CaseQuerySet.as_manager()

    @property
    def gone_at(self) -> datetime | None:
        """When the port was done with the goods: an import left its place, an export left the country."""
        return self.departed_at if self.direction == Direction.EXPORT else self.left_at

    class Meta:
        verbose_name = _("清单办件")
        indexes = [
            # Pattern classes answer "is" and "begins with" alike, under any collation, from the same index.
            models.Index(
                fields=["order_no", "platform_code"],
                opclasses=["varchar_pattern_ops", "text_ops"],
                name="case_by_order",
            ),
            models.Index(
                fields=["waybill_no", "carrier_code"],
                opclasses=["varchar_pattern_ops", "text_ops"],
                name="case_by_waybill",
            ),
            models.Index(fields=["message_id"], name="case_by_message"),
            models.Index(fields=["state", "id"], name="case_in_state"),
            # Most cases wait for nobody any more: only the others stand here.
            models.Index(fields=["waits_for", "id"], condition=~Q(waits_for="nobody"), name="case_waiting"),
            models.Index(
                fields=["bill_no"], opclasses=["varchar_pattern_ops"], condition=~Q(bill_no=""), name="case_by_bill"
            ),
            models.Index(
                fields=["list_no"], opclasses=["varchar_pattern_ops"], condition=~Q(list_no=""), name="case_by_list_no"
            ),
            models.Index(fields=["internal_no"], opclasses=["varchar_pattern_ops"], name="case_by_internal_no"),
            GinIndex(fields=["parties"], name="case_by_party"),
            models.Index(fields=["declarant_code", "official_at"], condition=Q(direction="E"), name="export_by_answer"),
            models.Index(fields=["summary_id"], condition=Q(summary_id__isnull=False), name="case_by_summary"),
            models.Index(fields=["held_for"], condition=Q(held_for__isnull=False), name="case_held"),
            models.Index(fields=["sender_id", "state_since"], condition=Q(waits_for="declarant"), name="case_to_do"),
            # Customs concerns nearly every case; only those that concern another agency too stand here.
            GinIndex(fields=["agencies"], condition=BEYOND_CUSTOMS, name="case_by_agency"),
        ]
