"""Documents: they come in, are read, corrected by people, read again, and confirmed into the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from kouan.accounts.access import NotYours, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.selectors import local_date
from kouan.audit.types import Actor
from kouan.records.problems import Problem
from kouan.supervision import bigrams
from kouan.supervision.codes import CorrectionKind, Frequency, TaskSource
from kouan.supervision.models import Correction, PolicyDocument, ReadingVersion
from kouan.supervision.reading.document import read_file
from kouan.supervision.reading.types import DocumentReading
from kouan.supervision.rules import TheReasonIsMissing, Unfit
from kouan.supervision.selectors.documents import draft_ledger, newest_reading
from kouan.supervision.services.acts import write_act
from kouan.supervision.services.entering import NewMeasure, NewTarget, NewUnit, enter_task
from kouan.supervision.states import DOCUMENT_NEXT, DocumentAct
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User


class TheDocumentCannotBeRead(Exception):
    """The reader found no text, or nothing that it may read; ``problems`` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = problems


class TheDocumentIsHere(Exception):
    """The same file was brought in before."""

    def __init__(self, pk: UUID) -> None:
        super().__init__(str(pk))
        self.pk = pk


class NothingToEnter(Unfit):
    """A document without a single task was to go into the ledger."""


def receive_document(
    *, user: User, file_name: str, content: bytes, at: datetime, media_type: str = "", is_demo: bool = False
) -> PolicyDocument:
    """Keep a document as it came and read it. Raises TheDocumentCannotBeRead and TheDocumentIsHere."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    return take_in(actor=user, file_name=file_name, content=content, at=at, media_type=media_type, is_demo=is_demo)


def receive_text(*, user: User, text: str, at: datetime) -> PolicyDocument:
    """Keep a pasted text as a document and read it."""
    return receive_document(user=user, file_name="粘贴文本.txt", content=text.encode(), at=at, media_type="text/plain")


def take_in(
    *, actor: Actor, file_name: str, content: bytes, at: datetime, media_type: str = "", is_demo: bool = False
) -> PolicyDocument:
    """Keep and read a document for a part of the system; see ``receive_document``."""
    digest = hashlib.sha256(content).hexdigest()
    known = PolicyDocument.objects.filter(digest=digest).values_list("pk", flat=True).first()
    if known:
        raise TheDocumentIsHere(known)
    reading = read_file(content, file_name)
    if not reading.is_readable:
        raise TheDocumentCannotBeRead([problem for problem in reading.problems if problem.is_error])
    head = reading.head
    title = head.title.value if head.title else file_name.rsplit(".", 1)[0]
    with transaction.atomic():
        document = PolicyDocument.objects.create(
            number=(head.number.value if head.number else "")[:60],
            title=" ".join(title.split())[:300],
            issuer=(head.issuer.value if head.issuer else "")[:200],
            issued_date=head.date,
            file_name=file_name[:200],
            media_type=media_type[:100],
            raw=content,
            digest=digest,
            state_since=at,
            uploaded_by_id=actor.pk or UUID(int=0),
            uploaded_at=at,
            is_demo=is_demo,
        )
        _keep_reading(document, reading, actor=actor, at=at)
        write_act(act="receive", row=document, subject_id=document.pk, actor=actor, at=at, data={"digest": digest})
    return document


def read_again(*, user: User, document_id: UUID, at: datetime) -> bool:
    """Read the kept bytes with today's reader; return whether it found something else. Corrections stay."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        document: PolicyDocument = get_visible(PolicyDocument.objects.select_for_update(), user, pk=document_id)
        reading = read_file(bytes(document.raw), document.file_name)
        if not reading.is_readable:
            raise TheDocumentCannotBeRead([problem for problem in reading.problems if problem.is_error])
        _fill_head(document, reading)
        last = newest_reading(document)
        if (last.text, last.found) == (reading.text, reading.to_dict()):
            return False
        version = _keep_reading(document, reading, actor=user, at=at)
        write_act(act="read", row=document, subject_id=document.pk, actor=user, at=at, data={"version": version.number})
    return True


def _fill_head(document: PolicyDocument, reading: DocumentReading) -> None:
    """Take over what a later reading found of the head where nothing stood before; what stands is a person's."""
    head = reading.head
    document.number = document.number or (head.number.value if head.number else "")[:60]
    document.issuer = document.issuer or (head.issuer.value if head.issuer else "")[:200]
    document.issued_date = document.issued_date or head.date
    if head.title and document.title == document.file_name.rsplit(".", 1)[0]:
        document.title = " ".join(head.title.value.split())[:300]
    document.save(update_fields=["number", "issuer", "issued_date", "title"])


def _keep_reading(document: PolicyDocument, reading: DocumentReading, *, actor: Actor, at: datetime) -> ReadingVersion:
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    PolicyDocument.objects.filter(pk=document.pk).update(search=bigrams.vector_of(document.title, reading.text))
    return ReadingVersion.objects.create(
        document=document,
        number=last + 1,
        text=reading.text,
        found=reading.to_dict(),
        read_at=at,
        read_by_id=actor.pk,
    )


