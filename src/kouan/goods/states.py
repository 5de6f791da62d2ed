"""Where a goods declaration stands, whose turn it is, and which official answer moves it on. Pure.

The state is computed from what was sent and what came back for the current version; nobody sets it. Source: the table
of channels of the business receipt (see ``gateway.standards.dec.channels``). A channel that is only a notice moves
nothing; an unknown one stands as unknown and is never mapped by guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class GoodsState(StrEnum):
    """Where a goods declaration stands."""

    AWAITING_CHANNEL = "awaiting_channel"
    SENT = "sent"
    IMPORT_FAILED = "import_failed"
    SAVED = "saved"
    DECLARED = "declared"
    DECLARING_FAILED = "declaring_failed"
    RECEIVED = "received"
    FILE_WANTED = "file_wanted"
    BY_HAND = "by_hand"
    NOT_ACCEPTED = "not_accepted"
    RETURNED = "returned"
    EXAMINED = "examined"
    EXAMINED_AGAIN = "examined_again"
    TAX_DUE = "tax_due"
    INSPECTED = "inspected"
    GUARANTEED = "guaranteed"
    RELEASED = "released"
    CLOSED = "closed"
    DELETED = "deleted"
    UNKNOWN_OFFICIAL = "unknown_official"


class Party(StrEnum):
    """Who is waited for."""

    KOUAN = "kouan"
    WINDOW = "window"
    DECLARANT = "declarant"
    CUSTOMS = "customs"
    NOBODY = "nobody"


S, P = GoodsState, Party
OF_CHANNEL: dict[str, GoodsState] = {
    "2": S.SENT, "6": S.SENT, "3": S.SAVED, "4": S.IMPORT_FAILED, "7": S.DECLARED, "8": S.SAVED,
    "9": S.DECLARING_FAILED, "Y": S.DECLARING_FAILED, "N": S.FILE_WANTED, "L": S.RECEIVED, "E": S.NOT_ACCEPTED,
    "H": S.BY_HAND, "Z": S.RETURNED, "G": S.EXAMINED, "M": S.EXAMINED_AGAIN, "T": S.TAX_DUE, "C": S.INSPECTED,
    "S": S.INSPECTED, "B": S.GUARANTEED, "F": S.RELEASED, "R": S.CLOSED, "D": S.DELETED,
}  # fmt: skip
NOTICES = frozenset("WIa")
"""Channels that only tell: examination, inspection or release in one word, a certificate. They move no state."""

TURN: dict[GoodsState, Party] = {
    S.AWAITING_CHANNEL: P.KOUAN, S.SENT: P.WINDOW, S.IMPORT_FAILED: P.DECLARANT, S.SAVED: P.DECLARANT,
    S.DECLARED: P.CUSTOMS, S.DECLARING_FAILED: P.DECLARANT, S.RECEIVED: P.CUSTOMS, S.FILE_WANTED: P.DECLARANT,
    S.BY_HAND: P.DECLARANT, S.NOT_ACCEPTED: P.DECLARANT, S.RETURNED: P.DECLARANT, S.EXAMINED: P.CUSTOMS,
    S.EXAMINED_AGAIN: P.CUSTOMS, S.TAX_DUE: P.DECLARANT, S.INSPECTED: P.CUSTOMS, S.GUARANTEED: P.DECLARANT,
    S.RELEASED: P.NOBODY, S.CLOSED: P.NOBODY, S.DELETED: P.NOBODY, S.UNKNOWN_OFFICIAL: P.CUSTOMS,
}  # fmt: skip

_STEPS: dict[GoodsState, int] = {
    S.SENT: 1, S.IMPORT_FAILED: 2, S.SAVED: 2, S.DECLARED: 3, S.DECLARING_FAILED: 3, S.RECEIVED: 4, S.FILE_WANTED: 4,
    S.BY_HAND: 4, S.NOT_ACCEPTED: 5, S.RETURNED: 5, S.EXAMINED: 5, S.EXAMINED_AGAIN: 5, S.TAX_DUE: 5, S.INSPECTED: 5,
    S.UNKNOWN_OFFICIAL: 5, S.GUARANTEED: 6, S.RELEASED: 7, S.CLOSED: 8, S.DELETED: 9,
}  # fmt: skip
REOPENING = frozenset("MZ")
"""Channels by which customs takes a later state back: examined again, returned for correction."""

OPEN_TO_A_NEW_VERSION = frozenset(
    {S.AWAITING_CHANNEL, S.SENT, S.IMPORT_FAILED, S.SAVED, S.DECLARING_FAILED, S.FILE_WANTED, S.BY_HAND,
     S.NOT_ACCEPTED, S.RETURNED}
)  # fmt: skip
"""States in which the declarant may send a new version; in the others an application to correct comes first."""


def may_be_sent_anew(row: Any) -> bool:
    """Whether the declarant may send another version of a declaration now: it is open, or its second step is missing.

    row: has the state and the step of a declaration.
    """
    if row.state in OPEN_TO_A_NEW_VERSION:
        return True
    return row.step == "outline" and row.state != S.DELETED


GRANTING = frozenset({S.RELEASED, S.CLOSED})
"""States in which customs has let the goods go."""


_BEFORE_DECLARING = frozenset({S.SENT, S.IMPORT_FAILED, S.SAVED, S.DECLARING_FAILED, S.UNKNOWN_OFFICIAL})


def state_of_channel(channel: str) -> GoodsState | None:
    """Give the state that a channel stands for; None for a mere notice."""
    if channel in NOTICES:
        return None
    return OF_CHANNEL.get(channel, S.UNKNOWN_OFFICIAL)


def tells_of_declaring(channel: str) -> bool:
    """Whether a channel can only be given once the declaration was made to customs."""
    state = state_of_channel(channel)
    return state is not None and state not in _BEFORE_DECLARING


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """What the state is computed from. channel: the official one that counts for the current version, or empty.

    import_code: of the import response for the current version; empty while there is none. is_paid: the firm has said
    that the tax is paid, and customs has not answered since.
    """

    is_forwarded: bool
    import_code: str = ""
    channel: str = ""
    is_paid: bool = False


def state_of_goods(facts: GoodsFacts) -> tuple[GoodsState, Party]:
    """Compute where a declaration stands and whose turn it is."""
    state = state_of_channel(facts.channel) if facts.channel else None
    if state is None or (state == S.SENT and facts.import_code):
        if facts.import_code:
            state = S.SAVED if facts.import_code == "0" else S.IMPORT_FAILED
        elif state is None:
            state = S.SENT if facts.is_forwarded else S.AWAITING_CHANNEL
    if state == S.TAX_DUE and facts.is_paid:
        return state, P.CUSTOMS
    return state, TURN[state]


def supersedes(channel: str, at: datetime, over: str, over_at: datetime | None) -> bool:
    """Whether a channel moves the official state on from an earlier one.

    Forward always; sideways when it is later; backward only where customs takes back what it said, and later. A notice
    moves nothing.
    """
    new = state_of_channel(channel)
    old = state_of_channel(over) if over else None
    if new is None:
        return False
    if old is None or over_at is None:
        return True
    if at < over_at:
        return _STEPS[new] > _STEPS[old] and channel not in REOPENING
    if _STEPS[new] != _STEPS[old]:
        return _STEPS[new] > _STEPS[old] or (channel in REOPENING and at > over_at and old != S.DELETED)
    return at > over_at


# Applications to correct or withdraw ---------------------------------------------------------------------------------


class ApplicationState(StrEnum):
    """Where an application to correct or withdraw a declaration stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    CARRIED_OUT = "carried_out"


class ApplicationAct(StrEnum):
    """What is done with an application."""

    APPROVE = "approve"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"
    CARRY_OUT = "carry_out"


A, Act = ApplicationState, ApplicationAct
NEXT: dict[tuple[ApplicationState, ApplicationAct], ApplicationState] = {
    (A.ASKED, Act.APPROVE): A.APPROVED,
    (A.ASKED, Act.REFUSE): A.REFUSED,
    (A.ASKED, Act.TAKE_BACK): A.TAKEN_BACK,
    (A.APPROVED, Act.TAKE_BACK): A.TAKEN_BACK,
    (A.APPROVED, Act.CARRY_OUT): A.CARRIED_OUT,
}
