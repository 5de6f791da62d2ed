"""The small machines of clearance, and the state of a case computed from them. Pure.

Who may say what: customs' decisions on goods are only ever relayed, so no act below releases anything. The acts of
``Inspection`` are local (appointment, presentation); those of ``Review`` are the opinions of agencies that have no
connected system of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kouan.declarations.states import ComingBack, rank_of


class ReviewState(StrEnum):
    """Where one agency stands with one version of a case.

    ``TO_CONFIRM``: it has an opinion on an earlier version, and what changed since is nothing that it looks at.
    """

    PENDING = "pending"
    TO_CONFIRM = "to_confirm"
    ASKING = "asking"
    INSPECTING = "inspecting"
    CLEARED = "cleared"
    CLEARED_WITH_CONDITIONS = "cleared_with_conditions"
    OBJECTED = "objected"


class ReviewAct(StrEnum):
    """What an officer of an agency without a connected system does; ``ASK_TO_CONFIRM`` is done by rule alone."""

    ASK = "ask"
    RECEIVE_ANSWER = "receive_answer"
    ORDER_INSPECTION = "order_inspection"
    CLEAR = "clear"
    CLEAR_WITH_CONDITIONS = "clear_with_conditions"
    OBJECT = "object"
    ASK_TO_CONFIRM = "ask_to_confirm"
    CONFIRM_CLEARED = "confirm_cleared"
    CONFIRM_CONDITIONS = "confirm_conditions"
    CONFIRM_OBJECTION = "confirm_objection"
    REOPEN = "reopen"


_R, _A = ReviewState, ReviewAct
REVIEW_NEXT: dict[tuple[ReviewState, ReviewAct], ReviewState] = {
    (_R.PENDING, _A.ASK): _R.ASKING,
    (_R.PENDING, _A.ORDER_INSPECTION): _R.INSPECTING,
    (_R.PENDING, _A.CLEAR): _R.CLEARED,
    (_R.PENDING, _A.CLEAR_WITH_CONDITIONS): _R.CLEARED_WITH_CONDITIONS,
    (_R.PENDING, _A.OBJECT): _R.OBJECTED,
    (_R.ASKING, _A.RECEIVE_ANSWER): _R.PENDING,
    (_R.INSPECTING, _A.CLEAR): _R.CLEARED,
    (_R.INSPECTING, _A.CLEAR_WITH_CONDITIONS): _R.CLEARED_WITH_CONDITIONS,
    (_R.INSPECTING, _A.OBJECT): _R.OBJECTED,
    (_R.PENDING, _A.ASK_TO_CONFIRM): _R.TO_CONFIRM,
    (_R.TO_CONFIRM, _A.CONFIRM_CLEARED): _R.CLEARED,
    (_R.TO_CONFIRM, _A.CONFIRM_CONDITIONS): _R.CLEARED_WITH_CONDITIONS,
    (_R.TO_CONFIRM, _A.CONFIRM_OBJECTION): _R.OBJECTED,
    (_R.TO_CONFIRM, _A.REOPEN): _R.PENDING,
    (_R.CLEARED, _A.REOPEN): _R.PENDING,
    (_R.CLEARED_WITH_CONDITIONS, _A.REOPEN): _R.PENDING,
    (_R.OBJECTED, _A.REOPEN): _R.PENDING,
}


CONFIRMING: dict[ReviewState, ReviewAct] = {
    _R.CLEARED: _A.CONFIRM_CLEARED,
    _R.CLEARED_WITH_CONDITIONS: _A.CONFIRM_CONDITIONS,
    _R.OBJECTED: _A.CONFIRM_OBJECTION,
}
"""How an opinion of an earlier version is confirmed for a later one: by its own act, which says the same again."""
ABOUT_EARLIER = frozenset({_A.ASK_TO_CONFIRM, *CONFIRMING.values()})
"""Acts that carry an opinion over; none of them is chosen on a form."""


class InspectionState(StrEnum):
    """Where an inspection stands on the ground."""

    ORDERED = "ordered"
    BOOKED = "booked"
    PRESENTED = "presented"
    DONE = "done"
    CANCELLED = "cancelled"


class InspectionAct(StrEnum):
    """What trader, operator and officer do about an inspection."""

    BOOK = "book"
    REBOOK = "rebook"
    PRESENT = "present"
    RECORD_DONE = "record_done"
    CANCEL = "cancel"


_I, _B = InspectionState, InspectionAct
INSPECTION_NEXT: dict[tuple[InspectionState, InspectionAct], InspectionState] = {
    (_I.ORDERED, _B.BOOK): _I.BOOKED,
    (_I.ORDERED, _B.PRESENT): _I.PRESENTED,
    (_I.ORDERED, _B.CANCEL): _I.CANCELLED,
    (_I.BOOKED, _B.REBOOK): _I.BOOKED,
    (_I.BOOKED, _B.PRESENT): _I.PRESENTED,
    (_I.BOOKED, _B.CANCEL): _I.CANCELLED,
    (_I.PRESENTED, _B.RECORD_DONE): _I.DONE,
    (_I.PRESENTED, _B.CANCEL): _I.CANCELLED,
}


class TicketState(StrEnum):
    """Where a coordination ticket stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class TicketAct(StrEnum):
    """What port office and parties do with a ticket."""

    ANSWER = "answer"
    ASK_AGAIN = "ask_again"
    CLOSE = "close"
    REOPEN = "reopen"


