"""Reads of documents: what was read in them, what people made of it, and whom the names mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible
from kouan.supervision import bigrams
from kouan.supervision.correcting import Draft, DraftUnit, Fix, draft_of
from kouan.supervision.models import Correction, PolicyDocument, ReadingVersion
from kouan.supervision.rules import spellings

if TYPE_CHECKING:
    from kouan.accounts.models import User


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whom a name of a document means: the organisation of the register, its name today, and how it was found.

    how: ``name`` (its name on that day), ``alias`` (another name of that day), ``other_day`` (a name of another day
    than the document's), ``person`` (a person said so), ``unknown``.
    """

    organisation_id: UUID | None
    name_now: str
    how: str

    @property
    def is_known(self) -> bool:
        """Whether the register knows it."""
        return self.organisation_id is not None


UNKNOWN = Resolved(None, "", "unknown")


@dataclass(frozen=True)
class DraftLedger:
    """What a document will enter into the ledger, with the organisations behind its names."""

    document: PolicyDocument
    reading: ReadingVersion
    draft: Draft
    resolved: Mapping[tuple[str, str | None], Resolved]
    corrections: Sequence[Correction]

    def resolve(self, unit: DraftUnit) -> Resolved:
        """Whom a unit means: what a person said, else what the register knows."""
        if unit.organisation_id:
            return self.resolved[("#" + unit.organisation_id, None)]
        return self.resolved.get((unit.name, unit.alias), UNKNOWN)

    @property
    def unknown_names(self) -> list[str]:
        """The names that the register does not know."""
        units = [unit for task in self.draft.tasks for unit in task.units]
        return list(dict.fromkeys(unit.name for unit in units if not self.resolve(unit).is_known))


def list_documents(user: User) -> QuerySet[PolicyDocument]:
    """Give the documents that a person may see, without their bytes, with the number of their tasks."""
    rows = PolicyDocument.objects.visible_to(user).defer("raw", "search")
    return rows.annotate(task_count=Count("tasks"))


def find_documents(rows: QuerySet, words: str) -> QuerySet:
    """Narrow documents to those with these words in title, number or text."""
    return rows.filter(pk__in=_found(words))


def _found(words: str) -> QuerySet:
    rows = PolicyDocument.objects.order_by()
    by_text = bigrams.find(rows, words, compared=["title", "versions__text"]).values("pk")
    return PolicyDocument.objects.filter(pk__in=by_text).values("pk") | PolicyDocument.objects.filter(
        number__icontains=words
    ).values("pk")


def get_document(*, user: User, pk: UUID) -> PolicyDocument:
    """Give one document; raises NotYours."""
    return get_visible(PolicyDocument.objects, user, pk=pk)


def newest_reading(document: PolicyDocument) -> ReadingVersion:
    """Give what was read last."""
    return document.versions.order_by("-number")[0]


def reading_of(document: PolicyDocument, number: int | None) -> ReadingVersion:
    """Give a version of the reading; the newest where there is none of that number."""
    found = document.versions.filter(number=number).first() if number else None
    return found or newest_reading(document)


def list_versions(document: PolicyDocument) -> list[ReadingVersion]:
    """Give the versions of the reading, the newest first, without their texts."""
    return list(document.versions.defer("text", "found").order_by("-number"))


def draft_ledger(document: PolicyDocument, number: int | None = None) -> DraftLedger:
    """Give what a document that may be seen will enter into the ledger: reading, corrections, organisations."""
    reading = reading_of(document, number)
    corrections = list(document.corrections.filter(taken_back_at__isnull=True))
    fixes = [Fix(one.pk, one.kind, one.clause, one.anchor, one.which, one.value) for one in corrections]
    draft = draft_of(reading.found, fixes, reading.text)
    units = [unit for task in draft.tasks for unit in task.units]
    resolved = resolve_names({(unit.name, unit.alias) for unit in units}, on=document.issued_date)
    by_hand = accounts.organisation_names(UUID(unit.organisation_id) for unit in units if unit.organisation_id)
    resolved |= {(f"#{pk}", None): Resolved(pk, name, "person") for pk, name in by_hand.items()}
    return DraftLedger(document, reading, draft, resolved, corrections)


def resolve_names(names: set[tuple[str, str | None]], *, on: date | None) -> dict[tuple[str, str | None], Resolved]:
    """Find the organisations behind names that were valid on a day; names of other days lead to successors too."""
    return {pair: _resolve(pair, on or timezone.localdate()) for pair in names}


def _resolve(pair: tuple[str, str | None], on: date) -> Resolved:
    found_on_day = [(each, accounts.organisations_named(each, on=on)) for each in spellings(*pair)]
    for spelling, found in found_on_day:
        if len(found) == 1:
            return Resolved(found[0].pk, found[0].name, "name" if found[0].name_zh == spelling else "alias")
    for spelling in spellings(*pair):
        found = accounts.organisations_ever_named(spelling)
        if len(found) == 1:
            return Resolved(found[0].pk, found[0].name, "other_day")
    return UNKNOWN


def list_bodies(document: PolicyDocument) -> list[dict[str, Any]]:
    """Give the bodies that a document sets up, with the organisations behind their members."""
    bodies = newest_reading(document).found["bodies"]
    names = {(member["unit"], member["alias"]) for body in bodies for member in body["members"]}
    resolved = resolve_names(names, on=document.issued_date)
    return [
        body
        | {
            "members": [
                member | {"resolved": resolved[(member["unit"], member["alias"])]} for member in body["members"]
            ]
        }
        for body in bodies
    ]
