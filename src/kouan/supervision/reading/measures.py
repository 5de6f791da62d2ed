"""The single things to do within a task: its sentences, parted where one of them orders several things."""

from __future__ import annotations

import re

from kouan.supervision.reading.layout import NUMBERED, Sheet
from kouan.supervision.reading.notes import OTHER_LABEL

_ADVERBS = (
    r"(?:进一步|积极|加快|大力|全面|切实|不断|持续|着力|稳步|有序|逐步|深入|深化|扎实|充分|严格|主动|同时|并|要|继续|重点|优先|"
    r"统筹|鼓励和?|坚决|加紧|认真|尽快|及时|鼓励|支持|努力|探索|精准|依法|科学|合理|分类|系统|高效|高标准|高质量|高水平)*"
)
_ORDERS = (
    r"建立|建设|建成|完善|健全|优化|推进|推动|推广|推行|实施|落实|开展|组织|制定|制订|出台|编制|加强|加大|强化|规范|整合|"
    r"减少|减轻|压缩|压减|缩短|降低|取消|清理|简化|精简|开通|新开|开辟|开行|拓展|扩大|培育|培养|引进|引导|支持|鼓励|打造|设立|"
    r"搭建|构建|完成|改造|改革|创新|探索|整治|整顿|查处|打击|严厉|督促|督导|检查|公布|公开|发布|发放|安排|落地|协调|举办|"
    r"配置|改善|明确|启动|申报|争创|创建|做好|做大|做强|抓好|用好|选派|选聘|储备|统一|放宽|放开|"
    r"对接|纳入|细化|修订|试点|复制|集中|发展|加快|允许|给予|调整|限制|禁止|征收|免征|减免|返还|补贴|奖励|延长|提供|对"
)
_ORDER = re.compile(rf"{_ADVERBS}(?:{_ORDERS})")
_SHORTEST = 4


def measures_in(sheet: Sheet, start: int, end: int, without: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the stretches of the flow that each order one thing. without: the notes; 完成时限：… orders nothing."""
    flow = sheet.flow
    found: list[tuple[int, int]] = []
    for first, last in _between(start, end, without):
        for begin, end_of in _parted(flow, first, last, "。;\n"):
            if OTHER_LABEL.match(flow, begin, end_of):
                continue
            number = NUMBERED.match(flow, begin, end_of)
            found += _orders_of(flow, number.end() if number else begin, end_of)
    return found


def _orders_of(flow: str, start: int, end: int) -> list[tuple[int, int]]:
    """Part a sentence before each piece that begins with an order.

    What stands before the first order (根据…, 按照…) and what only tells the effect (提高…, 实现…) stay with it.
    """
    orders: list[tuple[int, int]] = []
    has_begun = False
    for piece in _parted(flow, start, end, ","):
        is_order = bool(_ORDER.match(flow, *piece))
        if orders and not (is_order and has_begun):
            orders[-1] = (orders[-1][0], piece[1])
        else:
            orders.append(piece)
        has_begun = has_begun or is_order
    return [order for order in orders if order[1] - order[0] >= _SHORTEST]


def _between(start: int, end: int, without: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found, at = [], start
    for first, last in sorted(without):
        if at < first:
            found.append((at, min(first, end)))
        at = max(at, last)
    if at < end:
        found.append((at, end))
    return found


def _parted(flow: str, start: int, end: int, stops: str) -> list[tuple[int, int]]:
    """Part a stretch at stops outside of brackets and quotation marks; spaces around the pieces are left out."""
    found, depth, at = [], 0, start
    for place in range(start, end + 1):
        sign = flow[place] if place < end else "\n"
        if place < end:
            if sign in "([〔〈“":
                depth += 1
            elif sign in ")]〕〉”":
                depth = max(0, depth - 1)
            elif sign == "\n":
                depth = 0
            if sign not in stops or depth:
                continue
        first, last = at, place
        while first < last and flow[first] in " \n*#>|":
            first += 1
        while last > first and flow[last - 1] in " \n*|":
            last -= 1
        if last > first:
            found.append((first, last))
        at = place + 1
    return found