_T, _K = TicketState, TicketAct
TICKET_NEXT: dict[tuple[TicketState, TicketAct], TicketState] = {
    (_T.OPEN, _K.ANSWER): _T.ANSWERED,
    (_T.OPEN, _K.CLOSE): _T.CLOSED,
    (_T.ANSWERED, _K.ANSWER): _T.ANSWERED,
    (_T.ANSWERED, _K.ASK_AGAIN): _T.OPEN,
    (_T.ANSWERED, _K.CLOSE): _T.CLOSED,
    (_T.CLOSED, _K.REOPEN): _T.OPEN,
}


class CaseState(StrEnum):
    """The state of a parcel declaration, as everybody sees it. Never stored by hand: see ``state_of_case``."""

    AWAITING_DOCUMENTS = "awaiting_documents"
    MISMATCHED = "mismatched"
    AWAITING_FORWARDING = "awaiting_forwarding"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    DETAINED = "detained"
    RETURNED_FOR_CORRECTION = "returned_for_correction"
    HELD = "held"
    UNDER_INSPECTION = "under_inspection"
    AWAITING_ANSWER = "awaiting_answer"
    RELEASED_WITH_CONDITIONS = "released_with_conditions"
    RELEASED = "released"
    CLOSED = "closed"
    RETURNING = "returning"
    GOODS_RETURNED = "goods_returned"
    UNKNOWN_OFFICIAL = "unknown_official"


class Party(StrEnum):
    """Whose turn it is."""

    DECLARANT = "declarant"
    PLATFORM = "platform"
    PAYMENT = "payment"
    LOGISTICS = "logistics"
    KOUAN = "kouan"
    NATIONAL = "national"
    CUSTOMS = "customs"
    AGENCY = "agency"
    OPERATOR = "operator"
    NOBODY = "nobody"


OFFICIAL_STATE: dict[str, CaseState] = {
    "1": CaseState.AWAITING_ANSWER,
    "2": CaseState.AWAITING_ANSWER,
    "3": CaseState.AWAITING_ANSWER,
    "4": CaseState.AWAITING_ANSWER,
    "100": CaseState.RETURNED_FOR_CORRECTION,
    "120": CaseState.AWAITING_ANSWER,
    "300": CaseState.AWAITING_ANSWER,
    "399": CaseState.AWAITING_ANSWER,
    "500": CaseState.UNDER_INSPECTION,
    "501": CaseState.DETAINED,
    "502": CaseState.DETAINED,
    "503": CaseState.DETAINED,
    "599": CaseState.DETAINED,
    "600": CaseState.HELD,
    "700": CaseState.REFUSED,
    "800": CaseState.RELEASED,
    "899": CaseState.CLOSED,
}
"""What a relayed return status of a 622 or 604 means for the goods (统一版 202205, 回执状态). All else is unknown."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything the state of a case depends on.

    reviews: (agency, state) of the current version; official_status: the latest relayed return status that answers
    the current version, empty if none. has_gone: an import has passed the gate, an export has left the country.
    return_state: how far customs is with bringing exported goods back.
    """

    match: str
    wait_reason: str
    is_forwarded: bool
    is_withdrawn: bool
    official_status: str
    is_export: bool = False
    has_gone: bool = False
    return_state: str = ComingBack.NONE
    reviews: tuple[tuple[str, ReviewState], ...] = ()


