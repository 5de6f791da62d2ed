"""Documents: business nodes by kind, owner and number, their versions, their goods, and what was found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kouan.declarations.codes import APPLICATIONS, Finding, Kind
from kouan.kernel.identifiers import uuid7

if TYPE_CHECKING:
    from kouan.accounts.models import User


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> DocumentQuerySet:
        """The port office sees every document; a firm those it sent or owns, a broker those its clients delegated."""
        if user.sees_all_cases:
            return self
        return self.filter(user.seen_for("organisation_id", "kind") | user.seen_for("sender_id", "kind"))


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
    """What one business node said, typed; written once. The bytes stand in the message, at the node's index.

    ``delegation_id``: the delegation under which the sender declared it for another when it came; its terms never
    change.
    """

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
    delegation_id = models.UUIDField(_("委托"), null=True)

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
