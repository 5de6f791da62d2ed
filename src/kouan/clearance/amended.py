"""What changed in a case between two versions, and what that means for opinions: for the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from kouan.clearance import selectors
from kouan.clearance.scopes import readers_of
from kouan.clearance.states import ReviewState
from kouan.declarations.statements import STANDARD, statements_of
from kouan.gateway.amending import Compared, ShownAmendment, describe, pair_of_versions

if TYPE_CHECKING:
    from kouan.clearance.models import Review
    from kouan.declarations.models import Case


@dataclass(frozen=True, slots=True)
class StaleOpinion:
    """An opinion that was written on an earlier version than the one that counts now, and what changed since.

    waits: whether the review of the current version waits for its confirmation. current_id: the review of the current
    version, None where none was opened.
    """

    review: Review
    written_on: int
    now: int
    since: ShownAmendment
    waits: bool
    was_confirmed: bool
    current_id: object | None


def amendment_of(case: Case, old: int, new: int) -> ShownAmendment:
    """Lay out what a later version of a case that may be seen says otherwise, and whose concern each change is."""
    two = statements_of(case.pk, old, new)
    return describe(
        two.old,
        two.new,
        standard=STANDARD,
        on_date=timezone.localdate(case.received_at),
        readers=readers_of(case.agencies, case.routing),
        is_partial=two.is_partial,
    )


def compared_versions(case: Case, numbers: Sequence[int], asked: Mapping[str, Any]) -> Compared | None:
    """Compare the two versions that an address asks for, the last two by default; None where there is only one."""
    pair = pair_of_versions(asked, numbers)
    return Compared(tuple(numbers), *pair, amendment_of(case, *pair)) if pair else None


def stale_opinion(review: Review, case: Case) -> StaleOpinion | None:
    """Give the opinion that stands behind a review where it was written on an earlier version; None where none was.

    Of a review of a version that was replaced: its own; of a current one: the one that was confirmed, or the last that
    the agency gave while it has not spoken anew.
    """
    is_current = review.version == case.version
    if is_current and review.state not in (ReviewState.PENDING, ReviewState.TO_CONFIRM) and not _was_confirmed(review):
        return None
    spoken = review if not is_current or _was_confirmed(review) else selectors.earlier_opinion(review)
    if spoken is None or spoken.state in (ReviewState.PENDING, ReviewState.TO_CONFIRM):
        return None
    written_on = spoken.opinion_version or spoken.version
    if written_on >= case.version:
        return None
    current = review if is_current else _review_of_now(review, case)
    return StaleOpinion(
        spoken,
        written_on,
        case.version,
        amendment_of(case, written_on, case.version),
        waits=is_current and review.state == ReviewState.TO_CONFIRM,
        was_confirmed=is_current and _was_confirmed(review),
        current_id=current.pk if current else None,
    )


def _was_confirmed(review: Review) -> bool:
    return review.opinion_version is not None and review.opinion_version < review.version


def _review_of_now(review: Review, case: Case) -> Review | None:
    return selectors.review_of_version(case_id=case.pk, agency=review.agency, version=case.version)
