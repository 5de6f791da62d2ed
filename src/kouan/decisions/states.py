"""The life of one version of a decision table."""

from enum import StrEnum


class State(StrEnum):
    """Where one version of a decision table stands."""

    EDITING = "editing"
    DRAFT = "draft"
    ACTIVE = "active"
    DISCARDED = "discarded"


class Act(StrEnum):
    """What the port office does with a version."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    DISCARD = "discard"


# A version that decided something is never taken back: a newer one follows it.
NEXT: dict[tuple[State, Act], State] = {
    (State.EDITING, Act.SUBMIT): State.DRAFT,
    (State.EDITING, Act.DISCARD): State.DISCARDED,
    (State.DRAFT, Act.SEND_BACK): State.EDITING,
    (State.DRAFT, Act.APPROVE): State.ACTIVE,
    (State.DRAFT, Act.DISCARD): State.DISCARDED,
}
