"""Closing a measure: evidence, the second person who verifies it, claim, bounce, close, cancel, reopen."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.supervision.models import Evidence, Measure
from kouan.supervision.rules import TheEvidenceIsMissing, TheReasonIsMissing
from kouan.supervision.services.acts import write_act
from kouan.supervision.services.entering import refresh_task
from kouan.supervision.states import MEASURE_NEXT, MeasureAct
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User

LARGEST_EVIDENCE = 20 * 1024 * 1024


class TheFileIsTooLarge(TheEvidenceIsMissing):
    """A file of evidence is larger than can be kept."""


def give_evidence(
    *, user: User, measure_id: UUID, title: str, text: str, file_name: str, content: bytes, at: datetime
) -> Evidence:
    """Hand in what proves a measure: a file, a text, or both. A unit does so for its own measures."""
    with transaction.atomic():
        measure = own_measure(user, measure_id)
        if not title.strip() or not (text.strip() or content):
            raise TheEvidenceIsMissing(
                "SUPERVISION-EVIDENCE-EMPTY",
                "title" if not title.strip() else "text",
                "佐证材料须有名称，并附文件或文字说明。",
                "Evidence needs a name, and a file or a text.",
            )
        if len(content) > LARGEST_EVIDENCE:
            raise TheFileIsTooLarge(
                "SUPERVISION-EVIDENCE-SIZE",
                "file",
                f"文件超过 {LARGEST_EVIDENCE // 1024 // 1024} MB。",
                f"The file is larger than {LARGEST_EVIDENCE // 1024 // 1024} MB.",
                "请压缩，或只附关键页。",
                "Compress it, or hand in the pages that matter.",
            )
        evidence = Evidence.objects.create(
            measure=measure,
            organisation_id=user.organisation_id,
            title=title.strip()[:200],
            text=text.strip(),
            file_name=file_name[:200],
            raw=content or None,
            digest=hashlib.sha256(content).hexdigest() if content else "",
            given_by_id=user.pk,
            given_by_label=user.audit_label[:120],
            given_at=at,
        )
        write_act(
            act="give", row=evidence, subject_id=_task_id(measure), actor=user, at=at, data={"title": title[:120]}
        )
    return evidence


def verify_evidence(*, user: User, evidence_id: UUID, is_accepted: bool, verdict: str, at: datetime) -> None:
    """Say whether a piece of evidence proves its measure; never one's own."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        evidence = Evidence.objects.select_for_update().select_related("measure").get(pk=evidence_id)
        if evidence.given_by_id == user.pk:
            raise NotAllowed(
                "不能核验本人提交的材料。",
                "Nobody verifies own evidence.",
                "请由另一位经办人核验。",
                "A second person has to do it.",
                code="SUPERVISION-SECOND-PERSON",
            )
        if not is_accepted and not verdict.strip():
            raise TheReasonIsMissing("verdict")
        evidence.verified_by_id, evidence.verified_by_label = user.pk, user.audit_label[:120]
        evidence.verified_at, evidence.is_accepted, evidence.verdict = at, is_accepted, verdict.strip()[:500]
        evidence.save(update_fields=["verified_by_id", "verified_by_label", "verified_at", "is_accepted", "verdict"])
        write_act(
            act="verify",
            row=evidence,
            subject_id=_task_id(evidence.measure),
            actor=user,
            at=at,
            data={"accepted": is_accepted, "title": evidence.title[:120]},
        )


def claim_done(*, user: User, measure_id: UUID, at: datetime) -> None:
    """Ask that a measure be closed; some evidence has to be there."""
    with transaction.atomic():
        measure = own_measure(user, measure_id)
        if not measure.evidence.exclude(is_accepted=False).exists():
            raise TheEvidenceIsMissing(
                "SUPERVISION-NO-EVIDENCE",
                "",
                "申请办结前须先提交佐证材料。",
                "Evidence comes before the request to close.",
            )
        move(
            row=measure,
            subject_id=_task_id(measure),
            act=MeasureAct.CLAIM,
            table=MEASURE_NEXT,
            actor=user,
            at=at,
            percent=100,
            note="",
        )
        refresh_task(measure.task)


def bounce_measure(*, user: User, measure_id: UUID, reason: str, at: datetime) -> None:
    """Send a request to close back, with the reason; it is counted."""
    _decide(user, measure_id, MeasureAct.BOUNCE, reason, at, bounce_count=F("bounce_count") + 1)


def close_measure(*, user: User, measure_id: UUID, at: datetime) -> None:
    """Close a measure: only with evidence that somebody else than its giver has accepted, and not one's own."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        measure: Measure = get_visible(Measure.objects.select_related("task"), user, pk=measure_id)
        accepted = measure.evidence.filter(is_accepted=True).exclude(verified_by_id=F("given_by_id"))
        if not accepted.exclude(given_by_id=user.pk).exists():
            raise TheEvidenceIsMissing(
                "SUPERVISION-NOT-VERIFIED",
                "",
                "没有经第二人核验采信的佐证材料，不能办结。",
                "A measure is closed only with evidence that a second person has verified.",
                "请先核验材料，或退回责任单位补充。",
                "Verify the evidence first, or send it back.",
            )
        move(
            row=measure,
            subject_id=_task_id(measure),
            act=MeasureAct.CLOSE,
            table=MEASURE_NEXT,
            actor=user,
            at=at,
            closed_at=at,
            percent=100,
            progress="done",
        )
        refresh_task(measure.task)


def cancel_measure(*, user: User, measure_id: UUID, reason: str, at: datetime) -> None:
    """Take a measure out of the ledger, with the reason."""
    _decide(user, measure_id, MeasureAct.CANCEL, reason, at)


def reopen_measure(*, user: User, measure_id: UUID, reason: str, at: datetime) -> None:
    """Open a closed or cancelled measure again, with the reason."""
    _decide(user, measure_id, MeasureAct.REOPEN, reason, at, closed_at=None)


def _decide(user: User, measure_id: UUID, act: MeasureAct, reason: str, at: datetime, **changes: Any) -> None:
    require_role(user, Role.PORT_OFFICE_CLERK)
    if not reason.strip():
        raise TheReasonIsMissing
    with transaction.atomic():
        measure: Measure = get_visible(Measure.objects.select_related("task"), user, pk=measure_id)
        move(
            row=measure,
            subject_id=_task_id(measure),
            act=act,
            table=MEASURE_NEXT,
            actor=user,
            at=at,
            data={"reason": reason.strip()},
            note=reason.strip(),
            **changes,
        )
        refresh_task(measure.task)


def own_measure(user: User, measure_id: UUID) -> Measure:
    """A measure that the person's own unit answers for."""
    require_role(user, Role.LIAISON, Role.PRINCIPAL, Role.PORT_OFFICE_CLERK)
    measure: Measure = get_visible(Measure.objects.select_related("task"), user, pk=measure_id)
    if user.organisation_id not in measure.organisation_ids:
        raise NotAllowed(
            "只有责任单位可以办理。",
            "Only a unit that answers for it can do this.",
            "如责任单位有变化，请先办理移交。",
            "Hand the task over first if another unit answers for it now.",
        )
    return measure


def _task_id(measure: Measure) -> UUID:
    return measure.task_id  # type: ignore[attr-defined]
