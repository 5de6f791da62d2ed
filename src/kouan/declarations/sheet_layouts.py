"""The columns of a spreadsheet of declarations, for imports and for exports. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """The titles of one kind of sheet by the names of the values: those of a parcel, and those of a line of goods.

    direction: I or E. telling: titles that stand on no other kind of sheet. needed: values without which there is no
    parcel.
    """

    direction: str
    head: Mapping[str, str]
    goods: Mapping[str, str]
    telling: frozenset[str]
    needed: tuple[str, ...]

    @property
    def titles(self) -> dict[str, str]:
        """Every title by the name of its value."""
        return {**self.head, **self.goods}


_NEEDED = ("internal_no", "order_no", "waybill_no", "hs_code", "name", "quantity", "price")
_FIRMS = {
    "order_no": "订单编号", "platform_code": "电商平台代码", "platform_name": "电商平台名称",
    "merchant_code": "电商企业代码", "merchant_name": "电商企业名称", "payment_firm_code": "支付企业代码",
    "payment_firm_name": "支付企业名称", "transaction_no": "支付交易编号", "carrier_code": "物流企业代码",
    "carrier_name": "物流企业名称", "waybill_no": "运单编号",
}  # fmt: skip
_LEGAL = {
    "quantity": "数量", "unit": "计量单位", "legal_quantity": "法定数量", "legal_unit": "法定单位",
    "second_quantity": "第二数量", "second_unit": "第二单位", "price": "单价",
}  # fmt: skip

IMPORT = Layout(
    "I",
    head={
        "internal_no": "企业内部编号", "trade_mode": "监管方式", "customs_code": "申报海关", "port_code": "口岸海关",
        "place_code": "监管场所代码", **_FIRMS, "guarantor_code": "担保企业代码",
        "account_book_no": "账册编号", "zone_firm_code": "区内企业代码", "zone_firm_name": "区内企业名称",
        "transport_mode": "运输方式", "transport_name": "运输工具编号", "voyage_no": "航班航次号",
        "bill_no": "提运单号", "departure_country": "起运国", "freight": "运费", "insured_fee": "保费",
        "discount": "非现金抵扣", "tax_total": "代扣税款", "package_type": "包装种类",
        "gross_weight_kg": "毛重千克", "net_weight_kg": "净重千克", "buyer_name": "订购人姓名",
        "buyer_id_number": "订购人身份证号", "buyer_phone": "订购人电话", "consignee_name": "收货人姓名",
        "consignee_phone": "收货人电话", "consignee_address": "收货地址",
    },
    goods={
        "item_no": "商品货号", "record_item_no": "账册备案料号", "hs_code": "商品编码", "name": "商品名称",
        "specification": "规格型号", "country": "原产国", **_LEGAL,
    },
    telling=frozenset({"起运国", "原产国", "订购人姓名"}),
    needed=_NEEDED,
)  # fmt: skip
EXPORT = Layout(
    "E",
    head={
        "internal_no": "企业内部编号", "trade_mode": "监管方式", "procedure": "申报业务类型",
        "customs_code": "申报海关", "port_code": "出口口岸海关", "place_code": "监管场所代码",
        "exit_date": "出口日期", **_FIRMS, "received_time": "到账时间", "producer_code": "生产销售企业代码",
        "producer_name": "生产销售企业名称", "account_book_no": "账册编号", "zone_firm_code": "区内企业代码",
        "zone_firm_name": "区内企业名称", "licence_no": "许可证号", "transport_mode": "运输方式",
        "transport_name": "运输工具编号", "voyage_no": "航班航次号", "bill_no": "提运单号",
        "arrival_country": "运抵国", "destination_port": "指运港", "currency": "币制", "freight": "运费",
        "insured_fee": "保费", "package_type": "包装种类", "packages": "件数", "gross_weight_kg": "毛重千克",
        "net_weight_kg": "净重千克",
    },
    goods={
        "item_no": "商品货号", "record_item_no": "账册备案料号", "hs_code": "商品编码", "name": "商品名称",
        "specification": "规格型号", "barcode": "条形码", "country": "目的国", **_LEGAL,
    },
    telling=frozenset({"运抵国", "目的国", "申报业务类型"}),
    needed=(*_NEEDED, "procedure", "arrival_country"),
)  # fmt: skip
LAYOUTS = {layout.direction: layout for layout in (IMPORT, EXPORT)}


def layout_of(titles: Iterable[str]) -> Layout:
    """Tell of which kind a sheet is by its titles: that of which more telling ones stand there, imports where none."""
    found = set(titles)
    return max((IMPORT, EXPORT), key=lambda layout: len(layout.telling & found))
