"""Numbers that a text promises to reach, to grant or to keep to: 每年新开3至5条国际航线 is 3 to 5 条 a year.

A number that only says who or what is meant (年网上零售额超过1000万元的企业) is no figure, nor is one in a name, in the
number of a law or in a quotation.
"""

from __future__ import annotations

import re
from decimal import Decimal

from kouan.supervision.reading.layout import Sheet
from kouan.supervision.reading.numbering import number_of
from kouan.supervision.reading.types import Figure, Period

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d{1,6})?"
_TIMES = r"个工作日|工作日|个小时|小时|分钟|个季度|个月|年|天|日"
_COUNTED = (
    r"美元|欧元|港元|元|人次|人|户次|户|家次|家|个|条|项|次|辆次|辆|台套|台|套|吨|标准?箱|TEU|列次|列|班次|班|架次|架|公里|千米|"
    r"平方公里|平方千米|平方米|立方米|米|亩|公顷|座|所|张|间|名|位|场次|场|批次|批|处|件|份|篇|兆瓦时|兆瓦|千瓦时|千瓦|度|公斤|千克|斤|"
    r"棵|株|头|只|艘次|艘|幅|门|种|类|对|支|部|宗|期|片|栋|幢|枚|箱|单|床|款|例|起|笔|届|站|㎡|m2"
)
_SCALE = r"余?(?:万亿|百万|千万|十|百|千|万|亿)?余?"
_UNIT = rf"个百分点|百分点|{_TIMES}|[%‰]|倍|{_SCALE}(?:{_COUNTED})(?:/(?:{_COUNTED}|月|年|天|日|亩))?"
_AFTER = r"(?:以上|以内|以下|之内|左右|上下|内)"
_FIGURE = re.compile(
    rf"(?P<first>{_NUMBER}) ?(?P<first_unit>{_UNIT})?"
    rf"(?: ?(?:至|到|-|—|–|~|～|——) ?(?P<second>{_NUMBER}) ?(?P<second_unit>{_UNIT})?)?(?P<after>{_AFTER})?"
)
_IN_WORDS = re.compile(
    r"(?<![第一二两三四五六七八九十百])(?P<first>[一二两三四五六七八九十]{1,3})"
    rf"(?P<first_unit>{_TIMES}|次|场|期|批)(?P<after>{_AFTER})?"
)
_BETWEEN = r"[^,。;、:\d给按]{0,14}$"
_AT_LEAST = re.compile(rf"(?:不低于|不少于|不小于|至少|最低|≥|>=){_BETWEEN}|(?:超过|突破|高于|大于|超|>)(?:每年)?$")
_AT_MOST = re.compile(
    rf"(?:不超过|不高于|不多于|不大于|不得超过|不得高于|最高|最多|最长|最大|≤|<=){_BETWEEN}|(?:低于|少于|小于|控制在|<)(?:每年)?$"
)
_AIMS = re.compile(
    r"力争|争取|确保|达|不低于|不少于|不小于|不超过|不高于|不得|最高|最低|最长|最多|至少|超过|突破|增长|增加|增速|新增|新开|新建|新培育|新认定|新引进|"
    r"建成|建设|打造|培育|培养|引进|引留|完成|实现|提高|提升|提速|浮动|降低|降幅|下降|下调|上调|上浮|压缩|压减|缩短|减少|精简|控制在|扩大|率|占比|比例|"
    r"比重|保持|稳定|开行|开通|改造|组织|举办|召开|开展|推出|发放|认定|创建|布局|形成|推动|支持|安排|设立|落实|募集|争创|入库|总量|总额|规模|"
    r"筹集|建立|聚集|招引|推广|投放|投资|整治|投入|储备|招聘|培训|遴选|给予|补贴|奖励|资助|补助|奖补|减按|减征|征收|收取|抵扣|抵减|加计|贴息|预留|"
    r"提前|缓缴|期限|标准|激励|解决|增设|提供|实施|服务|办理|办结|完工|答复|反馈|承担|按|超|解决|新开工|覆盖|转化|落地|签约|出口|进口|销售|产值"
)
_GRANTED = re.compile(
    r"的?(?:(?!给予|按|企业|项目|单位|个人|人员)[^,。;、\n]){0,8}?"
    r"(?:标准|比例|额度|幅度|税率|费率|优惠|奖励|奖补|补贴|补助|资助|支持|贴息|资金|薪酬|一次性|租金|安家|激励|政务|消费券)"
)
_REACHES = re.compile(r"实现|确保|达到|力争|争取|推动|覆盖")
_TIME_CUES = re.compile(
    r"期限|最长|不超过|缓缴|提前|压缩|缩短|精简|控制在|延长|时限|周期|办理|办结|完成|答复|反馈|审批|受理|审核|拨付"
)
_PERIODS: list[tuple[re.Pattern[str], Period]] = [
    (re.compile(r"每年|年均|每个?年度|全年|年度|逐年"), "year"),
    (re.compile(r"每半年"), "half_year"),
    (re.compile(r"每个?季度?|季均"), "quarter"),
    (re.compile(r"每个?月|月均"), "month"),
    (re.compile(r"每周|周均"), "week"),
    (re.compile(r"每[日天]|日均"), "day"),
]
_STOPS = ",。;:!?\n"
_QUOTED = re.compile(r"[“《][^”》\n]{0,60}[”》]")
_WIDEST = 60


