"""The form of a goods declaration, in the order and grouping of the official one, and the small forms beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kouan.goods import libraries
from kouan.goods.codes import ApplicationKind, Direction, Step, TaxKind
from kouan.goods.composing import STATEMENTS
from kouan.kernel.money import to_fen
from kouan.records.problems import Problem
from kouan.reference.types import Codes

GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "basics": (
        _("申报"),
        ("client_no", "direction", "customs_code", "step", "document_type", "entry_type", "list_no"),
    ),
    "trader": (
        _("境内收发货人"),
        ("trader_code", "trader_uscc", "trader_name", "port_code", "entry_date", "record_no"),
    ),
    "transport": (
        _("境外收发货人与运输"),
        ("overseas_party_name", "overseas_shipper_name", "overseas_consignee_name", "transport_mode",
         "transport_name", "voyage_no", "bill_no", "goods_place"),
    ),
    "owner": (
        _("消费使用／生产销售单位与监管"),
        ("owner_code", "owner_uscc", "owner_name", "trade_mode", "levy_nature", "licence_no", "departure_port"),
    ),
    "trade": (_("贸易"), ("contract_no", "trading_country", "trade_country", "port_of_call", "entry_port")),
    "packing": (
        _("包装、重量与成交"),
        ("package_type", "packages", "gross_weight_kg", "net_weight_kg", "price_terms", "freight_mark",
         "freight_rate", "freight_currency", "insurance_mark", "insurance_rate", "insurance_currency",
         "other_fee_mark", "other_fee_rate", "other_fee_currency"),
    ),
    "marks": (_("标记唛码及备注"), ("marks", "note")),
    "statements": (_("价格说明"), tuple(f"statement_{name}" for name in STATEMENTS)),
    "people": (_("录入与申报"), ("typist_name", "typist_card", "declarant_name", "declarant_contact")),
}  # fmt: skip
"""The groups of the head and the fields of each, in the order of the official form."""

_FIELDS: dict[str, tuple[Any, int, bool]] = {
    "client_no": (_("企业编号"), 18, True),
    "customs_code": (_("申报地海关"), 4, True),
    "document_type": (_("单据类型前缀"), 2, False),
    "list_no": (_("清单统一编号"), 18, False),
    "trader_code": (_("境内收发货人海关编码"), 18, True),
    "trader_uscc": (_("境内收发货人信用代码"), 18, False),
    "trader_name": (_("境内收发货人名称"), 100, True),
    "port_code": (_("进出境关别"), 4, True),
    "entry_date": (_("进出口日期"), 8, False),
    "record_no": (_("备案号"), 12, False),
    "overseas_party_name": (_("境外收发货人名称"), 150, False),
    "overseas_shipper_name": (_("境外发货人（外文）"), 100, False),
    "overseas_consignee_name": (_("境外收货人（外文）"), 400, False),
    "transport_mode": (_("运输方式"), 1, True),
    "transport_name": (_("运输工具名称"), 50, False),
    "voyage_no": (_("航次号"), 32, False),
    "bill_no": (_("提运单号"), 32, False),
    "goods_place": (_("货物存放地点"), 100, True),
    "owner_code": (_("消费使用／生产销售单位编码"), 18, False),
    "owner_uscc": (_("消费使用／生产销售单位信用代码"), 18, False),
    "owner_name": (_("消费使用／生产销售单位名称"), 100, False),
    "trade_mode": (_("监管方式"), 4, True),
    "levy_nature": (_("征免性质"), 3, False),
    "licence_no": (_("许可证号"), 20, False),
    "departure_port": (_("启运港"), 8, True),
    "contract_no": (_("合同协议号"), 32, False),
    "trading_country": (_("贸易国（地区）"), 3, True),
    "trade_country": (_("启运国／运抵国"), 3, True),
    "port_of_call": (_("经停港／指运港"), 6, True),
    "entry_port": (_("入境／离境口岸"), 8, True),
    "package_type": (_("包装种类"), 2, True),
    "packages": (_("件数"), 9, True),
    "gross_weight_kg": (_("毛重（千克）"), 20, True),
    "net_weight_kg": (_("净重（千克）"), 20, True),
    "freight_rate": (_("运费／率"), 20, False),
    "freight_currency": (_("运费币制"), 3, False),
    "insurance_rate": (_("保费／率"), 20, False),
    "insurance_currency": (_("保费币制"), 3, False),
    "other_fee_rate": (_("杂费／率"), 20, False),
    "other_fee_currency": (_("杂费币制"), 3, False),
    "marks": (_("标记唛码"), 400, False),
    "note": (_("备注"), 255, False),
    "typist_name": (_("录入员"), 32, True),
    "typist_card": (_("录入员 IC 卡号"), 30, True),
    "declarant_name": (_("申报人员"), 50, True),
    "declarant_contact": (_("申报人员联系方式"), 32, False),
}
_MARKS = [("", "—"), ("1", _("1 率")), ("2", _("2 单价")), ("3", _("3 总价"))]
_CHOICES: dict[str, tuple[Any, list[tuple[str, Any]]]] = {
    "direction": (_("进出口"), Direction.choices),
    "step": (_("申报步骤"), [("", _("一次申报")), *((str(one), one.label) for one in Step)]),
    "entry_type": (
        _("报关单类型"),
        [("M", _("M 无纸化通关")), ("D", _("D 带清单且无纸")), ("L", _("L 带清单")), ("W", _("W 无纸")),
         ("0", _("0 普通"))],
    ),
    "price_terms": (
        _("成交方式"),
        [("", "—"), ("1", "1 CIF"), ("2", "2 C&F"), ("3", "3 FOB"), ("4", "4 C&I"), ("5", _("5 市场价")),
         ("6", _("6 垫仓")), ("7", "7 EXW")],
    ),
    "freight_mark": (_("运费标记"), _MARKS),
    "insurance_mark": (_("保费标记"), [_MARKS[0], _MARKS[1], _MARKS[3]]),
    "other_fee_mark": (_("杂费标记"), _MARKS),
    "statement_special_relation": (_("特殊关系确认"), []),
    "statement_price_influence": (_("价格影响确认"), []),
    "statement_royalty": (_("支付特许权使用费确认"), []),
    "statement_formula_price": (_("公式定价确认"), []),
    "statement_provisional_price": (_("暂定价格确认"), []),
}  # fmt: skip
_YES_NO = [("9", "—"), ("0", _("否")), ("1", _("是"))]

CODED = {
    "customs_code": "customs_district", "port_code": "customs_district", "transport_mode": "transport_mode",
    "trade_mode": "trade_mode", "levy_nature": "cit_cut_mode", "departure_port": "port", "port_of_call": "port",
    "entry_port": "domestic_port", "trading_country": "country", "trade_country": "country",
    "package_type": "wrap_type", "freight_currency": "currency", "insurance_currency": "currency",
    "other_fee_currency": "currency", "origin_country": "country", "destination_country": "country",
    "currency": "currency", "unit": "unit", "legal_unit": "unit", "second_unit": "unit",
    "district_code": "domestic_district", "document_code": "cit_license_doc_code",
    "duty_mode": "cit_duty_mode", "document_type": "cit_dec_type_prefix",
}  # fmt: skip
"""The fields that hold a code, and its table; goods declarations speak the alphabetic codes of 2018."""


class _Coded(forms.Form):
    """A form whose coded fields find by code, name and sound, and show the name of what they hold."""

    def __init__(self, *args: Any, codes: Codes | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = codes

    def _offer_codes(self) -> None:
        language = get_language() or "zh"
        for name in ("trader_code", "article_no"):
            if name in self.fields:
                self.fields[name].widget.attrs |= libraries.picker_of(name)
        for name in CODED.keys() & self.fields.keys():
            attrs = {"data-picker": reverse("pick-codes", args=[CODED[name]])}
            code = str(self[name].value() or "").strip()
            if self._codes and code:
                known = self._codes.name(CODED[name], code, language)
                attrs |= {"data-name": known} if known else {}
            self.fields[name].widget.attrs |= attrs


class GoodsHeadForm(_Coded):
    """The head of a declaration. It keeps what was typed; whether it is right, the rules of the standard say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, longest, is_needed) in _FIELDS.items():
            self.fields[name] = forms.CharField(label=label, max_length=longest, required=is_needed)
        for name, (label, choices) in _CHOICES.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=choices or _YES_NO, required=False)
        self._offer_codes()

    def groups(self) -> list[tuple[str, Any, list[Any]]]:
        """Give the groups with their bound fields."""
        return [(key, label, [self[name] for name in names]) for key, (label, names) in GROUPS.items()]


