"""The form of a new export, in the order of the official list with its order, receipt of payment and waybill."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.declarations.export_composing import EXPORT
from kouan.declarations.forms import DeclarationForm, GoodsForm

_GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "basics": (
        _("申报"),
        ("internal_no", "trade_mode", "procedure", "customs_code", "port_code", "place_code", "licence_no",
         "account_book_no", "zone_firm_code", "zone_firm_name"),
    ),
    "firms": (
        _("订单、收款与电商"),
        ("order_no", "platform_code", "platform_name", "merchant_code", "merchant_name", "producer_code",
         "producer_name", "transaction_no", "payment_firm_code", "payment_firm_name"),
    ),
    "transport": (
        _("运输与物流"),
        ("waybill_no", "carrier_code", "carrier_name", "transport_mode", "transport_name", "voyage_no", "bill_no",
         "arrival_country", "destination_port", "package_type", "packages", "gross_weight_kg", "net_weight_kg"),
    ),
    "amounts": (_("币制与费用"), ("currency", "freight", "insured_fee")),
}  # fmt: skip
_TEXTS: dict[str, tuple[Any, int, bool]] = {
    "internal_no": (_("企业内部编号"), 30, True),
    "customs_code": (_("申报海关"), 4, True),
    "port_code": (_("出口口岸海关"), 4, False),
    "place_code": (_("监管场所代码"), 10, False),
    "licence_no": (_("许可证号"), 19, False),
    "account_book_no": (_("账册编号（特殊区域）"), 30, False),
    "zone_firm_code": (_("区内企业代码（特殊区域）"), 18, False),
    "zone_firm_name": (_("区内企业名称（特殊区域）"), 100, False),
    "order_no": (_("订单编号"), 60, True),
    "platform_code": (_("电商平台代码（境外平台填“无”）"), 18, True),
    "platform_name": (_("电商平台名称"), 100, True),
    "merchant_code": (_("收发货人代码"), 18, True),
    "merchant_name": (_("收发货人名称"), 100, True),
    "producer_code": (_("生产销售企业代码（未登记填 NO）"), 18, False),
    "producer_name": (_("生产销售企业名称"), 100, False),
    "transaction_no": (_("支付交易编号"), 60, False),
    "payment_firm_code": (_("支付企业代码"), 18, False),
    "payment_firm_name": (_("支付企业名称（非线上支付填“现金支付”）"), 100, False),
    "waybill_no": (_("运单编号"), 32, True),
    "carrier_code": (_("物流企业代码"), 18, True),
    "carrier_name": (_("物流企业名称"), 100, True),
    "transport_mode": (_("运输方式"), 1, True),
    "transport_name": (_("运输工具编号"), 100, False),
    "voyage_no": (_("航班航次号"), 32, False),
    "bill_no": (_("提运单号"), 37, False),
    "arrival_country": (_("运抵国（地区）"), 3, True),
    "destination_port": (_("指运港代码"), 4, True),
    "package_type": (_("包装种类"), 1, False),
    "packages": (_("件数"), 9, False),
    "gross_weight_kg": (_("毛重（千克）"), 20, True),
    "net_weight_kg": (_("净重（千克）"), 20, True),
    "currency": (_("币制"), 3, False),
    "freight": (_("运费"), 20, False),
    "insured_fee": (_("保费"), 20, False),
}


class ExportForm(DeclarationForm):
    """The head of an export declaration."""

    direction = EXPORT
    parts = _GROUPS
    texts = _TEXTS
    trade_mode = forms.ChoiceField(
        label=_("监管方式"),
        choices=[
            ("9610", _("9610 零售出口")),
            ("1210", _("1210 特殊区域出口")),
            ("9710", _("9710 企业对企业直接出口")),
            ("9810", _("9810 出口海外仓")),
        ],
    )
    procedure = forms.ChoiceField(label=_("申报业务类型"), choices=[("B", _("B 汇总申报")), ("A", _("A 简化申报"))])


class ExportGoodsForm(GoodsForm):
    """One goods line of an export."""

    barcode = forms.CharField(label=_("条形码"), max_length=50, required=False)
    country = forms.CharField(label=_("目的国"), max_length=3, required=False)
    specification = forms.CharField(label=_("规格型号"), max_length=250)
    price = forms.CharField(label=_("单价"), max_length=20)


ExportGoodsFormSet = forms.formset_factory(ExportGoodsForm, extra=1, max_num=99, validate_max=True)
