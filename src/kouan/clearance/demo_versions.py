"""Later versions in the demonstration: lists that agents changed after an authority had given its opinion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from kouan.accounts import selectors as accounts
from kouan.clearance import selectors
from kouan.clearance.services.reviewing import confirm_opinion, record_review
from kouan.clearance.states import ReviewAct
from kouan.declarations import selectors as declarations
from kouan.declarations.composing import new_guid
from kouan.declarations.statements import original_of
from kouan.declarations.versions import OPEN_TO_CHANGE
from kouan.gateway.standards.ceb.types import Node
from kouan.kernel.dates import format_time, parse_time

MOST_AMENDED = 4
SPEAKS_BEFORE = timedelta(minutes=40)
_OPINIONS = (
    (ReviewAct.CLEAR, "演示：资料齐全，无意见"),
    (ReviewAct.CLEAR_WITH_CONDITIONS, "演示：流通前须加贴中文标签"),
)
SendVersion = Callable[[Any, Node, datetime], bool]
"""Sends a later version of a case in the name of its declarant; says whether there is a channel for it."""


def amend_reviewed(send: SendVersion, *, at: datetime) -> None:
    """Let market supervision say something of lists that may still be changed, and then agents change them: every
    other in something that it looks at."""
    officer = accounts.get_demo_person("market")
    reviews = selectors.list_reviews(officer).filter(way="recorded", state="pending", opened_at__lt=at - SPEAKS_BEFORE)
    reviews_by_case = {review.case_id: review for review in reviews.order_by("-pk")}
    amended = 0
    for case in declarations.cases_by_id(reviews_by_case):
        node = original_of(case.pk, case.version) if case.official_status in OPEN_TO_CHANGE else None
        if amended == MOST_AMENDED or node is None:
            continue
        act, words = _OPINIONS[amended % len(_OPINIONS)]
        review = reviews_by_case[case.pk]
        record_review(user=officer, review_id=review.pk, act=act, opinion=words, at=at - SPEAKS_BEFORE)
        if send(case, _changed(node, touches_goods=amended % 2 == 1), at):
            amended += 1


def confirm_all_but_one(*, at: datetime) -> None:
    """Let market supervision confirm the opinions that wait for it, and leave the last one waiting."""
    officer = accounts.get_demo_person("market")
    waiting = selectors.list_reviews(officer).filter(state="to_confirm").order_by("pk")
    for review in list(waiting)[:-1]:
        confirm_opinion(user=officer, review_id=review.pk, at=at)


def _changed(node: Node, *, touches_goods: bool) -> Node:
    head = node.head
    head.guid, head.app_type = new_guid(), "2"
    head.app_time = format_time(parse_time(head.app_time) + timedelta(minutes=20))
    head.gross_weight_kg = f"{float(head.gross_weight_kg) + 0.35:.2f}"
    head.buyer_phone = "19988880000"
    if head.voyage_no:
        head.voyage_no = "YS2026"
    if touches_goods:
        node.lines[0].specification = f"{node.lines[0].specification}（演示更正）"
    return Node(1, head, node.lines, b"")
