"""The small machines of follow-up and of the joint conference, and what is computed from them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class DocumentState(StrEnum):
    """Where an official document stands on its way into the ledger."""

    READ = "read"
    CONFIRMED = "confirmed"
    REPEALED = "repealed"


class DocumentAct(StrEnum):
    """What the port office does with a document that was read."""

    CONFIRM = "confirm"
    REPEAL = "repeal"


_D, _E = DocumentState, DocumentAct
DOCUMENT_NEXT: dict[tuple[DocumentState, DocumentAct], DocumentState] = {
    (_D.READ, _E.CONFIRM): _D.CONFIRMED,
    (_D.CONFIRMED, _E.CONFIRM): _D.CONFIRMED,
    (_D.READ, _E.REPEAL): _D.REPEALED,
    (_D.CONFIRMED, _E.REPEAL): _D.REPEALED,
}


class MeasureState(StrEnum):
    """Where one measure of the ledger stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    BOUNCED = "bounced"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeasureAct(StrEnum):
    """What a unit and the port office do with a measure."""

    CLAIM = "claim"
    BOUNCE = "bounce"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"


_M, _A = MeasureState, MeasureAct
MEASURE_NEXT: dict[tuple[MeasureState, MeasureAct], MeasureState] = {
    (_M.OPEN, _A.CLAIM): _M.CLAIMED,
    (_M.OPEN, _A.CANCEL): _M.CANCELLED,
    (_M.CLAIMED, _A.BOUNCE): _M.BOUNCED,
    (_M.CLAIMED, _A.CLOSE): _M.CLOSED,
    (_M.CLAIMED, _A.CANCEL): _M.CANCELLED,
    (_M.BOUNCED, _A.CLAIM): _M.CLAIMED,
    (_M.BOUNCED, _A.CANCEL): _M.CANCELLED,
    (_M.CLOSED, _A.REOPEN): _M.OPEN,
    (_M.CANCELLED, _A.REOPEN): _M.OPEN,
}


class TaskState(StrEnum):
    """The state of a task. Never stored by hand: see ``state_of_task``."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


def state_of_task(measures: Iterable[str]) -> TaskState:
    """Roll the states of a task's measures up: open while one is open, closed when all that count are closed."""
    counted = {MeasureState(state) for state in measures}
    if not counted or counted == {MeasureState.CANCELLED}:
        return TaskState.CANCELLED if counted else TaskState.OPEN
    if counted & {MeasureState.OPEN, MeasureState.BOUNCED}:
        return TaskState.OPEN
    return TaskState.CLAIMED if MeasureState.CLAIMED in counted else TaskState.CLOSED


class ReportState(StrEnum):
    """Where one unit's report of one period stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    BOUNCED = "bounced"
    RECEIVED = "received"


class ReportAct(StrEnum):
    """What the unit's liaison officer, its principal and the port office do with a report."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    BOUNCE = "bounce"
    RECEIVE = "receive"


_R, _B = ReportState, ReportAct
REPORT_NEXT: dict[tuple[ReportState, ReportAct], ReportState] = {
    (_R.DRAFT, _B.SUBMIT): _R.SUBMITTED,
    (_R.SUBMITTED, _B.RETURN): _R.RETURNED,
    (_R.SUBMITTED, _B.APPROVE): _R.APPROVED,
    (_R.RETURNED, _B.SUBMIT): _R.SUBMITTED,
    (_R.APPROVED, _B.BOUNCE): _R.BOUNCED,
    (_R.APPROVED, _B.RECEIVE): _R.RECEIVED,
    (_R.BOUNCED, _B.SUBMIT): _R.SUBMITTED,
}


