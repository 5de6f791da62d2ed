"""The units that answer for duties in the demonstration: what the city's port policy of 2018 names, and what they are
called since the reform of government bodies; all marked 演示, people and codes invented.
"""

from __future__ import annotations

from datetime import date

from kouan.accounts.codes import AgencyCode, AliasKind, OrganisationKind, Role

REFORM = date(2019, 2, 1)
"""From when the demonstration uses the names after the reform; the real days differ from body to body."""

_A, _K, _F, _S = AgencyCode, OrganisationKind, AliasKind.FORMER, AliasKind.SHORT
UNITS: tuple[tuple[str, str, OrganisationKind, str, tuple[tuple[AliasKind, str], ...], tuple[str, str]], ...] = (
    ("市发展改革委（演示）", "Development and reform (demo)", _K.AGENCY, _A.DEVELOPMENT_REFORM,
     ((_S, "市发展改革委"), (_S, "市发改委")), ("郭明", "段红")),
    ("市交通运输局（演示）", "Transport bureau (demo)", _K.AGENCY, _A.TRANSPORT,
     ((_S, "市交通运输局"), (_F, "市交通运输委")), ("方志", "罗建军")),
    ("市经信局（演示）", "Economy and informatisation (demo)", _K.AGENCY, _A.DEVELOPMENT_REFORM,
     ((_S, "市经信局"), (_F, "市经济和信息化委")), ("汪洁", "秦朗")),
    ("市财政局（演示）", "Finance bureau (demo)", _K.AGENCY, _A.FINANCE, ((_S, "市财政局"),), ("夏雨", "彭博")),
    ("市自然资源规划局（演示）", "Planning bureau (demo)", _K.AGENCY, _A.PLANNING,
     ((_S, "市自然资源规划局"), (_F, "市国土规划局")), ("向阳", "殷实")),
    ("市公安局（演示）", "Police (demo)", _K.AGENCY, _A.POLICE, ((_S, "市公安局"),), ("石磊", "严肃")),
    ("国家外汇管理局湖北省分局（演示）", "Foreign exchange (demo)", _K.AGENCY, _A.FOREIGN_EXCHANGE,
     ((_S, "国家外汇管理局湖北省分局"), (_S, "外汇局湖北省分局")), ("金鑫", "简明")),
    ("武汉新港管委会（演示）", "New port committee (demo)", _K.AGENCY, _A.ZONE,
     ((_S, "武汉新港管委会"),), ("江帆", "程远")),
    ("武汉东湖新技术开发区管委会（演示）", "East Lake zone (demo)", _K.AGENCY, _A.ZONE,
     ((_S, "武汉东湖新技术开发区管委会"), (_S, "东湖高新区管委会")), ("顾新", "路遥")),
    ("武汉经济技术开发区管委会（演示）", "Economic zone (demo)", _K.AGENCY, _A.ZONE,
     ((_S, "武汉经济技术开发区管委会"),), ("车铭", "沈稳")),
    ("武汉临空港经济技术开发区管委会（演示）", "Airport zone (demo)", _K.AGENCY, _A.ZONE,
     ((_S, "武汉临空港经济技术开发区管委会"), (_S, "临空港经开区管委会")), ("凌云", "高翔")),
    ("黄陂区人民政府（演示）", "Huangpi district (demo)", _K.AGENCY, _A.DISTRICT,
     ((_S, "黄陂区人民政府"),), ("黄平", "陂涛")),
    ("新洲区人民政府（演示）", "Xinzhou district (demo)", _K.AGENCY, _A.DISTRICT,
     ((_S, "新洲区人民政府"),), ("洪波", "周正")),
    ("江夏区人民政府（演示）", "Jiangxia district (demo)", _K.AGENCY, _A.DISTRICT,
     ((_S, "江夏区人民政府"),), ("夏晴", "江山")),
    ("湖北机场集团（演示）", "Hubei airports group (demo)", _K.OPERATOR, "", ((_S, "湖北机场集团"),), ("航宇", "翟鹏")),
    ("武汉港航发展集团（演示）", "Wuhan port and shipping group (demo)", _K.OPERATOR, "",
     ((_S, "武汉港航发展集团"),), ("舟行", "潘岸")),
    ("中国铁路武汉局集团（演示）", "Railway group Wuhan (demo)", _K.CARRIER, "",
     ((_S, "中国铁路武汉局集团有限公司"), (_S, "铁路武汉局集团")), ("铁路平", "车国强")),
)  # fmt: skip
"""Name, English name, kind, authority, other names, and the names of liaison officer and principal."""

MORE_NAMES: dict[str, tuple[tuple[AliasKind, str], ...]] = {
    "武汉海关（演示）": ((_S, "武汉海关"),),
    "市市场监管局（演示）": ((_S, "市市场监管局"),),
    "市税务局（演示）": ((_S, "市税务局"),),
    "汉口出入境边防检查站（演示）": ((_F, "湖北省公安边防总队"),),
    "武汉海事局（演示）": ((_S, "武汉海事局"),),
    "市农业农村局（演示）": ((_S, "市农业农村局"),),
}
"""Further names of organisations that other parts of the demonstration need too."""

OFFICE_PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("liaison", "韦芸", Role.LIAISON),
    ("principal", "龚正", Role.PRINCIPAL),
)
"""Who reports for the port office's own duties, and who answers for them."""
