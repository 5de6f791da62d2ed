"""What firms declare of an export parcel: order CEB 303, receipt of payment 403, waybill 505, list 603, cancel 605.

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
class ExportOrderHead:
    """Export order 出口订单、订仓单, head ``OrderHead`` (CEB303)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    order_type: Value = M("orderType", "C1", "订单类型：E 零售，B 企业对企业，W 海外仓订仓单", values="E B W")
    order_no: Value = M("orderNo", "C..60", "订单或订仓单编号")
    platform_code: Value = M("ebpCode", "C..50", "电商平台代码，境外平台无代码填“无”", sent_longest=18)
    platform_name: Value = M("ebpName", "C..100", "电商平台或海外仓名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业（收发货人）名称")
    goods_value: Value = M("goodsValue", "N19,5", "商品金额（离岸价，含非现金抵扣）")
    freight: Value = M("freight", "N19,5", "运杂费，无则为 0")
    currency: Value = M("currency", "C3", "币制")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ExportOrderLine:
    """Export order 出口订单、订仓单, line ``OrderList`` (CEB303)."""

    line_no: Value = M("gnum", "N5", "序号，从 1 递增")
    item_no: Value = M("itemNo", "C..30", "企业商品货号")
    item_name: Value = M("itemName", "C..250", "企业商品名称")
    item_description: Value = O("itemDescribe", "C..1000", "企业商品描述")
    barcode: Value = O("barCode", "C..50", "条形码，没有填“无”")
    unit: Value = M("unit", "C3", "计量单位")
    currency: Value = M("currency", "C3", "币制")
    quantity: Value = M("qty", "N19,5", "数量")
    price: Value = M("price", "N19,5", "单价")
    total_price: Value = M("totalPrice", "N19,5", "总价")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ReceiptHead:
    """Receipt of payment 收款单 ``Receipts`` (CEB403)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    platform_code: Value = M("ebpCode", "C..50", "电商平台代码，境外平台无代码填“无”", sent_longest=18)
    platform_name: Value = M("ebpName", "C..100", "电商平台或海外仓名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业（收发货人）名称")
    order_no: Value = M("orderNo", "C..60", "订单或订仓单编号")
    payment_firm_code: Value = O("payCode", "C..18", "支付企业代码，境内必填")
    payment_firm_name: Value = M("payName", "C..100", "支付企业名称，非线上支付填“现金支付”")
    transaction_no: Value = O("payNo", "C..60", "支付交易编号")
    amount_received: Value = M("charge", "N19,5", "收款金额")
    currency: Value = M("currency", "C3", "币制")
    received_time: Value = M("accountingDate", "C14", "到账时间", shape="time")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ExportWaybillHead:
    """Export waybill 出口运单 ``Logistics`` (CEB505)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号", sent_longest=32)
    freight: Value = M("freight", "N19,5", "运费，无则为 0")
    insured_fee: Value = M("insuredFee", "N19,5", "保费，无则为 0")
    currency: Value = M("currency", "C3", "币制")
    gross_weight_kg: Value = M("grossWeight", "N19,5", "毛重（千克）")
    packages: Value = M("packNo", "N9", "件数")
    goods_info: Value = M("goodsInfo", "C..200", "主要货物信息")
    merchant_code: Value = O("ebcCode", "C..18", "电商企业（收发货人）代码")
    merchant_name: Value = O("ebcName", "C..100", "电商企业（收发货人）名称")
    merchant_phone: Value = O("ebcTelephone", "C..50", "电商企业电话")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ExportListHead:
    """Export list 出口清单, head ``InventoryHead`` (CEB603)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    platform_code: Value = M("ebpCode", "C..50", "电商平台代码，境外平台无代码填“无”", sent_longest=18)
    platform_name: Value = M("ebpName", "C..100", "电商平台或海外仓名称")
    order_no: Value = M("orderNo", "C..60", "订单或订仓单编号")
    carrier_code: Value = M("logisticsCode", "C..18", "物流企业代码")
    carrier_name: Value = M("logisticsName", "C..100", "物流企业名称")
    waybill_no: Value = M("logisticsNo", "C..80", "物流运单编号", sent_longest=32)
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    list_no: Value = O("invtNo", "C..20", "清单编号，海关审结后生成")
    direction: Value = M("ieFlag", "C1", "进出口标记：E 出口", values="E")
    port_code: Value = M("portCode", "C4", "出口口岸海关代码")
    exit_date: Value = M("ieDate", "C8", "出口日期", shape="date")
    procedure: Value = M("statisticsFlag", "C1", "申报业务类型：A 简化申报，B 汇总申报", values="A B")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业（收发货人）名称")
    producer_code: Value = M("ownerCode", "C..18", "生产销售企业代码，未注册填 NO")
    producer_name: Value = M("ownerName", "C..100", "生产销售企业名称")
    zone_firm_code: Value = O("iacCode", "C..18", "区内企业代码，特殊区域必填")
    zone_firm_name: Value = O("iacName", "C..100", "区内企业名称，特殊区域必填")
    account_book_no: Value = O("emsNo", "C..30", "账册编号，特殊区域必填")
    trade_mode: Value = M(
        "tradeMode",
        "C4",
        "贸易方式：9610 零售，1210 特殊区域，9710 企业对企业，9810 海外仓",
        values="9610 1210 9710 9810",
    )
    transport_mode: Value = M("trafMode", "C1", "运输方式")
    transport_name: Value = O("trafName", "C..100", "运输工具名称")
    voyage_no: Value = O("voyageNo", "C..32", "航班航次号")
    bill_no: Value = O("billNo", "C..37", "提运单号")
    package_no: Value = O("totalPackageNo", "C..60", "总包号", sent_longest=37)
    place_code: Value = O("loctNo", "C..10", "监管场所代码")
    licence_no: Value = O("licenseNo", "C..19", "许可证号")
    arrival_country: Value = M("country", "C3", "运抵国（地区）")
    destination_port: Value = M("POD", "C..4", "指运港代码", shortest=3)
    freight: Value = M("freight", "N19,5", "运费")
    freight_currency: Value = M("fCurrency", "C3", "运费币制")
    freight_mark: Value = M("fFlag", "C1", "运费标志：1 率，2 单价，3 总价", values="1 2 3")
    insured_fee: Value = M("insuredFee", "N19,5", "保费，无则为 0")
    insurance_currency: Value = M("iCurrency", "C3", "保费币制")
    insurance_mark: Value = M("iFlag", "C1", "保费标志：1 率，2 单价，3 总价", values="1 2 3")
    package_type: Value = M("wrapType", "C1", "包装种类")
    packages: Value = M("packNo", "N9", "件数")
    gross_weight_kg: Value = M("grossWeight", "N19,5", "毛重（千克）")
    net_weight_kg: Value = M("netWeight", "N19,5", "净重（千克）")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ExportListLine:
    """Export list 出口清单, line ``InventoryList`` (CEB603)."""

    line_no: Value = M("gnum", "N5", "序号，从 1 递增")
    item_no: Value = M("itemNo", "C..20", "企业商品货号")
    record_item_no: Value = O("itemRecordNo", "C..30", "账册备案料号，特殊区域必填")
    item_name: Value = O("itemName", "C..250", "企业商品名称")
    hs_code: Value = M("gcode", "C10", "商品编码", shape="digits")
    goods_name: Value = M("gname", "C..250", "商品名称")
    specification: Value = M("gmodel", "C..250", "规格型号")
    barcode: Value = M("barCode", "C..50", "条形码，没有填“无”")
    destination_country: Value = M("country", "C3", "目的国（地区）")
    currency: Value = M("currency", "C3", "币制")
    quantity: Value = M("qty", "N19,5", "数量")
    legal_quantity: Value = M("qty1", "N19,5", "法定数量")
    second_quantity: Value = O("qty2", "N19,5", "第二数量")
    unit: Value = M("unit", "C3", "计量单位")
    legal_unit: Value = M("unit1", "C3", "法定计量单位")
    second_unit: Value = O("unit2", "C..3", "第二计量单位")
    price: Value = M("price", "N19,5", "单价")
    total_price: Value = M("totalPrice", "N19,5", "总价")
    note: Value = O("note", "C..1000", "备注")


@dataclass(slots=True)
class ExportCancelHead:
    """Request to cancel an export list 撤销申请单 ``InvtCancel`` (CEB605)."""

    guid: Value = M("guid", "C36", "系统唯一序号")
    app_type: Value = M("appType", "C1", "报送类型：1 新增，2 变更，3 删除", values="1 2 3")
    app_time: Value = M("appTime", "C14", "报送时间", shape="time")
    app_status: Value = M("appStatus", "C1", "业务状态：1 暂存，2 申报", values="1 2")
    customs_code: Value = M("customsCode", "C4", "申报地海关代码")
    internal_no: Value = M("copNo", "C..30", "企业唯一编号")
    pre_entry_no: Value = O("preNo", "C18", "电子口岸编号")
    list_no: Value = M("invtNo", "C..20", "要撤销的清单编号")
    reason: Value = M("reason", "C..1000", "撤单原因")
    declarant_code: Value = M("agentCode", "C..18", "申报企业代码")
    declarant_name: Value = M("agentName", "C..100", "申报企业名称")
    merchant_code: Value = M("ebcCode", "C..18", "电商企业（收发货人）代码")
    merchant_name: Value = M("ebcName", "C..100", "电商企业（收发货人）名称")
    note: Value = O("note", "C..1000", "备注")
