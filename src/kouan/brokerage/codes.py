"""Coded values of the broker's desk. Stored values never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Waits(models.TextChoices):
    """What a thing in the queue waits for."""

    DRAFT = "draft", _("待完成制单")
    BOUNCED = "bounced", _("复核退回")
    TO_CHECK = "to_check", _("待复核")
    TO_SEND = "to_send", _("已复核待发送")
    TO_SIGN = "to_sign", _("待签名")
    RETURNED = "returned", _("退回修改")
    QUESTION = "question", _("待答复或补件")
    TAX = "tax", _("待缴税费")
    DELEGATION = "delegation", _("委托即将到期")
    REQUEST = "request", _("委托待答复")
    OTHER = "other", _("其他待办")


class Document(models.TextChoices):
    """What kind of thing waits."""

    GOODS_DRAFT = "goods_draft", _("报关单草稿")
    GOODS = "goods", _("报关单")
    GOODS_HELD = "goods_held", _("接口报送的报关单")
    PARCEL_DRAFT = "parcel_draft", _("清单草稿")
    PARCEL_SHEET = "parcel_sheet", _("清单表格")
    PARCEL = "parcel", _("进口清单")
    DELEGATION = "delegation", _("委托")
    REQUEST = "request", _("委托申请")


class BatchAct(models.TextChoices):
    """What is done with many drafts at once."""

    SEND = "send", _("发送暂存")
    SUBMIT = "submit", _("提交复核")


class RowResult(models.TextChoices):
    """What became of one draft of a batch."""

    WAITING = "waiting", _("等待")
    DONE = "done", _("完成")
    REFUSED = "refused", _("未办理")
