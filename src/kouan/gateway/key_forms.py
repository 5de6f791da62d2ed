"""Forms of connections, certificates and appointments: they read what was typed; services judge it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kouan.accounts.codes import DOCUMENT_KINDS
from kouan.accounts.forms import day_input
from kouan.gateway.codes import Carrier, Carries, CredentialKind, Scope, Side, SignaturePolicy
from kouan.gateway.key_files import LARGEST_FILE
from kouan.gateway.standards.dec.attached_files import LARGEST_FILE as LARGEST_PAPER


def upload(label: Any, accept: str, help_text: Any = "", *, required: bool = True) -> forms.FileField:
    """A field for one file."""
    widget = forms.FileInput(attrs={"accept": accept})
    return forms.FileField(label=label, widget=widget, help_text=help_text, required=required)


def bytes_of(given: UploadedFile | None, most: int = LARGEST_FILE) -> bytes:
    """Read an upload, no further than one byte beyond what is taken."""
    return given.read(most + 1) if given else b""


def paper_of(given: UploadedFile) -> bytes:
    """Read a scanned paper."""
    return bytes_of(given, LARGEST_PAPER)


class ConnectionForm(forms.Form):
    """A connection. What stays after it was opened is asked only then."""

    name = forms.CharField(label=_("名称"), max_length=100)
    side = forms.ChoiceField(label=_("对端"), choices=Side.choices)
    carrier = forms.ChoiceField(
        label=_("通道"),
        choices=[(one.value, one.label) for one in (Carrier.HTTP, Carrier.FOLDER)],
        help_text=_("HTTP：对方凭接口令牌报送、取回执；文件夹：与单一窗口导入客户端相同的目录交换"),
    )
    owner_code = forms.CharField(
        label=_("单位代码"),
        max_length=18,
        required=False,
        help_text=_("海关注册编码或统一社会信用代码；国家侧连接归本单位，不填"),
    )
    signature_policy = forms.ChoiceField(label=_("验签要求"), choices=SignaturePolicy.choices)
    cop_code = forms.CharField(
        label=_("传输企业代码"), max_length=18, required=False, help_text=_("填写后，报文中的传输企业代码须与此一致")
    )
    dxp_id = forms.CharField(
        label=_("报文传输编号"), max_length=30, required=False, help_text=_("数据交换平台分配的用户编号，DXP 开头")
    )
    carries = forms.ChoiceField(label=pgettext_lazy("连接", "业务标准"), choices=Carries.choices, required=False)
    wraps_dxp = forms.BooleanField(label=_("使用 DXP 信封"), required=False, help_text=_("仅跨境电商报文"))
    only_saves = forms.BooleanField(label=_("只接受暂存"), required=False, help_text=_("仅报关单"))
    address = forms.CharField(
        label=_("地址或文件夹"),
        max_length=300,
        required=False,
        help_text=_("HTTP 填网址，其下为 messages、receipts；文件夹填交换目录下的相对路径"),
    )
    authorities = upload(
        _("信任的服务器证书（PEM）"),
        ".pem,.crt,.cer",
        _("对方使用自建证书时上传；不传则按系统信任的机构核对，已传的保持不变"),
        required=False,
    )

    def __init__(
        self, *args: Any, sides: list[Side], policies: list[SignaturePolicy], asks_owner: bool = False,
        channel: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [(one.value, one.label) for one in sides]  # type: ignore[attr-defined]
        self.fields["signature_policy"].choices = [(one.value, one.label) for one in policies]  # type: ignore[attr-defined]
        is_national = Side.NATIONAL in sides
        gone = set()
        if channel is not None:
            gone |= {"side", "carrier", "owner_code"}
            is_national = channel.side == Side.NATIONAL
            if channel.carrier != Carrier.HTTP:
                gone.add("authorities")
        if not asks_owner:
            gone.add("owner_code")
        if not is_national:
            gone |= {"carries", "wraps_dxp", "only_saves", "address", "authorities"}
        for name in gone & self.fields.keys():
            del self.fields[name]

    @property
    def common_fields(self) -> list[forms.BoundField]:
        """What every connection has."""
        names = ("name", "side", "carrier", "owner_code", "signature_policy", "cop_code", "dxp_id")
        return [self[name] for name in names if name in self.fields]

    @property
    def national_fields(self) -> list[forms.BoundField]:
        """What only a connection to the national side has."""
        names = ("carries", "address", "wraps_dxp", "only_saves", "authorities")
        return [self[name] for name in names if name in self.fields]


class CredentialForm(forms.Form):
    """What a channel shows the other side."""

    kind = forms.ChoiceField(label=_("凭证"), choices=CredentialKind.choices, widget=forms.RadioSelect)
    token = forms.CharField(
        label=_("接口令牌"),
        max_length=5000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("选“接口令牌”时填写，按对方给出的原文粘贴"),
    )
    file = upload(
        _("客户端证书（含私钥）"), ".p12,.pfx,.pem", _("选“客户端证书”时上传，.p12、.pfx 或 PEM"), required=False
    )
    password = forms.CharField(
        label=_("文件密码"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind needs."""
        given = super().clean() or {}
        if given.get("kind") == CredentialKind.BEARER and not given.get("token") and "token" not in self.errors:
            self.add_error("token", _("请填写接口令牌。"))
        if given.get("kind") == CredentialKind.CERTIFICATE and not given.get("file") and "file" not in self.errors:
            self.add_error("file", _("请选择证书文件。"))
        return given


