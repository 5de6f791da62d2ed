"""Reads of goods declarations; every list starts from what the user may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection as database
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kouan.accounts.access import NotYours, get_visible
from kouan.gateway import selectors as gateway
from kouan.gateway.outcomes import Found, Outcome
from kouan.gateway.services.unwrapping import unwrap_bytes
from kouan.gateway.standards.dec.packing import unpack
from kouan.gateway.standards.dec.reader import decode
from kouan.gateway.standards.dec.types import Declaration
from kouan.gateway.standards.statements import statement_of_declaration
from kouan.goods.codes import DraftState, GoodsFinding, TaxKind
from kouan.goods.models import (
    DraftFile,
    GoodsAnswer,
    GoodsApplication,
    GoodsCheck,
    GoodsDeclaration,
    GoodsDraft,
    GoodsFile,
    GoodsItem,
    GoodsSheet,
    GoodsSheetMessage,
    GoodsTax,
    GoodsVersion,
    HeldMessage,
)
from kouan.goods.natural import without_persons
from kouan.goods.states import ApplicationState
from kouan.records.amendments import Statement
from kouan.safekeeping.safe import KeyGone

if TYPE_CHECKING:
    from kouan.accounts.models import User


_REFUSING = [GoodsFinding.REFUSED, GoodsFinding.NOT_YOURS, GoodsFinding.SAME]


def list_goods(user: User) -> QuerySet[GoodsDeclaration]:
    """The declarations that a person may see."""
    return GoodsDeclaration.objects.visible_to(user)


def get_goods(*, user: User, pk: UUID) -> GoodsDeclaration:
    """One declaration. Raises NotYours."""
    return get_visible(GoodsDeclaration.objects, user, pk=pk)


def may_see_goods(user: User, pk: UUID) -> bool:
    """Whether a person may see a declaration."""
    return list_goods(user).filter(pk=pk).exists()


def goods_by_id(ids: Iterable[UUID]) -> list[GoodsDeclaration]:
    """Declarations by id, for a service that has made sure that they concern it."""
    return list(GoodsDeclaration.objects.filter(pk__in=list(ids)).order_by("pk"))


def goods_numbered(number: str, *, most: int = 50) -> list[GoodsDeclaration]:
    """The declarations whose client, unified, customs or bill number this is, for whoever proves to hold a paper."""
    found: dict[UUID, GoodsDeclaration] = {}
    for name in ("client_no", "seq_no", "entry_no", "bill_no"):
        found |= {row.pk: row for row in GoodsDeclaration.objects.filter(**{name: number}).order_by("-pk")[:most]}
    return list(found.values())


def row_marks(ids: Iterable[UUID]) -> dict[UUID, str]:
    """What changes with every change of a declaration's row: the transaction that wrote it."""
    with database.cursor() as cursor:
        cursor.execute("select id, xmin::text from goods_goodsdeclaration where id = any(%s)", [list(ids)])
        return dict(cursor.fetchall())


