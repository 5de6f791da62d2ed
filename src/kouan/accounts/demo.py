"""The organisations and people of the demonstration: a port office, agencies and invented firms, all marked 演示.

Names, codes and people are invented. Customs codes have the form of Wuhan codes and belong to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from stdnum.cn.uscc import calc_check_digit

from kouan.accounts import services
from kouan.accounts.codes import AgencyCode, AliasKind, OrganisationKind, Role
from kouan.accounts.demo_units import MORE_NAMES, OFFICE_PEOPLE, REFORM, UNITS
from kouan.accounts.models import Delegation, Organisation, User
from kouan.audit.types import SystemActor

DEMO_PASSWORD = "Kouan-2018-demo"  # noqa: S105 - documented; only demonstration people have it
SINCE = date(2018, 7, 20)
_ACTOR = SystemActor("演示数据")


@dataclass(frozen=True)
class _Person:
    username: str
    name: str
    role: Role
    unit: str = ""


@dataclass(frozen=True)
class _Organisation:
    name: str
    english: str
    kinds: tuple[str, ...]
    customs_code: str = ""
    agency: str = ""
    people: tuple[_Person, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


_K, _R, _A = OrganisationKind, Role, AliasKind
_ORGANISATIONS = (
    _Organisation(
        "武汉市商务局（市口岸办）（演示）",
        "Wuhan port office (demo)",
        (_K.PORT_OFFICE,),
        people=(
            _Person("office", "周晓岚", _R.PORT_OFFICE_CLERK, "口岸协调处"),
            _Person("office2", "何志远", _R.PORT_OFFICE_CLERK, "口岸规划处"),
            _Person("sysadmin", "冯建国", _R.SYSTEM_ADMIN, "信息中心"),
            _Person("security", "吴静", _R.SECURITY_ADMIN, "信息中心"),
            _Person("auditor", "郑克勤", _R.AUDIT_ADMIN, "机关纪委"),
        ),
        aliases=((_A.SHORT, "市商务局"), (_A.SECOND, "市口岸办")),
    ),
    _Organisation(
        "武汉海关（演示）",
        "Wuhan customs (demo)",
        (_K.AGENCY,),
        agency=AgencyCode.CUSTOMS,
        people=(_Person("customs", "陈立新", _R.OFFICER, "查验科"),),
        aliases=((_A.FORMER, "检验检疫局"),),
    ),
    _Organisation(
        "市市场监管局（演示）",
        "Market supervision (demo)",
        (_K.AGENCY,),
        agency=AgencyCode.MARKET_SUPERVISION,
        people=(_Person("market", "孙玉梅", _R.OFFICER),),
        aliases=((_A.FORMER, "市工商局"),),
    ),
    _Organisation(
        "市税务局（演示）",
        "Tax bureau (demo)",
        (_K.AGENCY,),
        agency=AgencyCode.TAX,
        people=(_Person("tax", "钱伟", _R.OFFICER),),
    ),
    _Organisation(
        "汉口出入境边防检查站（演示）",
        "Border inspection (demo)",
        (_K.AGENCY,),
        agency=AgencyCode.BORDER_INSPECTION,
        people=(_Person("border", "赵铁军", _R.OFFICER),),
        aliases=((_A.FORMER, "省公安边防总队"),),
    ),
    _Organisation(
        "武汉海事局（演示）",
        "Maritime administration (demo)",
        (_K.AGENCY,),
        agency=AgencyCode.MARITIME,
        people=(_Person("maritime", "江海涛", _R.OFFICER),),
    ),
    _Organisation(
        "市农业农村局（演示）",
        "Agriculture bureau (demo)",
        (_K.AGENCY,),
        agency=AgencyCode.AGRICULTURE,
        people=(_Person("farm", "田秀英", _R.OFFICER),),
        aliases=((_A.FORMER, "市农委"),),
    ),
    _Organisation(
        "江城优选电商平台（演示）",
        "River City Select platform (demo)",
        (_K.PLATFORM,),
        "420196YS11",
        people=(_Person("platform", "李欣怡", _R.TRADER_CLERK, "关务部"),),
    ),
    _Organisation("楚天海购平台（演示）", "Chutian Overseas platform (demo)", (_K.PLATFORM,), "420196YS12"),
    _Organisation(
        "东湖跨境商城（演示）",
        "East Lake Cross-border Mall (demo)",
        (_K.PLATFORM, _K.ECOMMERCE),
        "420136YS13",
        people=(_Person("mall", "胡佳", _R.TRADER_CLERK),),
    ),
    _Organisation(
        "江汉海淘贸易（演示）",
        "Jianghan Trading (demo)",
        (_K.ECOMMERCE,),
        "420196YS14",
        people=(_Person("merchant", "王思远", _R.TRADER_CLERK, "进口部"),),
    ),
    _Organisation(
        "长江付支付（演示）",
        "Changjiang Pay (demo)",
        (_K.PAYMENT,),
        "310196YS15",
        people=(_Person("payment", "曾丽", _R.TRADER_CLERK),),
    ),
    _Organisation("黄鹤支付（演示）", "Yellow Crane Pay (demo)", (_K.PAYMENT,), "420196YS16"),
    _Organisation(
        "汉速物流（演示）",
        "Hansu Logistics (demo)",
        (_K.LOGISTICS,),
        "420196YS17",
        people=(_Person("logistics", "董浩", _R.TRADER_CLERK),),
    ),
    _Organisation("天河航空速递（演示）", "Tianhe Air Express (demo)", (_K.LOGISTICS,), "420196YS18"),
    _Organisation("阳逻联运物流（演示）", "Yangluo Intermodal (demo)", (_K.LOGISTICS,), "420196YS19"),
    _Organisation(
        "汉江报关行（演示）",
        "Hanjiang Customs Broker (demo)",
        (_K.AGENT,),
        "420196YS20",
        people=(
            _Person("trader", "袁芳", _R.TRADER_CLERK, "报关一组"),
            _Person("trader2", "邓超", _R.TRADER_CLERK, "报关二组"),
            _Person("firmadmin", "鲁明", _R.FIRM_MANAGER, "信息部"),
        ),
    ),
    _Organisation(
        "琴台报关服务（演示）",
        "Qintai Broker (demo)",
        (_K.AGENT,),
        "420196YS21",
        people=(_Person("broker", "许诺", _R.TRADER_CLERK), _Person("firmadmin2", "柳青", _R.FIRM_MANAGER)),
    ),
    _Organisation(
        "东湖综保区场站（演示）",
        "East Lake zone station (demo)",
        (_K.SITE_OPERATOR,),
        "420166YS22",
        people=(
            _Person("site", "马强", _R.SITE_CLERK, "作业班"),
            _Person("gate", "崔亮", _R.GATE_CLERK, "卡口班"),
        ),
    ),
    _Organisation(
        "天河机场货站（演示）",
        "Tianhe airport cargo station (demo)",
        (_K.SITE_OPERATOR,),
        "420196YS23",
        people=(
            _Person("airsite", "苏航", _R.SITE_CLERK),
            _Person("airgate", "罗敏", _R.GATE_CLERK),
        ),
    ),
)
_DELEGATIONS = (("420196YS14", "420196YS20"), ("420136YS13", "420196YS20"), ("420196YS11", "420196YS21"))
"""Who lets whom act: the customs codes of client and agent."""


_DUTY_UNITS = tuple(
    _Organisation(
        name,
        english,
        (kind,),
        agency=agency,
        people=(
            _Person(f"unit{number:02d}", liaison, _R.LIAISON),
            _Person(f"head{number:02d}", principal, _R.PRINCIPAL),
        ),
        aliases=aliases,
    )
    for number, (name, english, kind, agency, aliases, (liaison, principal)) in enumerate(UNITS, start=1)
)


@transaction.atomic
def seed_accounts(*, at: datetime) -> None:
    """Enter the organisations and people of the demonstration; what is there already stays."""
    fresh = []
    for number, wanted in enumerate((*_ORGANISATIONS, *_DUTY_UNITS), start=1):
        organisation = Organisation.objects.filter(name_zh=wanted.name, is_demo=True).first() or _enter(
            wanted, number, at
        )
        fresh += [
            _enter_person(organisation, person, at)
            for person in wanted.people
            if not User.objects.filter(username=person.username).exists()
        ]
    fresh += _complete_duty_units(at)
    # One hash for all: making one is meant to be slow.
    User.objects.filter(id__in=fresh).update(password=make_password(DEMO_PASSWORD), password_set_at=at)
    for client_code, agent_code in _DELEGATIONS:
        client, agent = (Organisation.objects.get(customs_code=code) for code in (client_code, agent_code))
        if not Delegation.objects.filter(client=client, agent=agent).exists():
            services.delegate(actor=_ACTOR, at=at, client_id=client.id, agent_id=agent.id)


def _enter(wanted: _Organisation, number: int, at: datetime) -> Organisation:
    organisation = services.create_organisation(
        actor=_ACTOR,
        at=at,
        name_zh=wanted.name,
        name_en=wanted.english,
        kinds=wanted.kinds,
        agency_code=wanted.agency,
        uscc=make_demo_uscc(number),
        customs_code=wanted.customs_code,
        dxp_id=f"DXPENTDEMO{wanted.customs_code[-4:]}" if wanted.customs_code else "",
        since=SINCE,
        is_demo=True,
    )
    for kind, name in sorted(wanted.aliases, key=lambda alias: alias[0] != AliasKind.FORMER):
        _add_alias(organisation, kind, name, at)
    for unit in dict.fromkeys(person.unit for person in wanted.people if person.unit):
        services.add_unit(actor=_ACTOR, at=at, organisation_id=organisation.id, name_zh=unit, since=SINCE)
    return organisation


def _add_alias(organisation: Organisation, kind: str, name: str, at: datetime) -> None:
    """Enter another name: a former one ended with the reform, a short one of a renamed body began then."""
    former = kind == AliasKind.FORMER
    renamed = organisation.aliases.filter(kind=AliasKind.FORMER).exists()
    services.add_alias(
        actor=_ACTOR,
        at=at,
        organisation_id=organisation.id,
        kind=kind,
        name_zh=name,
        since=REFORM if renamed and not former else None,
        until=REFORM if former else None,
    )


def _complete_duty_units(at: datetime) -> list[object]:
    """Give the earlier organisations the names that the policy uses, and the port office its own liaison officer."""
    for name, aliases in MORE_NAMES.items():
        organisation = Organisation.objects.get(name_zh=name, is_demo=True)
        for kind, other in aliases:
            if not organisation.aliases.filter(name_zh=other).exists():
                _add_alias(organisation, kind, other, at)
    office = Organisation.objects.filter(kinds__contains=[OrganisationKind.PORT_OFFICE], is_demo=True).earliest("pk")
    return [
        _enter_person(office, _Person(username, name, role), at)
        for username, name, role in OFFICE_PEOPLE
        if not User.objects.filter(username=username).exists()
    ]


def _enter_person(organisation: Organisation, wanted: _Person, at: datetime) -> object:
    unit = organisation.units.filter(name_zh=wanted.unit).first() if wanted.unit else None
    return services.add_user(
        actor=_ACTOR,
        at=at,
        organisation_id=organisation.id,
        username=wanted.username,
        name=wanted.name,
        unit_id=unit.id if unit else None,
        roles=[wanted.role],
        is_demo=True,
    ).id


def make_demo_uscc(number: int) -> str:
    """Make a social credit code with a true check character that no firm has."""
    body = f"91420100DEM{number:06d}"
    return body + calc_check_digit(body)
