"""Rows of goods declarations: the declaration, its versions, lines, answers, files, taxes, and applications.

What is searched, filtered or added up stands in columns; everything else of a version stays in its message, which is
decoded when somebody looks. High volume: no foreign keys on the hot path, the declaration's id in every key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import GOODS_DOCUMENTS
from kouan.checking.columns import Checked
from kouan.goods.codes import (
    ApplicationKind,
    Deadline,
    Direction,
    DraftState,
    GoodsFinding,
    Procedure,
    SheetState,
    Step,
    TaxKind,
)
from kouan.kernel.identifiers import uuid7
from kouan.safekeeping.safe import safe

if TYPE_CHECKING:
    from kouan.accounts.models import User

CUSTOMS = "customs"


class GoodsDeclarationQuerySet(models.QuerySet["GoodsDeclaration"]):
    def visible_to(self, user: User) -> GoodsDeclarationQuerySet:
        """The port office and customs see every declaration, another agency those that concern it; a firm those in
        which it is named, that it sent, or whose goods lie in its place."""
        if user.sees_all_cases or user.agency_code == CUSTOMS:
            return self
        if user.agency_code:
            return self.filter(agencies__contains=[user.agency_code])
        return self.filter(parties__overlap=list(user.acting_for(GOODS_DOCUMENTS)))


class GoodsDeclaration(models.Model):
    """A goods declaration as its current version says it, and where it stands.

    One sender's own number (``client_no``) names it for good. ``state`` is computed from what was sent and what came
    back; nothing else writes it. ``parties`` holds every organisation that may see it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sender_id = models.UUIDField(_("报送单位"))
    client_no = models.CharField(_("企业编号"), max_length=40)
    seq_no = models.CharField(_("统一编号"), max_length=18, blank=True, default="")
    entry_no = models.CharField(_("海关编号"), max_length=18, blank=True, default="")
    connection_id = models.UUIDField(_("报送通道"))
    message_id = models.UUIDField(_("当前报文"))
    version = models.PositiveIntegerField(_("版本"))
    digest = models.UUIDField(_("内容摘要"))
    edition = models.CharField(_("报文版本"), max_length=4)
    procedure = models.CharField(_("申报方式"), max_length=10, choices=Procedure.choices, default=Procedure.ORDINARY)
    document_type = models.CharField(_("单据类型"), max_length=6, blank=True, default="")
    step = models.CharField(_("申报步骤"), max_length=8, choices=Step.choices, blank=True, default="")
    list_no = models.CharField(_("清单统一编号"), max_length=18, blank=True, default="")
    direction = models.CharField(_("进出口"), max_length=1, choices=Direction.choices)
    customs_code = models.CharField(_("申报地海关"), max_length=4)
    port_code = models.CharField(_("进出境关别"), max_length=4, blank=True, default="")
    trade_mode = models.CharField(_("监管方式"), max_length=4, blank=True, default="")
    transport_mode = models.CharField(_("运输方式"), max_length=1, blank=True, default="")
    trade_country = models.CharField(_("启运国/运抵国"), max_length=3, blank=True, default="")
    agent_code = models.CharField(_("申报单位代码"), max_length=18)
    agent_name = models.CharField(_("申报单位"), max_length=100)
    trader_code = models.CharField(_("境内收发货人代码"), max_length=18, blank=True, default="")
    trader_name = models.CharField(_("境内收发货人"), max_length=100, blank=True, default="")
    owner_name = models.CharField(_("消费使用/生产销售单位"), max_length=100, blank=True, default="")
    goods_place = models.CharField(_("货物存放地点"), max_length=100, blank=True, default="")
    bill_no = models.CharField(_("提运单号"), max_length=32, blank=True, default="")
    contract_no = models.CharField(_("合同号"), max_length=32, blank=True, default="")
    record_no = models.CharField(_("备案号"), max_length=12, blank=True, default="")
    entry_date = models.DateField(_("进出口日期"), null=True)
    gross_weight_kg = models.DecimalField(_("毛重"), max_digits=19, decimal_places=5, null=True)
    net_weight_kg = models.DecimalField(_("净重"), max_digits=19, decimal_places=5, null=True)
    packages = models.PositiveIntegerField(_("件数"), null=True)
    line_count = models.PositiveSmallIntegerField(_("商品项数"))
    goods_summary = models.CharField(_("商品"), max_length=80, blank=True, default="")
    total_value = models.DecimalField(_("总价"), max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(_("币制"), max_length=3, blank=True, default="")
    hs_codes = ArrayField(models.CharField(max_length=10), verbose_name=_("商品编号"), default=list)
    container_nos = ArrayField(models.CharField(max_length=32), verbose_name=_("集装箱号"), default=list)
    parties = ArrayField(models.UUIDField(), verbose_name=_("相关单位"), default=list)
    import_code = models.CharField(_("导入响应"), max_length=10, blank=True, default="")
    official_channel = models.CharField(_("官方状态"), max_length=8, blank=True, default="")
    official_at = models.DateTimeField(_("官方时间"), null=True)
    official_note = models.CharField(_("官方说明"), max_length=1000, blank=True, default="")
    tax = models.CharField(_("税款"), max_length=10, choices=TaxKind.choices, blank=True, default="")
    state = models.CharField(_("状态"), max_length=24)
    waits_for = models.CharField(_("等待谁"), max_length=12)
    state_since = models.DateTimeField(_("状态起始"))
    received_at = models.DateTimeField(_("收到时间"))
    declared_at = models.DateTimeField(_("海关接受申报时间"), null=True)
    released_at = models.DateTimeField(_("放行时间"), null=True)
    left_at = models.DateTimeField(_("离场时间"), null=True)
    due_date = models.DateField(_("期限"), null=True)
    due_for = models.CharField(_("期限事项"), max_length=10, choices=Deadline.choices, blank=True, default="")
    reminded = models.CharField(_("已提醒"), max_length=20, blank=True, default="")
    agencies = ArrayField(models.CharField(max_length=20), verbose_name=_("涉及机关"), default=list)
    routing = models.JSONField(_("分办依据"), default=dict)
    routed_version = models.PositiveIntegerField(_("已分办版本"), default=0)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = GoodsDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("报关单")
        constraints = [models.UniqueConstraint(fields=["sender_id", "client_no"], name="one_declaration_per_client_no")]
        indexes = [
            models.Index(fields=["client_no"], opclasses=["varchar_pattern_ops"], name="goods_by_client_no"),
            models.Index(fields=["seq_no"], condition=~models.Q(seq_no=""), name="goods_by_seq_no"),
            models.Index(
                fields=["entry_no"], opclasses=["varchar_pattern_ops"], condition=~models.Q(entry_no=""),
                name="goods_by_entry_no",
            ),
            models.Index(fields=["bill_no"], opclasses=["varchar_pattern_ops"], name="goods_by_bill"),
            models.Index(fields=["state", "id"], name="goods_in_state"),
            models.Index(fields=["message_id"], name="goods_by_message"),
            models.Index(fields=["due_date"], condition=models.Q(due_date__isnull=False), name="goods_by_due_date"),
            GinIndex(fields=["parties"], name="goods_by_party"),
            models.Index(
                fields=["sender_id", "state_since"], condition=models.Q(waits_for="declarant"), name="goods_to_do"
            ),
            GinIndex(fields=["agencies"], name="goods_by_agency"),
            GinIndex(fields=["container_nos"], name="goods_by_container"),
            models.Index(fields=["due_for", "id"], condition=~models.Q(due_for=""), name="goods_by_deadline"),
            models.Index(fields=["tax", "id"], condition=~models.Q(tax=""), name="goods_by_tax"),
            models.Index(fields=["step", "id"], condition=~models.Q(step=""), name="goods_in_step"),
            models.Index(
                fields=["procedure", "id"], condition=~models.Q(procedure="ordinary"), name="goods_by_procedure"
            ),
        ]  # fmt: skip


class GoodsVersion(models.Model):
    """One version of a declaration, written once; what it says stands in its message.

    ``delegation_id``: the delegation that covered it when it came; none where the trader itself sent it, or is unknown
    here.
    """

    pk = models.CompositePrimaryKey("declaration_id", "number")
    declaration_id = models.UUIDField()
    number = models.PositiveIntegerField(_("版本"))
    message_id = models.UUIDField(_("报文"))
    digest = models.UUIDField(_("内容摘要"))
    edition = models.CharField(_("报文版本"), max_length=4)
    operation = models.CharField(_("操作类型"), max_length=1)
    file_count = models.PositiveSmallIntegerField(_("附件数"))
    delegation_id = models.UUIDField(_("委托"), null=True)
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("报关单版本")
        constraints = [models.UniqueConstraint(fields=["message_id"], name="one_version_per_goods_message")]


class GoodsItem(models.Model):
    """One goods line of one version."""

    pk = models.CompositePrimaryKey("declaration_id", "version", "line_no")
    declaration_id = models.UUIDField()
    version = models.PositiveIntegerField(_("版本"))
    line_no = models.PositiveSmallIntegerField(_("序号"))
    hs_code = models.CharField(_("商品编号"), max_length=10)
    name = models.CharField(_("商品名称"), max_length=255)
    specification = models.CharField(_("规格型号"), max_length=255, blank=True, default="")
    quantity = models.DecimalField(_("成交数量"), max_digits=19, decimal_places=5, null=True)
    unit = models.CharField(_("成交单位"), max_length=3, blank=True, default="")
    legal_quantity = models.DecimalField(_("法定数量"), max_digits=19, decimal_places=5, null=True)
    legal_unit = models.CharField(_("法定单位"), max_length=3, blank=True, default="")
    price = models.DecimalField(_("单价"), max_digits=19, decimal_places=5, null=True)
    total = models.DecimalField(_("总价"), max_digits=19, decimal_places=5, null=True)
    currency = models.CharField(_("币制"), max_length=3, blank=True, default="")
    origin_country = models.CharField(_("原产国"), max_length=3, blank=True, default="")
    destination_country = models.CharField(_("最终目的国"), max_length=3, blank=True, default="")
    duty_mode = models.CharField(_("征免"), max_length=1, blank=True, default="")

    class Meta:
        verbose_name = _("报关单商品项")


class GoodsFile(models.Model):
    """A file that goes along with one version: what it is called, what it is, and the digest of its bytes.

    The bytes stand in the message of the version; a version and its files are bound for good.
    """

    pk = models.CompositePrimaryKey("declaration_id", "version", "name")
    declaration_id = models.UUIDField()
    version = models.PositiveIntegerField(_("版本"))
    name = models.CharField(_("文件名"), max_length=64)
    document_kind = models.CharField(_("单据类别"), max_length=8, blank=True, default="")
    size = models.PositiveIntegerField(_("字节数"))
    digest = models.BinaryField(_("摘要"), max_length=32)

    class Meta:
        verbose_name = _("随附单据")


class GoodsCheck(models.Model):
    """What Kouan found in a message that was refused, repeated, or accepted with warnings."""

    message_id = models.UUIDField(primary_key=True)
    sender_id = models.UUIDField(_("报送单位"))
    declaration_id = models.UUIDField(_("报关单"), null=True)
    client_no = models.CharField(_("企业编号"), max_length=60, blank=True)
    finding = models.CharField(_("结果"), max_length=12, choices=GoodsFinding.choices)
    problems = models.JSONField(_("问题"), default=list)
    checked_at = models.DateTimeField(_("校验时间"))

    class Meta:
        verbose_name = _("报关单校验结果")


class HeldMessageQuerySet(models.QuerySet["HeldMessage"]):
    def visible_to(self, user: User) -> HeldMessageQuerySet:
        """What a firm's own system sent is checked in the firm and seen nowhere else."""
        return self.filter(organisation_id=user.organisation_id)


class HeldMessage(Checked):
    """A declaration that a firm's own system sent and that waits for the firm's checker before it is stored.

    Nobody of the firm made it: in the place of the maker stands the channel in which it came.
    """

    message_id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField(_("单位"))
    author_id = models.UUIDField(_("报送通道"))
    client_no = models.CharField(_("企业编号"), max_length=40)
    client_code = models.CharField(_("委托方代码"), max_length=18, blank=True, default="")
    client_name = models.CharField(_("委托方"), max_length=100, blank=True, default="")
    received_at = models.DateTimeField(_("收到时间"))

    objects = HeldMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("待复核的报送")
        indexes = [
            models.Index(
                fields=["organisation_id", "received_at"], condition=models.Q(check_state="to_check"),
                name="goods_held_to_check",
            ),
        ]  # fmt: skip


class GoodsAnswer(models.Model):
    """One official answer to a declaration, as it was received; never made from anything but a message.

    Without a declaration it waits in the open until the number that it names is known. ``moved`` says whether it moved
    the official state; one that is late or for an older version is kept and moves nothing.
    """

    pk = models.CompositePrimaryKey("message_id", "place")
    message_id = models.UUIDField(_("回执报文"))
    place = models.PositiveIntegerField(_("报文内序号"))
    declaration_id = models.UUIDField(_("报关单"), null=True)
    version = models.PositiveIntegerField(_("所答版本"), null=True)
    kind = models.CharField(_("回执类型"), max_length=12)
    code = models.CharField(_("代码"), max_length=10)
    note = models.CharField(_("说明"), max_length=1000, blank=True, default="")
    client_no = models.CharField(_("企业编号"), max_length=40, blank=True, default="")
    seq_no = models.CharField(_("统一编号"), max_length=18, blank=True, default="")
    entry_no = models.CharField(_("海关编号"), max_length=18, blank=True, default="")
    noticed_at = models.DateTimeField(_("通知时间"), null=True)
    received_at = models.DateTimeField(_("收到时间"))
    moved = models.BooleanField(_("改变了状态"), default=False)
    explanation = models.CharField(_("说明"), max_length=500, blank=True, default="")
    explained_by = models.CharField(_("说明人"), max_length=60, blank=True, default="")
    explained_at = models.DateTimeField(_("说明时间"), null=True)

    class Meta:
        verbose_name = _("报关单官方回执")
        indexes = [
            models.Index(fields=["declaration_id", "received_at"], name="goods_answer_by_case"),
            models.Index(
                fields=["seq_no"], condition=models.Q(declaration_id__isnull=True), name="goods_answer_unplaced"
            ),
        ]


class GoodsTax(models.Model):
    """What became known of the tax: due and guaranteed by customs' word, paid and bill as the firm records it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    declaration_id = models.UUIDField(_("报关单"), db_index=True)
    kind = models.CharField(_("税款"), max_length=10, choices=TaxKind.choices)
    amount_fen = models.BigIntegerField(_("金额（分）"), null=True)
    number = models.CharField(_("税单或凭证号"), max_length=40, blank=True, default="")
    is_official = models.BooleanField(_("海关回执"), default=False)
    recorded_by = models.CharField(_("登记人"), max_length=60, blank=True, default="")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("报关单税款")


class GoodsApplicationQuerySet(models.QuerySet["GoodsApplication"]):
    def visible_to(self, user: User) -> GoodsApplicationQuerySet:
        """Who sees the declaration sees its applications."""
        if user.sees_all_cases or user.agency_code == CUSTOMS:
            return self
        if user.agency_code:
            return self.none()
        return self.filter(parties__overlap=list(user.acting_for(GOODS_DOCUMENTS)))


class GoodsApplication(models.Model):
    """An application to correct or withdraw a declaration after customs has received it 修撤单: a case of its own.

    Its national message is not available while no schema of it is public: customs' answer is recorded here by customs'
    own officer, and changes no official state.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    declaration_id = models.UUIDField(_("报关单"), db_index=True)
    version = models.PositiveIntegerField(_("版本"))
    client_no = models.CharField(_("企业编号"), max_length=40)
    kind = models.CharField(_("申请事项"), max_length=10, choices=ApplicationKind.choices)
    reason = models.CharField(_("理由"), max_length=500)
    changes = models.TextField(_("修改内容"), blank=True, default="")
    opinion = models.CharField(_("海关意见"), max_length=500, blank=True, default="")
    parties = ArrayField(models.UUIDField(), verbose_name=_("相关单位"), default=list)
    state = models.CharField(_("状态"), max_length=12)
    state_since = models.DateTimeField(_("状态起始"))
    asked_at = models.DateTimeField(_("提出时间"))
    asked_by = models.CharField(_("提出人"), max_length=60)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = GoodsApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("修撤单申请")
        constraints = [
            models.UniqueConstraint(
                fields=["declaration_id"], condition=models.Q(state__in=["asked", "approved"]),
                name="one_open_application_per_declaration",
            )
        ]  # fmt: skip


class GoodsDraftQuerySet(models.QuerySet["GoodsDraft"]):
    def visible_to(self, user: User) -> GoodsDraftQuerySet:
        """The people of the firm whose draft it is, and of a broker while the firm delegates to it."""
        return self.filter(organisation_id__in=user.acting_for(GOODS_DOCUMENTS))


class GoodsDraft(Checked):
    """What a clerk writes in the form, kept as typed until it is sent; in the safe, since it may name persons.

    ``corrects``: the declaration whose next version it becomes. ``client_code`` and ``client_name``: the trader for
    whom it is made, as typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    author_id = models.UUIDField(_("填写人"))
    title = models.CharField(_("编号"), max_length=120, blank=True)
    kept_values = models.BinaryField(_("内容（加密）"), default=b"")
    corrects = models.UUIDField(_("更正的报关单"), null=True)
    client_code = models.CharField(_("委托方代码"), max_length=18, blank=True, default="")
    client_name = models.CharField(_("委托方"), max_length=100, blank=True, default="")
    state = models.CharField(_("状态"), max_length=8, choices=DraftState.choices, default=DraftState.DRAFT)
    message_id = models.UUIDField(_("报文"), null=True)
    created_at = models.DateTimeField(_("建立时间"))
    updated_at = models.DateTimeField(_("修改时间"))

    objects = GoodsDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("报关单草稿")
        indexes = [
            models.Index(
                fields=["organisation_id", "updated_at"], condition=models.Q(state=DraftState.DRAFT),
                name="goods_draft_open",
            ),
            models.Index(
                fields=["message_id"], condition=models.Q(message_id__isnull=False), name="goods_draft_by_message"
            ),
        ]  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """The values of the form. Raises KeyGone once the month in which they were last saved is erased."""
        return safe().take_values(bytes(self.kept_values))


class DraftFile(models.Model):
    """A file that was attached to a draft, until the draft is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(GoodsDraft, on_delete=models.CASCADE, related_name="files", verbose_name=_("草稿"))
    name = models.CharField(_("文件名"), max_length=64)
    firm_name = models.CharField(_("原文件名"), max_length=120)
    document_kind = models.CharField(_("单据类别"), max_length=8)
    content = models.BinaryField(_("内容"))
    size = models.PositiveIntegerField(_("字节数"))
    added_at = models.DateTimeField(_("添加时间"))

    class Meta:
        verbose_name = _("草稿附件")
        constraints = [models.UniqueConstraint(fields=["draft", "name"], name="one_draft_file_per_name")]


class GoodsSheetQuerySet(models.QuerySet["GoodsSheet"]):
    def visible_to(self, user: User) -> GoodsSheetQuerySet:
        """The people of the firm that uploaded it, and of a broker while the firm delegates to it."""
        return self.filter(organisation_id__in=user.acting_for(GOODS_DOCUMENTS))


class GoodsSheet(models.Model):
    """A spreadsheet of declarations as it was uploaded, tried out and sent in the background.

    problems: the first declarations that have problems, with their rows, as they are shown. fit: how many can be sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("单位"), db_index=True)
    author_id = models.UUIDField(_("制单人"))
    name = models.CharField(_("文件名"), max_length=255)
    content = models.BinaryField(_("文件内容"))
    state = models.CharField(_("状态"), max_length=10, choices=SheetState.choices, default=SheetState.READING)
    total = models.PositiveIntegerField(_("报关单数"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    fit = models.PositiveIntegerField(_("可发送"), default=0)
    sent = models.PositiveIntegerField(_("已发送"), default=0)
    awaits_check = models.BooleanField(_("交复核"), default=False)
    problems = models.JSONField(_("问题"), default=list)
    uploaded_at = models.DateTimeField(_("上传时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    objects = GoodsSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("报关单表格")


class GoodsSheetMessage(models.Model):
    """A message that a spreadsheet became."""

    pk = models.CompositePrimaryKey("sheet_id", "message_id")
    sheet_id = models.UUIDField(_("表格"))
    message_id = models.UUIDField(_("报文"))

    class Meta:
        verbose_name = _("表格的报文")
