"""Rows of declarations: documents, their versions, the goods, the case, and what was found on the way.

A ``Document`` is the narrow key of a business node: kind, owner and number. Its ``DocumentVersion`` rows are never
updated. A ``Case`` is the parcel declaration that an import list opens; it shares the id of the list's document.

High volume: no foreign keys across tables of the hot path, natural keys in every index, personal data only as keyed
digests (the message keeps the text).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kouan.checking.columns import Checked
from kouan.declarations.codes import APPLICATIONS, Direction, DraftState, Finding, Kind, Match, Procedure, SummaryState
from kouan.kernel.identifiers import uuid7
from kouan.safekeeping.safe import safe

if TYPE_CHECKING:
    from kouan.accounts.models import User


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> DocumentQuerySet:
        """The port office sees every document; a firm those it sent or owns."""
        if user.sees_all_cases:
            return self
        mine = user.acting_for(*Kind.values)
        return self.filter(Q(organisation_id__in=mine) | Q(sender_id__in=mine))


class Document(models.Model):
    """One business node for good: who owns it, what kind it is, and which version of it counts now."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("单证"), max_length=3, choices=Kind.choices)
    owner_code = models.CharField(_("企业代码"), max_length=50)
    number = models.CharField(_("编号"), max_length=80)
    organisation_id = models.UUIDField(_("所属单位"), null=True)
    sender_id = models.UUIDField(_("报送单位"))
    connection_id = models.UUIDField(_("报送通道"))
    platform_code = models.CharField(_("电商平台代码"), max_length=50, blank=True)
    order_no = models.CharField(_("订单编号"), max_length=60, blank=True)
    current_number = models.PositiveIntegerField(_("当前版本"))
    message_id = models.UUIDField(_("当前报文"))
    app_time = models.CharField(_("报送时间"), max_length=14)
    digest = models.UUIDField(_("内容摘要"))
    is_deleted = models.BooleanField(_("已删除"), default=False)
    official_status = models.CharField(_("官方状态"), max_length=10, blank=True)
    official_time = models.CharField(_("官方回执时间"), max_length=17, blank=True)
    official_version = models.PositiveIntegerField(_("官方所答版本"), default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("单证")
        constraints = [models.UniqueConstraint(fields=["owner_code", "number", "kind"], name="one_document_per_number")]
        indexes = [
            models.Index(fields=["order_no", "platform_code"], condition=Q(kind="411"), name="payment_by_order"),
            models.Index(fields=["order_no", "platform_code"], condition=Q(kind="403"), name="receipt_by_order"),
        ]


class DocumentVersion(models.Model):
    """What one business node said, typed; written once. The bytes stand in the message, at the node's index."""

    pk = models.CompositePrimaryKey("document_id", "number")
    document_id = models.UUIDField()
    number = models.PositiveIntegerField(_("版本"))
    kind = models.CharField(_("单证"), max_length=3, choices=Kind.choices)
    app_type = models.CharField(_("报送类型"), max_length=1)
    app_time = models.CharField(_("报送时间"), max_length=14)
    message_id = models.UUIDField(_("报文"))
    node_index = models.PositiveIntegerField(_("报文内序号"))
    digest = models.UUIDField(_("内容摘要"))
    received_at = models.DateTimeField(_("收到时间"))
    internal_no = models.CharField(_("企业内部编号"), max_length=60, blank=True, default="")
    order_no = models.CharField(_("订单编号"), max_length=60, blank=True, default="")
    platform_code = models.CharField(_("电商平台代码"), max_length=50, blank=True, default="")
    merchant_code = models.CharField(_("电商企业代码"), max_length=18, blank=True, default="")
    declarant_code = models.CharField(_("申报企业代码"), max_length=18, blank=True, default="")
    payment_firm_code = models.CharField(_("支付企业代码"), max_length=18, blank=True, default="")
    transaction_no = models.CharField(_("支付交易编号"), max_length=60, blank=True, default="")
    carrier_code = models.CharField(_("物流企业代码"), max_length=18, blank=True, default="")
    waybill_no = models.CharField(_("运单编号"), max_length=80, blank=True, default="")
    bill_no = models.CharField(_("提运单号"), max_length=37, blank=True, default="")
    list_no = models.CharField(_("清单编号"), max_length=20, blank=True, default="")
    customs_code = models.CharField(_("申报海关"), max_length=4, blank=True, default="")
    port_code = models.CharField(_("口岸海关"), max_length=4, blank=True, default="")
    place_code = models.CharField(_("监管场所"), max_length=10, blank=True, default="")
    trade_mode = models.CharField(_("监管方式"), max_length=4, blank=True, default="")
    transport_mode = models.CharField(_("运输方式"), max_length=1, blank=True, default="")
    country = models.CharField(_("起运国"), max_length=3, blank=True, default="")
    currency = models.CharField(_("币制"), max_length=3, blank=True, default="")
    goods_value = models.DecimalField(_("商品金额"), max_digits=19, decimal_places=5, null=True)
    freight = models.DecimalField(_("运费"), max_digits=19, decimal_places=5, null=True)
    insurance = models.DecimalField(_("保费"), max_digits=19, decimal_places=5, null=True)
    discount = models.DecimalField(_("抵扣"), max_digits=19, decimal_places=5, null=True)
    tax_withheld = models.DecimalField(_("代扣税款"), max_digits=19, decimal_places=5, null=True)
    amount_paid = models.DecimalField(_("实付金额"), max_digits=19, decimal_places=5, null=True)
    gross_weight_kg = models.DecimalField(_("毛重"), max_digits=19, decimal_places=5, null=True)
    net_weight_kg = models.DecimalField(_("净重"), max_digits=19, decimal_places=5, null=True)
    line_count = models.PositiveSmallIntegerField(_("商品项数"), default=0)
    buyer_digest = models.UUIDField(_("订购人摘要"), null=True)
    consignee_digest = models.UUIDField(_("收货人摘要"), null=True)
    goods_digest = models.UUIDField(_("商品摘要"), null=True)
    identity_mark = models.UUIDField(_("证件号码检索标记"), null=True)
    telephone_mark = models.UUIDField(_("电话检索标记"), null=True)

    class Meta:
        verbose_name = _("单证版本")
        constraints = [models.UniqueConstraint(fields=["message_id", "node_index"], name="one_version_per_node")]
        indexes = [
            models.Index(fields=["list_no"], condition=Q(kind__in=APPLICATIONS), name="application_by_list"),
            models.Index(
                fields=["identity_mark"], condition=Q(identity_mark__isnull=False), name="version_by_identity"
            ),
            models.Index(
                fields=["telephone_mark"], condition=Q(telephone_mark__isnull=False), name="version_by_telephone"
            ),
        ]


class GoodsLine(models.Model):
    """One line of goods of one version of an order or a list, as declared."""

    pk = models.CompositePrimaryKey("document_id", "version", "line_no")
    document_id = models.UUIDField()
    version = models.PositiveIntegerField(_("版本"))
    line_no = models.PositiveSmallIntegerField(_("序号"))
    item_no = models.CharField(_("货号"), max_length=30, blank=True, default="")
    hs_code = models.CharField(_("商品编码"), max_length=10, blank=True, default="")
    name = models.CharField(_("品名"), max_length=250)
    model = models.CharField(_("规格型号"), max_length=510, blank=True, default="")
    country = models.CharField(_("原产国"), max_length=3)
    currency = models.CharField(_("币制"), max_length=3)
    quantity = models.DecimalField(_("数量"), max_digits=19, decimal_places=5)
    unit = models.CharField(_("计量单位"), max_length=3)
    quantity_1 = models.DecimalField(_("法定数量"), max_digits=19, decimal_places=5, null=True)
    unit_1 = models.CharField(_("法定单位"), max_length=3, blank=True, default="")
    quantity_2 = models.DecimalField(_("第二数量"), max_digits=19, decimal_places=5, null=True)
    unit_2 = models.CharField(_("第二单位"), max_length=3, blank=True, default="")
    price = models.DecimalField(_("单价"), max_digits=19, decimal_places=5)
    total = models.DecimalField(_("总价"), max_digits=19, decimal_places=5)

    class Meta:
        verbose_name = _("商品项")


class NamedParcel(models.Model):
    """One parcel that a version of a master bill, an arrival, a departure or a summary names, by waybill or list."""

    pk = models.CompositePrimaryKey("document_id", "version", "line_no")
    document_id = models.UUIDField()
    version = models.PositiveIntegerField(_("版本"))
    line_no = models.PositiveIntegerField(_("序号"))
    waybill_no = models.CharField(_("运单编号"), max_length=80, blank=True, default="")
    list_no = models.CharField(_("清单编号"), max_length=20, blank=True, default="")
    package_no = models.CharField(_("总包号"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("所列包裹")
        indexes = [
            models.Index(fields=["waybill_no"], condition=~Q(waybill_no=""), name="parcel_by_waybill"),
            models.Index(fields=["list_no"], condition=~Q(list_no=""), name="parcel_by_list"),
        ]


class NodeFinding(models.Model):
    """What was found in a business node that was refused, repeated, or accepted with a warning."""

    pk = models.CompositePrimaryKey("message_id", "node_index")
    message_id = models.UUIDField()
    node_index = models.PositiveIntegerField(_("报文内序号"))
    kind = models.CharField(_("单证"), max_length=3)
    owner_code = models.CharField(_("企业代码"), max_length=60, blank=True)
    number = models.CharField(_("编号"), max_length=120, blank=True)
    finding = models.CharField(_("结果"), max_length=12, choices=Finding.choices)
    problems = models.JSONField(_("问题"), default=list)

    class Meta:
        verbose_name = _("单证校验结果")
        indexes = [
            # The national side answers nodes that were refused here too; most findings are warnings.
            models.Index(
                fields=["owner_code", "number"], condition=Q(finding="refused"), name="finding_refused_by_number"
            )
        ]


CUSTOMS = "customs"
CNY = "142"
BEYOND_CUSTOMS = ~Q(agencies__contained_by=[CUSTOMS])
"""Cases that concern an agency other than customs, in the words of the index over them."""


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """Who may see a parcel declaration.

        The port office all of them; an agency those it has a review of; the operator of a supervision place those
        bound for its places; a firm those in which it is platform, seller, declarant, carrier or sender.
        """
        if user.sees_all_cases:
            return self
        if user.agency_code:
            concerned = self.filter(agencies__contains=[user.agency_code])
            return concerned if user.agency_code == CUSTOMS else concerned.filter(BEYOND_CUSTOMS)
        return self.filter(parties__overlap=list(user.acting_for(*Kind.values)))


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


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, user: User) -> SummaryQuerySet:
        """The port office sees every summary application; a firm those to which it is a party."""
        if user.sees_all_cases:
            return self
        return self.filter(parties__overlap=list(user.acting_for(*Kind.values)))


class Summary(models.Model):
    """A summary application: the export lists of a firm that customs is asked to sum up in one declaration.

    It shares the id of its document; the lists that it takes in name it (``Case.summary_id``). It names them one by
    one, or takes those that were closed from ``since`` to ``until``.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    internal_no = models.CharField(_("企业唯一编号"), max_length=80)
    declarant_code = models.CharField(_("申报企业代码"), max_length=18)
    declarant_name = models.CharField(_("申报企业"), max_length=100)
    merchant_code = models.CharField(_("收发货人代码"), max_length=18)
    merchant_name = models.CharField(_("收发货人"), max_length=100)
    customs_code = models.CharField(_("申报海关"), max_length=4)
    since = models.DateTimeField(_("汇总开始时间"), null=True)
    until = models.DateTimeField(_("汇总结束时间"), null=True)
    summary_no = models.CharField(_("汇总申请编号"), max_length=18, blank=True, default="")
    official_status = models.CharField(_("官方状态"), max_length=10, blank=True, default="")
    state = models.CharField(_("状态"), max_length=20, choices=SummaryState.choices, default=SummaryState.SENT)
    parties = ArrayField(models.UUIDField(), verbose_name=_("相关单位"), default=list)
    sender_id = models.UUIDField(_("报送单位"))
    connection_id = models.UUIDField(_("报送通道"))
    message_id = models.UUIDField(_("当前报文"))
    received_at = models.DateTimeField(_("收到时间"))

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("汇总申请")
        indexes = [
            models.Index(fields=["summary_no"], condition=~Q(summary_no=""), name="summary_by_number"),
            GinIndex(fields=["parties"], name="summary_by_party"),
        ]


class SummaryEntry(models.Model):
    """What customs made of a summary application: one goods declaration, and which lists are in it (792)."""

    entry_seq_no = models.CharField(_("汇总统一编号"), max_length=18, primary_key=True)
    summary_no = models.CharField(_("汇总申请编号"), max_length=18, db_index=True)
    processed_time = models.CharField(_("汇总处理时间"), max_length=17)
    entry_no = models.CharField(_("报关单编号"), max_length=18, blank=True, default="")
    entry_state = models.CharField(_("报关单状态"), max_length=3)
    gross_weight_kg = models.DecimalField(_("毛重"), max_digits=19, decimal_places=5)
    net_weight_kg = models.DecimalField(_("净重"), max_digits=19, decimal_places=5)
    list_nos = ArrayField(models.CharField(max_length=20), verbose_name=_("清单编号"), default=list)
    message_id = models.UUIDField(_("报文"))

    class Meta:
        verbose_name = _("汇总结果")


class OfficialAnswer(models.Model):
    """One official answer to one document, as it was received; never created from anything but a message.

    ``moved`` says whether it moved the official state; a late or out-of-order answer is kept and moves nothing.
    """

    pk = models.CompositePrimaryKey("document_id", "message_id", "node_index")
    document_id = models.UUIDField()
    message_id = models.UUIDField(_("回执报文"))
    node_index = models.PositiveIntegerField(_("报文内序号"))
    version = models.PositiveIntegerField(_("所答版本"))
    status = models.CharField(_("回执状态"), max_length=10)
    return_time = models.CharField(_("回执时间"), max_length=17)
    info = models.TextField(_("回执信息"))
    list_no = models.CharField(_("清单编号"), max_length=20, blank=True, default="")
    pre_no = models.CharField(_("预录入编号"), max_length=18, blank=True, default="")
    received_at = models.DateTimeField(_("收到时间"))
    moved = models.BooleanField(_("改变状态"))

    class Meta:
        verbose_name = _("官方回执")


class TaxBill(models.Model):
    """One electronic tax bill (816) as received, and its later status (818)."""

    pk = models.CompositePrimaryKey("list_no", "tax_no")
    list_no = models.CharField(_("清单编号"), max_length=20)
    tax_no = models.CharField(_("税单编号"), max_length=50)
    customs_tax = models.DecimalField(_("关税"), max_digits=19, decimal_places=5)
    value_added_tax = models.DecimalField(_("增值税"), max_digits=19, decimal_places=5)
    consumption_tax = models.DecimalField(_("消费税"), max_digits=19, decimal_places=5)
    status = models.CharField(_("税单状态"), max_length=1)
    return_time = models.CharField(_("回执时间"), max_length=17)
    message_id = models.UUIDField(_("报文"))

    class Meta:
        verbose_name = _("电子税单")


class UnplacedAnswer(models.Model):
    """An official answer for which no document was found; it waits in the open."""

    pk = models.CompositePrimaryKey("message_id", "node_index")
    message_id = models.UUIDField(_("回执报文"))
    node_index = models.PositiveIntegerField(_("报文内序号"))
    kind = models.CharField(_("回执类型"), max_length=3)
    keys = models.JSONField(_("单证键"), default=dict)
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("未能对应的回执")


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> DraftQuerySet:
        """Drafts are seen in the firm that writes them and nowhere else."""
        return self.filter(organisation_id__in=user.acting_for(*Kind.values))


class Draft(Checked):
    """A declaration that a clerk is still writing: the values of the form as typed, nothing lost.

    They name buyers and consignees, and are kept in the safe under the month in which they were saved.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    author_id = models.UUIDField(_("制单人"))
    title = models.CharField(_("标题"), max_length=120, blank=True)
    kept_values = models.BinaryField(_("表单内容（加密）"), default=b"")
    state = models.CharField(_("状态"), max_length=20, choices=DraftState.choices, default=DraftState.DRAFT)
    case_id = models.UUIDField(_("办件"), null=True)
    message_ids = ArrayField(models.UUIDField(), verbose_name=_("报文"), default=list)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    client_code = models.CharField(_("委托方代码"), max_length=18, blank=True, default="")
    client_name = models.CharField(_("委托方"), max_length=100, blank=True, default="")
    created_at = models.DateTimeField(_("建立时间"))
    updated_at = models.DateTimeField(_("修改时间"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报草稿")
        indexes = [
            models.Index(fields=["organisation_id", "-updated_at"], name="draft_by_organisation"),
            models.Index(
                fields=["organisation_id", "updated_at"], condition=~Q(state=DraftState.DECLARED), name="draft_open"
            ),
        ]  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """The values of the form. Raises KeyGone once the month in which they were last saved is erased."""
        return safe().take_values(bytes(self.kept_values))


class DraftMessage(models.Model):
    """One message of a draft that waits for a card: as it was written, and as it came back signed; both in the safe."""

    pk = models.CompositePrimaryKey("draft_id", "number")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="messages", verbose_name=_("申报草稿"))
    number = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("单证"), max_length=3, choices=Kind.choices)
    guid = models.CharField(_("报文编号"), max_length=36)
    node_count = models.PositiveSmallIntegerField(_("单证数"))
    unsigned = models.BinaryField(_("待签报文"))
    signed = models.BinaryField(_("已签报文"), null=True)
    signed_at = models.DateTimeField(_("签名收到时间"), null=True)
    signer = models.CharField(_("证书持有人"), max_length=300, blank=True, default="")
    serial = models.CharField(_("证书序列号"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("待签名报文")


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: User) -> SheetQuerySet:
        """A spreadsheet is seen in the firm that uploaded it and nowhere else."""
        return self.filter(organisation_id__in=user.acting_for(*Kind.values))


class Sheet(Checked):
    """A spreadsheet of declarations as it was uploaded, from its dry run until it is declared; kept in the safe."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    author_id = models.UUIDField(_("制单人"))
    name = models.CharField(_("文件名"), max_length=255)
    content = models.BinaryField(_("文件内容（加密）"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    declared_at = models.DateTimeField(_("申报时间"), null=True)
    message_ids = ArrayField(models.UUIDField(), verbose_name=_("报文"), default=list)
    draft_id = models.UUIDField(_("申报草稿"), null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报表格")
