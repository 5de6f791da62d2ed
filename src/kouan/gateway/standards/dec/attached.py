"""What goes along with a goods declaration: containers, documents, files, free text, signing. See ``fields``."""

# ruff: noqa: RUF009 (the calls are the specification of each field)

from __future__ import annotations

from dataclasses import dataclass

from .fields import Value
from .fields import element as F


@dataclass(slots=True)
class Container:
    """A container 集装箱 ``Container``."""

    container_no: Value = F("ContainerId", "C..11", "C..32", "MS", "集装箱号")
    container_type: Value = F("ContainerMd", "C..32", "C..32", "MS", "集装箱规格")
    line_nos: Value = F("GoodsNo", "C..100", "C..255", "OS", "商品项号，以逗号分隔")
    is_shared: Value = F("LclFlag", "C1", "C..1", "O", "拼箱标识")
    goods_weight_kg: Value = F("GoodsContaWt", "N19,5", "N19,5", "O", "箱货重量")
    tare_kg: Value = F("ContainerWt", "-", "N18,5", "-", "自重")


@dataclass(slots=True)
class AccompanyingDocument:
    """An accompanying document 随附单证 ``LicenseDocu``."""

    document_code: Value = F("DocuCode", "C1", "C..1", "MS", "单证代码")
    document_no: Value = F("CertCode", "C..32", "C..32", "MS", "单证编号")


@dataclass(slots=True)
class RequestedCertificate:
    """A certificate that is asked for 申请单证 ``DecRequestCert``."""

    certificate_code: Value = F("AppCertCode", "C..50", "C..50", "MS", "申请单证代码")
    originals: Value = F("ApplOri", "C..50", "C..50", "M", "申请单证正本数")
    copies: Value = F("ApplCopyQuan", "C..50", "C..50", "M", "申请单证副本数")


@dataclass(slots=True)
class OtherPacking:
    """Other packing 其他包装 ``DecOtherPack``."""

    quantity: Value = F("PackQty", "N19,5", "N19,5", "MD", "包装件数")
    package_type: Value = F("PackType", "C..20", "C..2", "MD", "包装材料种类")


@dataclass(slots=True)
class Qualification:
    """A qualification of the firm 企业资质 ``DecCopLimit``."""

    qualification_no: Value = F("EntQualifNo", "C..40", "C..40", "O", "企业资质编号")
    qualification_type: Value = F("EntQualifTypeCode", "C..5", "C..5", "MD", "企业资质类别代码")


@dataclass(slots=True)
class EndUser:
    """Who uses the goods 使用人 ``DecUser``."""

    contact_name: Value = F("UseOrgPersonCode", "C..40", "C..20", "O", "使用单位联系人")
    contact_phone: Value = F("UseOrgPersonTel", "C..5", "C..20", "O", "使用单位联系电话")


@dataclass(slots=True)
class MarkPicture:
    """A mark that cannot be typed 标记号码附件 ``DecMarkLob``."""

    file_name: Value = F("AttachName", "C..80", "C..80", "MS", "附件名称")
    file_type: Value = F("AttachType", "C..2", "C..20", "O", "附件类型")
    content: Value = F("Attachment", "B", "B", "MS", "附件内容，Base64，不超过 1 MB")


@dataclass(slots=True)
class FreeText:
    """Free text 自由文本 ``DecFreeTxt``."""

    related_entry_no: Value = F("RelId", "C..18", "C..18", "O", "关联报关单号")
    related_record_no: Value = F("RelManNo", "C12", "C..12", "O", "关联备案号")
    bonded_place_no: Value = F("BonNo", "C..32", "C..32", "O", "监管仓号")
    voyage_no: Value = F("VoyNo", "C..32", "C..32", "O", "航次号")
    declarant_contact: Value = F("DecBpNo", "C..32", "C..32", "O", "报关员联系方式")
    yard_code: Value = F("CusFie", "C..8", "C..8", "O", "货场代码")
    declarant_no: Value = F("DecNo", "C..13", "C..13", "O", "申报人员证号")


