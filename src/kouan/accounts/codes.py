"""Coded values of organisations and people, and which roles go with which kind of organisation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation does at the ports; one may do several things."""

    PLATFORM = "platform", _("电商平台")
    ECOMMERCE = "ecommerce", _("电商企业")
    PAYMENT = "payment", _("支付企业")
    LOGISTICS = "logistics", _("物流企业")
    AGENT = "agent", _("报关企业")
    SITE_OPERATOR = "site_operator", _("监管场所经营人")
    CARRIER = "carrier", _("运输企业")
    OPERATOR = "operator", _("口岸运营单位")
    AGENCY = "agency", _("机关单位")
    PORT_OFFICE = "port_office", _("口岸办")


class AgencyCode(models.TextChoices):
    """The authority that an agency is part of."""

    CUSTOMS = "customs", _("海关")
    BORDER_INSPECTION = "border_inspection", _("边检")
    MARITIME = "maritime", _("海事")
    TAX = "tax", _("税务")
    MARKET_SUPERVISION = "market_supervision", _("市场监管")
    FOREIGN_EXCHANGE = "foreign_exchange", _("外汇管理")
    TRANSPORT = "transport", _("交通运输")
    DEVELOPMENT_REFORM = "development_reform", _("发展改革")
    FINANCE = "finance", _("财政")
    COMMERCE = "commerce", _("商务")
    PLANNING = "planning", _("自然资源和规划")
    AGRICULTURE = "agriculture", _("农业农村")
    ECOLOGY = "ecology", _("生态环境")
    EMERGENCY = "emergency", _("应急管理")
    POLICE = "police", _("公安")
    ZONE = "zone", _("功能区管委会")
    DISTRICT = "district", _("区人民政府")


class AliasKind(models.TextChoices):
    """Why an organisation is also known by another name."""

    FORMER = "former", _("曾用名")
    SHORT = "short", _("简称")
    SECOND = "second", _("加挂牌子")


class Role(models.TextChoices):
    """What a person may do."""

    TRADER_CLERK = "trader_clerk", _("申报员")
    FIRM_MANAGER = "firm_manager", _("企业管理员")
    SITE_CLERK = "site_clerk", _("场所作业员")
    GATE_CLERK = "gate_clerk", _("卡口员")
    OFFICER = "officer", _("机关经办")
    LIAISON = "liaison", _("督办联络员")
    PRINCIPAL = "principal", _("单位负责人")
    PORT_OFFICE_CLERK = "port_office_clerk", _("口岸办经办")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


class OrganisationState(models.TextChoices):
    """Whether an organisation is in use today."""

    TO_COME = "to_come", _("未启用")
    RUNNING = "running", _("在用")
    ENDED = "ended", _("已停用")


class PersonState(models.TextChoices):
    """Whether a person can work."""

    ACTIVE = "active", _("正常")
    WAITING = "waiting", _("待授权")
    SUSPENDED = "suspended", _("账号停用")


class DelegationState(models.TextChoices):
    """Whether a delegation holds now."""

    TO_COME = "to_come", _("未生效")
    RUNNING = "running", _("有效")
    ENDED = "ended", _("已到期")
    REVOKED = "revoked", _("已撤销")


class DelegatedAct(models.TextChoices):
    """What an agent may do for a client, as the agency agreement names it; none named means all."""

    DECLARE = "declare", _("填单申报")
    CORRECT = "correct", _("修撤单申请")
    TAX = "tax", _("代办税费")
    ATTEND = "attend", _("辅助查验")
    PAPERS = "papers", _("领取单证")


class RequestState(models.TextChoices):
    """Where a broker's request for a delegation stands."""

    ASKED = "asked", _("待委托方答复")
    GRANTED = "granted", _("已同意")
    DECLINED = "declined", _("未同意")
    TAKEN_BACK = "taken_back", _("已收回")


GOODS_DOCUMENTS = "dec"
"""The kind of document under which a delegation covers goods declarations."""
DOCUMENT_KINDS = [
    (GOODS_DOCUMENTS, _("报关单")),
    ("311", _("订单")),
    ("411", _("支付单")),
    ("511", _("物流运单")),
    ("621", _("进口清单")),
    ("623", _("撤销申请单")),
    ("625", _("退货申请单")),
    ("711", _("入库明细单")),
    ("603", _("出口清单")),
]
"""Kinds of documents to which a delegation or a token may be limited, by the number of their message."""


class Language(models.TextChoices):
    """The languages of the screens."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


NEVER_TOGETHER = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""No person holds two of these: who runs the system, who grants rights and who checks both are three people."""

_ANSWER_FOR_DUTIES = (Role.LIAISON, Role.PRINCIPAL)
"""Who reports on a unit's duties, and who answers for the report."""

_OF_TRADERS = frozenset({Role.TRADER_CLERK, Role.FIRM_MANAGER})
"""A clerk declares; the manager of a firm says by which rules its clerks work, and declares nothing by that right."""

ROLES_OF_KIND: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.PLATFORM: _OF_TRADERS,
    OrganisationKind.ECOMMERCE: _OF_TRADERS,
    OrganisationKind.PAYMENT: _OF_TRADERS,
    OrganisationKind.LOGISTICS: _OF_TRADERS,
    OrganisationKind.AGENT: _OF_TRADERS,
    OrganisationKind.SITE_OPERATOR: frozenset({Role.SITE_CLERK, Role.GATE_CLERK, Role.FIRM_MANAGER}),
    OrganisationKind.CARRIER: _OF_TRADERS | frozenset(_ANSWER_FOR_DUTIES),
    OrganisationKind.OPERATOR: frozenset({Role.SITE_CLERK, Role.GATE_CLERK, Role.FIRM_MANAGER, *_ANSWER_FOR_DUTIES}),
    OrganisationKind.AGENCY: frozenset({Role.OFFICER, *_ANSWER_FOR_DUTIES}),
    OrganisationKind.PORT_OFFICE: frozenset({Role.PORT_OFFICE_CLERK, *_ANSWER_FOR_DUTIES, *NEVER_TOGETHER}),
}
"""The roles that people of an organisation of this kind may have."""
