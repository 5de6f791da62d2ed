"""What carriers and sites say of export goods on their way: arrival CEB 507, departure 509, master bill 607.

Fields in the order of the schema. Each line: our word · the standard's word · form · meaning. The source is the
export schema of the unified edition of May 2022 with its handbook. Where the edition of 2018 allowed more characters
they are read; what is sent keeps the length of 2022.
"""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import mandatory as M
from .fields import optional as O


@dataclass(slots=True)
class ArrivalHead:
    """Arrival at a supervision place 运抵单, head ``ArrivalHead`` (CEB507)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    operator_code: Value = M("operatorCode", "C..18", "监管场所经营人代码")
    operator_name: Value = M("operatorName", "C..100", "监管场所经营人名称")
    place_code: Value = O("loctNo", "C..10", "监管场所代码")
    direction: Value = M("ieFlag", "C1", "进出口标记：I 进口，E 出口", values="I E")
    transport_mode: Value = M("trafMode", "C1", "运输方式")
    bill_no: Value = O("billNo", "C..37", "提运单号")
    domestic_transport_no: Value = M("domesticTrafNo", "C..100", "境内运输工具编号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    part_count: Value = M("msgCount", "N9", "报文总数，未拆分为 1")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ArrivalLine:
    """Arrival at a supervision place 运抵单, line ``ArrivalList`` (CEB507)."""

    line_no: Value = M("gnum", "N5", "序号，从 1 递增")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号", sent_longest=32)
    package_no: Value = O("totalPackageNo", "C..60", "总包号", sent_longest=37)
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class DepartureHead:
    """Departure from the country 离境单, head ``DepartureHead`` (CEB509)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    transport_mode: Value = M("trafMode", "C1", "运输方式")
    transport_name: Value = O("trafName", "C..100", "运输工具名称")
    voyage_no: Value = O("voyageNo", "C..32", "航班航次号")
    bill_no: Value = O("billNo", "C..37", "提运单号")
    left_time: Value = M("leaveTime", "C14", "离境时间", shape="time")
    part_count: Value = M("msgCount", "N9", "报文总数，未拆分为 1")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class DepartureLine:
    """Departure from the country 离境单, line ``DepartureList`` (CEB509)."""

    line_no: Value = M("gnum", "N5", "序号，从 1 递增")
    package_no: Value = O("totalPackageNo", "C..60", "总包号", sent_longest=37)
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号", sent_longest=32)
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class MasterBillHead:
    """Master bill and its waybills 清单总分单, head ``WayBillHead`` (CEB607)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    place_code: Value = O("loctNo", "C..10", "监管场所代码")
    transport_mode: Value = M("trafMode", "C1", "运输方式")
    transport_name: Value = M("trafName", "C..100", "运输工具名称")
    voyage_no: Value = M("voyageNo", "C..32", "航班航次号")
    bill_no: Value = M("billNo", "C..37", "提运单号")
    domestic_transport_no: Value = O("domesticTrafNo", "C..100", "境内运输工具编号")
    gross_weight_kg: Value = M("grossWeight", "N19,5", "毛重（千克）")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    part_count: Value = M("msgCount", "N9", "报文总数，未拆分为 1")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class MasterBillLine:
    """Master bill and its waybills 清单总分单, line ``WayBillList`` (CEB607)."""

    line_no: Value = M("gnum", "N5", "序号，从 1 递增")
    package_no: Value = O("totalPackageNo", "C..60", "总包号")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号", sent_longest=32)
    list_no: Value = O("invtNo", "C..20", "出口清单编号，退货时为原出口清单")
    note: Value = O("note", "C..1000", "备注")
