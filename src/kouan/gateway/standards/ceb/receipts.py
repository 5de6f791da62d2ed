"""What comes back: receipts CEB 312, 412, 512, 514, 622, 624, 626, 712, tax bills 816 and 818, format check 900.

Fields in the order of the schema of May 2022. ``pre_entry_no`` of 622, 624 and 626 is mandatory in the schema and
optional in the handbook; receipts without it are read.
"""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import accepted as X
from .fields import mandatory as M
from .fields import optional as O


@dataclass(slots=True)
class OrderReceipt:
    """Receipt of an order 订单回执 ``OrderReturn`` (CEB312)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    platform_code: Value = M("ebpCode", "C..18", "电商平台代码")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业代码")
    order_no: Value = M("orderNo", "C..60", "订单编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class PaymentReceipt:
    """Receipt of a payment voucher 支付凭证回执 ``PaymentReturn`` (CEB412)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    payment_firm_code: Value = M("payCode", "C..18", "支付企业代码")
    transaction_no: Value = M("payTransactionId", "C..60", "支付交易编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class WaybillReceipt:
    """Receipt of a waybill 运单回执 ``LogisticsReturn`` (CEB512)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    waybill_no: Value = M("logisticsNo", "C..60", "物流运单编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class WaybillStatusReceipt:
    """Receipt of a waybill status 运单状态回执 ``LogisticsStatusReturn`` (CEB514)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    waybill_no: Value = M("logisticsNo", "C..60", "物流运单编号")
    status: Value = M("logisticsStatus", "C1", "物流运单状态，限 S（签收）", values="S")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class ListReceipt:
    """Receipt of an import list 清单回执 ``InventoryReturn`` (CEB622)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    customs_code: Value = O("customsCode", "C4", "申报海关代码")
    platform_code: Value = O("ebpCode", "C..18", "电商平台代码", shortest=1)
    merchant_code: Value = O("ebcCode", "C..18", "电商企业代码", shortest=1)
    declarant_code: Value = O("agentCode", "C..18", "申报企业代码", shortest=1)
    internal_no: Value = M("copNo", "C..20", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C18", "预录入编号")
    list_no: Value = O("invtNo", "C18", "清单编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class CancelReceipt:
    """Receipt of a request to cancel 撤销回执 ``InvtCancelReturn`` (CEB624)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    customs_code: Value = O("customsCode", "C4", "申报海关代码")
    declarant_code: Value = O("agentCode", "C..18", "申报企业代码", shortest=1)
    platform_code: Value = O("ebpCode", "C..18", "电商平台代码", shortest=1)
    merchant_code: Value = O("ebcCode", "C..18", "电商企业代码", shortest=1)
    internal_no: Value = M("copNo", "C..20", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C18", "预录入编号")
    list_no: Value = O("invtNo", "C18", "原清单编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class ReturnReceipt:
    """Receipt of a request to return goods 退货回执 ``InvtRefundReturn`` (CEB626)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    customs_code: Value = O("customsCode", "C4", "申报海关代码")
    declarant_code: Value = O("agentCode", "C..18", "申报企业代码", shortest=1)
    platform_code: Value = O("ebpCode", "C..18", "电商平台代码", shortest=1)
    merchant_code: Value = O("ebcCode", "C..18", "电商企业代码", shortest=1)
    internal_no: Value = M("copNo", "C..20", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C18", "预录入编号")
    list_no: Value = O("invtNo", "C18", "原清单编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class InboundReceipt:
    """Receipt of an inbound detail 入库明细回执 ``DeliveryReturn`` (CEB712)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    customs_code: Value = O("customsCode", "C4", "申报海关代码")
    operator_code: Value = O("operatorCode", "C..18", "监管场所经营人代码", shortest=1)
    internal_no: Value = O("copNo", "C..20", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C..18", "预录入编号")
    inbound_no: Value = O("rkdNo", "C..18", "入库单编号")
    return_status: Value = M("returnStatus", "C..10", "回执状态")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    return_info: Value = M("returnInfo", "C..1000", "回执信息")


@dataclass(slots=True)
class TaxHead:
    """Electronic tax bill 电子税单 ``TaxHeadRd`` (CEB816)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    list_no: Value = M("invtNo", "C..18", "进境清单编号")
    tax_no: Value = M("taxNo", "C..50", "电子税单编号")
    customs_duty: Value = M("customsTax", "N19,5", "应征关税")
    value_added_tax: Value = M("valueAddedTax", "N19,5", "应征增值税")
    consumption_tax: Value = M("consumptionTax", "N19,5", "应征消费税")
    status: Value = M("status", "C1", "税单状态：1 已生成，2 已汇总，3 作废", values="1 2 3")
    payment_slip_no: Value = O("entDutyNo", "C..50", "缴款书编号")
    note: Value = O("note", "C..1000", "备注")
    guarantor_code: Value = O("assureCode", "C..64", "担保企业代码")
    merchant_code: Value = O("ebcCode", "C..64", "电商企业代码")
    carrier_code: Value = O("logisticsCode", "C..64", "物流企业代码")
    declarant_code: Value = O("agentCode", "C..18", "申报单位代码", shortest=1)
    customs_code: Value = O("customsCode", "C4", "申报口岸")
    order_no: Value = X("orderNo", "C..60", "订单编号")  # in the handbook and in real bills, not in the schema
    waybill_no: Value = X("logisticsNo", "C..60", "物流运单编号")  # likewise


@dataclass(slots=True)
class TaxLine:
    """Electronic tax bill 电子税单, line ``TaxListRd`` (CEB816)."""

    line_no: Value = M("gnum", "INT", "商品项号，从 1 连续")
    hs_code: Value = M("gcode", "C10", "海关商品编码", shape="digits")
    dutiable_value: Value = M("taxPrice", "N19,5", "完税总价格")
    customs_duty: Value = M("customsTax", "N19,5", "应征关税")
    value_added_tax: Value = M("valueAddedTax", "N19,5", "应征增值税")
    consumption_tax: Value = M("consumptionTax", "N19,5", "应征消费税")


@dataclass(slots=True)
class TaxStatus:
    """Status of an electronic tax bill 电子税单状态 ``TaxHeadStatus`` (CEB818)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    return_time: Value = M("returnTime", "C17", "回执时间", shape="stamp")
    list_no: Value = M("invtNo", "C..18", "进境清单编号")
    tax_no: Value = M("taxNo", "C..50", "电子税单编号")
    status: Value = M("status", "C1", "税单状态：1 已生成，2 已汇总，3 作废", values="1 2 3")
    payment_slip_no: Value = O("entDutyNo", "C..50", "缴款书编号")
    guarantor_code: Value = O("assureCode", "C..64", "担保企业代码")


@dataclass(slots=True)
class FormatReceipt:
    """Receipt of the format check 报文格式校验回执 ``MessageReturn`` (CEB900)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    return_status: Value = M("returnStatus", "C..10", "回执状态，小于 0 表示格式校验异常")
    return_info: Value = M("returnInfo", "C..5000", "回执详细信息", shortest=0)
    return_time: Value = M("returnTime", "C17", "操作时间", shape="stamp")
    original_message_id: Value = M("oriCopMsgId", "C..255", "原始传输报文的 copMsgId", shortest=0)
    original_type: Value = M("oriMessageType", "C..15", "原始报文类型，不能识别时为 Unknown", shortest=0)
    original: Value = M("oriBizMessage", "C..", "原始报文内容", shortest=0)
