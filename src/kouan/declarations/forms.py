"""The form of a new declaration, in the order and grouping of the official list with its order, payment and waybill."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kouan.records.problems import Problem
from kouan.reference.codes import Generation
from kouan.reference.types import Codes
from kouan.transport import selectors as transport

GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "basics": (
        _("申报"),
        ("internal_no", "trade_mode", "customs_code", "port_code", "place_code", "guarantor_code", "account_book_no",
         "zone_firm_code", "zone_firm_name"),
    ),
    "firms": (
        _("订单、支付与电商"),
        ("order_no", "platform_code", "platform_name", "merchant_code", "merchant_name", "transaction_no",
         "payment_firm_code", "payment_firm_name"),
    ),
    "transport": (
        _("运输与物流"),
        ("waybill_no", "carrier_code", "carrier_name", "transport_mode", "transport_name", "voyage_no", "bill_no",
         "departure_country", "package_type", "gross_weight_kg", "net_weight_kg"),
    ),
    "amounts": (_("费用"), ("freight", "insured_fee", "discount", "tax_total")),
    "people": (
        _("订购人与收货人"),
        ("buyer_name", "buyer_id_number", "buyer_phone", "consignee_name", "consignee_phone", "consignee_address"),
    ),
}  # fmt: skip
"""The groups of the form and the fields of each, in their order."""

_FIELDS: dict[str, tuple[Any, int, bool]] = {
    "internal_no": (_("企业内部编号"), 20, True),
    "customs_code": (_("申报海关"), 4, True),
    "port_code": (_("口岸海关"), 4, False),
    "place_code": (_("监管场所代码"), 10, False),
    "guarantor_code": (_("担保企业代码"), 30, False),
    "account_book_no": (_("账册编号（保税）"), 30, False),
    "zone_firm_code": (_("区内企业代码（保税）"), 18, False),
    "zone_firm_name": (_("区内企业名称（保税）"), 100, False),
    "order_no": (_("订单编号"), 60, True),
    "platform_code": (_("电商平台代码"), 18, True),
    "platform_name": (_("电商平台名称"), 100, True),
    "merchant_code": (_("电商企业代码"), 18, True),
    "merchant_name": (_("电商企业名称"), 100, True),
    "transaction_no": (_("支付交易编号"), 60, True),
    "payment_firm_code": (_("支付企业代码"), 18, True),
    "payment_firm_name": (_("支付企业名称"), 100, True),
    "waybill_no": (_("运单编号"), 60, True),
    "carrier_code": (_("物流企业代码"), 18, True),
    "carrier_name": (_("物流企业名称"), 100, True),
    "transport_mode": (_("运输方式"), 1, True),
    "transport_name": (_("运输工具编号（直购）"), 100, False),
    "voyage_no": (_("航班航次号（直购）"), 32, False),
    "bill_no": (_("提运单号（直购）"), 37, False),
    "departure_country": (_("起运国（地区）"), 3, False),
    "package_type": (_("包装种类"), 1, False),
    "gross_weight_kg": (_("毛重（千克）"), 20, True),
    "net_weight_kg": (_("净重（千克）"), 20, True),
    "freight": (_("运费（元）"), 20, False),
    "insured_fee": (_("保费（元）"), 20, False),
    "discount": (_("非现金抵扣（元）"), 20, False),
    "tax_total": (_("代扣税款（元）"), 20, False),
    "buyer_name": (_("订购人姓名"), 60, True),
    "buyer_id_number": (_("订购人身份证号"), 60, True),
    "buyer_phone": (_("订购人电话"), 30, True),
    "consignee_name": (_("收货人姓名"), 100, True),
    "consignee_phone": (_("收货人电话"), 50, True),
    "consignee_address": (_("收货地址"), 200, True),
}


CODED = {
    "customs_code": "customs_district",
    "port_code": "customs_district",
    "transport_mode": "transport_mode",
    "departure_country": "country",
    "arrival_country": "country",
    "currency": "currency",
    "package_type": "wrap_type",
    "country": "country",
    "unit": "unit",
    "legal_unit": "unit",
    "second_unit": "unit",
}
"""The fields that hold a code, and its table; the messages speak the codes that customs had before 2018."""


class _Coded(forms.Form):
    """A form whose coded fields find by code, name and sound, and show the name of what they hold.

    codes: the tables of the day on which the declaration is made.
    """

    def __init__(self, *args: Any, codes: Codes | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = codes

    def _offer_codes(self) -> None:
        language = get_language() or "zh"
        for name in CODED.keys() & self.fields.keys():
            attrs = {"data-picker": f"{reverse('pick-codes', args=[CODED[name]])}?generation={Generation.CUSTOMS}"}
            code = str(self[name].value() or "").strip()
            if self._codes and code:
                known = self._codes.name(CODED[name], code, language, generation=Generation.CUSTOMS)
                attrs |= {"data-name": known} if known else {}
            self.fields[name].widget.attrs |= attrs


class DeclarationForm(_Coded):
    """The head of a declaration. It keeps what was typed; whether it is right, the rules of the standard say."""

    direction = "I"
    parts = GROUPS
    texts = _FIELDS
    trade_mode = forms.ChoiceField(
        label=_("监管方式"), choices=[("9610", _("9610 直购进口")), ("1210", _("1210 保税进口"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, longest, is_needed) in self.texts.items():
            self.fields[name] = forms.CharField(label=label, max_length=longest, required=is_needed)
        self._offer_codes()
        self._offer_places()

    def _offer_places(self) -> None:
        place = str(self["place_code"].value() or "").strip()
        known = transport.place_name(place) if place and self._codes else ""
        attrs = {"data-picker": reverse("pick-places")} | ({"data-name": known} if known not in ("", place) else {})
        self.fields["place_code"].widget.attrs |= attrs

    def groups(self) -> list[tuple[str, Any, list[Any]]]:
        """Give the groups with their bound fields."""
        return [(key, label, [self[name] for name in names]) for key, (label, names) in self.parts.items()]


class GoodsForm(_Coded):
    """One goods line."""

    item_no = forms.CharField(label=_("货号"), max_length=20, required=False)
    record_item_no = forms.CharField(label=_("备案料号"), max_length=30, required=False)
    hs_code = forms.CharField(label=_("商品编码"), max_length=10)
    name = forms.CharField(label=_("商品名称"), max_length=250)
    specification = forms.CharField(label=_("规格型号"), max_length=510)
    country = forms.CharField(label=_("原产国"), max_length=3)
    quantity = forms.CharField(label=_("数量"), max_length=20)
    unit = forms.CharField(label=_("单位"), max_length=3)
    legal_quantity = forms.CharField(label=_("法定数量"), max_length=20)
    legal_unit = forms.CharField(label=_("法定单位"), max_length=3)
    second_quantity = forms.CharField(label=_("第二数量"), max_length=20, required=False)
    second_unit = forms.CharField(label=_("第二单位"), max_length=3, required=False)
    price = forms.CharField(label=_("单价（元）"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_codes()


GoodsFormSet = forms.formset_factory(GoodsForm, extra=1, max_num=99, validate_max=True)


class MonthForm(forms.Form):
    """Which lists of which month are summed up: those of one consignor at one customs office."""

    month = forms.CharField(max_length=7, widget=forms.HiddenInput)
    merchant_code = forms.CharField(max_length=18, widget=forms.HiddenInput)
    customs_code = forms.CharField(max_length=4, widget=forms.HiddenInput)


class CancelForm(forms.Form):
    """Why a list shall be cancelled."""

    reason = forms.CharField(label=_("撤单原因"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(_Coded):
    """How exported goods come back, and why."""

    waybill_no = forms.CharField(label=_("退回的运单编号"), max_length=60)
    carrier_code = forms.CharField(label=_("物流企业代码"), max_length=18)
    carrier_name = forms.CharField(label=_("物流企业名称"), max_length=100, required=False)
    bill_no = forms.CharField(
        label=_("提运单号"), max_length=37, required=False, help_text=_("没有提运单的，用运单编号")
    )
    transport_mode = forms.CharField(label=_("运输方式"), max_length=1)
    transport_name = forms.CharField(label=_("运输工具名称"), max_length=100)
    voyage_no = forms.CharField(label=_("航班航次号"), max_length=32)
    port_code = forms.CharField(label=_("入境口岸海关"), max_length=4)
    departure_country = forms.CharField(label=_("启运国（地区）"), max_length=3)
    reason = forms.CharField(label=_("退货原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, lines: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"quantity_{line.line_no}"] = forms.CharField(
                label=_("退货数量"),
                max_length=20,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
        self._offer_codes()

    def quantities(self) -> dict[int, str]:
        """Give how much of each goods line comes back, as typed."""
        typed = self.cleaned_data.items()
        return {int(name[9:]): value for name, value in typed if name.startswith("quantity_")}


_LEFT_NOW = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class MovementForm(_Coded):
    """A master bill, an arrival or a departure: what its kind asks for, and the parcels that it names."""

    customs_code = forms.CharField(label=_("申报海关"), max_length=4)
    place_code = forms.CharField(label=_("监管场所代码"), max_length=10, required=False)
    carrier_code = forms.CharField(label=_("物流企业代码"), max_length=18)
    carrier_name = forms.CharField(
        label=_("物流企业名称"), max_length=100, required=False, help_text=_("本平台登记的企业可以不填")
    )
    transport_mode = forms.CharField(label=_("运输方式"), max_length=1)
    transport_name = forms.CharField(label=_("运输工具名称"), max_length=100, required=False)
    voyage_no = forms.CharField(label=_("航班航次号"), max_length=32, required=False)
    bill_no = forms.CharField(label=_("提运单号"), max_length=37, required=False)
    domestic_transport_no = forms.CharField(
        label=_("境内运输工具编号"), max_length=100, required=False, help_text=_("运往监管场所的车牌号等")
    )
    gross_weight_kg = forms.CharField(
        label=_("毛重（千克）"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    left_at = forms.DateTimeField(label=_("离境时间"), widget=_LEFT_NOW)
    parcels = forms.CharField(
        label=_("运单编号"), widget=forms.Textarea(attrs={"rows": 8, "class": "input code"}),
        help_text=_("每行一个，可从 Excel 粘贴；第二列为总包号，没有的不填"),
    )  # fmt: skip

    _ASKED: dict[str, tuple[str, str]] = {
        "607": ("carrier_code carrier_name gross_weight_kg", "transport_name voyage_no bill_no"),
        "507": ("carrier_code carrier_name domestic_transport_no", "domestic_transport_no"),
        "509": ("left_at transport_name voyage_no bill_no", ""),
    }
    """By kind: the fields that it has besides what all have, and those that it needs."""
    _ALL = frozenset(["customs_code", "transport_mode", "parcels"])
    _OPTIONAL = {
        "607": "place_code transport_name voyage_no bill_no domestic_transport_no",
        "507": "place_code bill_no",
    }

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked, needed = (words.split() for words in self._ASKED[kind])
        kept = {*self._ALL, *asked, *self._OPTIONAL.get(kind, "").split()}
        for name in set(self.fields) - kept:
            del self.fields[name]
        for name in needed:
            self.fields[name].required = True
        self._offer_codes()
        if "place_code" in self.fields:
            self.fields["place_code"].widget.attrs["data-picker"] = reverse("pick-places")


class SheetForm(forms.Form):
    """A spreadsheet of declarations."""

    file = forms.FileField(label=_("表格文件（xlsx 或 csv）"))


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SignedForm(forms.Form):
    """Signed messages that come back from the card; the service looks at the files themselves."""

    signed_files = forms.FileField(
        label=_("已签名的报文（可一次选多个 xml，或一个 zip）"),
        widget=_SeveralFiles(attrs={"accept": ".xml,.zip", "multiple": True}),
    )


def values_of(form: DeclarationForm, goods: Any) -> dict[str, Any]:
    """Give what was typed, right or wrong, as one value set."""
    values: dict[str, Any] = {name: form.data.get(name, "") for name in form.fields}
    if form.direction != "I":
        values["direction"] = form.direction
    values["goods"] = [_line(goods, row) for row in filled_rows(goods)]
    return values


def filled_rows(goods: Any) -> list[int]:
    """Give the rows of the grid in which something was typed: the lines of goods, in their order."""
    count = int(goods.data.get("goods-TOTAL_FORMS") or 0)
    return [row for row in range(min(count, 99)) if any(value.strip() for value in _line(goods, row).values())]


def _line(goods: Any, row: int) -> dict[str, str]:
    return {name: goods.data.get(f"goods-{row}-{name}", "") for name in goods.form.base_fields}


def in_words(problem: Problem, form: DeclarationForm, goods: Any) -> Problem:
    """Say in words at which field of the form a problem stands: 商品第 2 行 · 单位."""
    if problem.pointer in form.fields:
        return replace(problem, pointer=str(form.fields[problem.pointer].label))
    found = re.fullmatch(r"goods-(\d+)-(\w+)", problem.pointer)
    if found and found[2] in goods.form.base_fields:
        where = gettext("商品第 %(line)s 行") % {"line": int(found[1]) + 1}
        return replace(problem, pointer=f"{where} · {goods.form.base_fields[found[2]].label}")
    return problem