def _number() -> forms.TextInput:
    """A field for a number: pasted thousands separators and units are taken off it."""
    return forms.TextInput(attrs={"inputmode": "decimal"})


_ALSO_CALLED = {
    "article_no": "料号|物料编码|SKU", "hs_code": "税号|HS编码|商品编码|HSCode|归类", "ciq_code": "检验检疫编码",
    "goods_name": "品名|中文品名|名称", "specification": "申报要素|规格|型号", "quantity": "数量", "unit": "单位",
    "total_price": "金额|总金额|总值", "currency": "币种", "legal_quantity": "法定数量|第一法定数量",
    "legal_unit": "法定单位|第一法定单位", "second_quantity": "第二法定数量", "second_unit": "第二法定单位",
    "destination_country": "目的国", "origin_country": "产地|原产地", "district_code": "境内目的地|境内货源地|货源地",
    "duty_mode": "征免",
}  # fmt: skip
"""What firms' own sheets call the columns of the goods lines; a pasted block with titles is read by them."""


class GoodsLineForm(_Coded):
    """One goods line, in the order of the official form; the firm's own number of the article before it."""

    article_no = forms.CharField(label=_("货号"), max_length=60, required=False)
    hs_code = forms.CharField(label=_("商品编号"), max_length=10)
    ciq_code = forms.CharField(label=_("监管类别"), max_length=20, required=False)
    goods_name = forms.CharField(label=_("商品名称"), max_length=255)
    specification = forms.CharField(label=_("规格型号（申报要素）"), max_length=255, required=False)
    quantity = forms.CharField(label=_("成交数量"), max_length=20, widget=_number())
    unit = forms.CharField(label=_("成交单位"), max_length=3)
    price = forms.CharField(label=_("单价"), max_length=20, widget=_number())
    total_price = forms.CharField(label=_("总价"), max_length=20, required=False, widget=_number())
    currency = forms.CharField(label=_("币制"), max_length=3)
    legal_quantity = forms.CharField(label=_("法定第一数量"), max_length=20, widget=_number())
    legal_unit = forms.CharField(label=_("法定第一单位"), max_length=3)
    second_quantity = forms.CharField(label=_("法定第二数量"), max_length=20, required=False, widget=_number())
    second_unit = forms.CharField(label=_("法定第二单位"), max_length=3, required=False)
    destination_country = forms.CharField(label=_("最终目的国"), max_length=3)
    origin_country = forms.CharField(label=_("原产国"), max_length=3)
    district_code = forms.CharField(label=_("境内目的地／货源地"), max_length=5)
    duty_mode = forms.CharField(label=_("征免方式"), max_length=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in _ALSO_CALLED.items():
            self.fields[name].widget.attrs["data-also-called"] = words
        self._offer_codes()


class ContainerForm(_Coded):
    """One container."""

    container_no = forms.CharField(label=_("集装箱号"), max_length=32)
    container_type = forms.CharField(label=_("规格"), max_length=32)
    line_nos = forms.CharField(label=_("商品项号"), max_length=255)
    is_shared = forms.CharField(label=_("拼箱（1 是，0 否）"), max_length=1, required=False)
    goods_weight_kg = forms.CharField(label=_("箱货重量（千克）"), max_length=20, required=False)


class DocumentForm(_Coded):
    """One accompanying document."""

    document_code = forms.CharField(label=_("单证代码"), max_length=1)
    document_no = forms.CharField(label=_("单证编号"), max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_codes()


GRIDS: dict[str, tuple[type[_Coded], int]] = {
    "goods": (GoodsLineForm, 50), "containers": (ContainerForm, 500), "documents": (DocumentForm, 7),
}  # fmt: skip
"""The grids below the head, and how many lines each may have."""
FORM_SETS = {
    key: forms.formset_factory(form, extra=1, max_num=most, validate_max=True) for key, (form, most) in GRIDS.items()
}

_GRID_POINTER = re.compile(r"(goods|containers|documents)-(\d+)-(\w+)")

FILE_KINDS = [
    ("00000001", _("发票")), ("00000002", _("装箱单")), ("00000003", _("提／运单")), ("00000004", _("合同")),
    ("10000001", _("代理报关委托协议")), ("10000002", _("税款担保证明")), ("10000003", _("税款担保延期证明")),
]  # fmt: skip


class FileForm(forms.Form):
    """A file to attach."""

    document_kind = forms.ChoiceField(label=_("单据类别"), choices=FILE_KINDS)
    file = forms.FileField(
        label=_("PDF 文件（不超过 4 MB）"), widget=forms.ClearableFileInput(attrs={"accept": ".pdf"})
    )


class ApplicationForm(forms.Form):
    """An application to correct or withdraw."""

    kind = forms.ChoiceField(label=_("申请事项"), choices=ApplicationKind.choices)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    changes = forms.CharField(
        label=_("修改内容（栏目：原填、改为）"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AnswerForm(forms.Form):
    """Customs' answer to an application."""

    answer = forms.ChoiceField(
        label=_("答复"), choices=[("approve", _("同意")), ("refuse", _("不同意"))], widget=forms.RadioSelect
    )
    opinion = forms.CharField(label=_("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class TaxForm(forms.Form):
    """What the firm records of its tax."""

    kind = forms.ChoiceField(
        label=_("登记事项"), choices=[(str(one), one.label) for one in (TaxKind.PAID, TaxKind.BILL, TaxKind.GUARANTEED)]
    )
    number = forms.CharField(label=_("税单号、缴款凭证号或担保编号"), max_length=40)
    amount = forms.DecimalField(label=_("金额（元）"), max_digits=15, decimal_places=2, min_value=0, required=False)

    def clean_amount(self) -> int | None:
        """Give the amount in fen."""
        yuan = self.cleaned_data["amount"]
        return None if yuan is None else to_fen(yuan)


class PlaceForm(forms.Form):
    """The declaration on which an answer is to be laid."""

    number = forms.CharField(label=_("企业编号、统一编号或海关编号"), max_length=40)
    reason = forms.CharField(label=_("理由"), max_length=300)


class ExplainForm(forms.Form):
    """Why an answer fits no declaration here."""

    explanation = forms.CharField(label=_("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class SheetForm(forms.Form):
    """A spreadsheet of declarations."""

    file = forms.FileField(label=_("表格文件（xlsx 或 csv）"))


def values_of(data: Any) -> dict[str, Any]:
    """Give what was typed, right or wrong, as one value set."""
    values: dict[str, Any] = {name: data.get(name, "") for name in (*_FIELDS, *_CHOICES)}
    for key in GRIDS:
        values[key] = [_line(data, key, row) for row in filled_rows(data, key)]
    return values


def filled_rows(data: Any, key: str) -> list[int]:
    """Give the rows of a grid in which something was typed, in their order; one more than allowed is still read."""
    raw = str(data.get(f"{key}-TOTAL_FORMS") or "0")
    count = int(raw) if raw.isdecimal() else 0
    return [row for row in range(min(count, GRIDS[key][1] + 1)) if any(_line(data, key, row).values())]


def _line(data: Any, key: str, row: int) -> dict[str, str]:
    return {name: str(data.get(f"{key}-{row}-{name}", "")).strip() for name in GRIDS[key][0].base_fields}


def at_rows(problems: Iterable[Problem], data: Any) -> list[Problem]:
    """Let problems point at the rows as they stand in the grids, empty rows counted."""
    rows = {key: filled_rows(data, key) for key in GRIDS}
    return [_at_row(one, rows) for one in problems]


def _at_row(problem: Problem, rows: dict[str, list[int]]) -> Problem:
    found = _GRID_POINTER.fullmatch(problem.pointer)
    if not found or int(found[2]) >= len(rows[found[1]]):
        return problem
    return replace(problem, pointer=f"{found[1]}-{rows[found[1]][int(found[2])]}-{found[3]}")


def in_words(problem: Problem) -> Problem:
    """Say in words at which field of the form a problem stands: 商品第 2 行 · 成交单位."""
    label = _FIELDS.get(problem.pointer, _CHOICES.get(problem.pointer, ("",)))[0]
    if label:
        return replace(problem, pointer=str(label))
    if found := _GRID_POINTER.fullmatch(problem.pointer):
        words = {"goods": gettext("商品"), "containers": gettext("集装箱"), "documents": gettext("随附单证")}
        field = GRIDS[found[1]][0].base_fields.get(found[3])
        where = gettext("%(what)s第 %(line)s 行") % {"what": words[found[1]], "line": int(found[2]) + 1}
        return replace(problem, pointer=f"{where} · {field.label}" if field else where)
    return problem
