"""The head of a goods declaration, in the order of the schema.

Each line: our word · the standard's word · form in 3.1 · form in 4.8 · need · meaning (see ``fields``). Sources: the
format 进出口货物报关单报文格式 V1.0 (GACC 2018-67) with its schema for 3.1; the public field list of edition 4.8.
"""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import element as F


@dataclass(slots=True)
class Head:
    """The head 报关单表头 ``DecHead``: who declares what, how it travels, on which terms."""

    seq_no: Value = F("SeqNo", "C18", "C..18", "O", "数据中心统一编号，首次导入为空")
    direction: Value = F("IEFlag", "C..1", "C..1", "MS", "进出口标志：I 进口，E 出口", values="I E")
    document_type: Value = F(
        "Type",
        "C2",
        "C..6",
        "O",
        "单据类型：前两位为类型前缀，一般报关单为空；第三位 5 概要申报、6 完整申报",
        shape="places",
    )
    agent_code: Value = F("AgentCode", "C..18", "C..10", "MS", "申报单位代码")
    agent_name: Value = F("AgentName", "C..70", "C..100", "MS", "申报单位名称")
    approval_no: Value = F("ApprNo", "C..32", "C..32", "O", "批准文号")
    bill_no: Value = F("BillNo", "C..32", "C..32", "O", "提单号")
    contract_no: Value = F("ContrNo", "C..32", "C..32", "O", "合同号")
    customs_code: Value = F("CustomMaster", "C4", "C..4", "MS", "申报地海关")
    levy_nature: Value = F("CutMode", "C3", "C..3", "O", "征免性质")
    port_of_call: Value = F("DistinatePort", "C6", "C..6", "MD", "经停港（进口）或指运港（出口）")
    freight_currency: Value = F("FeeCurr", "C3", "C..3", "O", "运费币制")
    freight_mark: Value = F("FeeMark", "C1", "C..1", "O", "运费标记：1 率，2 单价，3 总价", values="1 2 3")
    freight_rate: Value = F("FeeRate", "N19,5", "N19,5", "O", "运费／率")
    gross_weight_kg: Value = F("GrossWet", "N19,5", "N19,5", "MD", "毛重")
    entry_date: Value = F("IEDate", "C8", "C8", "O", "进出口日期", shape="date")
    port_code: Value = F("IEPort", "C4", "C..4", "OD", "进出境关别")
    insurance_currency: Value = F("InsurCurr", "C3", "C..3", "O", "保险费币制")
    insurance_mark: Value = F("InsurMark", "C1", "C..1", "O", "保险费标记：1 率，3 总价", values="1 3")
    insurance_rate: Value = F("InsurRate", "N19,5", "N19,5", "O", "保险费／率")
    licence_no: Value = F("LicenseNo", "C..20", "C..20", "O", "许可证编号")
    record_no: Value = F("ManualNo", "C..12", "C..12", "O", "备案号")
    net_weight_kg: Value = F("NetWt", "N19,5", "N19,5", "MD", "净重")
    note: Value = F("NoteS", "C..70", "C..255", "O", "备注")
    other_fee_currency: Value = F("OtherCurr", "C3", "C..3", "O", "杂费币制")
    other_fee_mark: Value = F("OtherMark", "C1", "C..1", "O", "杂费标记：1 率，2 单价，3 总价", values="1 2 3")
    other_fee_rate: Value = F("OtherRate", "N19,5", "N19,5", "O", "杂费／率")
    owner_code: Value = F("OwnerCode", "C..18", "C..18", "O", "消费使用/生产销售单位代码")
    owner_name: Value = F("OwnerName", "C..70", "C..100", "MD", "消费使用/生产销售单位名称")
    packages: Value = F("PackNo", "N9", "N9", "MD", "件数")
    trader_code: Value = F("TradeCode", "C..18", "C..18", "MD", "境内收发货人代码")
    trade_country: Value = F("TradeCountry", "C3", "C..3", "MD", "启运国（进口）或运抵国（出口）")
    trade_mode: Value = F("TradeMode", "C4", "C..4", "MD", "监管方式")
    trader_name: Value = F("TradeName", "C..70", "C..100", "MD", "境内收发货人名称")
    transport_mode: Value = F("TrafMode", "C1", "C..1", "MD", "运输方式代码")
    transport_name: Value = F("TrafName", "C..26", "C..50", "O", "运输工具代码及名称")
    price_terms: Value = F("TransMode", "C1", "C..1", "OD", "成交方式")
    package_type: Value = F("WrapType", "C..2", "C..2", "MD", "包装种类")
    entry_no: Value = F("EntryId", "C18", "C..18", "O", "海关编号")
    pre_entry_no: Value = F("PreEntryId", "C9", "C..9", "O", "预录入编号")
    edi_flag: Value = F("EdiId", "C1", "C..1", "MD", "报关标志：1 普通，3 北方转关提前，5 南方转关提前，6 南方直转")
    risk: Value = F("Risk", "C..10", "C..10", "O", "风险评估参数")
    typing_firm_name: Value = F("CopName", "C..70", "C..70", "MS", "录入单位名称")
    typing_firm_code: Value = F("CopCode", "C9", "C..9", "OS", "录入单位代码")
    entry_type: Value = F(
        "EntryType",
        "C1",
        "C..1",
        "MD",
        "报关单类型：0 普通，L 带清单，W 无纸，D 清单且无纸，M 无纸化通关",
        values="0 L W D M",
    )
    printed_date: Value = F("PDate", "C..8", "C8", "O", "打印日期", shape="date")
    typist_card: Value = F("TypistNo", "C..30", "C..30", "OS", "录入员IC卡号")
    typist_name: Value = F("InputerName", "C..32", "C..32", "OS", "录入员名称")
    declarant_id: Value = F("PartenerID", "C..20", "C..20", "O", "申报人标识")
    related_document_no: Value = F("TgdNo", "C18", "C..18", "O", "关联单据号")
    extension: Value = F("DataSource", "C..5", "C..5", "O", "扩展字段：按位表示口罩标准、商品拆分、智能申报")
    is_transit: Value = F("DeclTrnRel", "C1", "C..1", "MS", "报关/转关关系：0 一般报关单，1 转关提前", values="0 1")
    is_guaranteed: Value = F("ChkSurety", "C1", "C..1", "O", "担保验放标志：1 是，0 否")
    record_list_type: Value = F(
        "BillType", "C1", "C..1", "O", "备案清单类型：1 普通，2 先进区后报关，3 分送集报清单，4 分送集报报关单"
    )
    typing_firm_uscc: Value = F("CopCodeScc", "C18", "C..18", "O", "录入单位统一编码")
    owner_uscc: Value = F("OwnerCodeScc", "C..18", "C..18", "OD", "消费使用/生产销售单位统一编码")
    agent_uscc: Value = F("AgentCodeScc", "C..18", "C..18", "OD", "申报单位统一编码")
    trader_uscc: Value = F("TradeCoScc", "C..18", "C..18", "OD", "收发货人统一编码")
    price_statements: Value = F(
        "PromiseItmes",
        "C..32",
        "C..32",
        "MS",
        "价格说明：按位表示特殊关系、价格影响、特许权使用费、公式定价、暂定价格（1 是，0 否，9 空）",
    )
    trading_country: Value = F("TradeAreaCode", "C3", "C..3", "MS", "贸易国（地区）")
    inspection_split: Value = F("CheckFlow", "C1", "C..1", "O", "查验分流")
    tax_mark: Value = F("TaxAaminMark", "C1", "C..1", "O", "税收征管标记")
    marks: Value = F("MarkNo", "C..400", "C..400", "O", "标记唛码")
    departure_port: Value = F("DespPortCode", "C..8", "C..8", "MD", "启运港")
    entry_port: Value = F("EntyPortCode", "C..8", "C..8", "MD", "入境（离境）口岸")
    goods_place: Value = F("GoodsPlace", "C..100", "C..100", "MD", "存放地点")
    delivery_order_no: Value = F("BLNo", "C..50", "C..50", "O", "B/L号")
    inspection_office: Value = F("InspOrgCode", "C..10", "C..10", "O", "口岸检验检疫机关（已废弃）")
    special_business: Value = F(
        "SpecDeclFlag",
        "C..10",
        "C..10",
        "O",
        "特种业务标识：按位表示国际赛事、军工、援助、会议、直通放行、外交礼遇、转关",
    )
    destination_customs: Value = F("PurpOrgCode", "C..10", "C..4", "O", "目的地海关")
    departure_date: Value = F("DespDate", "C..8", "C8", "O", "启运日期", shape="date")
    discharge_date: Value = F("CmplDschrgDt", "C..8", "C8", "O", "卸毕日期", shape="date")
    relation_reason: Value = F("CorrelationReasonFlag", "C..2", "C..2", "O", "关联理由")
    certificate_office: Value = F("VsaOrgCode", "C..10", "C..10", "O", "领证机关（已废弃）")
    keeps_containers: Value = F("OrigBoxFlag", "C..1", "C..1", "O", "原集装箱标识")
    declarant_name: Value = F("DeclareName", "C..50", "C..50", "MS", "申报人员姓名")
    no_other_packing: Value = F("NoOtherPack", "C..1", "C..1", "M", "无其他包装：0 有其他包装，1 没有", values="0 1")
    acceptance_office: Value = F("OrgCode", "C..10", "C..10", "O", "检验检疫受理机关（已废弃）")
    overseas_shipper_code: Value = F("OverseasConsignorCode", "C..20", "C..50", "O", "境外发货人代码")
    overseas_party_name: Value = F("OverseasConsignorCname", "C..150", "C..150", "O", "境外收发货人名称")
    overseas_shipper_name: Value = F("OverseasConsignorEname", "C..100", "C..100", "O", "境外发货人名称")
    overseas_party_address: Value = F("OverseasConsignorAddr", "C..100", "C..100", "O", "境外收发货人地址")
    overseas_consignee_code: Value = F("OverseasConsigneeCode", "C..20", "C..50", "O", "境外收货人编码")
    overseas_consignee_name: Value = F("OverseasConsigneeEname", "C..400", "C..400", "O", "境外收货人名称")
    trader_foreign_name: Value = F("DomesticConsigneeEname", "C..400", "C..400", "O", "境内收发货人名称")
    related_no: Value = F("CorrelationNo", "C..500", "C..500", "O", "关联号码")
    edi_note_2: Value = F("EdiRemark2", "C..128", "C..128", "O", "EDI申报备注2")
    edi_note: Value = F("EdiRemark", "C..128", "C..128", "O", "EDI申报备注")
    trader_ciq_code: Value = F("TradeCiqCode", "-", "C..10", "-", "境内收发货人检验检疫编码")
    owner_ciq_code: Value = F("OwnerCiqCode", "-", "C..10", "-", "消费使用/生产销售单位检验检疫编码")
    agent_ciq_code: Value = F("DeclCiqCode", "-", "C..10", "-", "申报单位检验检疫编码")
