"""The units of a list: parted, with the endings they share and their second names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kouan.supervision.reading.layout import Sheet

OPENING = "([〔〈《<"
CLOSING = ")]〕〉》>"

_ORGANISATIONS = (
    "人民政府|政府|管理委员会|管委会|委员会|办事处|工作委员会|党工委|管理办公室|管理局|管理处|办公室|办公厅|公司|集团|"
    "总队|支队|大队|总局|分局|海关|海事局|边检站|边防检查站|银行|分行|支行|法院|检察院|研究院|科学院|医院|学院|大学|学校|"
    "协会|商会|联合会|总工会|工会|中心|机构|部门|单位|企业|平台|基金|交易所|检查站|气象台|工商联|妇联|残联|科协|社科联|"
    "文联|侨联|台联|团市委|团省委|团中央|团委|贸促会|供销社|报社|电视台|党校|合作社|居委会|村委会|专班|指挥部|领导小组|"
    "联席会议|电网|车站|港务|机场|铁路|局|委|办|厅|部|署|院|会|处|科|室|站|所|队|社|行|馆|校|台|场|网|段|厂|店|庭|"
    "组织|联社|监管组|管理站|公积金中心|金融机构|运营主体|主管部门"
)
_ENDS_AS_ORGANISATION = re.compile(rf"(?:{_ORGANISATIONS})$")
_PLACE = re.compile(
    r"(?:开发区|高新区|经开区|保税区|风景区|度假区|示范区|试验区|自贸区|合作区|功能区|新区|园区|港区|片区|街道|"
    r"自治区|自治州|自治县|区|市|县|州|盟|旗|镇|乡|省)$"
)
_LEVEL = re.compile(r"(?:国家|中央|自治区|省|市|州|区|县|镇|乡|市级|省级|区级|县级)$")
_EVERY = re.compile(r"(?:各|有关|相关|属地|所在|沿线|全市|全省|其他)")
_DEED = re.compile(r"(?:牵头|负责|配合|协助|协办|参加|参与|落实|实施)$")
_EVERY_PLACE = re.compile(
    r"各?(?:设区|地级)?(?:省|自治区|直辖市|地级市|市|州|盟|县|区|旗|镇|乡|街道|地区)(?:\([^()]{1,30}\))?$"
)
_BEGINS_WITH_LEVEL = re.compile(r"(?:国家|自治区|省|市|州|区|县)")
_SEPARATORS = "、,;。"
_JOINED = re.compile(r"(?:和|与|及|以及|暨)")
_STRONG = re.compile(
    r"(?:局|委|办|厅|部|署|院|公司|集团|政府|管委会|委员会|中心|银行|分行|总队|支队|法院|检察院|海关|部门|单位|"
    r"办公室|协会|总工会|街道|镇)$"
)
_NO_NAME = re.compile(
    r"等$|^(?:等|其中|具体|以上|以下|下同|分别|同时|另有|包括|包含|含|由|为|共同|按|根据|依据|并|将|要|须|需)$|[。?!=+]|\d{4}年|\d月|^\d+$|"
    r"长期|持续|年底|月底|季度"
)
_SUBJECTS = (
    r"发展|改革|财政|工业|信息化|经济|科技|科学技术|教育|体育|公安|民政|司法|人力资源|社会保障|人社|自然资源|规划|生态|环境保护|环境|环保|住房|"
    r"城乡建设|建设|住建|交通运输|交通|水利|水务|农业|农村|农|畜牧|商务|文化|广电|广播电视|旅游|卫生|健康|计生|退役军人|退役军人事务|应急|管理|审计|国资|国有资产|"
    r"监督|市场|监管|统计|医保|医疗保障|地方|金融|机关事务|乡村振兴|扶贫|粮食|物资|储备|林业|园林|绿化|能源|药品|食品|知识产权|政务|服务|大数据|"
    r"数据|信访|人防|国防动员|外事|民族|宗教|税务|气象|邮政|通信|城市|城管|综合|行政|执法|房产|房屋|房管|国土|土地|工商|质量|技术|质监|口岸|物流|投资|促进|招商|"
    r"合作|审批|创新|局域|海洋|渔业|港口|港航|海事|消防|救援|公积金|住房公积金|档案|侨务|港澳|地震|公路|铁路|民航|供销|国税|地税|营商环境|数字|政府|信用|和|与|事务"
)
_DEPARTMENT = re.compile(
    rf"(?:(?:{_SUBJECTS})+(?:厅|局|委|委员会|办|办公室|部|中心|总队|支队)|总工会|妇联|残联|科协|工商联|文联|侨联|贸促会|团委|"
    r"(?:中级|高级)?(?:人民)?法院|(?:人民)?检察院)"
)
_PREFIXED = re.compile(
    r"(?P<prefix>[\u4e00-\u9fff]{0,8}?(?:自治区|省|市|州|区|县|旗|镇|兵团))"
    rf"(?=(?:{_DEPARTMENT.pattern}|(?:党工)?委.{{0,14}}|人大.{{0,10}}|政协.{{0,10}}|(?:人民)?政府.{{0,8}}(?:办公[厅室]|办))$)"
)
_OPEN_END = re.compile(
    r"等(?:[^、,;。等()]{0,12}(?:部门|单位|地区|地方|方面|机构|企业)(?:和(?:单位|企业|地区|部门))?)?$"
)
_KIND_ALONE = re.compile(
    r"(?:管委会|管理委员会|(?:镇|乡)?(?:街道|乡镇|镇街)?(?:人民政府|政府|办事处)|街道|开发区管委会|园区|开发区|委员会|[局委厅办部])$"
)
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Name:
    """A unit named in a list. start, end: its place in the flow, without its second name."""

    name: str
    alias: str | None
    start: int
    end: int
    explanation: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of a list between two separators."""

    start: int
    end: int


