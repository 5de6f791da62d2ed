"""The life of one version of a decision table."""

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    DISCARDED = "discarded"


class Act(StrEnum):
    APPROVE = "approve"
    DISCARD = "discard"


# A version that decided something is never taken back: a newer one follows it.
NEXT: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.APPROVE): State.ACTIVE,
    (State.DRAFT, Act.DISCARD): State.DISCARDED,
}
