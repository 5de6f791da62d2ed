"""What traders, payment firms, carriers and sites declare: CEB 311, 411, 511, 513, 621, 623, 625, 711.

Fields in the order of the schema. Each line: our word · the standard's word · form · meaning. The source is the
import schema of the unified edition of May 2022 with its handbook; where both differ, ``README.md`` says what we do.
"""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import mandatory as M
from .fields import optional as O


@dataclass(slots=True)
class OrderHead:
    """Order 电子订单, head (CEB311)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C..3", "业务状态：1 暂存，2 申报", values="1 2")
    order_type: Value = M("orderType", "C1", "订单类型：I 进口", values="I")
    order_no: Value = M("orderNo", "C..60", "订单编号")
    platform_code: Value = M("ebpCode", "C..18", "电商平台代码")
    platform_name: Value = M("ebpName", "C..100", "电商平台名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业名称")
    goods_value: Value = M("goodsValue", "N19,5", "商品价格（含非现金抵扣）")
    freight: Value = M("freight", "N19,5", "运杂费，无则为 0")
    discount: Value = M("discount", "N19,5", "非现金抵扣金额，无则为 0")
    tax_total: Value = M("taxTotal", "N19,5", "代扣税款，无则为 0")
    actual_paid: Value = M("acturalPaid", "N19,5", "实际支付金额")  # the standard's own spelling
    currency: Value = M("currency", "C3", "币制，限 142", values="142")
    buyer_account: Value = M("buyerRegNo", "C..60", "订购人注册号")
    buyer_name: Value = M("buyerName", "C..60", "订购人姓名")
    buyer_phone: Value = M("buyerTelephone", "C..30", "订购人电话")
    buyer_id_type: Value = M("buyerIdType", "C1", "订购人证件类型：1 身份证，2 其他", values="1 2")
    buyer_id_number: Value = M("buyerIdNumber", "C..60", "订购人证件号码")
    payment_firm_code: Value = O("payCode", "C..18", "支付企业代码")
    payment_firm_name: Value = O("payName", "C..100", "支付企业名称")
    transaction_no: Value = O("payTransactionId", "C..60", "支付交易编号")
    batch_numbers: Value = O("batchNumbers", "C..100", "商品批次号")
    consignee_name: Value = M("consignee", "C..100", "收货人姓名")
    consignee_phone: Value = M("consigneeTelephone", "C..50", "收货人电话")
    consignee_address: Value = M("consigneeAddress", "C..200", "收货地址")
    consignee_district: Value = O("consigneeDistrict", "C6", "收货地址行政区划代码")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class OrderLine:
    """Order 电子订单, goods line ``OrderList`` (CEB311)."""

    line_no: Value = M("gnum", "INT", "商品序号，从 1 递增")
    item_no: Value = O("itemNo", "C..30", "企业商品货号")
    item_name: Value = M("itemName", "C..250", "企业商品名称")
    specification: Value = M("gmodel", "C..510", "商品规格型号")
    item_description: Value = O("itemDescribe", "C..1000", "企业商品描述")
    barcode: Value = O("barCode", "C..50", "条形码")
    unit: Value = M("unit", "C3", "计量单位")
    quantity: Value = M("qty", "N19,5", "数量")
    price: Value = M("price", "N19,5", "单价，赠品为 0")
    total_price: Value = M("totalPrice", "N19,5", "总价")
    currency: Value = M("currency", "C3", "币制，限 142", values="142")
    origin_country: Value = M("country", "C3", "原产国（地区）")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class PaymentHead:
    """Payment voucher 支付凭证 (CEB411)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C..3", "业务状态：1 暂存，2 申报", values="1 2")
    payment_firm_code: Value = M("payCode", "C..18", "支付企业代码")
    payment_firm_name: Value = M("payName", "C..100", "支付企业名称")
    transaction_no: Value = M("payTransactionId", "C..60", "支付交易编号")
    order_no: Value = M("orderNo", "C..60", "订单编号")
    platform_code: Value = M("ebpCode", "C..18", "电商平台代码")
    platform_name: Value = M("ebpName", "C..100", "电商平台名称")
    payer_id_type: Value = M("payerIdType", "C1", "支付人证件类型：1 身份证，2 其他", values="1 2")
    payer_id_number: Value = M("payerIdNumber", "C..60", "支付人证件号码")
    payer_name: Value = M("payerName", "C..60", "支付人姓名")
    payer_phone: Value = O("telephone", "C..60", "支付人电话")
    amount_paid: Value = M("amountPaid", "N19,5", "支付金额")
    currency: Value = M("currency", "C3", "支付币制，限 142", values="142")
    paid_time: Value = M("payTime", "C14", "支付时间", shape="time")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class WaybillHead:
    """Logistics waybill 物流运单 ``LogisticsHead`` (CEB511)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C..3", "业务状态：1 暂存，2 申报", values="1 2")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    waybill_no: Value = M("logisticsNo", "C..60", "物流运单编号")
    bill_no: Value = O("billNo", "C..37", "提运单号")
    order_no: Value = M("orderNo", "C..60", "订单编号")
    freight: Value = O("freight", "N19,5", "运费，无则为 0", always="0")  # handbook: M; schema: O
    insured_fee: Value = O("insuredFee", "N19,5", "保价费，无则为 0", always="0")  # handbook: M; schema: O
    currency: Value = M("currency", "C3", "币制，限 142", values="142")
    weight_kg: Value = M("weight", "N19,5", "毛重（千克）")
    packages: Value = M("packNo", "N9", "件数，限 1")
    goods_info: Value = O("goodsInfo", "C..200", "主要货物信息")
    consignee_name: Value = M("consignee", "C..100", "收货人姓名")
    consignee_address: Value = M("consigneeAddress", "C..200", "收货地址")
    consignee_phone: Value = M("consigneeTelephone", "C..50", "收货人电话")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class WaybillStatusHead:
    """Logistics waybill status 物流运单状态 ``LogisticsStatus`` (CEB513); a node without a block of its own."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C..3", "业务状态：1 暂存，2 申报", values="1 2")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    waybill_no: Value = M("logisticsNo", "C..60", "物流运单编号")
    status: Value = M("logisticsStatus", "C1", "物流运单状态，限 S（签收）", values="S")
    status_time: Value = M("logisticsTime", "C14", "物流状态时间", shape="time")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ListHead:
    """Import list 进口清单 ``InventoryHead`` (CEB621)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C..3", "业务状态：1 暂存，2 申报（申报须有签名）", values="1 2")
    order_no: Value = M("orderNo", "C..60", "订单编号")
    platform_code: Value = M("ebpCode", "C..18", "电商平台代码")
    platform_name: Value = M("ebpName", "C..100", "电商平台名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业名称")
    waybill_no: Value = M("logisticsNo", "C..60", "物流运单编号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    internal_no: Value = O("copNo", "C..20", "企业内部编号")
    pre_entry_no: Value = O("preNo", "C..18", "预录入编号")
    guarantor_code: Value = M("assureCode", "C..30", "担保企业编号，限平台、电商、物流企业")
    account_book_no: Value = O("emsNo", "C..30", "账册编号，保税必填")
    list_no: Value = O("invtNo", "C..18", "清单编号，海关生成")
    direction: Value = M("ieFlag", "C1", "进出口标记：I 进口", values="I")
    declare_date: Value = M("declTime", "C8", "申报日期", shape="date")
    customs_code: Value = M("customsCode", "C4", "申报海关代码")
    port_code: Value = M("portCode", "C4", "口岸海关代码")
    entry_date: Value = O("ieDate", "C8", "进口日期", shape="date")
    buyer_id_type: Value = M("buyerIdType", "C1", "订购人证件类型：1 身份证，2 其他", values="1 2")
    buyer_id_number: Value = M("buyerIdNumber", "C..60", "订购人证件号码")
    buyer_name: Value = M("buyerName", "C..60", "订购人姓名")
    buyer_phone: Value = M("buyerTelephone", "C..30", "订购人电话")
    consignee_address: Value = M("consigneeAddress", "C..200", "收件地址")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    zone_firm_code: Value = O("areaCode", "C..18", "区内企业代码，保税必填")
    zone_firm_name: Value = O("areaName", "C..100", "区内企业名称，保税必填")
    trade_mode: Value = M("tradeMode", "C4", "贸易方式：9610 直购，1210 保税", values="9610 1210")
    transport_mode: Value = M("trafMode", "C1", "运输方式")
    transport_name: Value = O("trafNo", "C..100", "运输工具编号，直购必填")
    voyage_no: Value = O("voyageNo", "C..32", "航班航次号，直购必填")
    bill_no: Value = O("billNo", "C..37", "提运单号，直购必填")
    place_code: Value = O("loctNo", "C..10", "监管场所代码")
    licence_no: Value = O("licenseNo", "C..19", "许可证件号")
    departure_country: Value = M("country", "C3", "起运国（地区），保税为 142")
    freight: Value = M("freight", "N19,5", "运费")
    insured_fee: Value = M("insuredFee", "N19,5", "保费")
    currency: Value = M("currency", "C3", "币制，限 142", values="142")
    package_type: Value = O("wrapType", "C1", "包装种类代码")
    packages: Value = M("packNo", "N9", "件数，限 1")
    gross_weight_kg: Value = M("grossWeight", "N19,5", "毛重（千克）")
    net_weight_kg: Value = M("netWeight", "N19,5", "净重（千克）")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ListLine:
    """Import list 进口清单, goods line ``InventoryList`` (CEB621)."""

    line_no: Value = M("gnum", "INT", "序号，从 1 连续，与订单商品序号一一对应")
    record_item_no: Value = O("itemRecordNo", "C..30", "账册备案料号，保税必填")
    item_no: Value = O("itemNo", "C..30", "企业商品货号", sent_longest=20)  # 30: edition 2018, handbook; 20: schema
    item_name: Value = O("itemName", "C..250", "企业商品品名")
    hs_code: Value = M("gcode", "C10", "商品编码", shape="digits")
    goods_name: Value = M("gname", "C..250", "商品名称")
    specification: Value = M("gmodel", "C..510", "商品规格型号")
    barcode: Value = O("barCode", "C..50", "条码")
    origin_country: Value = M("country", "C3", "原产国（地区）")
    trade_country: Value = O("tradeCountry", "C..3", "贸易国", shortest=1)  # edition 2018: exactly 3
    currency: Value = M("currency", "C3", "币制，限 142", values="142")
    quantity: Value = M("qty", "N19,5", "数量")
    unit: Value = M("unit", "C3", "计量单位")
    legal_quantity: Value = M("qty1", "N19,5", "法定数量")
    legal_unit: Value = M("unit1", "C3", "法定计量单位")
    second_quantity: Value = O("qty2", "N19,5", "第二数量")
    second_unit: Value = O("unit2", "C3", "第二计量单位")
    price: Value = M("price", "N19,5", "单价")
    total_price: Value = M("totalPrice", "N19,5", "总价")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class CancelHead:
    """Request to cancel a list 撤销申请单 ``InvtCancel`` (CEB623); a node without a block of its own."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增", values="1")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C..3", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报海关代码")
    order_no: Value = M("orderNo", "C..60", "订单编号")
    platform_code: Value = M("ebpCode", "C..18", "电商平台代码")
    platform_name: Value = M("ebpName", "C..100", "电商平台名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业名称")
    waybill_no: Value = M("logisticsNo", "C..60", "物流运单编号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    internal_no: Value = O("copNo", "C..20", "企业内部编号", always="")  # handbook: M; schema: O
    pre_entry_no: Value = O("preNo", "C..18", "预录入编号")
    list_no: Value = M("invtNo", "C..18", "原清单编号")
    buyer_id_type: Value = M("buyerIdType", "C1", "订购人证件类型：1 身份证，2 其他", values="1 2")
    buyer_id_number: Value = M("buyerIdNumber", "C..60", "订购人证件号码")
    buyer_name: Value = M("buyerName", "C..60", "订购人姓名")
    buyer_phone: Value = M("buyerTelephone", "C..30", "订购人电话")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    reason: Value = M("reason", "C..1000", "撤单原因")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ReturnHead:
    """Request to return goods 退货申请单 ``InvtRefundHead`` (CEB625)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C..3", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报海关代码")
    order_no: Value = M("orderNo", "C..60", "订单编号")
    platform_code: Value = M("ebpCode", "C..18", "电商平台代码")
    platform_name: Value = M("ebpName", "C..100", "电商平台名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业名称")
    waybill_no: Value = M("logisticsNo", "C..60", "物流运单编号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    internal_no: Value = O("copNo", "C..20", "企业内部编号", always="")  # handbook: M; schema: O
    pre_entry_no: Value = O("preNo", "C..18", "预录入编号")
    list_no: Value = M("invtNo", "C..18", "原清单编号")
    buyer_id_type: Value = M("buyerIdType", "C1", "订购人证件类型：1 身份证，2 其他", values="1 2")
    buyer_id_number: Value = M("buyerIdNumber", "C..60", "订购人证件号码", sent_longest=20)  # handbook: 20
    buyer_name: Value = M("buyerName", "C..60", "订购人姓名")
    buyer_phone: Value = M("buyerTelephone", "C..30", "订购人电话")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    reason: Value = M("reason", "C..1000", "退货原因")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ReturnLine:
    """Request to return goods 退货申请单, line ``InvtRefundList`` (CEB625)."""

    line_no: Value = M("gnum", "INT", "原清单商品序号")
    hs_code: Value = M("gcode", "C10", "商品编码", shape="digits")
    goods_name: Value = M("gname", "C..250", "商品名称，与清单一致")
    quantity: Value = M("qty", "N19,5", "退货数量，不大于原清单数量")
    unit: Value = M("unit", "C3", "计量单位")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class InboundHead:
    """Inbound detail 入库明细单 ``DeliveryHead`` (CEB711), by the operator of the supervision place."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C..3", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报海关代码")
    internal_no: Value = O("copNo", "C..20", "企业内部编号", always="")  # handbook: M; schema: O
    pre_entry_no: Value = O("preNo", "C..18", "预录入编号")
    inbound_no: Value = O("rkdNo", "C..18", "入库单编号，海关生成")
    operator_code: Value = M("operatorCode", "C..18", "监管场所经营人代码")
    operator_name: Value = M("operatorName", "C..100", "监管场所经营人名称")
    direction: Value = M("ieFlag", "C1", "进出口标记：I 进口，E 出口", values="I E")
    transport_mode: Value = M("trafMode", "C1", "运输方式")
    transport_name: Value = M("trafNo", "C..100", "运输工具编号")
    voyage_no: Value = M("voyageNo", "C..32", "航班航次号")
    bill_no: Value = M("billNo", "C..37", "提运单号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    unload_location: Value = O("unloadLocation", "C..100", "卸货库位")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class InboundLine:
    """Inbound detail 入库明细单, line ``DeliveryList`` (CEB711)."""

    line_no: Value = M("gnum", "INT", "序号，从 1 递增")
    waybill_no: Value = M("logisticsNo", "C..60", "物流运单编号")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class BaseTransfer:
    """Who carries the message 传输信息: once at the end of every declaration."""

    firm_code: Value = M("copCode", "C..18", "传输企业代码")
    firm_name: Value = M("copName", "C..100", "传输企业名称")
    mode: Value = M("dxpMode", "C3", "报文传输模式，限 DXP", values="DXP")
    dxp_id: Value = M("dxpId", "C..30", "数据交换平台用户编号")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class BaseSubscribe:
    """Who else wants the receipts 订阅信息: at most five times."""

    status: Value = M("status", "C..100", "订阅的业务状态")
    mode: Value = M("dxpMode", "C3", "订阅方传输模式")
    address: Value = M("dxpAddress", "C..100", "订阅方传输地址")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ExtendMessage:
    """A firm's own data 扩展自定义数据: at most once."""

    name: Value = M("name", "C..30", "自定义报文名称", shortest=0)
    version: Value = M("version", "C..30", "自定义报文版本", shortest=0)
    message: Value = M("Message", "XML", "自定义报文实体", shortest=0)