def items_of(flow: str, start: int, end: int) -> list[Item]:
    """Part a list at 、 , ; and stops outside of brackets."""
    items, depth, at = [], 0, start
    for place in range(start, end):
        sign = flow[place]
        if sign in OPENING:
            depth += 1
        elif sign in CLOSING:
            depth = max(0, depth - 1)
        elif sign in _SEPARATORS and not depth:
            items.append(Item(at, place))
            at = place + 1
    items.append(Item(at, end))
    return [trimmed for item in items if (trimmed := trim(flow, item)).start < trimmed.end]


def trim(flow: str, item: Item) -> Item:
    """Leave out the spaces, stars and stops around an item."""
    start, end = item.start, item.end
    while start < end and flow[start] in " \n*_:。":
        start += 1
    while end > start and flow[end - 1] in " \n*_。;,:":
        end -= 1
    return Item(start, end)


def names_of(sheet: Sheet, items: list[Item]) -> list[Name]:
    """Name the units of a list: every place that shares an ending with a later unit gets it."""
    flow = sheet.flow
    items = [item for item in items if item.end - item.start <= 4 * LONGEST_NAME]
    items = _with_chains_of_places(flow, _parted_at_and(flow, _parted_at_spaces(flow, items)))
    items = [_without_open_end(flow, item) for item in items]
    pieces = [_without_alias(flow, item) for item in items]
    endings = _shared_endings(flow, pieces)
    prefixes = _shared_prefixes(flow, pieces, endings)
    found = []
    for piece, ending, prefix in zip(pieces, endings, prefixes, strict=True):
        bare = sheet.words(piece.start, piece.name_end)
        name = _one_line(sheet.words(*prefix) + bare + sheet.words(*ending))
        if not name or _NO_NAME.search(name) or len(name) > LONGEST_NAME:
            continue
        alias = _one_line(sheet.words(*piece.alias)) if piece.alias else None
        found.append(Name(name, alias, piece.start, piece.name_end, piece.explanation))
    return found


def is_unit(name: str) -> bool:
    """True if a name ends as names of organisations and administrative places end."""
    bare = re.sub(r"\([^()]*\)$", "", name.translate({0xFF08: "(", 0xFF09: ")"}))
    return bool(_ENDS_AS_ORGANISATION.search(bare) or _PLACE.search(bare))


