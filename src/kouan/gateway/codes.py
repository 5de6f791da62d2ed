"""Coded values of the gateway: how a channel carries bytes, how strict it is, and the steps a message passes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Carrier(models.TextChoices):
    """What moves the bytes of a channel."""

    HTTP = "http", _("HTTP 接口")
    FOLDER = "folder", _("文件夹交换")
    DESK = "desk", _("页面录入")


class Side(models.TextChoices):
    """Who stands at the other end of a channel."""

    ENTERPRISE = "enterprise", _("企业端")
    NATIONAL = "national", _("国家标准版")
    SITE = "site", _("监管场所系统")


class SignaturePolicy(models.TextChoices):
    """What a missing or failing signature does to a declaration that comes through this channel."""

    REQUIRE = "require", _("必须验签通过")
    WARN = "warn", _("仅提示")
    OFF = "off", _("不验签")


class Step(models.TextChoices):
    """What has still to be done with a message or a receipt; one row of work per step."""

    STORE = "store", _("解析入库")
    MATCH = "match", _("四单对碰")
    ROUTE = "route", _("判定转发")
    ANSWER = "answer", _("登记官方回执")
    DELIVER = "deliver", _("投递")
    STORE_GOODS = "gstore", _("报关单入库")
    ROUTE_GOODS = "groute", _("报关单判定")
    ANSWER_GOODS = "ganswer", _("登记报关单回执")


class Carries(models.TextChoices):
    """Which messages a channel to the national side carries: each business has a channel of its own."""

    PARCELS = "ceb", _("跨境电商")
    GOODS = "dec", _("报关单")


class Issuer(models.TextChoices):
    """Who speaks in a receipt. Kouan's own check result is never mistaken for an official answer."""

    KOUAN = "kouan", _("本平台")
    NATIONAL = "national", _("国家标准版")


class Outcome(models.TextChoices):
    """How one attempt of delivery ended."""

    DELIVERED = "delivered", _("已送达")
    REFUSED = "refused", _("对方拒收")
    UNREACHABLE = "unreachable", _("未送达，将重试")


class Heard(models.TextChoices):
    """What the answer to a message that was posted is."""

    EMPTY = "empty", _("成功，无正文")
    REPORT = "report", _("平台响应 DxpRep")
    RECEIPT = "receipt", _("业务回执")
    ENVELOPE = "envelope", _("信封内回执")
    FORMAT_FAULT = "format_fault", _("格式校验回执（未通过）")
    OTHER = "other", _("成功，内容不识别")
    UNREADABLE = "unreadable", _("成功，内容无法解读")
    TOO_LONG = "too_long", _("成功，答复过长")
    BROKE_OFF = "broke_off", _("答复未收完整")
    WEB_PAGE = "web_page", _("网页")
    REDIRECT = "redirect", _("转向，不予跟随")
    DENIED = "denied", _("凭证未获认可")
    REFUSAL = "refusal", _("拒绝")
    FAULT = "fault", _("对方故障")


class CredentialKind(models.TextChoices):
    """What a channel shows the other side to be let in."""

    BEARER = "bearer", _("接口令牌")
    CERTIFICATE = "certificate", _("客户端证书（双向 TLS）")


class Scope(models.TextChoices):
    """What a machine may do with its token: which operations of the interface."""

    SEND = "send", _("报送报文")
    FETCH = "fetch", _("取回执")
    LOOK = "look", _("查询结果和状态")
    SITE = "site", _("监管场所作业")


class TokenState(models.TextChoices):
    """Whether a token lets a machine in now."""

    RUNNING = "running", _("有效")
    ENDING = "ending", _("有效，即将到期")
    ENDED = "ended", _("已到期")
    REVOKED = "revoked", _("已作废")


class CertificateState(models.TextChoices):
    """Whether signatures of a certificate count now."""

    IN_FORCE = "in_force", _("有效")
    ENDING = "ending", _("有效，已定撤销日")
    TO_COME = "to_come", _("未到生效期")
    EXPIRED = "expired", _("已过期")
    REVOKED = "revoked", _("已撤销")


class AppointmentState(models.TextChoices):
    """Whether may be signed under an appointment now."""

    RUNNING = "running", _("有效")
    TO_COME = "to_come", _("未生效")
    ENDED = "ended", _("已到期")
    REVOKED = "revoked", _("已终止")


class SignerKind(models.TextChoices):
    """Who signs what a firm's clerks declare on Kouan's own pages."""

    KEY_SERVICE = "key_service", _("受托密钥服务")
    TEST = "test", _("演示签名器")
