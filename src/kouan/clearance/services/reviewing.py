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
from kouan.clearance.codes import Way
from kouan.clearance.models import Review
from kouan.clearance.services.answering import open_inspections
from kouan.clearance.services.routing import compute_states
from kouan.clearance.states import REVIEW_NEXT, ReviewAct
from kouan.declarations.facts import lock_cases
from kouan.gateway.services.forwarding import forwarded_among
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User

NEEDS_WORDS = frozenset({ReviewAct.ASK, ReviewAct.OBJECT, ReviewAct.CLEAR_WITH_CONDITIONS, ReviewAct.ORDER_INSPECTION})
"""Acts that mean nothing without saying what is asked, objected to, or demanded."""


def record_review(*, user: User, review_id: UUID, act: ReviewAct, opinion: str, at: datetime) -> Review:
    """Record what an officer did about a case, and compute the case anew.

    Raises NotYours, NotAllowed (a relayed review, an act without its words, another role) and NotPossibleNow.
    """
    require_role(user, Role.OFFICER)
    with transaction.atomic():
        review: Review = get_visible(Review.objects, user, pk=review_id)
        _refuse_what_is_not_recorded(review)
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
        [case] = lock_cases([review.case_id])
        if case.version != review.version:
            raise NotAllowed(
                "该意见针对的版本已被新版本取代。",
                "The version that this review looks at has been replaced.",
                "请在新版本的办理记录中处理。",
                "Act on the review of the new version.",
                code="-940002",
            )
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
        )
        if act is ReviewAct.ORDER_INSPECTION:
            open_inspections([case], agency=review.agency, at=at, source=opinion)
        compute_states([case], at=at, forwarded=forwarded_among([case.message_id]))
    return review


def _refuse_what_is_not_recorded(review: Review) -> None:
    if review.way != Way.RECORDED:
        raise NotAllowed(
            "该机关的决定由其自有系统回执，本平台只作转达。",
            "This agency decides in its own system; Kouan only relays.",
            "请在机关自有系统办理。",
            "Decide in the agency's own system.",
            code="-940003",
        )
