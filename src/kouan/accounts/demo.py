"""The organisations and people of the demonstration: a port office, agencies and invented firms, all marked 演示.

Names, codes and people are invented. Customs codes have the form of Wuhan codes and belong to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from stdnum.cn.uscc import calc_check_digit

from kouan.accounts.codes import AgencyCode, OrganisationKind, Role
from kouan.accounts.models import Organisation, User
from kouan.accounts.services.organisations import create_organisation
from kouan.accounts.services.people import add_user
from kouan.audit.types import SystemActor

DEMO_PASSWORD = "Kouan-2018-demo"  # noqa: S105 - documented; only demonstration people have it
SINCE = date(2018, 7, 20)
_ACTOR = SystemActor("演示数据")


@dataclass(frozen=True)
class _Firm:
    name: str
    english: str
    kinds: tuple[str, ...]
    customs_code: str = ""
    agency: str = ""
    people: tuple[tuple[str, str, tuple[str, ...]], ...] = ()


_K, _R = OrganisationKind, Role
_FIRMS = (
    _Firm("武汉市商务局（市口岸办）（演示）", "Wuhan port office (demo)", (_K.PORT_OFFICE,), people=(
        ("office", "口岸办经办（演示）", (_R.PORT_OFFICE_CLERK,)),
        ("sysadmin", "系统管理员（演示）", (_R.SYSTEM_ADMIN,)),
        ("security", "安全管理员（演示）", (_R.SECURITY_ADMIN,)),
        ("auditor", "审计管理员（演示）", (_R.AUDIT_ADMIN,)),
    )),
    _Firm("武汉海关（演示）", "Wuhan customs (demo)", (_K.AGENCY,), agency=AgencyCode.CUSTOMS, people=(
        ("customs", "海关联络员（演示）", (_R.OFFICER,)),)),
    _Firm("市市场监管局（演示）", "Market supervision (demo)", (_K.AGENCY,), agency=AgencyCode.MARKET_SUPERVISION,
          people=(
        ("market", "市场监管经办（演示）", (_R.OFFICER,)),)),
    _Firm("市税务局（演示）", "Tax bureau (demo)", (_K.AGENCY,), agency=AgencyCode.TAX, people=(
        ("tax", "税务经办（演示）", (_R.OFFICER,)),)),
    _Firm("汉口出入境边防检查站（演示）", "Border inspection (demo)", (_K.AGENCY,), agency=AgencyCode.BORDER_INSPECTION,
          people=(("border", "边检经办（演示）", (_R.OFFICER,)),)),
    _Firm("武汉海事局（演示）", "Maritime administration (demo)", (_K.AGENCY,), agency=AgencyCode.MARITIME, people=(
        ("maritime", "海事经办（演示）", (_R.OFFICER,)),)),
    _Firm("市农业农村局（演示）", "Agriculture bureau (demo)", (_K.AGENCY,), agency=AgencyCode.AGRICULTURE, people=(
        ("farm", "农业农村经办（演示）", (_R.OFFICER,)),)),
    _Firm("江城优选电商平台（演示）", "River City Select platform (demo)", (_K.PLATFORM,), "420196YS11"),
    _Firm("楚天海购平台（演示）", "Chutian Overseas platform (demo)", (_K.PLATFORM,), "420196YS12"),
    _Firm("东湖跨境商城（演示）", "East Lake Cross-border Mall (demo)", (_K.PLATFORM, _K.ECOMMERCE), "420136YS13"),
    _Firm("江汉海淘贸易（演示）", "Jianghan Trading (demo)", (_K.ECOMMERCE,), "420196YS14"),
    _Firm("长江付支付（演示）", "Changjiang Pay (demo)", (_K.PAYMENT,), "310196YS15"),
    _Firm("黄鹤支付（演示）", "Yellow Crane Pay (demo)", (_K.PAYMENT,), "420196YS16"),
    _Firm("汉速物流（演示）", "Hansu Logistics (demo)", (_K.LOGISTICS,), "420196YS17"),
    _Firm("天河航空速递（演示）", "Tianhe Air Express (demo)", (_K.LOGISTICS,), "420196YS18"),
    _Firm("阳逻联运物流（演示）", "Yangluo Intermodal (demo)", (_K.LOGISTICS,), "420196YS19"),
    _Firm("汉江报关行（演示）", "Hanjiang Customs Broker (demo)", (_K.AGENT,), "420196YS20", people=(
        ("trader", "汉江申报员（演示）", (_R.TRADER_CLERK,)),)),
    _Firm("琴台报关服务（演示）", "Qintai Broker (demo)", (_K.AGENT,), "420196YS21", people=(
        ("broker", "琴台申报员（演示）", (_R.TRADER_CLERK,)),)),
    _Firm("东湖综保区场站（演示）", "East Lake zone station (demo)", (_K.SITE_OPERATOR,), "420166YS22", people=(
        ("site", "综保区场所作业员（演示）", (_R.SITE_CLERK,)),
        ("gate", "综保区卡口员（演示）", (_R.GATE_CLERK,)),
    )),
    _Firm("天河机场货站（演示）", "Tianhe airport cargo station (demo)", (_K.SITE_OPERATOR,), "420196YS23", people=(
        ("airsite", "机场场所作业员（演示）", (_R.SITE_CLERK,)),
        ("airgate", "机场卡口员（演示）", (_R.GATE_CLERK,)),
    )),
)  # fmt: skip


def seed_accounts(*, at: datetime) -> None:
    """Enter the organisations and people of the demonstration; what is there already stays."""
    for number, firm in enumerate(_FIRMS, start=1):
        organisation = Organisation.objects.filter(name_zh=firm.name, is_demo=True).first() or create_organisation(
            actor=_ACTOR,
            at=at,
            name_zh=firm.name,
            name_en=firm.english,
            kinds=firm.kinds,
            agency_code=firm.agency,
            uscc=_uscc(number),
            customs_code=firm.customs_code,
            dxp_id=f"DXPENTDEMO{firm.customs_code[-4:]}" if firm.customs_code else "",
            since=SINCE,
            is_demo=True,
        )
        for username, name, roles in firm.people:
            if not User.objects.filter(username=username).exists():
                add_user(
                    actor=_ACTOR,
                    at=at,
                    organisation_id=organisation.pk,
                    username=username,
                    name=name,
                    roles=roles,
                    password=DEMO_PASSWORD,
                    is_demo=True,
                )


def _uscc(number: int) -> str:
    """Make a social credit code with a true check character that no firm has."""
    body = f"91420100DEM{number:06d}"
    return body + calc_check_digit(body)
