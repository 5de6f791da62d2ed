"""What comes back to export documents: receipts CEB 304, 404, 506, 508, 510, 604, 606, 608.

Fields in the order of the schema. Each line: our word · the standard's word · form · meaning. The source is the
export schema of the unified edition of May 2022 with its handbook. ``preNo`` (and ``invtNo`` of 604) is mandatory in
the schema and optional in the handbook; receipts without it are read.
"""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import mandatory as M
from .fields import optional as O


@dataclass(slots=True)
class ExportOrderReceipt:
    """Receipt of an export order 订单回执 ``OrderReturn`` (CEB304)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    platform_code: Value = M("ebpCode", "C..50", "电商平台代码，境外平台无代码填“无”", sent_longest=18)
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    order_no: Value = M("orderNo", "C..60", "订单或订仓单编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class ReceiptReceipt:
    """Receipt of a receipt of payment 收款单回执 ``ReceiptsReturn`` (CEB404)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    order_no: Value = M("orderNo", "C..60", "订单或订仓单编号")
    transaction_no: Value = O("payNo", "C..60", "支付交易编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class ExportWaybillReceipt:
    """Receipt of an export waybill 运单回执 ``LogisticsReturn`` (CEB506)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号", sent_longest=32)
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class ArrivalReceipt:
    """Receipt of an arrival 运抵单回执 ``ArrivalReturn`` (CEB508)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    operator_code: Value = M("operatorCode", "C..18", "监管场所经营人代码")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    bill_no: Value = M("billNo", "C..37", "提运单号")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class DepartureReceipt:
    """Receipt of a departure 离境单回执 ``DepartureReturn`` (CEB510)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class ExportListReceipt:
    """Receipt of an export list 清单回执 ``InventoryReturn`` (CEB604)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    list_no: Value = O("invtNo", "C..20", "清单编号，海关生成")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    platform_code: Value = M("ebpCode", "C..50", "电商平台代码，境外平台无代码填“无”", sent_longest=18)
    order_no: Value = M("orderNo", "C..60", "订单或订仓单编号")
    procedure: Value = M("statisticsFlag", "C1", "申报业务类型：A 简化申报，B 汇总申报")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class ExportCancelReceipt:
    """Receipt of a request to cancel 撤销回执 ``InvtCancelReturn`` (CEB606)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    list_no: Value = M("invtNo", "C..20", "清单编号，海关生成")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class MasterBillReceipt:
    """Receipt of a master bill 总分单回执 ``WayBillReturn`` (CEB608)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    bill_no: Value = M("billNo", "C..37", "提运单号")
    part_no: Value = M("msgSeqNo", "N9", "报文序号，从 1 连续")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")
