"""Reviewing goods declarations: what officers of agencies without a connected system record. Nothing here releases."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.clearance.models import Review
from kouan.clearance.services.goods_routing import open_goods_inspections
from kouan.clearance.services.reviewing import refuse_what_is_not_recorded, refuse_without_words
from kouan.clearance.states import REVIEW_NEXT, ReviewAct
from kouan.goods.facts import lock_goods
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User


def record_goods_review(*, user: User, review_id: UUID, act: ReviewAct, opinion: str, at: datetime) -> Review:
    """Record what an officer did about a goods declaration; customs' state is not touched by it.

    Raises NotYours, NotAllowed (a relayed review, an act without its words, a version that was replaced) and
    NotPossibleNow.
    """
    require_role(user, Role.OFFICER)
    with transaction.atomic():
        review: Review = get_visible(Review.objects, user, pk=review_id)
        refuse_what_is_not_recorded(review)
        opinion = refuse_without_words(act, opinion)
        [row] = lock_goods([review.case_id])
        if row.version != review.version:
            raise NotAllowed(
                "该意见针对的版本已被新版本取代。", "The version that this review looks at has been replaced.",
                "请在新版本的办理记录中处理。", "Act on the review of the new version.", code="-940002",
            )  # fmt: skip
        move(
            row=review, subject_id=row.pk, act=act, table=REVIEW_NEXT, actor=user, at=at,
            data={"agency": review.agency, "opinion": opinion}, opinion=opinion or review.opinion, officer_id=user.pk,
            opinion_version=review.version,
        )  # fmt: skip
        if act is ReviewAct.ORDER_INSPECTION:
            open_goods_inspections([row], agency=review.agency, at=at, source=opinion)
    return review
