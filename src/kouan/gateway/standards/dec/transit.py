"""The transit part of a goods declaration 转关单. How to read a line: see ``fields``."""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import element as F


@dataclass(slots=True)
class TransitHead:
    """The head of a transit 转关单表头 ``TrnHead``."""

    transit_seq_no: Value = F("TrnPreId", "C18", "C..18", "O", "转关单统一编号")
    cargo_list_no: Value = F("TransNo", "C16", "C..16", "O", "载货清单号")
    transit_no: Value = F("TurnNo", "C16", "C..16", "O", "转关申报单号")
    inland_mode: Value = F("NativeTrafMode", "C1", "C..1", "O", "境内运输方式")
    inland_vehicle_no: Value = F("TrafCustomsNo", "C13", "C..13", "O", "境内运输工具编号")
    inland_vehicle_name: Value = F("NativeShipName", "C..30", "C..30", "O", "境内运输工具名称")
    inland_voyage_no: Value = F("NativeVoyageNo", "C32", "C..32", "O", "境内运输工具航次")
    carrier_name: Value = F("ContractorName", "C..70", "C..70", "O", "承运单位名称")
    carrier_code: Value = F("ContractorCode", "C10", "C..10", "O", "承运单位组织机构代码")
    transit_kind: Value = F("TransFlag", "C2", "C..2", "O", "转关类型")
    expected_date: Value = F("ValidTime", "C8", "C8", "O", "预计运抵指运地时间", shape="date")
    has_electronic_seal: Value = F("ESealFlag", "C1", "C..1", "O", "是否启用电子关锁：Y 是，N 否")
    note: Value = F("Notes", "C..200", "C..200", "O", "备注")
    is_paperless: Value = F("TrnType", "C1", "C..1", "O", "转关单类型：1 无纸，0 有纸")
    applicant_uscc: Value = F("ApplCodeScc", "C18", "C..18", "O", "转关申报单位统一代码")


@dataclass(slots=True)
class TransitBill:
    """The bill of a transit 转关提单 ``TrnList``."""

    transport_mode: Value = F("TrafMode", "C1", "C..1", "O", "进出境运输方式")
    vessel_no: Value = F("ShipId", "C..32", "C..32", "O", "进出境运输工具编号")
    vessel_name: Value = F("ShipNameEn", "C..255", "C..255", "O", "进出境运输工具名称")
    voyage_no: Value = F("VoyageNo", "C..32", "C..32", "O", "进出境运输工具航次")
    bill_no: Value = F("BillNo", "C..32", "C..32", "O", "提单号")
    entry_date: Value = F("IEDate", "C8", "C8", "O", "实际进出境日期", shape="date")


@dataclass(slots=True)
class TransitContainer:
    """A container of a transit ``TrnContainer``."""

    container_no: Value = F("ContaNo", "C..11", "C..11", "MS", "集装箱号")
    line_no: Value = F("ContaSn", "N3", "N3", "O", "集装箱序号")
    container_type: Value = F("ContaModel", "C..4", "C..4", "O", "集装箱规格")
    seal_no: Value = F("SealNo", "C..128", "C..128", "O", "电子关锁号")
    inland_vehicle_name: Value = F("TransName", "C..32", "C..32", "O", "境内运输工具名称")
    vehicle_weight_kg: Value = F("TransWeight", "N19,5", "N19,5", "O", "工具实际重量")
    seal_count: Value = F("SealQty", "-", "C..4", "-", "关锁个数")


@dataclass(slots=True)
class TransitGoods:
    """Which goods are in which container of a transit ``TrnContaGoods``."""

    container_no: Value = F("ContaNo", "C..11", "C..11", "MS", "集装箱号")
    line_no: Value = F("GNo", "N9", "N9", "MS", "商品序号")
    packages: Value = F("ContaGoodsCount", "N9", "N9", "MD", "商品件数")
    goods_weight_kg: Value = F("ContaGoodsWeight", "N19,5", "N19,5", "MD", "商品重量")
