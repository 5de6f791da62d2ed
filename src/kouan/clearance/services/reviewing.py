"""Reviewing: what officers of agencies without a connected system record about a case.

Nothing here releases goods. A review that is relayed from an agency's own system is moved by no person.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.clearance.codes import Way
from kouan.clearance.models import Review
from kouan.clearance.services.answering import open_inspections
from kouan.clearance.services.routing import compute_states
from kouan.clearance.states import ABOUT_EARLIER, CONFIRMING, REVIEW_NEXT, ReviewAct, ReviewState
from kouan.declarations.facts import CaseRow, lock_cases
from kouan.gateway.services.forwarding import forwarded_among
from kouan.workflow.services import NotPossibleNow, move

if TYPE_CHECKING:
    from kouan.accounts.models import User

NEEDS_WORDS = frozenset({ReviewAct.ASK, ReviewAct.OBJECT, ReviewAct.CLEAR_WITH_CONDITIONS, ReviewAct.ORDER_INSPECTION})
"""Acts that mean nothing without saying what is asked, objected to, or demanded."""
GIVES_AN_OPINION = frozenset({ReviewAct.CLEAR, ReviewAct.CLEAR_WITH_CONDITIONS, ReviewAct.OBJECT})


def record_review(*, user: User, review_id: UUID, act: ReviewAct, opinion: str, at: datetime) -> Review:
    """Record what an officer did about a case, and compute the case anew.

    Raises NotYours, NotAllowed (a relayed review, an act without its words, another role) and NotPossibleNow.
    """
    require_role(user, Role.OFFICER)
    with transaction.atomic():
        review: Review = get_visible(Review.objects, user, pk=review_id)
        refuse_what_is_not_recorded(review)
        opinion = refuse_without_words(act, opinion)
        case = _lock_case(review)
        if act in ABOUT_EARLIER:
            raise NotPossibleNow(str(act), review.state)
        given = {"opinion_version": review.version} if act in GIVES_AN_OPINION else {}
        move(
            row=review,
            subject_id=case.id,
            act=act,
            table=REVIEW_NEXT,
            actor=user,
            at=at,
            data={"agency": review.agency, "opinion": opinion},
            opinion=opinion or review.opinion,
            officer_id=user.pk,
            **given,
        )
        if act is ReviewAct.ORDER_INSPECTION:
            open_inspections([case], agency=review.agency, at=at, source=opinion)
        compute_states([case], at=at, forwarded=forwarded_among([case.message_id]))
    return review


def confirm_opinion(*, user: User, review_id: UUID, at: datetime) -> Review:
    """Confirm that an agency's opinion of an earlier version holds for this one too, and compute the case anew.

    Only where no change touched what the agency looks at. Raises NotYours, NotAllowed and NotPossibleNow.
    """
    require_role(user, Role.OFFICER)
    with transaction.atomic():
        review: Review = get_visible(Review.objects, user, pk=review_id)
        refuse_what_is_not_recorded(review)
        case = _lock_case(review)
        earlier = selectors.earlier_opinion(review)
        if earlier is None or ReviewState(earlier.state) not in CONFIRMING:
            raise NotPossibleNow("confirm", review.state)
        written_on = earlier.opinion_version or earlier.version
        move(
            row=review,
            subject_id=case.id,
            act=CONFIRMING[ReviewState(earlier.state)],
            table=REVIEW_NEXT,
            actor=user,
            at=at,
            data={"agency": review.agency, "opinion": earlier.opinion, "opinion_version": written_on},
            opinion=earlier.opinion,
            opinion_version=written_on,
            officer_id=user.pk,
        )
        compute_states([case], at=at, forwarded=forwarded_among([case.message_id]))
    return review


def _lock_case(review: Review) -> CaseRow:
    """Lock the case of a review; refuse when the review is of a version that was replaced."""
    [case] = lock_cases([review.case_id])
    if case.version != review.version:
        raise NotAllowed(
            "该意见针对的版本已被新版本取代。",
            "The version that this review looks at has been replaced.",
            "请在新版本的办理记录中处理。",
            "Act on the review of the new version.",
            code="-940002",
        )
    return case


def refuse_without_words(act: ReviewAct, opinion: str) -> str:
    """Give an opinion without white space around it. Raises NotAllowed where an act means nothing without words."""
    opinion = opinion.strip()
    if act in NEEDS_WORDS and not opinion:
        raise NotAllowed(
            "请写明意见内容。",
            "Say what it is about.",
            "在意见栏填写具体要求或理由后提交。",
            "Write the demand or the reason and submit again.",
            code="-940001",
            pointer="/opinion",
        )
    return opinion


def refuse_what_is_not_recorded(review: Review) -> None:
    """Raise NotAllowed for a review that is relayed from its agency's own system."""
    if review.way != Way.RECORDED:
        raise NotAllowed(
            "该机关的决定由其自有系统回执，本平台只作转达。",
            "This agency decides in its own system; Kouan only relays.",
            "请在机关自有系统办理。",
            "Decide in the agency's own system.",
            code="-940003",
        )