class ExtensionState(StrEnum):
    """Where a request for more time stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class ExtensionAct(StrEnum):
    """How the port office decides on a request for more time."""

    GRANT = "grant"
    REFUSE = "refuse"


EXTENSION_NEXT: dict[tuple[ExtensionState, ExtensionAct], ExtensionState] = {
    (ExtensionState.ASKED, ExtensionAct.GRANT): ExtensionState.GRANTED,
    (ExtensionState.ASKED, ExtensionAct.REFUSE): ExtensionState.REFUSED,
}


class WarningState(StrEnum):
    """Where a reminder or warning letter stands."""

    ISSUED = "issued"
    ANSWERED = "answered"


class WarningAct(StrEnum):
    """What a unit does with a warning."""

    ANSWER = "answer"


WARNING_NEXT: dict[tuple[WarningState, WarningAct], WarningState] = {
    (WarningState.ISSUED, WarningAct.ANSWER): WarningState.ANSWERED,
}


class FormalInspectionState(StrEnum):
    """Where a formal government inspection stands (政府督查工作条例)."""

    DESIGNATED = "designated"
    PLANNED = "planned"
    RUNNING = "running"
    CONCLUDED = "concluded"
    FED_BACK = "fed_back"
    UNDER_REVIEW = "under_review"
    REVIEWED = "reviewed"
    CLOSED = "closed"


class FormalInspectionAct(StrEnum):
    """The steps of a formal government inspection."""

    PLAN = "plan"
    BEGIN = "begin"
    CONCLUDE = "conclude"
    FEED_BACK = "feed_back"
    ASK_REVIEW = "ask_review"
    DECIDE_REVIEW = "decide_review"
    CLOSE = "close"


_F, _G = FormalInspectionState, FormalInspectionAct
FORMAL_INSPECTION_NEXT: dict[tuple[FormalInspectionState, FormalInspectionAct], FormalInspectionState] = {
    (_F.DESIGNATED, _G.PLAN): _F.PLANNED,
    (_F.PLANNED, _G.BEGIN): _F.RUNNING,
    (_F.RUNNING, _G.CONCLUDE): _F.CONCLUDED,
    (_F.CONCLUDED, _G.FEED_BACK): _F.FED_BACK,
    (_F.FED_BACK, _G.ASK_REVIEW): _F.UNDER_REVIEW,
    (_F.UNDER_REVIEW, _G.DECIDE_REVIEW): _F.REVIEWED,
    (_F.FED_BACK, _G.CLOSE): _F.CLOSED,
    (_F.REVIEWED, _G.CLOSE): _F.CLOSED,
}


class SeatState(StrEnum):
    """Where a seat of the joint conference stands: proposed by the unit, fixed by the conference, ended."""

    PROPOSED = "proposed"
    FIXED = "fixed"
    ENDED = "ended"


class SeatAct(StrEnum):
    """What the conference does with a seat."""

    FIX = "fix"
    END = "end"


SEAT_NEXT: dict[tuple[SeatState, SeatAct], SeatState] = {
    (SeatState.PROPOSED, SeatAct.FIX): SeatState.FIXED,
    (SeatState.PROPOSED, SeatAct.END): SeatState.ENDED,
    (SeatState.FIXED, SeatAct.END): SeatState.ENDED,
}


class MeetingState(StrEnum):
    """Where a meeting of the joint conference or of its liaison officers stands."""

    PLANNED = "planned"
    CALLED = "called"
    HELD = "held"
    MINUTED = "minuted"
    CANCELLED = "cancelled"


class MeetingAct(StrEnum):
    """What the office of the conference does with a meeting."""

    CALL = "call"
    HOLD = "hold"
    ISSUE_MINUTES = "issue_minutes"
    CANCEL = "cancel"


_T, _C = MeetingState, MeetingAct
MEETING_NEXT: dict[tuple[MeetingState, MeetingAct], MeetingState] = {
    (_T.PLANNED, _C.CALL): _T.CALLED,
    (_T.PLANNED, _C.CANCEL): _T.CANCELLED,
    (_T.CALLED, _C.HOLD): _T.HELD,
    (_T.CALLED, _C.CANCEL): _T.CANCELLED,
    (_T.HELD, _C.ISSUE_MINUTES): _T.MINUTED,
}


class TopicState(StrEnum):
    """Where a topic that a member handed in stands."""

    SUBMITTED = "submitted"
    ON_AGENDA = "on_agenda"
    DEFERRED = "deferred"
    DISCUSSED = "discussed"


class TopicAct(StrEnum):
    """What the office of the conference does with a topic."""

    PUT_ON_AGENDA = "put_on_agenda"
    DEFER = "defer"
    DISCUSS = "discuss"


_S, _P = TopicState, TopicAct
TOPIC_NEXT: dict[tuple[TopicState, TopicAct], TopicState] = {
    (_S.SUBMITTED, _P.PUT_ON_AGENDA): _S.ON_AGENDA,
    (_S.SUBMITTED, _P.DEFER): _S.DEFERRED,
    (_S.DEFERRED, _P.PUT_ON_AGENDA): _S.ON_AGENDA,
    (_S.ON_AGENDA, _P.DEFER): _S.DEFERRED,
    (_S.ON_AGENDA, _P.DISCUSS): _S.DISCUSSED,
}


class AnnualPlanState(StrEnum):
    """Where the priorities of a year stand."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    REVIEWED = "reviewed"


class AnnualPlanAct(StrEnum):
    """What the conference does with the priorities of a year."""

    ADOPT = "adopt"
    REVIEW = "review"


ANNUAL_PLAN_NEXT: dict[tuple[AnnualPlanState, AnnualPlanAct], AnnualPlanState] = {
    (AnnualPlanState.DRAFT, AnnualPlanAct.ADOPT): AnnualPlanState.ADOPTED,
    (AnnualPlanState.ADOPTED, AnnualPlanAct.REVIEW): AnnualPlanState.REVIEWED,
}


class CoordinationState(StrEnum):
    """Where a disagreement between units stands."""

    OPEN = "open"
    WEIGHED = "weighed"
    SETTLED = "settled"
    ESCALATED = "escalated"


class CoordinationAct(StrEnum):
    """What the office of the conference does with a disagreement."""

    WEIGH = "weigh"
    SETTLE = "settle"
    ESCALATE = "escalate"


_O, _W = CoordinationState, CoordinationAct
COORDINATION_NEXT: dict[tuple[CoordinationState, CoordinationAct], CoordinationState] = {
    (_O.OPEN, _W.WEIGH): _O.WEIGHED,
    (_O.OPEN, _W.SETTLE): _O.SETTLED,
    (_O.WEIGHED, _W.WEIGH): _O.WEIGHED,
    (_O.WEIGHED, _W.SETTLE): _O.SETTLED,
    (_O.WEIGHED, _W.ESCALATE): _O.ESCALATED,
    (_O.ESCALATED, _W.SETTLE): _O.SETTLED,
}


class JointInspectionState(StrEnum):
    """Where a joint inspection by members of the conference stands."""

    PLANNED = "planned"
    DONE = "done"


class JointInspectionAct(StrEnum):
    """What the office does with a joint inspection."""

    RECORD = "record"


JOINT_INSPECTION_NEXT: dict[tuple[JointInspectionState, JointInspectionAct], JointInspectionState] = {
    (JointInspectionState.PLANNED, JointInspectionAct.RECORD): JointInspectionState.DONE,
}
