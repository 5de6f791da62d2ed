"""Tax report, royalties and risk of a goods declaration. How to read a line: see ``fields``."""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import element as F


@dataclass(slots=True)
class TaxReport:
    """The head of a tax report 报税单 ``SddTaxHead``."""

    file_name: Value = F("FileName", "C..64", "C..18", "O", "文件名称")
    seq_no: Value = F("SeqNo", "C..18", "C..18", "O", "数据中心统一编号")
    tax_report_no: Value = F("SddNo", "C..18", "-", "O", "报税单编号")
    direction: Value = F("IEFlag", "C1", "C..1", "O", "进出口标志")
    declare_port: Value = F("DeclPort", "C4", "C..4", "O", "申报口岸")
    expected_date: Value = F("DDate", "C..10", "C..10", "O", "预计申报日期")
    trader_code: Value = F("TradeCo", "C10", "C..10", "O", "境内收发货人编号")
    trader_name: Value = F("TradeName", "C..70", "C..70", "O", "境内收发货人名称")
    domestic_ratio: Value = F("InRatio", "N21,7", "N21,7", "O", "内销比率")
    trade_mode: Value = F("TradeMode", "C4", "C..4", "O", "监管方式")
    levy_nature: Value = F("CutMode", "C3", "C..3", "O", "征免性质分类")
    price_terms: Value = F("TransMode", "C1", "C..1", "O", "成交方式")
    freight_mark: Value = F("FeeMark", "C1", "C..1", "O", "运费标记")
    freight_currency: Value = F("FeeCurr", "C3", "C..3", "O", "运费币制")
    freight_rate: Value = F("FeeRate", "N21,7", "N21,7", "O", "运费／率")
    insurance_mark: Value = F("InsurMark", "C1", "C..1", "O", "保险费标记")
    insurance_currency: Value = F("InsurCurr", "C3", "C..1", "O", "保险费币制")
    insurance_rate: Value = F("InsurRate", "N21,7", "N21,7", "O", "保险费／率")
    other_fee_mark: Value = F("OtherMark", "C1", "C..1", "O", "杂费标记")
    other_fee_currency: Value = F("OtherCurr", "C3", "C..3", "O", "杂费币制")
    other_fee_rate: Value = F("OtherRate", "N21,7", "N21,7", "O", "杂费／率")
    record_no: Value = F("ManualNo", "C..12", "C..12", "O", "备案号")
    trader_uscc: Value = F("TradeCoScc", "C18", "C..18", "O", "境内收发货人统一代码")
    gross_weight_kg: Value = F("GrossWt", "N21,7", "N21,7", "O", "毛重")
    note: Value = F("NoteS", "C..255", "C..255", "O", "备注")
    liability: Value = F("LegalLiability", "C..255", "C..255", "MD", "法律责任")
    signature: Value = F("Sign", "C..255", "C..255", "MD", "数字签名信息")
    signature_message_no: Value = F("MessId", "C..255", "C..20", "O", "签名消息号")
    certificate_no: Value = F("CertSeqNo", "C..255", "C..64", "OD", "签名证书号")
    status: Value = F("Status", "C..255", "C..1", "O", "状态")
    first_import_date: Value = F("F_DATE", "C..10", "-", "O", "料件首次进口日期")
    tax_service_no: Value = F("TAX_NO", "C..18", "-", "M", "海关计税服务编号")


@dataclass(slots=True)
class RiskResult:
    """A risk assessment 风险评估 ``DecRisk``."""

    result: Value = F("Risk", "C..10", "C..10", "M", "风险评估结果")
    signature: Value = F("Sign", "C..201", "C..255", "M", "数字签名信息")
    handled_time: Value = F("SignDate", "C..16", "C..16", "M", "处理日期")
    note: Value = F("Note", "C..100", "C..100", "M", "备注")


