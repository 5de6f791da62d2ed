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
