"""Times by which something is to be done, in a note or in a sentence, with the year that an earlier one gave."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kouan.supervision.reading.layout import Sheet
from kouan.supervision.reading.types import Deadline, Precision

_YEAR = r"(?:(?P<year>20\d{2}) ?年|(?P<relative>今年|本年度?|当年|明年|次年))"
_BY = r"(?:之前|以前|前|止|内)"
_TIME = re.compile(
    rf"(?P<lead>(?:到|至|截至|截止到?|于|在|截至到)(?= ?(?:20\d\d|今年|本年|明年|\d{{1,2}} ?月|年底)))? ?"
    rf"(?:{_YEAR})? ?"
    r"(?:(?:(?P<month>\d{1,2}) ?月 ?"
    r"(?:(?P<day>\d{1,2}) ?日|(?P<third>上旬|中旬|下旬)|(?P<month_end>份?底|份?末|初|份)?))"
    r"|(?P<quarter>第?[一二三四1234]季度)(?P<quarter_end>末|底)?|(?P<half>上半年|下半年)|(?P<year_end>年?底|年?末|年?内)|(?P<no_part>))"
    rf" ?(?P<by>{_BY})?"
)
_RECURRING = re.compile(
    r"每(?P<unit>年度?|半年|季度?|月|周|个?季度)(?:的)?(?:(?:第?[一二三四]季度|上半年|\d{1,2}月)?(?:\d{1,2}日|底|末|初|上旬|中旬|下旬)?)"
    r"(?P<by>之前|以前|前|底前|末前|底|末)"
)
_RELATIVE = re.compile(
    r"(?:自|从)?(?:本(?:方案|意见|通知|办法|措施|文件)?)?(?:印发|发布|发文|下发|实施|公布|批准|施行)(?:之日)?(?:起|后)(?P<span>\d{1,3}|[一二三四五六七八九十]{1,3}|半)"
    r"(?:个)?(?:工作日|日|天|月|年|周)(?:之|以)?内"
)
_ANCHOR = re.compile(
    r"20\d{2} ?年|今年|本年|当年|明年|次年|\d{1,2} ?月|年底|年末|(?<![\d一二三四五六七八九十两半每]) ?年内"
    r"|上半年|下半年|[一二三四1234]季度"
)
_ONGOING_ALONE = re.compile(r"(?P<words>(?:长期|持续|常态化|全年)(?:坚持|推进|实施|开展)?)")
_ONGOING = re.compile(
    r"(?:时序进度|完成时[限间]|时间节点|进度安排|工作时限|时限)[ *]*: *"
    r"(?P<words>(?:长期|持续|常态化|全年)(?:坚持|推进|实施|开展)?)"
    r"|(?<=[,;、])(?P<alone>(?:长期|持续|常态化)(?:坚持|推进|实施|开展))(?=[)\]〕])"
)
_VALIDITY = re.compile(r"(?:期限?|有效|延长|延续|延|执行|实施|施行|政策|起|截止|自[^,。;]*|日|年度?)$")
_NAMED_LIMIT = re.compile(
    r"(?:完成时[限间]|完成期限|时间节点|时序进度|进度安排|工作时限|责任时限|办结时限|时限) ?[:为] ?$"
)
_DONE_THEN = re.compile(
    r" ?(?:全面|全部|基本|正式|如期)?"
    r"(?:完成|建成|竣工|完工|开工|动工|投用|投产|投运|投入|开通|通车|通航|启用|启动|验收|上线|交付|运行)"
)
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Year:
    """A year that a text has named, and what later places without one may take from it."""

    value: int | None
    issued_on: date | None = None


def deadlines_in(
    sheet: Sheet, start: int, end: int, issued_on: date | None = None, *, only_times: bool = False
) -> list[Deadline]:
    """Find the deadlines within a stretch of the flow.

    issued_on: the document's own day, for 年底前 without a year. only_times: the stretch says nothing but until when
    (完成时限：2023年12月), so that every time in it is a limit.
    """
    found: list[Deadline] = []
    year = Year(None, issued_on)
    at = start
    flow = sheet.flow
    recurring = list(_recurring(sheet, start, end))
    taken = [one[0] for one in recurring]
    for anchor in _ANCHOR.finditer(flow, start, end):
        if anchor.start() < at or any(first <= anchor.start() < last for first, last in taken):
            continue
        first = _with_lead(flow, start, anchor.start())
        match = _TIME.match(flow, first, min(end, first + _LONGEST))
        if match is None or match.end() <= anchor.start():
            continue
        at = match.end()
        is_deadline = only_times or _is_deadline(flow, match, end) or _is_stage(flow, match, end, issued_on)
        if match["year"] and (is_deadline or not _is_past(int(match["year"]), issued_on)):
            year = Year(int(match["year"]), issued_on)
        if is_deadline:
            found.append(_deadline(sheet, match, year))
    found += [one[1] for one in recurring]
    if only_times or not found:
        found += _ongoing(sheet, start, end, only_times)
    return sorted(found, key=lambda one: one.span)


def _is_past(year: int, issued_on: date | None) -> bool:
    """True if the document looks back at the year (2022年建成的项目) and so orders nothing in it."""
    return issued_on is not None and year < issued_on.year


def _with_lead(flow: str, start: int, at: int) -> int:
    for lead in ("截止到", "截至到", "截至", "截止", "到", "至", "于", "在"):
        if at - len(lead) >= start and flow.startswith(lead, at - len(lead)):
            return at - len(lead)
    return at


def _is_deadline(flow: str, match: re.Match[str], end: int) -> bool:
    """True if the words make the time a limit (…前, …底, 到…), not a mere date, a period or the name of a plan."""
    if _NAMED_LIMIT.search(flow, max(0, match.start() - 8), match.start()):
        return True
    if _is_condition(flow, match, end):
        return False
    if match["by"]:
        return not (match["by"] == "内" and not (match["year_end"] or match["year"] or match["relative"]))
    after = flow[match.end() : min(end, match.end() + 2)]
    if after.startswith(("-", "—", "–", "~", "至", "起")):
        return False
    if match["year_end"] or match["month_end"] in ("底", "份底", "末", "份末"):
        return True
    if match["lead"] in ("到", "至"):
        return bool(match["year"] or match["relative"])
    return False


def _is_stage(flow: str, match: re.Match[str], end: int, issued_on: date | None) -> bool:
    """True for a stage to come that is named by its month or quarter: 2024年12月建成."""
    if not (match["year"] and (match["month"] or match["quarter"])) or not _DONE_THEN.match(flow, match.end(), end):
        return False
    day = _last_day(match, int(match["year"]))[1]
    return day is not None and (issued_on is None or day >= issued_on) and not _is_condition(flow, match, end)


def _is_condition(flow: str, match: re.Match[str], end: int) -> bool:
    """True if the time bounds whom a rule is for (…前供应的土地) or how long it holds (有效期至…), not the deed."""
    before = flow[max(0, match.start() - 16) : match.start()]
    if before.endswith(("对", "对于", "凡")):
        return True
    if match["lead"] in ("至", "到", "截至", "截止") and _VALIDITY.search(before):
        return True
    stop = next((at for at in range(match.end(), min(end, match.end() + 60)) if flow[at] in ",。;\n"), match.end())
    return flow[stop - 1] == "的" and stop > match.end()


def _deadline(sheet: Sheet, match: re.Match[str], year: Year) -> Deadline:
    start = match.start()
    while start < match.end() and sheet.flow[start] == " ":
        start += 1
    stop = match.end()
    while stop > start and sheet.flow[stop - 1] == " ":
        stop -= 1
    value, inherits = _year_of(match, year)
    precision, day = _last_day(match, value)
    return Deadline(sheet.words(start, stop), day, precision, sheet.span(start, stop), inherits and day is not None)


def _year_of(match: re.Match[str], year: Year) -> tuple[int | None, bool]:
    """Give the year of a time, and whether it comes from elsewhere."""
    if match["year"]:
        return int(match["year"]), False
    if match["relative"]:
        if year.issued_on is None:
            return year.value if not match["relative"].startswith(("明", "次")) else None, True
        return year.issued_on.year + match["relative"].startswith(("明", "次")), True
    if year.value is not None:
        return year.value, True
    if year.issued_on is None:
        return None, True
    if match["month"] and int(match["month"]) < year.issued_on.month:
        return None, True
    return year.issued_on.year, True


def _last_day(match: re.Match[str], year: int | None) -> tuple[Precision, date | None]:
    """Give how exactly a time is named and the last day it allows; no day where the calendar has none."""
    precision: Precision = "year"
    month, day = 12, 31
    if match["month"]:
        month = int(match["month"])
        if not 1 <= month <= 12:
            return "month", None
        day = calendar.monthrange(year or 2000, month)[1]
        precision = "month"
        if match["day"]:
            precision, day = "day", int(match["day"])
        elif match["third"]:
            precision, day = "ten_days", {"上旬": 10, "中旬": 20}.get(match["third"], day)
    elif match["quarter"]:
        number = "一二三四".find(match["quarter"].strip("第季度"))
        number = number if number >= 0 else "1234".find(match["quarter"].strip("第季度"))
        month = 3 * (number + 1)
        precision, day = "quarter", calendar.monthrange(2001, month)[1]
    elif match["half"]:
        precision = "half_year"
        month, day = (6, 30) if match["half"] == "上半年" else (12, 31)
    if year is None:
        return precision, None
    try:
        return precision, date(year, month, day)
    except ValueError:
        return precision, None


def _recurring(sheet: Sheet, start: int, end: int) -> Iterator[tuple[tuple[int, int], Deadline]]:
    for pattern, precision in ((_RECURRING, "recurring"), (_RELATIVE, "relative")):
        for match in pattern.finditer(sheet.flow, start, end):
            deadline = Deadline(sheet.words(*match.span()), None, precision, sheet.span(*match.span()))  # type: ignore[arg-type]
            yield match.span(), deadline


def _ongoing(sheet: Sheet, start: int, end: int, only_times: bool) -> Iterator[Deadline]:
    """Yield what says that a thing goes on without end, where a time was to be named: 时序进度：持续推进."""
    pattern = _ONGOING_ALONE if only_times else _ONGOING
    for match in pattern.finditer(sheet.flow, start, end):
        place = match.span("words") if match["words"] else match.span("alone")
        yield Deadline(sheet.words(*place), None, "ongoing", sheet.span(*place))