@dataclass(slots=True)
class RoyaltyFee:
    """A royalty 特许权使用费 ``DecRoyaltyFee``."""

    price_ruling_no: Value = F("PricePreDeterminNo", "-", "C..20", "-", "价格预裁定编号")
    declaration_case: Value = F("TaxRoyaltyDeclType", "-", "C..1", "-", "应税申报情形：0 首次，1 延续")
    contract_no: Value = F("ContractNo", "-", "C..500", "-S", "合同/协议号")
    licensor: Value = F("Authorizer", "-", "C..500", "-S", "授权方")
    licensee: Value = F("AuthorizedPerson", "-", "C..500", "-S", "被授权方")
    pay_type: Value = F("PayType", "-", "C..20", "-S", "支付方式：0 一次，1 定期，2 混合")
    paid_date: Value = F("PayTime", "-", "C..10", "-S", "支付时间")
    period_months: Value = F("PayPeriod", "-", "N2", "-", "支付计提周期")
    effective_date: Value = F("EffectiveDateTime", "-", "C..10", "-S", "合同/协议起始执行时间")
    expiration_date: Value = F("ExpirationDateTime", "-", "C..10", "-S", "合同协议终止时间")
    amount: Value = F("RoyaltyAmount", "-", "N19,2", "-S", "特许权使用费金额")
    currency: Value = F("Curr", "-", "C..3", "-S", "币制")
    royalty_kinds: Value = F("RoyaltyFeeType", "-", "C..5", "-S", "特许权使用费类型")
    material_kinds: Value = F("EdocType", "-", "C..8", "-S", "随附材料清单类型")
    statement: Value = F("Statment", "-", "C..2500", "-S", "说明")
    is_secret: Value = F("IsSecret", "-", "C..1", "-S", "是否保密")
    is_customs_audited: Value = F("IsCusAudit", "-", "C..1", "-", "是否经过海关审核认定")
    has_price_ruling: Value = F("IsCusPricePreDetermin", "-", "C..1", "-", "是否经过海关价格预裁定")
    issued_date: Value = F("IssueDateTime", "-", "C..10", "-S", "合同/协议签约时间")
    period_start_date: Value = F("PeriodStartDate", "-", "C..10", "-", "本次支付对应的计提周期起始时间")
    period_end_date: Value = F("PeriodEndDate", "-", "C..10", "-", "本次支付对应的计提周期终止时间")


@dataclass(slots=True)
class TaxReportLine:
    """A goods line of a tax report 报税单商品项 ``SddTaxList``."""

    line_no: Value = F("GNo", "C..9", "C..9", "M", "商品序号")
    hs_code: Value = F("CodeTs", "C..10", "C..10", "M", "商品编号")
    goods_name: Value = F("GName", "C..50", "C..50", "M", "商品名称")
    origin_country: Value = F("OriginCountry", "C3", "C3", "M", "原产国")
    agreement: Value = F("AgreementId", "C..3", "C..3", "M", "优惠协定代码")
    quantity_1: Value = F("Qty1", "N21,7", "N21,7", "M", "第一数量")
    unit_1: Value = F("Unit1", "C3", "C3", "M", "第一单位")
    quantity_2: Value = F("Qty2", "N21,7", "N21,7", "M", "第二数量")
    unit_2: Value = F("Unit2", "C3", "C3", "M", "第二单位")
    currency: Value = F("TradeCurr", "C3", "C3", "M", "成交币制")
    price: Value = F("DeclPrice", "N21,7", "N21,7", "M", "申报单价")
    total_price: Value = F("DeclTotal", "N21,7", "N21,7", "M", "申报总价")
    duty_mode: Value = F("DutyMode", "C..1", "C..1", "O", "征免方式")
    antidumping: Value = F("Antidumping", "C..1", "C..1", "O", "反倾销标志")
    antisubsidy: Value = F("Antisubsidy", "C..1", "C..1", "O", "反补贴标志")
    dutiable_value: Value = F("DutyValue", "N21,7", "N21,7", "O", "完税价格")
    duty_rate: Value = F("DutyRate", "N21,7", "N21,7", "O", "关税从价税率")
    quantity_duty_rate: Value = F("QtyDutyRate", "N21,7", "N21,7", "O", "关税从量税率")
    consumption_rate: Value = F("RegRate", "N21,7", "N21,7", "O", "消费税从价税率")
    quantity_consumption_rate: Value = F("QtyRegRate", "N21,7", "N21,7", "O", "消费税从量税率")
    value_added_rate: Value = F("TaxRate", "N21,7", "N21,7", "O", "增值税税率")
    antidumping_rate: Value = F("AntidumpingRate", "N21,7", "N21,7", "O", "反倾销税率")
    antisubsidy_rate: Value = F("AntisubsidyRate", "N21,7", "N21,7", "O", "反补贴税率")
    waste_fund_rate: Value = F("TrashfundRate", "N21,7", "N21,7", "O", "废弃基金税率")


@dataclass(slots=True)
class TaxReportDetail:
    """A tax of a line of a tax report 报税单税款 ``SddTaxDetail``."""

    line_no: Value = F("GNo", "C..9", "C..9", "M", "商品序号")
    tax_kind: Value = F("TaxType", "C..1", "C..1", "M", "税种")
    amount: Value = F("RealTax", "N21,7", "N21,7", "M", "实征税额")