def correct_head(
    *, user: User, document_id: UUID, number: str, title: str, issuer: str, issued_date: date | None, at: datetime
) -> None:
    """Say what the head of a document is: the date decides which names of units were valid."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        document: PolicyDocument = get_visible(PolicyDocument.objects.select_for_update(), user, pk=document_id)
        document.number, document.title = number.strip()[:60], title.strip()[:300]
        document.issuer, document.issued_date = issuer.strip()[:200], issued_date
        document.save(update_fields=["number", "title", "issuer", "issued_date"])
        write_act(act="correct_head", row=document, subject_id=document.pk, actor=user, at=at, data={"number": number})


def correct(
    *,
    user: User,
    document_id: UUID,
    kind: CorrectionKind,
    clause: str,
    anchor: str,
    which: int,
    value: Mapping[str, Any],
    at: datetime,
) -> Correction:
    """Keep what a person says instead of what was read."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        document: PolicyDocument = get_visible(PolicyDocument.objects, user, pk=document_id)
        correction = Correction.objects.create(
            document=document,
            kind=kind,
            clause=clause[:60],
            anchor=anchor,
            which=which,
            value=dict(value),
            made_by_id=user.pk,
            made_by_label=user.audit_label[:120],
            made_at=at,
        )
        write_act(
            act="correct",
            row=document,
            subject_id=document.pk,
            actor=user,
            at=at,
            data={"clause": clause, "kind": kind},
        )
    return correction


def take_back_correction(*, user: User, document_id: UUID, correction_id: UUID, at: datetime) -> None:
    """Take a correction back: what was read stands again."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        document: PolicyDocument = get_visible(PolicyDocument.objects, user, pk=document_id)
        correction = _standing_correction(document, correction_id)
        correction.taken_back_at = at
        correction.save(update_fields=["taken_back_at"])
        write_act(
            act="take_back", row=document, subject_id=document.pk, actor=user, at=at, data={"clause": correction.clause}
        )


def _standing_correction(document: PolicyDocument, correction_id: UUID) -> Correction:
    found = document.corrections.filter(pk=correction_id, taken_back_at__isnull=True).first()
    if found is None:
        raise NotYours
    return found


def confirm_document(*, user: User, document_id: UUID, lead_by_order: bool, frequency: Frequency, at: datetime) -> int:
    """Enter the tasks of a document into the ledger; return how many are new.

    lead_by_order: the person confirms that where no unit is marked, the one named first leads. A clause that is in
    the ledger already stays as it is there.
    """
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        document: PolicyDocument = get_visible(PolicyDocument.objects.select_for_update(), user, pk=document_id)
        return enter_document(actor=user, document=document, lead_by_order=lead_by_order, frequency=frequency, at=at)


def enter_document(
    *, actor: Actor, document: PolicyDocument, lead_by_order: bool, frequency: Frequency, at: datetime
) -> int:
    """Enter a document's tasks for a part of the system; see ``confirm_document``. Within the caller's transaction."""
    ledger = draft_ledger(document)
    with_units = [task for task in ledger.draft.tasks if task.units and task.measures]
    if not with_units:
        raise NothingToEnter(
            "SUPERVISION-NO-TASKS",
            "",
            "没有识别出带责任单位的事项，不能入账。",
            "No task with a unit was read: there is nothing to enter.",
            "请核对文件，或逐条补充责任单位。",
            "Check the document, or add units to its clauses.",
        )
    known = set(document.tasks.filter(parent__isnull=True).values_list("clause", flat=True))
    label = document.number or document.title
    begun = min(document.issued_date or local_date(at), local_date(at))
    new = [task for task in with_units if task.clause not in known]
    for task in new:
        units = []
        for index, unit in enumerate(task.units):
            resolved = ledger.resolve(unit)
            units.append(
                NewUnit(
                    unit.name if not unit.alias else f"{unit.name}（{unit.alias}）",
                    unit.role,
                    resolved.organisation_id,
                    is_lead_by_order=lead_by_order and index == 0 and not task.has_lead,
                )
            )
        enter_task(
            actor=actor,
            at=at,
            source=TaskSource.DOCUMENT,
            source_label=label,
            title=task.title,
            text=task.text,
            units=units,
            measures=[
                NewMeasure(
                    measure.text,
                    measure.due,
                    measure.due_text,
                    tuple(
                        (each.text, each.date) for each in measure.deadlines if each.date and each.date != measure.due
                    ),
                )
                for measure in task.measures
            ],
            targets=[NewTarget(one.text, one.low, one.high, one.unit, one.period) for one in task.figures],
            clause=task.clause,
            position=task.span[0],
            document=document,
            frequency=frequency,
            begun_date=begun,
            is_demo=document.is_demo,
        )
    move(
        row=document,
        subject_id=document.pk,
        act=DocumentAct.CONFIRM,
        table=DOCUMENT_NEXT,
        actor=actor,
        at=at,
        data={"new": len(new), "lead_by_order": lead_by_order},
    )
    return len(new)


def repeal_document(*, user: User, document_id: UUID, reason: str, at: datetime) -> None:
    """Say that a document no longer holds; its tasks stay in the ledger until they are closed or cancelled."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if not reason.strip():
        raise TheReasonIsMissing
    with transaction.atomic():
        document: PolicyDocument = get_visible(PolicyDocument.objects, user, pk=document_id)
        move(
            row=document,
            subject_id=document.pk,
            act=DocumentAct.REPEAL,
            table=DOCUMENT_NEXT,
            actor=user,
            at=at,
            data={"reason": reason.strip()},
        )