def _without_open_end(flow: str, item: Item) -> Item:
    """Leave out what only says that the list goes on: …等国务院相关部门."""
    tail = _OPEN_END.search(flow, item.start, item.end)
    return trim(flow, Item(item.start, tail.start())) if tail else item


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    name_end: int
    alias: tuple[int, int] | None = None
    explanation: tuple[int, int] | None = None


def _without_alias(flow: str, item: Item) -> _Piece:
    """Part a name from the bracket that ends it: a second name, or what the name covers (含…)."""
    if item.end - item.start < 3 or flow[item.end - 1] not in CLOSING:
        return _Piece(item.start, item.end)
    depth = 0
    for place in range(item.end - 1, item.start, -1):
        if flow[place] in CLOSING:
            depth += 1
        elif flow[place] in OPENING:
            depth -= 1
            if not depth:
                break
    else:
        return _Piece(item.start, item.end)
    if depth or flow[place] in "《":
        return _Piece(item.start, item.end)
    inside = (place + 1, item.end - 1)
    words = flow[slice(*inside)]
    if re.match(r"(?:含|包括|包含|不含|除|以下|下同|具体)", words) or words.endswith("下同"):
        return _Piece(item.start, place, explanation=inside)
    if _DEED.search(words):
        return _Piece(item.start, place)
    if _EVERY_PLACE.fullmatch(flow[item.start : item.end]) or _LEVEL.fullmatch(words) or _KIND_ALONE.fullmatch(words):
        return _Piece(item.start, item.end)
    return _Piece(item.start, place, alias=inside)


def _with_chains_of_places(flow: str, items: list[Item]) -> list[Item]:
    """Put together again what 、 parts within one name: 各县（市）、区人民政府; 各省、自治区、直辖市人民政府."""
    joined: list[Item] = []
    for item in items:
        if joined:
            before = flow[joined[-1].start : joined[-1].end]
            is_chain = (
                before.startswith("各")
                and all(_EVERY_PLACE.match(piece) for piece in before.split("、"))
                and re.match(
                    r"(?:自治区|直辖市|省|市|州|盟|县|区|旗|镇|乡|街道)(?:\([^()]{1,30}\))?"
                    r"(?:$|级?(?:人民)?政府|管委会|办事处|党委)",
                    flow[item.start : item.end],
                )
                and flow[item.start - 1] == "、"
            )
            if is_chain:
                joined[-1] = Item(joined[-1].start, item.end)
                continue
        joined.append(item)
    return joined


def _parted_at_spaces(flow: str, items: list[Item]) -> list[Item]:
    """Part an item at spaces or strokes where each piece is a whole unit: 市交通局 市商务局."""
    parted: list[Item] = []
    for item in items:
        pieces = [Item(*match.span()) for match in re.compile(r"[^ \n/]+").finditer(flow, item.start, item.end)]
        are_units = all(piece.end - piece.start > 2 and is_unit(flow[piece.start : piece.end]) for piece in pieces)
        parted += pieces if len(pieces) > 1 and are_units else [item]
    return parted


def _parted_at_and(flow: str, items: list[Item]) -> list[Item]:
    """Part an item at 和, 与, 及 where two whole names stand there, not within 住房和城乡建设局."""
    parted: list[Item] = []
    for item in items:
        at = item.start
        for match in _JOINED.finditer(flow, item.start + 1, item.end - 1):
            left, right = flow[at : match.start()], flow[match.end() : item.end]
            if _depth(left):
                continue
            left_bare = re.sub(r"\([^()]*\)$", "", left)
            right_bare = re.sub(r"\([^()]*\)$", "", right)
            goes_on = re.match(r"(?:有关|相关)?(?:单位|部门|地区|企业)", right_bare)
            if (
                _STRONG.search(left_bare)
                and len(left_bare) > 1
                and not goes_on
                and is_unit(right_bare)
                and len(right_bare) > 1
            ):
                parted.append(Item(at, match.start()))
                at = match.end()
        lead = re.match(r"(?:以及|及|和|与|并)(?=.{3})", flow[at : item.end])
        if lead and is_unit(flow[at + lead.end() : item.end]):
            at += lead.end()
        parted.append(Item(at, item.end))
    return parted


