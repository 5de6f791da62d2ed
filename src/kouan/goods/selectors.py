"""Reads of goods declarations; every list starts from what the user may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kouan.accounts.access import NotYours, get_visible
from kouan.gateway import selectors as gateway
from kouan.gateway.standards.dec.packing import unpack
from kouan.gateway.standards.dec.reader import decode
from kouan.gateway.standards.dec.types import Declaration
from kouan.gateway.standards.statements import statement_of_declaration
from kouan.goods.codes import DraftState
from kouan.goods.models import (
    DraftFile,
    GoodsAnswer,
    GoodsApplication,
    GoodsCheck,
    GoodsDeclaration,
    GoodsDraft,
    GoodsFile,
    GoodsItem,
    GoodsTax,
    GoodsVersion,
)
from kouan.goods.states import ApplicationState, Party
from kouan.records.amendments import Statement
from kouan.safekeeping.safe import KeyGone

if TYPE_CHECKING:
    from kouan.accounts.models import User


def list_goods(user: User) -> QuerySet[GoodsDeclaration]:
    """The declarations that a person may see."""
    return GoodsDeclaration.objects.visible_to(user)


def get_goods(*, user: User, pk: UUID) -> GoodsDeclaration:
    """One declaration. Raises NotYours."""
    return get_visible(GoodsDeclaration.objects, user, pk=pk)


def with_number(rows: QuerySet, words: str) -> QuerySet:
    """Narrow to a number or its beginning: client, unified, customs, bill, container."""
    text = words.strip()
    return rows.filter(
        Q(client_no__startswith=text) | Q(entry_no__startswith=text) | Q(bill_no__startswith=text)
        | Q(seq_no=text) | Q(container_nos__contains=[text.upper()])
    )  # fmt: skip


def waiting_for_declarant(user: User) -> int:
    """Count what waits for the firm of a person."""
    return list_goods(user).filter(waits_for=Party.DECLARANT).count()


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A version as its message says it, with its files."""

    declaration: Declaration
    files: dict[str, bytes] = field(default_factory=dict)


def read_version(message_id: UUID) -> ReadVersion:
    """Decode the message of a version; the caller has made sure that it may be seen. Raises KeyGone."""
    kept = gateway.get_message(message_id=message_id, organisation_ids=None)
    packet = unpack(kept.readable())
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
    return TwoStatements(*(statement_of_declaration(one.declaration, one.files) for one in read))


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


def taxes_of(declaration: GoodsDeclaration) -> list[GoodsTax]:
    """What is known of the tax, in order."""
    return list(GoodsTax.objects.filter(declaration_id=declaration.pk).order_by("at", "pk"))


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


def checks_of_messages(ids: Iterable[UUID]) -> list[GoodsCheck]:
    """What Kouan found in several messages."""
    return list(GoodsCheck.objects.filter(message_id__in=list(ids)).order_by("client_no"))


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
