"""The month's summary of export lists: application CEB 701, its receipt 702, and what customs made of it, 792.

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
class SummaryHead:
    """Summary application 汇总申请单, head ``SummaryApplyHead`` (CEB701)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C..18", "电子口岸编号")
    summary_no: Value = O("sumNo", "C..18", "汇总申请编号，海关生成")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业（收发货人）名称")
    broker_code: Value = M("declAgentCode", "C..18", "后续报关单的申报单位代码")
    broker_name: Value = M("declAgentName", "C..100", "后续报关单的申报单位名称")
    period_start: Value = O("startTime", "C14", "汇总开始时间，与结束时间成对", shape="time")
    period_end: Value = O("endTime", "C14", "汇总结束时间", shape="time")
    place_code: Value = O("loctNo", "C..10", "监管场所代码")
    grouping: Value = M("summaryFlag", "C1", "汇总标志：1 按收发货人，2 按收发货人和生产销售单位", values="1 2")
    name_grouping: Value = M("itemNameFlag", "C1", "1 按清单商品名汇总，其他按综合分类名")
    part_count: Value = M("msgCount", "N9", "报文总数，未拆分为 1")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class SummaryLine:
    """Summary application 汇总申请单, line ``SummaryApplyList`` (CEB701)."""

    list_no: Value = M("invtNo", "C..20", "待汇总的清单编号")


@dataclass(slots=True)
class SummaryReceipt:
    """Receipt of a summary application 汇总申请回执 ``SummaryReturn`` (CEB702)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    summary_no: Value = O("sumNo", "C18", "汇总申请编号，海关生成")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class SummaryResultHead:
    """Summary result 汇总结果单, head ``SummaryResultHead`` (CEB792)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    summary_no: Value = M("sumNo", "C18", "汇总申请编号，海关生成")
    processed_time: Value = M("opDate", "C17", "汇总处理时间", shape="stamp")
    entry_seq_no: Value = M("declSeqNo", "C18", "汇总统一编号，与报关单一一对应")
    entry_draft_no: Value = O("decTmpNo", "C18", "报关单暂存编号")
    entry_pre_no: Value = O("decPreNo", "C18", "报关单预录入编号")
    entry_no: Value = O("entryId", "C18", "报关单编号")
    entry_state: Value = M("decState", "C..3", "报关单状态")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业（收发货人）名称")
    broker_code: Value = M("declAgentCode", "C..18", "后续报关单的申报单位代码")
    broker_name: Value = M("declAgentName", "C..100", "后续报关单的申报单位名称")
    gross_weight_kg: Value = M("grossWeight", "N19,5", "毛重（千克）")
    net_weight_kg: Value = M("netWeight", "N19,5", "净重（千克）")
    part_count: Value = M("msgCount", "N9", "报文总数，未拆分为 1")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class SummaryResultLine:
    """Summary result 汇总结果单, line ``SummaryResultList`` (CEB792)."""

    list_no: Value = M("invtNo", "C..20", "已汇总的清单编号")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号", sent_longest=32)
    result_line_no: Value = O("gseqno", "N5", "汇总结果单顺序号", always="")
    line_no: Value = M("gnum", "N5", "清单商品项号")
    hs_code: Value = M("gcode", "C10", "商品编码", shape="digits")
