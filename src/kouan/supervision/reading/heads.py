"""The head and the foot of an official document: issuer, number, title, addressee, day, copies (GB/T 9704-2012)."""

from __future__ import annotations

import re
from datetime import date

from kouan.supervision.reading.layout import Line, Sheet, lines_of
from kouan.supervision.reading.names import items_of
from kouan.supervision.reading.numbering import number_of
from kouan.supervision.reading.types import Found, Head

_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12} ?[〔\[(〈](?:19|20)\d{2}[〕\])〉] ?第? ?\d{1,5} ?号")
_ISSUED = re.compile(
    r"\([^()\n]{0,60}?(?:政府|办公厅|办公室|委员会|[局委厅部院日])"
    r"(?P<number>[\u4e00-\u9fff]{1,8}[〔\[(](?:19|20)\d{2}[〕\])]第?\d{1,5}号)文?(?:发布|印发|公布)\)"
)
_BANNER = re.compile(r"(?P<issuer>[\u4e00-\u9fff]{4,40}?)(?:文件|\(通知\)|令|公告)$")
_KINDS = (
    "通知|意见|方案|措施|办法|决定|批复|函|请示|报告|公告|通告|通报|决议|命令|令|纪要|规定|规划|计划|要点|细则|制度|条例|政策|"
    "规则|分工|清单|行动|条措施|若干措施|若干政策措施|实施意见|试行\\)"
)
_TITLE = re.compile(
    rf"(?P<issuer>[^\n。;:]{{0,60}}?)(?:关于|印发|转发)[^\n。;:]{{2,120}}?(?:{_KINDS})(?:\([^()]{{1,20}}\))?》?$"
)
_SHORT_TITLE = re.compile(rf"[^\n。;:,]{{4,60}}(?:{_KINDS})(?:\([^()]{{1,20}}\))?$")
_PLAIN_TITLE = re.compile(
    rf"[^\n。;:,]{{4,60}}(?:{_KINDS}|任务|工作|安排|预案|指南|台账|举措|总结)(?:\([^()]{{1,20}}\))?"
)
_RUN_ON = re.compile(
    rf" *(?P<title>[^\n。;:]{{0,60}}?(?:关于|印发|转发)[^\n。;:]{{2,120}}?(?:{_KINDS})(?:\([^()]{{1,20}}\))?》?)(?= )"
    rf" *(?P<number>{_NUMBER.pattern})? *(?P<addressee>[^\n。;:]{{2,300}}(?=:))?"
)
_ADDRESSEE = re.compile(
    r"(?=[^\n]{2,400}:$)(?!为|根据|按照?|依据|经|现|遵照|贯彻)(?:各|省|市|州|区|县|有关|相关|国务院|中央|[\u4e00-\u9fff]{1,12}(?:人民政府|政府|委员会|委|局|部|厅|办公室|公司|单位))"
)
_DAY = re.compile(r"(?P<year>(?:19|20)\d{2}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日")
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
_CN_DAY = re.compile(
    r"(?P<year>[一二][〇○零一二三四五六七八九0]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_COPIES = re.compile(r"(?:^|(?<=\n))[ *]*(?:抄送|抄报|分送|主送)(?:机关)?[ *]*: *")
_PRINTED = re.compile(r"印发")
_ORGAN = re.compile(
    r"[\u4e00-\u9fff()]{2,40}(?:人民政府|办公厅|办公室|委员会|管委会|局|厅|部|国务院|党委|领导小组|联席会议|委|院|会|中心|集团|公司)$"
)
_SPACE_IN_WORDS = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
_SIGNED_AT_END = re.compile(
    r"(?<=[。;!)])\s*(?P<organ>[\u4e00-\u9fff]{2,30}?)\s*(?P<day>(?:19|20)\d{2}年\d{1,2}月\d{1,2}日)\s*(?:\([^()]{1,16}\))?\s*$"
)
_HEAD_LINES = 60


def head_of(sheet: Sheet, first_clause: int | None) -> Head:
    """Read the head of a document. first_clause: where in the flow its first number stands."""
    flow = sheet.flow
    lines = list(lines_of(flow))
    top = [line for line in lines if first_clause is None or line.start < first_clause][:_HEAD_LINES]
    number = _number(sheet, top)
    title = _title(sheet, top)
    addressee = _addressee(sheet, top)
    run_on = None if title else _RUN_ON.match(flow)
    if run_on:
        title = _found(sheet, *run_on.span("title"))
        number = _found(sheet, *run_on.span("number")) if run_on["number"] else number
        addressee = _found(sheet, *run_on.span("addressee")) if run_on["addressee"] else None
    signed = _signed(flow, lines, addressee)
    printed = _printed(flow, lines)
    if signed is None and (closing := _SIGNED_AT_END.search(flow, max(0, len(flow) - 200))):
        day = _DAY.match(closing["day"])
        signed = (found, closing.span("day")) if day and (found := _day_of(day)) else None
    title = title or _heading(sheet, top)
    issuer = (
        _banner(sheet, top) or _from_title(sheet, top) or _signature(sheet, lines, signed) or _byline(sheet, top, title)
    )
    return Head(
        issuer=issuer,
        number=number,
        title=title,
        addressee=addressee,
        signed_on=signed[0] if signed else None,
        signed_span=sheet.span(*signed[1]) if signed else None,
        printed_on=printed[0] if printed else None,
        printed_span=sheet.span(*printed[1]) if printed else None,
        copies=_copies(sheet),
    )


def first_day(head: Head) -> date | None:
    """Give the day from which a document speaks: its own, else the first of the year of its number or its title."""
    if head.date:
        return head.date
    for place in (head.number, head.title):
        years = set(_YEAR.findall(place.value)) if place else set()
        if len(years) == 1:
            return date(int(years.pop()), 1, 1)
    return None


def _bare(line: Line) -> tuple[int, int]:
    """Give the place of a line in the flow without spaces and markup."""
    start, end = line.start, line.end
    words = line.text
    left = len(words) - len(words.lstrip(" #*>-_|\f"))
    right = len(words) - len(words.rstrip(" #*_|\f"))
    start += left + (line.end - line.start - len(words) if line.end - line.start != len(words) else 0)
    return start, max(start, end - right)


def _found(sheet: Sheet, start: int, end: int) -> Found:
    return Found(_SPACE_IN_WORDS.sub("", " ".join(sheet.words(start, end).split())), sheet.span(start, end))


def _number(sheet: Sheet, top: list[Line]) -> Found | None:
    """Find the number on a line of its own, or beside 签发人 or the banner; not the number of a cited document."""
    for line in top:
        start, end = _bare(line)
        match = _NUMBER.match(sheet.flow, start, end)
        if match and (end - match.end() < 2 or "签发" in sheet.flow[match.end() : end]):
            return _found(sheet, *match.span())
        remark = _ISSUED.match(sheet.flow, start, end)
        if remark:
            return _found(sheet, *remark.span("number"))
    return None


def _banner(sheet: Sheet, top: list[Line]) -> Found | None:
    for line in top[:6]:
        start, end = _bare(line)
        match = _BANNER.match(sheet.flow[start:end].replace(" ", ""))
        if match and "关于" not in match["issuer"]:
            return _found(
                sheet, start, start + sheet.flow[start:end].rfind(match["issuer"][-1], 0, end - start - 1) + 1
            )
    return None


def _title(sheet: Sheet, top: list[Line]) -> Found | None:
    """Find the title: the first line, or the first few together, that say 关于…的通知 and the like."""
    flow = sheet.flow
    spans = [span for line in top[:24] if (span := _bare(line))[0] < span[1]]
    for more in range(3):
        for first, last in zip(spans, spans[more:], strict=False):
            words = flow[first[0] : last[1]].replace("\n", "").replace(" ", "")
            lines = [flow[start:end] for start, end in spans if first[0] <= start <= last[0]]
            if len(words) <= 160 and _TITLE.fullmatch(words) and not (more and any(map(_is_no_title, lines))):
                return _found(sheet, first[0], last[1])
    for start, end in spans[:4]:
        if _SHORT_TITLE.fullmatch(flow[start:end].replace(" ", "")):
            return _found(sheet, start, end)
    return None


def _heading(sheet: Sheet, top: list[Line]) -> Found | None:
    """Find a title that says no 关于…: the first line, if it is marked up as a heading or ends as titles do."""
    for line in top[:1]:
        start, end = _bare(line)
        words = sheet.flow[start:end].replace(" ", "")
        is_marked = line.text.lstrip().startswith("# ") and 4 <= len(words) <= 80
        if words and (is_marked or _PLAIN_TITLE.fullmatch(words)):
            return _found(sheet, start, end)
    return None


def _byline(sheet: Sheet, top: list[Line], title: Found | None) -> Found | None:
    """Find the issuer on a line of its own below the title."""
    for line in top[1:4] if title else ():
        start, end = _bare(line)
        if _ORGAN.fullmatch(sheet.flow[start:end].replace(" ", "")):
            return _found(sheet, start, end)
    return None


def _is_no_title(words: str) -> bool:
    """True for the lines around a title: number, banner, day, signature, addressee, remark."""
    bare = words.replace(" ", "")
    return (
        not bare.strip("-—")
        or bare[-1] in ":。;)"
        or bool(_NUMBER.match(words) or _BANNER.match(bare) or _DAY.match(words) or _ORGAN.fullmatch(bare))
    )


def _from_title(sheet: Sheet, top: list[Line]) -> Found | None:
    for line in top[:24]:
        start, end = _bare(line)
        match = _TITLE.fullmatch(sheet.flow[start:end])
        if match and _ORGAN.fullmatch(match["issuer"].replace(" ", "")):
            return _found(sheet, start, start + len(match["issuer"]))
    return None


def _addressee(sheet: Sheet, top: list[Line]) -> Found | None:
    for line in top:
        start, end = _bare(line)
        words = sheet.flow[start:end]
        if _ADDRESSEE.match(words) and "。" not in words and words.count(":") == 1:
            return _found(sheet, start, end - 1)
    first = top[0] if top else None
    if first:
        start, end = _bare(first)
        colon = sheet.flow.find(":", start, min(end, start + 300))
        words = sheet.flow[start : colon + 1]
        if colon > 0 and _ADDRESSEE.match(words) and not any(sign in words for sign in "。;"):
            return _found(sheet, start, colon)
    return None


def _day_of(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _signed(flow: str, lines: list[Line], addressee: Found | None) -> tuple[date, tuple[int, int]] | None:
    """Find the day of signing: a line that holds nothing but a day, the last such before a text is attached."""
    for line in lines:
        start, end = _bare(line)
        if end - start > 24:
            continue
        match = _DAY.fullmatch(flow, start, end) or _DAY.fullmatch(flow[start:end].strip("()"))
        if match and (day := _day_of(match)):
            return day, (start, end)
        written = _CN_DAY.fullmatch(flow[start:end].replace(" ", ""))
        if written and (day := _written_day(written)):
            return day, (start, end)
    return None


def _written_day(match: re.Match[str]) -> date | None:
    digits = {"〇": "0", "○": "0", "零": "0"} | {sign: str(value) for value, sign in enumerate("一二三四五六七八九", 1)}
    year = int("".join(digits.get(sign, sign) for sign in match["year"]))
    try:
        return date(year, number_of(match["month"]), number_of(match["day"]))
    except ValueError:
        return None


def _printed(flow: str, lines: list[Line]) -> tuple[date, tuple[int, int]] | None:
    for line in reversed(lines[-30:]):
        if not _PRINTED.search(line.text) or len(line.text) > 80:
            continue
        start, end = _bare(line)
        match = _DAY.search(flow, start, end)
        if match and (day := _day_of(match)) and flow[match.end() : match.end() + 3].strip().startswith("印"):
            return day, match.span()
    return None


def _signature(sheet: Sheet, lines: list[Line], signed: tuple[date, tuple[int, int]] | None) -> Found | None:
    """Find who signs: the line right above the day of signing."""
    if signed is None:
        return None
    closing = _SIGNED_AT_END.search(sheet.flow, max(0, len(sheet.flow) - 200))
    if closing and closing.span("day") == signed[1]:
        return _found(sheet, *closing.span("organ")) if _ORGAN.fullmatch(closing["organ"]) else None
    above = [line for line in lines if line.end <= signed[1][0]][-1:]
    for line in above:
        start, end = _bare(line)
        if _ORGAN.fullmatch(sheet.flow[start:end].replace(" ", "")):
            return _found(sheet, start, end)
    return None


def _copies(sheet: Sheet) -> tuple[Found, ...]:
    """Read 抄送 up to the line that says who printed the document, or a rule."""
    flow = sheet.flow
    match = next(reversed(list(_COPIES.finditer(flow))), None)
    if match is None or "主送" in match.group():
        return ()
    found: list[Found] = []
    at = match.end()
    for line in flow[at:].split("\n")[:12]:
        stop = at + len(line)
        bare = line.strip(" *")
        if bare.startswith(("-", "_", "=", "—")) or "印发" in bare or (found and _ORGAN.fullmatch(bare)):
            break
        found += _parted(sheet, at, stop)
        at = stop + 1
    return tuple(found)


def _parted(sheet: Sheet, start: int, end: int) -> list[Found]:
    pieces: list[Found] = []
    for sentence in re.finditer(r"[^。]+", sheet.flow[start:end]):
        for item in items_of(sheet.flow, start + sentence.start(), start + sentence.end()):
            if pieces and sheet.flow[item.start : item.end] == "事业单位" and pieces[-1].value.endswith("企业"):
                pieces[-1] = Found(
                    f"{pieces[-1].value}、事业单位", (pieces[-1].span[0], sheet.span(item.start, item.end)[1])
                )
            else:
                pieces.append(_found(sheet, item.start, item.end))
    return pieces