def count_answers(ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the official answers to each of these declarations."""
    rows = GoodsAnswer.objects.filter(declaration_id__in=list(ids)).values_list("declaration_id")
    return {pk: count for pk, count in rows.annotate(n=Count("place")) if pk}


def with_number(rows: QuerySet, words: str) -> QuerySet:
    """Narrow to a number or its beginning: client, unified, customs, bill, container.

    Every arm is a range of an index: a number that stands nowhere is told as quickly as one that does.
    """
    text = words.strip()
    return rows.filter(
        Q(client_no__startswith=text) | (Q(entry_no__startswith=text) & ~Q(entry_no="")) | Q(bill_no__startswith=text)
        | (Q(seq_no=text) & ~Q(seq_no="")) | Q(container_nos__contains=[text.upper()])
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A version as its message says it, with its files."""

    declaration: Declaration
    files: dict[str, bytes] = field(default_factory=dict)


def read_version(message_id: UUID) -> ReadVersion:
    """Decode the message of a version; the caller has made sure that it may be seen. Raises KeyGone."""
    kept = gateway.get_message(message_id=message_id, organisation_ids=None)
    packet = unpack(unwrap_bytes(kept.readable(), "dxp" if kept.kind == "DxpMsg" else "dec").raw)
    return ReadVersion(decode(packet.raw), packet.files)


@dataclass(frozen=True, slots=True)
class TwoStatements:
    """What two versions of a declaration say."""

    old: Statement
    new: Statement


def statements_of(declaration: GoodsDeclaration, old: int, new: int) -> TwoStatements:
    """Give what two versions of a declaration that may be seen say, their files among it. Raises KeyGone."""
    ids = dict(
        GoodsVersion.objects.filter(declaration_id=declaration.pk, number__in=[old, new]).values_list(
            "number", "message_id"
        )
    )
    read = [read_version(ids[number]) for number in (old, new)]
    return TwoStatements(*(statement_of_declaration(without_persons(one.declaration), one.files) for one in read))


def versions_of(declaration: GoodsDeclaration) -> list[GoodsVersion]:
    """Every version, first to last."""
    return list(GoodsVersion.objects.filter(declaration_id=declaration.pk).order_by("number"))


def items_of(declaration: GoodsDeclaration) -> list[GoodsItem]:
    """The goods lines of the current version."""
    found = GoodsItem.objects.filter(declaration_id=declaration.pk, version=declaration.version)
    return list(found.order_by("line_no"))


def files_of(declaration: GoodsDeclaration) -> list[GoodsFile]:
    """The files of every version, the newest first."""
    return list(GoodsFile.objects.filter(declaration_id=declaration.pk).order_by("-version", "name"))


def values_sent(message_id: UUID) -> dict[str, Any]:
    """The values of the form from which a message was made; blank where a machine or a sheet made it, or erased."""
    draft = GoodsDraft.objects.filter(message_id=message_id).first()
    try:
        return draft.values if draft else {}
    except KeyGone:
        return {}


def content_of_file(*, user: User, declaration_id: UUID, version: int, name: str) -> bytes:
    """The bytes of a file of a version, from its message. Raises NotYours."""
    declaration = get_goods(user=user, pk=declaration_id)
    message_id = (
        GoodsVersion.objects.filter(declaration_id=declaration.pk, number=version)
        .values_list("message_id", flat=True)
        .first()
    )
    content = read_version(message_id).files.get(name) if message_id else None
    if content is None:
        raise NotYours
    return content


def answers_of(declaration: GoodsDeclaration) -> list[GoodsAnswer]:
    """Every official answer, in the order in which they were received."""
    return list(
        GoodsAnswer.objects.filter(declaration_id=declaration.pk).order_by("received_at", "message_id", "place")
    )


def list_unplaced(user: User) -> QuerySet[GoodsAnswer]:
    """The official answers for which no declaration was found: the port office sees them, nobody else."""
    rows = GoodsAnswer.objects.filter(declaration_id__isnull=True)
    return rows if user.sees_all_cases else rows.none()


def get_unplaced(*, user: User, message_id: UUID, place: int) -> GoodsAnswer:
    """One answer that waits for its declaration. Raises NotYours."""
    found = list_unplaced(user).filter(message_id=message_id, place=place).first()
    if found is None:
        raise NotYours
    return found


def count_unplaced(user: User) -> int:
    """Count the answers that wait and were not explained."""
    return list_unplaced(user).filter(explained_at__isnull=True).count()


def taxes_of(declaration: GoodsDeclaration) -> list[GoodsTax]:
    """What is known of the tax, in order."""
    return list(GoodsTax.objects.filter(declaration_id=declaration.pk).order_by("at", "pk"))


@dataclass(frozen=True, slots=True)
class TaxStanding:
    """What is known of the tax of a declaration, in fen; None where no amount is known."""

    billed_fen: int | None
    paid_fen: int | None
    guaranteed_fen: int | None
    bills: tuple[str, ...] = ()

    @property
    def owed_fen(self) -> int | None:
        """What is still owed of the bills whose amounts are known."""
        return None if self.billed_fen is None else max(0, self.billed_fen - (self.paid_fen or 0))

    @property
    def is_covered(self) -> bool:
        """Whether what was paid covers what is known of the bills."""
        return not self.owed_fen


def tax_standing(declaration: GoodsDeclaration) -> TaxStanding:
    """Add up what was recorded of the tax of a declaration; a bill that was recorded twice counts as it was last."""
    found = taxes_of(declaration)
    bills = {tax.number: tax.amount_fen for tax in found if tax.kind == TaxKind.BILL}
    return TaxStanding(
        _sum_of(bills.values()),
        _sum_of(tax.amount_fen for tax in found if tax.kind == TaxKind.PAID),
        _sum_of(tax.amount_fen for tax in found if tax.kind == TaxKind.GUARANTEED),
        tuple(bills),
    )


def _sum_of(amounts: Iterable[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def billed_date(declaration: GoodsDeclaration) -> date | None:
    """The day on which customs first said that tax is due."""
    if not declaration.tax:
        return None
    found = GoodsTax.objects.filter(declaration_id=declaration.pk, kind=TaxKind.DUE, is_official=True).order_by("at")
    at = found.values_list("at", flat=True).first()
    return timezone.localdate(at) if at else None


def checks_of(declaration: GoodsDeclaration) -> list[GoodsCheck]:
    """What Kouan found in the messages of a declaration."""
    return list(GoodsCheck.objects.filter(declaration_id=declaration.pk).order_by("checked_at"))


def check_of_message(message_id: UUID | None) -> GoodsCheck | None:
    """What Kouan found in one message."""
    return GoodsCheck.objects.filter(pk=message_id).first() if message_id else None


def goods_of_messages(ids: Iterable[UUID]) -> list[GoodsDeclaration]:
    """The declarations that messages made; the caller has made sure that they may be seen."""
    found = GoodsVersion.objects.filter(message_id__in=list(ids)).values_list("declaration_id", flat=True)
    return list(GoodsDeclaration.objects.filter(pk__in=list(found)).order_by("client_no"))


def get_held(*, user: User, pk: UUID) -> HeldMessage:
    """One message that waits, or waited, for the firm's checker. Raises NotYours."""
    return get_visible(HeldMessage.objects, user, pk=pk)


def outcome_of(message_id: UUID) -> Outcome:
    """Tell what became of the declaration of a message."""
    check = check_of_message(message_id)
    found = [Found(1, check.finding, "", check.client_no, check.problems)] if check else []
    return Outcome(GoodsVersion.objects.filter(message_id=message_id).count(), found)


def checks_of_messages(ids: Iterable[UUID]) -> list[GoodsCheck]:
    """What Kouan found in several messages."""
    return list(GoodsCheck.objects.filter(message_id__in=list(ids)).order_by("client_no"))


def list_sheets(user: User) -> QuerySet[GoodsSheet]:
    """The spreadsheets of a firm, without their bytes."""
    return GoodsSheet.objects.visible_to(user).defer("content", "problems")


def get_sheet(*, user: User, pk: UUID) -> GoodsSheet:
    """One spreadsheet. Raises NotYours."""
    return get_visible(GoodsSheet.objects.defer("content"), user, pk=pk)


def outcome_of_sheet(sheet: GoodsSheet) -> dict[str, int]:
    """Count what became of the messages of a sheet: stored, refused, still to be stored."""
    ids = GoodsSheetMessage.objects.filter(sheet_id=sheet.pk).values("message_id")
    stored = GoodsVersion.objects.filter(message_id__in=ids).count()
    refused = GoodsCheck.objects.filter(message_id__in=ids, finding__in=_REFUSING).count()
    return {"stored": stored, "refused": refused, "waiting": max(0, sheet.sent - stored - refused)}


def list_drafts(user: User) -> QuerySet[GoodsDraft]:
    """The drafts of a firm."""
    return GoodsDraft.objects.visible_to(user)


def get_draft(*, user: User, pk: UUID) -> GoodsDraft:
    """One draft. Raises NotYours."""
    return get_visible(GoodsDraft.objects, user, pk=pk)


def count_drafts(user: User) -> int:
    """Count the drafts that are still being written."""
    return list_drafts(user).filter(state=DraftState.DRAFT).count()


def files_of_draft(draft: GoodsDraft) -> list[DraftFile]:
    """The files of a draft, without their bytes."""
    return list(draft.files.defer("content").order_by("added_at"))  # type: ignore[attr-defined]


def list_applications(user: User) -> QuerySet[GoodsApplication]:
    """The applications that a person may see."""
    return GoodsApplication.objects.visible_to(user)


def get_application(*, user: User, pk: UUID) -> GoodsApplication:
    """One application. Raises NotYours."""
    return get_visible(GoodsApplication.objects, user, pk=pk)


def applications_of(user: User, declaration: GoodsDeclaration) -> list[GoodsApplication]:
    """The applications over one declaration."""
    return list(list_applications(user).filter(declaration_id=declaration.pk).order_by("asked_at"))


def count_asked(user: User) -> int:
    """Count the applications that wait for customs."""
    return list_applications(user).filter(state=ApplicationState.ASKED).count()


def count_goods() -> int:
    """Count all declarations."""
    return GoodsDeclaration.objects.count()


def has_goods() -> bool:
    """Whether there is any declaration."""
    return GoodsDeclaration.objects.exists()


def official_note_of(declaration_id: UUID | None) -> str:
    """What the national side last said of a declaration that is corrected; empty where it said nothing."""
    if declaration_id is None:
        return ""
    found = GoodsDeclaration.objects.filter(pk=declaration_id).values_list("official_note", flat=True)
    return found.first() or ""