def _depth(words: str) -> int:
    return sum(sign in OPENING for sign in words) - sum(sign in CLOSING for sign in words)


def _shared_endings(flow: str, pieces: list[_Piece]) -> list[tuple[int, int]]:
    """For each name the span of the ending it shares with a later one; an empty span where it is whole."""
    endings = [(piece.name_end, piece.name_end) for piece in pieces]
    for index in range(len(pieces) - 2, -1, -1):
        piece, following = pieces[index], pieces[index + 1]
        if piece.alias or piece.explanation:
            continue
        words = flow[piece.start : piece.name_end]
        if _ENDS_AS_ORGANISATION.search(words) or _EVERY.match(words):
            continue
        after = endings[index + 1]
        follows = flow[following.start : following.name_end]
        place = _PLACE.search(words)
        if _LEVEL.fullmatch(words):
            level = _BEGINS_WITH_LEVEL.match(follows)
            if level and len(follows) > level.end() and after[0] == after[1]:
                also = re.match(r"\([^()]{1,6}\)", follows[level.end() :])
                rest = level.end() + (also.end() if also else 0)
                endings[index] = (following.start + rest, following.name_end)
            elif after[0] < after[1] and _LEVEL.fullmatch(follows):
                endings[index] = after
        elif place:
            if after[0] < after[1] and _PLACE.search(follows):
                endings[index] = after
            else:
                endings[index] = _rest_after_place(flow, following, place.group()[-1])
                if endings[index][0] == endings[index][1] and len(words) == 2:
                    endings[index] = _short_ending(flow, words, following)
        elif after[0] < after[1] and not _PLACE.search(follows):
            endings[index] = after
        elif len(words) <= 8:
            endings[index] = _short_ending(flow, words, following)
    return endings


def _rest_after_place(flow: str, following: _Piece, tail: str) -> tuple[int, int]:
    """Give what follows the kind of place in a whole name: 江夏区|人民政府 for 黄陂区."""
    at = flow.rfind(tail, following.start, following.name_end - 1)
    rest = flow[at + 1 : following.name_end]
    if at > following.start and _ENDS_AS_ORGANISATION.search(rest) and _ENDS_AS_ORGANISATION.match(rest):
        return at + 1, following.name_end
    return following.name_end, following.name_end


def _short_ending(flow: str, words: str, following: _Piece) -> tuple[int, int]:
    """Give the ending that names without one share: 市商务、财政|局; 黄陂、江夏|区人民政府; 广州、深圳|市政府."""
    nothing = (following.name_end, following.name_end)
    follows = flow[following.start : following.name_end]
    place = re.search(r"[区县市州](?:人民政府|政府|管委会)$", follows)
    if place and 2 <= place.start() <= 4 and 2 <= len(words) <= 4:
        return following.start + place.start(), following.name_end
    department = re.search(r"(?:局|厅|委|办|部)$", follows)
    if department and _DEPARTMENT.fullmatch(_BEGINS_WITH_LEVEL.sub("", words, count=1) + department.group()):
        return following.start + department.start(), following.name_end
    return nothing


def _shared_prefixes(flow: str, pieces: list[_Piece], endings: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each name the span of the level or place it shares with an earlier one: 省商务厅、财政厅 is 省财政厅 too.

    Only within a group (、) and only for plain departments; a unit with a place or a system of its own takes none.
    """
    prefixes = [(piece.start, piece.start) for piece in pieces]
    shared: tuple[int, int] | None = None
    for index, piece in enumerate(pieces):
        if index and "、" not in flow[pieces[index - 1].name_end : piece.start]:
            shared = None
        words = flow[piece.start : piece.name_end] + flow[slice(*endings[index])]
        own = _PREFIXED.match(words)
        if own:
            shared = (piece.start, piece.start + own.end("prefix"))
        elif shared and _DEPARTMENT.fullmatch(words):
            prefixes[index] = shared
    return prefixes


def _one_line(words: str) -> str:
    return re.sub(r"[\s\u3000*]+", "", words)