def figures_in(sheet: Sheet, start: int, end: int, without: list[tuple[int, int]] | None = None) -> list[Figure]:
    """Find the figures within a stretch of the flow. without: stretches that hold none (notes)."""
    flow = sheet.flow
    aside = [*(without or ()), *(match.span() for match in _QUOTED.finditer(flow, start, end))]
    matches = [*_FIGURE.finditer(flow, start, end), *_IN_WORDS.finditer(flow, start, end)]
    found: list[Figure] = []
    before: tuple[int, Figure] | None = None
    for match in sorted(matches, key=lambda one: one.start()):
        if any(first <= match.start() < last for first, last in aside):
            continue
        figure = _figure(sheet, match, start, end)
        if figure is None:
            continue
        if before and flow[before[0] : match.start()] == "、":
            figure = _bounded_alike(figure, before[1])
        found.append(figure)
        before = (match.end(), figure)
    return found


def _figure(sheet: Sheet, match: re.Match[str], start: int, end: int) -> Figure | None:
    flow = sheet.flow
    groups = match.groupdict()
    unit = groups.get("second_unit") or groups["first_unit"]
    if not unit or (groups.get("second") and not groups["second_unit"]) or _is_name(flow, match):
        return None
    left, right = _clause(flow, start, end, match)
    in_words = not groups["first"][0].isdigit()
    if in_words and not re.search(r"每|缓缴|延长|期限", left[-12:]):
        return None
    if not _AIMS.search(left + right) and "/" not in unit:
        return None
    if _is_threshold(left, right, unit, groups["after"] or ""):
        return None
    first = Decimal(number_of(groups["first"].replace("两", "二"))) if in_words else _value(groups["first"])
    low, high = _bounds(first, _value(groups.get("second")), left, groups["after"] or "")
    return Figure(sheet.words(*match.span()), low, high, unit, _period(left), sheet.span(*match.span()))


def _clause(flow: str, start: int, end: int, match: re.Match[str]) -> tuple[str, str]:
    """Give the words of the clause before and after a number."""
    first, last = max(start, match.start() - _WIDEST), min(end, match.end() + _WIDEST)
    cut = max(flow.rfind(sign, first, match.start()) for sign in _STOPS)
    stop = min((at for sign in _STOPS if (at := flow.find(sign, match.end(), last)) >= 0), default=last)
    return flow[max(first, cut + 1) : match.start()], flow[match.end() : stop]


def _is_name(flow: str, match: re.Match[str]) -> bool:
    """True if the number belongs to a name, a date or a place in a text: 第3条, 5G, 〔2018〕33号, 2025年, 4A级."""
    before = flow[max(0, match.start() - 1) : match.start()]
    if before and (before in "第〔[.×xX*" or (before.isascii() and before.isalnum()) or before in "月年"):
        return before not in "月年" or match["first_unit"] in ("日", "年")
    return match["first_unit"] == "年" and len(match["first"]) == 4


def _is_threshold(left: str, right: str, unit: str, after: str) -> bool:
    """True if the number says who or what is meant: 2000万元以上的项目, 10亿元以上项目, 对月销售额10万元以下的."""
    if unit == "小时" and re.match(r"(?:自助|服务|在线|不打烊|开放|通关|值班|全天|预约|运行|随)", right):
        return True
    if right.startswith(("及以上", "及以下", "(含", "以上及", "税率", "征收率", "预征率")):
        return not re.search(r"按$|减按$", left)
    is_time = bool(re.fullmatch(_TIMES, unit))
    if is_time and not _TIME_CUES.search(left + right):
        return True
    if right.startswith("的") and not _GRANTED.match(right):
        return not (_REACHES.search(left) and not re.match(r"(?:对|凡|对于)", left)) and not left.endswith(
            ("的", "比例")
        )
    if after in ("以上", "以下") and right and right[0] not in "、)(的" and not _GRANTED.match(right):
        return True
    if re.match(r"(?:对|凡|对于|符合|满足)", left) and not re.search(
        r"给予|按|补贴|奖励|减|降|资助|安排|最高|不超过|支持", left
    ):
        return True
    return bool(re.search(r"(?:适用|满|累计|连续|年满|缴纳满)$", left))


def _bounds(
    first: Decimal | None, second: Decimal | None, left: str, after: str
) -> tuple[Decimal | None, Decimal | None]:
    """Give the lowest and the highest that the words allow."""
    if second is not None:
        return first, second
    if re.search(r"不(?:得|能|应)?(?:低于|少于|小于)$", left):
        return first, None
    if _AT_MOST.search(left) or after in ("以内", "以下", "之内", "内"):
        return None, first
    if _AT_LEAST.search(left) or after == "以上":
        return first, None
    return first, first


def _bounded_alike(figure: Figure, before: Figure) -> Figure:
    """Let a number that only goes on with a list be bounded as the one before it: 最高5000万元、1000万元."""
    is_exact = figure.low == figure.high
    if is_exact and before.low is None:
        return Figure(figure.text, None, figure.high, figure.unit, figure.period, figure.span)
    return figure


def _period(left: str) -> Period | None:
    return next((period for pattern, period in _PERIODS if pattern.search(left)), None)


def _value(words: str | None) -> Decimal | None:
    return Decimal(words.replace(",", "")) if words else None
