"""The goods lines of a goods declaration, with their licences. How to read a line: see ``fields``."""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value, nested
from .fields import element as F


@dataclass(slots=True)
class Vehicle:
    """A vehicle under a licence 许可证 VIN ``DecGoodsLimitVin``."""

    licence_no: Value = F("LicenceNo", "C..20", "C..40", "MS", "许可证编号")
    licence_type: Value = F("LicTypeCode", "C..5", "C..5", "MS", "许可证类别代码")
    vin_line: Value = F("VinNo", "C..5", "C..100", "M", "VIN序号")
    bill_date: Value = F("BillLadDate", "C..19", "C..19", "O", "提/运单日期")
    warranty: Value = F("QualityQgp", "C..100", "C..100", "O", "质量保质期")
    motor_no: Value = F("MotorNo", "C..100", "C..100", "O", "发动机号或电机号")
    vin: Value = F("VinCode", "C..20", "C..20", "O", "车辆识别代码")
    chassis_no: Value = F("ChassisNo", "C..20", "C..10", "O", "底盘")
    invoiced_quantity: Value = F("InvoiceNum", "N19,5", "N19,5", "O", "发票所列数量")
    product_name: Value = F("ProdCnnm", "C..500", "C..500", "O", "品名")
    product_name_en: Value = F("ProdEnnm", "C..500", "C..500", "O", "品名")
    model_en: Value = F("ModelEn", "C..500", "C..500", "O", "型号")
    unit_price: Value = F("PricePerUnit", "C..14", "C..20", "O", "单价")
    invoice_no: Value = F("InvoiceNo", "-", "C..30", "-", "发票号")


@dataclass(slots=True)
class Licence:
    """A licence of a goods line 许可证 ``DecGoodsLimit``."""

    line_no: Value = F("GoodsNo", "N9", "N9", "MS", "商品序号")
    licence_type: Value = F("LicTypeCode", "C..5", "C..5", "MD", "许可证类别代码")
    licence_no: Value = F("LicenceNo", "C..40", "C..40", "OD", "许可证编号")
    write_off_line: Value = F("LicWrtofDetailNo", "C..2", "C..4", "O", "许可证核销明细序号")
    write_off_quantity: Value = F("LicWrtofQty", "C..20", "C..20", "O", "许可证核销数量")
    write_off_unit: Value = F("LicWrtofQtyUnit", "-", "C..3", "-", "许可证核销数量单位")
    vehicles: list[Vehicle] = nested("", "DecGoodsLimitVin")


