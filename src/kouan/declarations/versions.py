"""Which version of a document counts. Pure: what is there and what comes, in; what becomes of it, out.

New, change and delete are each owner's own. A later ``appTime`` wins; an equal one with other content is a conflict
that changes nothing (统一版 202205: 接收报文为旧报文数据，不做处理).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kouan.declarations.codes import Finding
from kouan.records.problems import Problem

NEW, CHANGE, DELETE = "1", "2", "3"


@dataclass(slots=True)
class Current:
    """What counts now under one key; ``number`` is 0 while nothing does."""

    id: UUID
    sender_id: UUID
    owner_id: UUID | None
    number: int = 0
    app_time: str = ""
    digest: bytes = b""
    is_deleted: bool = False
    official_status: str = ""


@dataclass(frozen=True, slots=True)
class Coming:
    """What one business node asks for."""

    kind: str
    number: str
    app_type: str
    app_time: str
    digest: bytes
    sender_id: UUID


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a node: ``finding`` is ``None`` when it becomes the next version."""

    finding: Finding | None
    problem: Problem | None = None


ACCEPTED = Verdict(None)

_EXISTS = {"311": "-301010", "411": "-401007", "511": "-504015", "513": "-505012", "621": "-621004", "623": "-623009",
           "625": "-625022", "711": "-800003"}  # fmt: skip
_MISSING = {"311": "-301009", "411": "-401006", "511": "-504014", "621": "-621011"}
_OLD = {"311": "-301014", "411": "-401012", "513": "-505016", "711": "-800005"}
_WRONG_STATE = {"311": "-301011", "411": "-401008", "511": "-504016", "621": "-621012"}
_NOT_YOURS = {"621": "-621016", "623": "-623026", "625": "-625021"}

_OLD_HERE, _CONFLICT_HERE, _NOT_YOURS_HERE = "-921001", "-921002", "-921003"
_MISSING_HERE, _WRONG_STATE_HERE, _EXISTS_HERE = "-921004", "-921005", "-921006"

OPEN_TO_CHANGE = frozenset({"", "1", "2", "3", "4", "100"})


def judge(current: Current, coming: Coming) -> Verdict:
    """Say what becomes of a node that comes for a key, given what counts now."""
    if current.number and coming.sender_id not in (current.sender_id, current.owner_id):
        return _refuse(Finding.NOT_YOURS, _NOT_YOURS.get(coming.kind, _NOT_YOURS_HERE), coming)
    if not current.number:
        return _judge_first(coming)
    if coming.app_time < current.app_time:
        return _refuse(Finding.OLDER, _OLD.get(coming.kind, _OLD_HERE), coming)
    if coming.app_time == current.app_time:
        if coming.digest == current.digest:
            return Verdict(Finding.SAME)
        return _refuse(Finding.CONFLICTING, _CONFLICT_HERE, coming)
    return _judge_later(current, coming)


def _judge_first(coming: Coming) -> Verdict:
    if coming.app_type == NEW:
        return ACCEPTED
    return _refuse(Finding.REFUSED, _MISSING.get(coming.kind, _MISSING_HERE), coming)


def _judge_later(current: Current, coming: Coming) -> Verdict:
    is_open = current.official_status in OPEN_TO_CHANGE or current.official_status.startswith("-")
    if current.is_deleted:
        return _judge_first(coming)
    if coming.app_type == NEW:
        was_returned = current.official_status == "100" or current.official_status.startswith("-")
        return ACCEPTED if was_returned else _refuse(Finding.REFUSED, _EXISTS.get(coming.kind, _EXISTS_HERE), coming)
    if not is_open:
        return _refuse(Finding.REFUSED, _WRONG_STATE.get(coming.kind, _WRONG_STATE_HERE), coming)
    return ACCEPTED


_TEXTS: dict[str, tuple[str, str, str, str]] = {
    "exists": (
        "编号 {number} 已经申报过，请勿重复申报",
        "{number} has been declared already",
        "如需修改，请以变更（appType=2）报送",
        "To change it, send it as a change (appType=2)",
    ),
    "missing": (
        "未找到编号 {number}，不能变更或删除",
        "{number} is not known, so it cannot be changed or deleted",
        "请先以新增（appType=1）报送",
        "Send it as new (appType=1) first",
    ),
    "older": (
        "编号 {number} 的报送时间 {app_time} 早于已收到的版本，不做处理",
        "{number} of {app_time} is older than the version at hand and changes nothing",
        "如需修改，请以更晚的报送时间（appTime）变更",
        "To change it, send a change with a later appTime",
    ),
    "conflict": (
        "编号 {number} 在同一报送时间 {app_time} 已有不同内容，不做处理",
        "{number} of {app_time} is here with other content; nothing was changed",
        "请以更晚的报送时间（appTime）变更",
        "Send a change with a later appTime",
    ),
    "not_yours": (
        "编号 {number} 由其他单位报送，贵单位无权变更",
        "{number} was sent by another firm and is not yours to change",
        "请由原报送单位或单证所属企业办理",
        "The firm that sent it, or its owner, has to do this",
    ),
    "wrong_state": (
        "编号 {number} 的申报状态不符合变更或删除的条件",
        "{number} is in a state in which it cannot be changed or deleted",
        "海关已接受的单证请办理撤销或退货申请",
        "For what customs has accepted, apply for cancellation or return",
    ),
}
_TEXT_OF = (
    dict.fromkeys((*_EXISTS.values(), _EXISTS_HERE), "exists")
    | dict.fromkeys((*_MISSING.values(), _MISSING_HERE), "missing")
    | dict.fromkeys((*_OLD.values(), _OLD_HERE), "older")
    | dict.fromkeys((*_NOT_YOURS.values(), _NOT_YOURS_HERE), "not_yours")
    | dict.fromkeys((*_WRONG_STATE.values(), _WRONG_STATE_HERE), "wrong_state")
    | {_CONFLICT_HERE: "conflict"}
)


def _refuse(finding: Finding, code: str, coming: Coming) -> Verdict:
    words = {"number": coming.number, "app_time": coming.app_time}
    zh, en, fix_zh, fix_en = (text.format(**words) for text in _TEXTS[_TEXT_OF[code]])
    pointer = "/appTime" if finding in (Finding.OLDER, Finding.CONFLICTING) else "/appType"
    return Verdict(finding, Problem(code, pointer, "error", zh, en, fix_zh, fix_en))
