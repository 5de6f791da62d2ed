"""Where the making and checking of a draft stands, and who may check it. Pure.

One person makes, another checks (制单／复核). A change after the check needs a new check. Whoever made a draft, or
changed it last, never checks it, whatever else the person may do.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class CheckState(StrEnum):
    """Where the making and checking of a draft stands."""

    MAKING = "making"
    TO_CHECK = "to_check"
    BOUNCED = "bounced"
    CHECKED = "checked"


class CheckAct(StrEnum):
    """What is done with a draft until it may leave."""

    CHANGE = "change"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    PASS = "pass"  # noqa: S105 - the checker lets it pass
    BOUNCE = "bounce"


S, A = CheckState, CheckAct
NEXT: dict[tuple[CheckState, CheckAct], CheckState] = {
    (S.MAKING, A.CHANGE): S.MAKING,
    (S.MAKING, A.SUBMIT): S.TO_CHECK,
    (S.BOUNCED, A.CHANGE): S.BOUNCED,
    (S.BOUNCED, A.SUBMIT): S.TO_CHECK,
    (S.TO_CHECK, A.CHANGE): S.MAKING,
    (S.TO_CHECK, A.TAKE_BACK): S.MAKING,
    (S.TO_CHECK, A.PASS): S.CHECKED,
    (S.TO_CHECK, A.BOUNCE): S.BOUNCED,
    (S.CHECKED, A.CHANGE): S.MAKING,
    (S.CHECKED, A.BOUNCE): S.BOUNCED,
}


@dataclass(frozen=True, slots=True)
class Hands:
    """Who made a draft, and who changed it last."""

    maker: UUID
    changer: UUID


def may_check(person: UUID, hands: Hands, checkers: Collection[UUID]) -> bool:
    """Whether a person may check: the firm has named the person, who neither made the draft nor changed it last."""
    return person in checkers and person not in (hands.maker, hands.changer)


def may_leave(state: CheckState, *, is_required: bool) -> bool:
    """Whether a draft may go out to be signed or sent."""
    return not is_required or state == CheckState.CHECKED