@dataclass(slots=True)
class GoodsLine:
    """One goods line 报关单表体 ``DecList``."""

    class_mark: Value = F("ClassMark", "C1", "C..1", "O", "归类标志")
    hs_code: Value = F("CodeTS", "C10", "C..10", "MS", "商品编号，10 位")
    record_line_no: Value = F("ContrItem", "N19", "N19", "O", "备案序号")
    price: Value = F("DeclPrice", "N19,4", "N19,4", "MD", "申报单价")
    duty_mode: Value = F("DutyMode", "C..1", "C..1", "OD", "征免方式")
    unit_factor: Value = F("Factor", "N11,3", "N11,3", "O", "申报计量单位与法定单位比例因子")
    specification: Value = F("GModel", "C..255", "C..255", "O", "规格型号，即申报要素，以“|”分隔")
    goods_name: Value = F("GName", "C..255", "C..255", "MD", "商品名称")
    line_no: Value = F("GNo", "N19", "N19", "MS", "商品序号")
    origin_country: Value = F("OriginCountry", "C3", "C..3", "MD", "原产国（进口）；出口时填最终目的国")
    currency: Value = F("TradeCurr", "C..3", "C..3", "OD", "成交币制")
    total_price: Value = F("DeclTotal", "N19,4", "N19,4", "MD", "申报总价")
    quantity: Value = F("GQty", "N19,5", "N19,5", "MD", "成交数量")
    legal_quantity: Value = F("FirstQty", "N19,5", "N19,5", "OD", "第一法定数量")
    second_quantity: Value = F("SecondQty", "N19,5", "N19,5", "O", "第二法定数量")
    unit: Value = F("GUnit", "C3", "C..3", "OD", "成交计量单位")
    legal_unit: Value = F("FirstUnit", "C3", "C..3", "OD", "第一计量单位")
    second_unit: Value = F("SecondUnit", "C3", "C..3", "O", "第二计量单位")
    use: Value = F("UseTo", "C2", "C..2", "O", "用途")
    processing_fee: Value = F("WorkUsd", "N19,4", "N19,4", "O", "工缴费")
    item_no: Value = F("ExgNo", "C..30", "C..30", "O", "货号")
    item_version: Value = F("ExgVersion", "N8", "N8", "O", "版本号")
    destination_country: Value = F("DestinationCountry", "C3", "C..3", "MS", "最终目的国（进口）；出口时填原产国")
    ciq_code: Value = F("CiqCode", "C..20", "C..20", "M", "检验检疫编码（4.8 起为 3 位监管类别）")
    goods_name_en: Value = F("DeclGoodsEname", "C..100", "C..100", "O", "商品英文名称")
    origin_region: Value = F("OrigPlaceCode", "C..50", "C..50", "O", "原产地区代码")
    purpose: Value = F("Purpose", "C..4", "C..4", "O", "检验检疫用途")
    valid_until: Value = F("ProdValidDt", "C..20", "C..20", "O", "产品有效期")
    shelf_life: Value = F("ProdQgp", "C..20", "C..20", "O", "产品保质期")
    goods_attributes: Value = F("GoodsAttr", "C..20", "C..20", "O", "货物属性代码")
    composition: Value = F("Stuff", "C..400", "C..400", "O", "成份/原料/组份")
    un_code: Value = F("Uncode", "C..20", "C..20", "O", "UN编码")
    dangerous_name: Value = F("DangName", "C..80", "C..80", "O", "危险货物名称")
    dangerous_pack_type: Value = F("DangPackType", "C..4", "C..4", "O", "危包类别")
    dangerous_pack_spec: Value = F("DangPackSpec", "C..24", "C..24", "O", "危包规格")
    overseas_maker: Value = F("EngManEntCnm", "C..100", "C..100", "O", "境外生产企业名称")
    is_not_dangerous: Value = F("NoDangFlag", "C..1", "C..1", "O", "非危险化学品：1 是")
    destination_code: Value = F("DestCode", "C..8", "C..8", "O", "目的地代码")
    goods_spec: Value = F("GoodsSpec", "C..2000", "C..2000", "O", "检验检疫货物规格")
    goods_model: Value = F("GoodsModel", "C..2000", "C..2000", "O", "货物型号")
    goods_brand: Value = F("GoodsBrand", "C..2000", "C..2000", "O", "货物品牌")
    produced_dates: Value = F("ProduceDate", "C..2000", "C..2000", "O", "生产日期，多个以分号分隔")
    batch_no: Value = F("ProdBatchNo", "C..2000", "C..2000", "O", "生产批号")
    district_code: Value = F("DistrictCode", "C..5", "C..5", "OD", "境内目的地（进口）或境内货源地（出口）")
    ciq_name: Value = F("CiqName", "C..50", "C..50", "O", "检验检疫名称")
    licences: list[Licence] = nested("DecGoodsLimits", "DecGoodsLimit")
    maker_no: Value = F("MnufctrRegNo", "C..20", "C..20", "O", "生产单位注册号")
    maker_name: Value = F("MnufctrRegName", "C..150", "C..150", "O", "生产单位名称")
    preference_origin: Value = F("RcepOrigPlaceCode", "-", "C..3", "-", "优惠贸易协定项下原产地")
    control_code: Value = F("ControlExplainCode", "-", "C..4", "-", "禁限管制识别码")
