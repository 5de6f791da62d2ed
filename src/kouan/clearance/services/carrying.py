"""Carrying opinions over to a new version: by rule they are given anew or wait to be confirmed, never taken as given.

An opinion answers the version on which it was written. When a later version comes, the difference since is held
against what the agency looks at (``scopes``): where it touches that, the review is pending again; where it does not,
the review waits until the officer confirms the opinion or takes it up anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from kouan.audit import services as audit
from kouan.audit.types import SystemActor
from kouan.clearance import selectors
from kouan.clearance.models import Review
from kouan.clearance.scopes import looks_at, patterns_of
from kouan.clearance.states import CONFIRMING, ReviewAct, ReviewState
from kouan.declarations.facts import CaseRow, Route
from kouan.declarations.statements import STANDARD, statements_of
from kouan.gateway.amending import changed_fields, difference
from kouan.kernel.identifiers import uuid7
from kouan.workflow.services import Happening, record_events

_ACTOR = SystemActor("申报变更")


def carry_opinions(
    cases: Sequence[CaseRow], routes: Mapping[UUID, Route], *, at: datetime
) -> dict[tuple[UUID, str], UUID]:
    """Say which reviews of new versions wait to be confirmed, by case and agency, with the ids that they will have.

    cases: later versions that were routed just now. Every other review is pending. Writes the events and the audit.
    """
    if not cases:
        return {}
    earlier = selectors.last_opinions({case.id: case.version for case in cases})
    carried: dict[tuple[UUID, str], UUID] = {}
    happenings = []
    for case in cases:
        route = routes[case.id]
        given = [review for review in earlier.get(case.id, ()) if review.agency in route.agencies]
        for review, touched in _touched(case, given, msgspec.json.decode(route.routing)):
            review_id = uuid7()
            state = ReviewState.PENDING
            if not touched and ReviewState(review.state) in CONFIRMING:
                carried[case.id, review.agency] = review_id
                state = ReviewState.TO_CONFIRM
            happenings.append(_told(case, review, review_id, state, touched))
    record_events(happenings, at=at)
    if happenings:
        ids = [one.object_id for one in happenings if one.object_id]
        audit.record_batch(
            act="carry_opinions",
            subject_kind="review",
            ids_digest=audit.digest_of_ids(ids),
            count=len(ids),
            at=at,
            actor=_ACTOR,
        )
    return carried


def _touched(
    case: CaseRow, given: Iterable[Review], routing: Mapping[str, object]
) -> Iterable[tuple[Review, list[str]]]:
    """Give every opinion with the changed fields that its agency looks at; one difference serves all of one version."""
    by_version: dict[int, set[str]] = {}
    for review in given:
        version = review.opinion_version or review.version
        if version not in by_version:
            two = statements_of(case.id, version, case.version)
            by_version[version] = changed_fields(two.old, two.new, difference(two.old, two.new, STANDARD))
        patterns = patterns_of(review.agency, routing)
        yield review, sorted(field for field in by_version[version] if looks_at(patterns, field))


def _told(case: CaseRow, review: Review, review_id: UUID, state: ReviewState, touched: Sequence[str]) -> Happening:
    waits = state is ReviewState.TO_CONFIRM
    return Happening(
        case.id,
        "review",
        str(ReviewAct.ASK_TO_CONFIRM) if waits else "lapse",
        review.state,
        str(state),
        review_id if waits else review.pk,
        actor_label="系统",
        data={
            "agency": review.agency,
            "opinion_version": review.opinion_version or review.version,
            "version": case.version,
            "fields": list(touched),
        },
    )