@dataclass(slots=True)
class Signing:
    """What is to be done, and who signs 签名 ``DecSign``."""

    operation: Value = F(
        "OperType",
        "C1",
        "C..1",
        "MS",
        "操作类型：A 上载，B 连同转关上载，C 申报，D 连同转关申报，E 电子手册上载，G 暂存",
        values="A B C D E G",
    )
    card_no: Value = F("ICCode", "C13", "C..13", "O", "操作员IC卡号")
    firm_code: Value = F("CopCode", "C..18", "C..18", "O", "操作企业组织机构代码")
    operator_name: Value = F("OperName", "C..30", "C..30", "O", "操作员姓名")
    client_no: Value = F("ClientSeqNo", "C..18", "C..18", "MS", "企业自编编号，唯一识别一票报关单")
    signature: Value = F("Sign", "C..201", "C..200", "M", "数字签名信息")
    signed_time: Value = F("SignDate", "C16", "C..16", "M", "签名日期")
    certificate_no: Value = F("Certificate", "C..20", "C..20", "O", "操作员卡的证书号")
    host_id: Value = F("HostId", "C..10", "C..10", "M", "客户端邮箱（已废弃）")
    list_seq_no: Value = F("BillSeqNo", "C..18", "C..18", "O", "对应清单统一编号，无清单时为企业自编编号")
    signer_kind: Value = F("DomainId", "C1", "C..1", "O", "签名人分类：1 录入人，2 申报人")
    note: Value = F("Note", "C..100", "C..100", "O", "备注")


@dataclass(slots=True)
class Attachment:
    """An attached file 电子随附单据 ``EdocRealation`` (the standard's own spelling)."""

    file_name: Value = F("EdocID", "C..64", "C..64", "MS", "文件名，与压缩包内的文件同名")
    document_kind: Value = F(
        "EdocCode",
        "C8",
        "C..8",
        "MS",
        "随附单据类别：00000001 发票，00000002 装箱单，00000003 提运单，00000004 合同，其余见参数表",
    )
    format: Value = F("EdocFomatType", "C2", "C..2", "MS", "格式：S 结构化，US 非结构化（PDF）")
    note: Value = F("OpNote", "C..255", "C..255", "M", "操作说明")
    firm_file_name: Value = F("EdocCopId", "C..64", "C..64", "M", "随附单据文件企业名")
    owner_code: Value = F("EdocOwnerCode", "C10", "C..10", "M", "所属单位海关编号")
    signing_firm_code: Value = F("SignUnit", "C..10", "C..10", "M", "签名单位代码")
    signed_time: Value = F("SignTime", "C14", "C..17", "M", "签名时间")
    owner_name: Value = F("EdocOwnerName", "C..100", "C..100", "O", "所属单位名称")
    size: Value = F("EdocSize", "C..12", "C..12", "O", "随附单据文件大小")
    line_nos: Value = F("GNoStr", "-", "C..150", "-", "商品项号，以逗号分隔")


@dataclass(slots=True)
class OriginLink:
    """Which line of a certificate covers which goods line ``EcoRelation``."""

    document_code: Value = F("CertType", "C3", "C..3", "MS", "单证代码：享惠时为 Y 加优惠贸易协定代码")
    document_no: Value = F("EcoCertNo", "C64", "C..64", "MS", "单证编号：享惠时前加 C 或 D")
    line_no: Value = F("DecGNo", "C..9", "C..9", "MS", "报关单商品项号")
    document_line_no: Value = F("EcoGNo", "C..9", "C..9", "MS", "对应随附单证商品项号")
    extension: Value = F("ExtendFiled", "C..255", "C..255", "O", "扩展字段")


@dataclass(slots=True)
class Promise:
    """A promise of the firm 企业承诺 ``DecCopPromise``."""

    material_code: Value = F("DeclaratioMaterialCode", "-", "C..10", "-D", "证明/声明材料代码")


@dataclass(slots=True)
class TwoStageAccess:
    """Access in two stages 两段准入 ``DecTpAccess``."""

    asks_transfer: Value = F("TransitionApply", "-", "C..1", "-", "转场申请")
    transfer_site: Value = F("TransitionSite", "-", "C..11", "-", "转入场所场地")
    asks_conditional_pick_up: Value = F("ConditionalLiftoffApply", "-", "C..1", "-", "附条件提离申请")
    asks_joint_check: Value = F("PortDestMergeCheckApply", "-", "C..1", "-", "口岸与目的地合并检查申请")


@dataclass(slots=True)
class ControlElement:
    """An element of a control 禁限管制 ``DecControlModel``."""

    element_no: Value = F("ElementNo", "-", "C..19", "-S", "要素序号")
    element_value: Value = F("ElementValue", "-", "C..512", "-", "要素值")
    category_code: Value = F("DeclarationCategoryCode", "-", "C..4", "-S", "禁限管制规范申报类别")
