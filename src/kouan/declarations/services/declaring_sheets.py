"""Declaring by spreadsheet: kept as uploaded, tried out, given back with what is wrong, and declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.covering import NotDelegated
from kouan.audit import services as audit
from kouan.checking.codes import CheckedKind
from kouan.checking.services.checking import refuse_unchecked
from kouan.declarations.composing import compose, problems_of
from kouan.declarations.models import Draft, Sheet
from kouan.declarations.services.covering import require_client
from kouan.declarations.services.drafting import keep_for_signing, messages_of, sender_of, sign_and_receive
from kouan.declarations.services.reading import contexts_of
from kouan.declarations.sheet_marks import annotate
from kouan.declarations.sheets import SheetParcel, read_sheet
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.services.appointments import NoSigner
from kouan.records.problems import Problem, has_error
from kouan.safekeeping.safe import safe

if TYPE_CHECKING:
    from kouan.accounts.models import User

KEPT = timedelta(days=30)
"""How long a sheet that was never declared is kept."""


def keep_sheet(*, user: User, name: str, data: bytes, at: datetime) -> Sheet:
    """Keep a sheet that can be read. Raises SheetNotReadable."""
    require_role(user, Role.TRADER_CLERK)
    read_sheet(data, name)
    with transaction.atomic():
        old = Sheet.objects.visible_to(user).filter(declared_at__isnull=True, uploaded_at__lt=at - KEPT)
        old.filter(author_id=user.pk).delete()
        return Sheet.objects.create(
            organisation_id=user.organisation_id, author_id=user.pk, name=name[-255:], uploaded_at=at,
            content=safe().keep(data, at, level=3),
        )  # fmt: skip


def try_sheet(*, user: User, sheet: Sheet, at: datetime) -> list[SheetParcel]:
    """Read the parcels of a sheet and check each by the rules that will check it on arrival."""
    sender, context = sender_of(user), contexts_of(at)[SignaturePolicy.OFF]
    parcels = read_sheet(_content(sheet), sheet.name)
    told: dict[str, list[Problem]] = {}
    for parcel in parcels:
        code = str(parcel.values.get("merchant_code") or "")
        if code not in told:
            told[code] = _why_not_delegated(user, parcel.values, at)
        parcel.problems += told[code]
        if not has_error(parcel.problems):
            parcel.problems += problems_of(compose(parcel.values, sender=sender, at=at), sender, context)
    return parcels


def _why_not_delegated(user: User, values: Mapping[str, Any], at: datetime) -> list[Problem]:
    try:
        require_client(user=user, values=values, at=at)
    except NotDelegated as refusal:
        return [refusal.problem]
    return []


def annotate_sheet(*, user: User, sheet: Sheet, say: Callable[[Problem], str], at: datetime) -> bytes:
    """Give the workbook back with what is wrong written into it, in the words of ``say``."""
    return annotate(_content(sheet), sheet.name, try_sheet(user=user, sheet=sheet, at=at), say)


def declare_sheet(*, user: User, sheet_id: UUID, at: datetime) -> Sheet:
    """Declare the parcels of a sheet that have no error, a hundred a message; a sheet is declared once.

    Where the firm has appointed no key, the messages wait in a draft for the declarant's card.
    """
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        sheet: Sheet = get_visible(Sheet.objects.select_for_update(), user, pk=sheet_id)
        fit = [one.values for one in try_sheet(user=user, sheet=sheet, at=at) if not has_error(one.problems)]
        if sheet.declared_at or not fit:
            return sheet
        refuse_unchecked(row=sheet, kind=CheckedKind.PARCELS)
        written = messages_of(user, fit, at)
        try:
            sheet.message_ids = sign_and_receive(user, written, at)
        except NoSigner:
            draft = Draft.objects.create(
                organisation_id=user.organisation_id, author_id=user.pk, title=sheet.name[:120], source="sheet",
                created_at=at, updated_at=at,
            )  # fmt: skip
            keep_for_signing(draft, written)
            draft.save(update_fields=["state"])
            sheet.draft_id = draft.pk
        sheet.declared_at = at
        sheet.save(update_fields=["message_ids", "draft_id", "declared_at"])
        audit.record(
            actor=user, act="declare_sheet", subject_kind="sheet", subject_id=sheet.pk, at=at,
            detail={"parcels": len(fit), "awaits_signature": sheet.draft_id is not None},
        )  # fmt: skip
    return sheet


def _content(sheet: Sheet) -> bytes:
    return safe().take(bytes(sheet.content))
