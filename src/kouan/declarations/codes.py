"""Coded values of declarations. Stored values are the standard's kinds or lower snake case and never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a document is, by the number of its message in the customs edition (统一版 202205)."""

    ORDER = "311", _("订单")
    PAYMENT = "411", _("支付凭证")
    WAYBILL = "511", _("运单")
    WAYBILL_STATUS = "513", _("运单状态")
    LIST = "621", _("进口清单")
    CANCELLATION = "623", _("撤销申请")
    RETURN = "625", _("退货申请")
    INBOUND_DETAIL = "711", _("入库明细")
    EXPORT_ORDER = "303", _("出口订单")
    EXPORT_RECEIPT = "403", _("收款单")
    EXPORT_WAYBILL = "505", _("出口运单")
    EXPORT_LIST = "603", _("出口清单")
    EXPORT_CANCELLATION = "605", _("出口撤销申请")
    MASTER_BILL = "607", _("清单总分单")
    ARRIVAL = "507", _("运抵单")
    DEPARTURE = "509", _("离境单")
    SUMMARY = "701", _("汇总申请")
    EXPORT_RETURN = "213", _("出口退货申请")
    RETURN_TALLY = "215", _("退运理货明细")


IMPORTS = ("311", "411", "511", "513", "621", "623", "625", "711")
EXPORTS = ("303", "403", "505", "603", "605", "607", "507", "509", "701", "213", "215")
"""The kinds of documents of each direction."""

LISTS = (Kind.LIST.value, Kind.EXPORT_LIST.value)
"""The kinds that open a case."""


APPLICATIONS = ("623", "625", "605", "213", "215")
"""The kinds that name a list by its number: cancellations, returns, the tally of returned goods."""


FOLLOWING = ("605", "607", "507", "509", "701", "213", "215")
"""The kinds that follow an export list."""


class Direction(models.TextChoices):
    """Whether a list brings goods in or takes them out (``ieFlag``)."""

    IMPORT = "I", _("进口")
    EXPORT = "E", _("出口")


class Procedure(models.TextChoices):
    """How an export list is declared (``statisticsFlag``)."""

    NONE = "", _("不适用")
    SIMPLIFIED = "A", _("简化申报")
    SUMMARY = "B", _("汇总申报")


class SummaryState(models.TextChoices):
    """Where a summary application stands."""

    SENT = "sent", _("待答复")
    RETURNED = "returned", _("退回")
    EXAMINED = "examined", _("审结，待报关单")
    DECLARED = "declared", _("已生成报关单")
    WITHDRAWN = "withdrawn", _("已撤回")
    UNKNOWN_OFFICIAL = "unknown_official", _("未知官方状态")


class Match(models.TextChoices):
    """How far the four documents of a parcel agree."""

    WAITING = "waiting", _("等待对碰")
    MISMATCHED = "mismatched", _("对碰不一致")
    MATCHED = "matched", _("对碰一致")


class Finding(models.TextChoices):
    """What became of a business node that did not simply become a new version."""

    REFUSED = "refused", _("校验未通过")
    WARNED = "warned", _("通过并有提示")
    SAME = "same", _("重复报送")
    OLDER = "older", _("旧数据")
    CONFLICTING = "conflicting", _("内容冲突")
    NOT_YOURS = "not_yours", _("无权报送")


class DraftState(models.TextChoices):
    """Where a form or a row of a spreadsheet stands before it is declared."""

    DRAFT = "draft", _("草稿")
    AWAITING_SIGNATURE = "awaiting_signature", _("待签名")
    DECLARED = "declared", _("已申报")
