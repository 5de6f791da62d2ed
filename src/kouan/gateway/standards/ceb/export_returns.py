"""Exported goods that come back: request CEB 213 and its receipt 214, tally at the site 215 and its receipt 216.

Fields in the order of the schema. Each line: our word · the standard's word · form · meaning. The source is the
export schema of the unified edition of May 2022 with its handbook.
"""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import mandatory as M
from .fields import optional as O


@dataclass(slots=True)
class ExportReturnHead:
    """Request to return exported goods 出口退货申请单, head ``InvtRefundHead`` (CEB213)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    place_code: Value = O("loctNo", "C..10", "监管场所代码")
    platform_code: Value = M("ebpCode", "C..50", "电商平台代码，境外平台无代码填“无”", sent_longest=18)
    platform_name: Value = M("ebpName", "C..100", "电商平台或海外仓名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业（收发货人）名称")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    internal_no: Value = M("coElNo", "C..30", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C..18", "电子口岸编号")
    list_no: Value = M("invtNo", "C..20", "原出口清单编号")
    trade_mode: Value = O(
        "tradeMode", "C4", "退货监管方式：9661 零售退回，1261 特殊区域退回", values="9661 1261", always=""
    )
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    bill_no: Value = M("billNo", "C..37", "提运单号")
    direction: Value = M("ieFlag", "C..1", "进出口标记，退货为 I", values="I")
    transport_mode: Value = M("trafMode", "C..1", "运输方式")
    transport_name: Value = M("trafName", "C..100", "运输工具名称")
    port_code: Value = M("portCode", "C..4", "进出口岸")
    reason: Value = M("reason", "C..500", "退货原因")
    departure_country: Value = M("country", "C..3", "启运国（地区），不能为中国")
    voyage_no: Value = M("voyageNo", "C..32", "航班航次号")
    note: Value = O("note", "C..500", "备注")


@dataclass(slots=True)
class ExportReturnLine:
    """Request to return exported goods 出口退货申请单, line ``InvtRefundList`` (CEB213)."""

    line_no: Value = M("gnum", "N4", "原清单商品序号")
    hs_code: Value = M("gcode", "C..10", "商品编码", shape="digits")
    goods_name: Value = M("gname", "C..250", "商品名称")
    specification: Value = M("gmodel", "C..250", "规格型号")
    quantity: Value = M("qty", "N19,5", "退货数量，不大于原清单")
    legal_quantity: Value = M("qty1", "N19,5", "法定数量")
    unit: Value = M("unit", "C3", "计量单位")
    legal_unit: Value = M("unit1", "C3", "法定计量单位")
    second_quantity: Value = O("qty2", "N19,5", "第二数量")
    second_unit: Value = O("unit2", "C3", "第二计量单位")
    note: Value = O("note", "C..500", "备注")


@dataclass(slots=True)
class ExportReturnReceipt:
    """Receipt of a request to return 退货申请回执 ``RefundReturn`` (CEB214)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    platform_code: Value = O("ebpCode", "C..50", "电商平台代码，境外平台无代码填“无”", sent_longest=18)
    merchant_code: Value = O("ebcCode", "C..18", "电商企业（收发货人）代码")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    internal_no: Value = M("coElNo", "C..30", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C..18", "电子口岸编号")
    list_no: Value = M("invtNo", "C..20", "清单编号，海关生成")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class ReturnTallyHead:
    """Tally of returned goods 退运理货明细单 ``InvtRefundDetail`` (CEB215)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    operator_code: Value = M("operatorCode", "C..18", "监管场所经营人代码")
    operator_name: Value = M("operatorName", "C..100", "监管场所经营人名称")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号")
    list_no: Value = O("invtNo", "C..20", "原出口清单编号")
    internal_no: Value = M("coElNo", "C..20", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C..18", "电子口岸编号")
    bill_no: Value = M("billNo", "C..37", "提运单号")
    direction: Value = M("ieFlag", "C1", "进出口标记，退货为 I", values="I")
    transport_mode: Value = M("trafMode", "C1", "运输方式")
    transport_name: Value = M("trafName", "C..100", "运输工具名称")
    voyage_no: Value = M("voyageNo", "C..32", "航班航次号")
    unload_location: Value = O("location", "C..250", "卸货堆货的仓储位置")
    note: Value = O("note", "C..250", "备注")


@dataclass(slots=True)
class ReturnTallyReceipt:
    """Receipt of a tally 理货明细回执 ``InvtRefundDetailReturn`` (CEB216)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    operator_code: Value = M("operatorCode", "C..18", "监管场所经营人代码")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号")
    internal_no: Value = M("coElNo", "C..30", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C..18", "电子口岸编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")