_WAITS_FOR_DOCUMENT = {
    "order": Party.PLATFORM,
    "payment": Party.PAYMENT,
    "receipt": Party.PAYMENT,
    "waybill": Party.LOGISTICS,
}


def state_of_case(facts: CaseFacts) -> tuple[CaseState, Party]:
    """Compute the state of a case and whose turn it is.

    The order is: withdrawn, goods that come back, refused, detained, returned for correction, held, under inspection,
    awaiting answer, released with conditions, released, closed. A local review is seen while customs has not decided;
    it never holds what customs has released, nor releases anything.
    """
    if facts.is_withdrawn:
        return CaseState.WITHDRAWN, Party.NOBODY
    if facts.return_state:
        return _COMING_BACK[ComingBack(facts.return_state)]
    official = facts.official_status
    if official:
        state, party = _answered(facts, _state_of_official(official))
        return state, _turn_after_release(facts) if state in _RELEASED else party
    if facts.match == "mismatched":
        return CaseState.MISMATCHED, Party.DECLARANT
    if facts.match == "waiting":
        first = facts.wait_reason.split(",")[0]
        return CaseState.AWAITING_DOCUMENTS, _WAITS_FOR_DOCUMENT.get(first, Party.PLATFORM)
    if not facts.is_forwarded:
        return CaseState.AWAITING_FORWARDING, Party.KOUAN
    return _answered(facts, CaseState.AWAITING_ANSWER)


_COMING_BACK: dict[ComingBack, tuple[CaseState, Party]] = {
    ComingBack.APPLIED: (CaseState.RETURNING, Party.NATIONAL),
    ComingBack.ENTERED: (CaseState.RETURNING, Party.OPERATOR),
    ComingBack.ARRIVED: (CaseState.RETURNING, Party.CUSTOMS),
    ComingBack.STOPPED: (CaseState.RETURNING, Party.CUSTOMS),
    ComingBack.GRANTED: (CaseState.GOODS_RETURNED, Party.NOBODY),
    ComingBack.UNKNOWN: (CaseState.UNKNOWN_OFFICIAL, Party.CUSTOMS),
}
"""Goods that customs has entered are awaited at a place, which tallies them; then customs decides."""

_RELEASED = (CaseState.RELEASED_WITH_CONDITIONS, CaseState.RELEASED, CaseState.CLOSED)


def _turn_after_release(facts: CaseFacts) -> Party:
    """Imports are fetched at the place, exports are brought out by the carrier; then nobody is waited for."""
    if facts.has_gone:
        return Party.NOBODY
    return Party.LOGISTICS if facts.is_export else Party.OPERATOR


def _state_of_official(status: str) -> CaseState:
    if status.startswith("-"):
        return CaseState.RETURNED_FOR_CORRECTION
    return OFFICIAL_STATE.get(status, CaseState.UNKNOWN_OFFICIAL)


_TURN = {
    CaseState.REFUSED: Party.DECLARANT,
    CaseState.DETAINED: Party.CUSTOMS,
    CaseState.RETURNED_FOR_CORRECTION: Party.DECLARANT,
    CaseState.HELD: Party.CUSTOMS,
    CaseState.UNDER_INSPECTION: Party.OPERATOR,
    CaseState.UNKNOWN_OFFICIAL: Party.CUSTOMS,
    CaseState.RELEASED: Party.OPERATOR,
    CaseState.CLOSED: Party.OPERATOR,
}


def _answered(facts: CaseFacts, official: CaseState) -> tuple[CaseState, Party]:
    """Lay the local reviews over the official state. What customs has decided they neither hold nor release."""
    states = {state for _, state in facts.reviews}
    if official is CaseState.RELEASED and ReviewState.CLEARED_WITH_CONDITIONS in states:
        return CaseState.RELEASED_WITH_CONDITIONS, Party.OPERATOR
    if official is not CaseState.AWAITING_ANSWER:
        return official, _TURN[official]
    if ReviewState.OBJECTED in states:
        return CaseState.HELD, Party.AGENCY
    if ReviewState.INSPECTING in states:
        return CaseState.UNDER_INSPECTION, Party.OPERATOR
    if ReviewState.ASKING in states:
        return CaseState.AWAITING_ANSWER, Party.DECLARANT
    waiting = Party.CUSTOMS if rank_of(facts.official_status or "1") > 1 else Party.NATIONAL
    return CaseState.AWAITING_ANSWER, waiting