class TokenForm(forms.Form):
    """What a token is for, and how long."""

    name = forms.CharField(label=_("名称"), max_length=60, required=False, help_text=_("便于区分，例如所用系统的名称"))
    last_day = forms.DateField(label=_("截止日期"), widget=day_input(), help_text=_("含当日；到期前可平滑更换"))
    scopes = forms.MultipleChoiceField(label=_("可用操作"), widget=forms.CheckboxSelectMultiple)
    kinds = forms.MultipleChoiceField(
        label=_("可报送单证"),
        choices=DOCUMENT_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一项不选则不限；装在信封里的按其内容判断"),
    )

    def __init__(self, *args: Any, scopes: list[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in scopes]  # type: ignore[attr-defined]


class ReplaceTokenForm(forms.Form):
    """How long the successor of a token holds, and how long the old one beside it."""

    last_day = forms.DateField(label=_("新令牌截止日期"), widget=day_input(), help_text=_("含当日"))
    overlap = forms.TypedChoiceField(
        label=_("旧令牌继续有效"),
        coerce=int,
        choices=[(0, _("立即停用")), (1, _("1 天")), (7, _("7 天")), (30, _("30 天"))],
        help_text=_("期间新旧令牌都可使用，便于对方换装"),
    )


class CertificateForm(forms.Form):
    """A certificate to register."""

    file = upload(
        _("证书文件"),
        ".cer,.crt,.pem,.der,.p7b,.p7c",
        _("PEM、DER、.cer 或 .p7b，不超过 64 KB；只要证书，不要私钥"),
    )


class RevokeForm(forms.Form):
    """From when and why a certificate counts no more."""

    from_day = forms.DateField(
        label=_("自何日起失效"), widget=day_input(), help_text=_("选今天则立即失效"), initial=timezone.localdate
    )
    reason = forms.CharField(label=_("撤销原因"), max_length=200)


class AppointmentForm(forms.Form):
    """The written appointment of a key service, with the key that was issued for it."""

    service = forms.TypedChoiceField(label=_("受托的密钥服务单位"))
    document_no = forms.CharField(label=_("书面委托编号"), max_length=100)
    document_day = forms.DateField(label=_("委托书日期"), widget=day_input())
    paper = upload(_("委托书扫描件（PDF）"), ".pdf", _("完整的 PDF，不含脚本和内嵌文件，不超过 4 MB"))
    since = forms.DateField(label=_("生效日期"), widget=day_input(), initial=timezone.localdate)
    last_day = forms.DateField(
        label=_("截止日期"), widget=day_input(), required=False, help_text=_("含当日；不填则至终止为止")
    )
    file = upload(
        _("签名密钥（含证书）"),
        ".p12,.pfx,.pem",
        _("发证机构为代签签发的密钥：.p12、.pfx（RSA），或含证书的 PEM（RSA、SM2）"),
    )
    password = forms.CharField(
        label=_("文件密码"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services  # type: ignore[attr-defined]
