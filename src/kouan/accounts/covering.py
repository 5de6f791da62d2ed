"""Which delegation covers what is done for a client at a moment; and why none does, with how to mend it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import DelegatedAct
from kouan.accounts.models import Delegation, Organisation
from kouan.records.problems import Problem


class Why(StrEnum):
    """Why no delegation covers an act."""

    NONE = "none"
    SCOPE = "scope"
    TO_COME = "to-come"
    ENDED = "ended"


class NotDelegated(NotAllowed):
    """No delegation covers this act for this client now."""

    def __init__(self, why: Why, zh: str, en: str, fix_zh: str, fix_en: str, *, pointer: str = "") -> None:
        super().__init__(zh, en, fix_zh, fix_en, code=f"ACCESS-DELEGATION-{why.upper()}", pointer=pointer)
        self.why = why

    def in_message(self, code: str, pointer: str) -> Problem:
        """Give the refusal as the problem of a message that came, in the code range of its standard."""
        fix = ("请委托方在“委托”页同意委托，生效后重新报送。",
               "Let the client grant a delegation under “Delegations”, and send it again once it holds.")  # fmt: skip
        return Problem(code, pointer, "error", self.problem.zh, self.problem.en, *fix)


@dataclass(frozen=True, slots=True)
class Want:
    """That an agent does something for a client with one kind of document at a moment."""

    client_id: UUID
    agent_id: UUID
    kind: str
    at: dt.datetime
    act: str = DelegatedAct.DECLARE


@dataclass(frozen=True, slots=True)
class Cover:
    """What covers wants, and why others are not covered; a firm that acts for itself stands in neither."""

    delegations: Mapping[Want, Delegation] = field(default_factory=dict)
    refusals: Mapping[Want, NotDelegated] = field(default_factory=dict)


def cover(wants: Iterable[Want]) -> Cover:
    """Find what covers each want, the earliest where several do; one query a batch, one more where something is not."""
    asked = {want for want in wants if want.client_id != want.agent_id}
    if not asked:
        return Cover()
    given = _given(asked)
    found = {want: row for want in asked if (row := _covering(given[want.client_id, want.agent_id], want))}
    missing = asked - found.keys()
    clients = Organisation.objects.filter(pk__in={want.client_id for want in missing}) if missing else []
    names = {client.pk: client.name_zh for client in clients}
    refusals = {want: _refusal(names[want.client_id], given[want.client_id, want.agent_id], want) for want in missing}
    return Cover(found, refusals)


def require_delegation(
    *, client_id: UUID, agent_id: UUID, kind: str, at: dt.datetime, act: str = DelegatedAct.DECLARE, pointer: str = ""
) -> Delegation | None:
    """Return the delegation that covers an act; None where the firm acts for itself. Raises NotDelegated."""
    want = Want(client_id, agent_id, kind, at, act)
    covered = cover([want])
    if refusal := covered.refusals.get(want):
        raise _at(refusal, pointer)
    return covered.delegations.get(want)


def refuse_after_end(*, client_id: UUID, agent_id: UUID, kind: str, at: dt.datetime, pointer: str = "") -> None:
    """Let nothing new be made for a client whose delegation has ended. Raises NotDelegated.

    What was never delegated may be prepared while the client is asked.
    """
    want = Want(client_id, agent_id, kind, at)
    refusal = cover([want]).refusals.get(want)
    if refusal and any(_has_ended(row, want) for row in _given([want])[client_id, agent_id]):
        raise _at(refusal, pointer)


def _given(wants: Iterable[Want]) -> defaultdict[tuple[UUID, UUID], list[Delegation]]:
    """Give every delegation there ever was between these clients and agents, in the order of their beginning."""
    wants = list(wants)
    rows = Delegation.objects.filter(
        client_id__in={want.client_id for want in wants}, agent_id__in={want.agent_id for want in wants}
    )
    given: defaultdict[tuple[UUID, UUID], list[Delegation]] = defaultdict(list)
    for row in rows.order_by("since", "pk"):
        given[row.client_id, row.agent_id].append(row)
    return given


def _is_running(row: Delegation, at: dt.datetime) -> bool:
    return row.since <= at and (row.until is None or row.until > at)


def _has_ended(row: Delegation, want: Want) -> bool:
    return row.until is not None and row.until <= want.at and (not row.scope or want.kind in row.scope)


def _covering(given: Sequence[Delegation], want: Want) -> Delegation | None:
    fit = (row for row in given if _is_running(row, want.at) and (not row.scope or want.kind in row.scope))
    return next((row for row in fit if not row.acts or want.act in row.acts), None)


def _refusal(name: str, given: Sequence[Delegation], want: Want) -> NotDelegated:
    """Say why none of the delegations that were given covers a want."""
    fix = ("请在“委托”页向对方申请新的委托，对方同意后即可继续；已填内容不会丢失。",
           "Ask the client for a new delegation under “Delegations”; what was typed is not lost.")  # fmt: skip
    if any(_is_running(row, want.at) for row in given):
        word = DelegatedAct(want.act).label
        return NotDelegated(Why.SCOPE, f"{name}的委托不包括此类单证或“{word}”。",
                            f"The delegation of {name} does not cover this.", *fix)  # fmt: skip
    if coming := next((row for row in given if row.since > want.at), None):
        day = _day(coming.since)
        return NotDelegated(Why.TO_COME, f"{name}的委托自 {day} 起生效。", f"The delegation of {name} begins on {day}.",
                            "请在生效后办理。", "Do it from that day on.")  # fmt: skip
    last = max((row for row in given if _has_ended(row, want)), key=_end_of, default=None)
    if last is None:
        return NotDelegated(Why.NONE, f"尚未取得{name}的委托。", f"{name} has not delegated to your firm.", *fix)
    day, number = _day(_end_of(last)), f"（协议 {last.agreement_no}）" if last.agreement_no else ""
    zh, en = ("撤销", "was revoked") if last.revoked_by_id else ("到期", "ended")
    return NotDelegated(Why.ENDED, f"{name}的委托{number}已于 {day} {zh}。",
                        f"The delegation of {name} {en} on {day}.", *fix)  # fmt: skip


def _at(refusal: NotDelegated, pointer: str) -> NotDelegated:
    said = refusal.problem
    return NotDelegated(refusal.why, said.zh, said.en, said.fix_zh, said.fix_en, pointer=pointer)


def _end_of(row: Delegation) -> dt.datetime:
    assert row.until is not None
    return row.until


def _day(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
