"""Reads of what was done, from the audit."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from kouan.accounts.access import NotYours
from kouan.accounts.codes import Role
from kouan.accounts.models import Delegation, DelegationRequest, Organisation, User
from kouan.audit import acts
from kouan.audit import selectors as audit
from kouan.screens.formats import is_english
from kouan.screens.pieces import Moment, Tone


def list_account_moments(*, person: User) -> list[Moment]:
    """Return what was done with a person's account, the youngest first; the same act over and over is one moment."""
    entries = audit.list_entries_about(subject_kind="user", subject_id=str(person.id), limit=60)
    moments = []
    for (act, note), group in groupby(entries, key=lambda entry: (entry.act, _note_of(entry))):
        some = list(group)
        times = _("%(n)s 次") % {"n": len(some)} if len(some) > 1 else ""
        moments.append(
            Moment(
                what=acts.word_of_act(act),
                at=some[0].at,
                who="" if some[0].actor_id in {person.id, None} else some[0].actor_label,
                note=" · ".join(text for text in (times, note) if text),
                tone=Tone.REFUSED if act in {"fail_sign_in", "suspend_user"} else Tone.DONE,
            )
        )
    return moments


def list_delegation_moments(*, delegation: Delegation) -> list[Moment]:
    """Return what was done with a delegation, the youngest first."""
    return _moments_about("delegation", delegation.id)


def list_request_moments(*, request: DelegationRequest) -> list[Moment]:
    """Return what was done with a request, the youngest first."""
    return _moments_about("delegation_request", request.id)


def _moments_about(kind: str, pk: UUID) -> list[Moment]:
    entries = audit.list_entries_about(subject_kind=kind, subject_id=str(pk), limit=10)
    return [Moment(what=acts.word_of_act(entry.act), at=entry.at, who=entry.actor_label) for entry in entries]


def list_own_acts(*, user: User) -> list[Any]:
    """Return what a person did last, the youngest first."""
    return [
        {"at": entry.at, "act": acts.word_of_act(entry.act), "subject": acts.word_of_subject(entry.subject_kind)}
        for entry in audit.list_entries_by(actor_id=user.id, limit=12)
    ]


def list_audit_entries() -> QuerySet:
    """Return the audit's entries with the name of the organisation and the state of the seal."""
    name: Any = Coalesce(NullIf("name_en", Value("")), "name_zh") if is_english() else F("name_zh")
    names = Organisation.objects.filter(id=OuterRef("organisation_id")).values_list(name)
    return audit.list_entries().annotate(organisation_name=Subquery(names[:1]))


def get_audit_entry(*, pk: UUID) -> Any:
    """Return one entry of the audit, as in the list; raise NotYours where there is none."""
    entry = list_audit_entries().filter(pk=pk).first()
    if entry is None:
        raise NotYours
    return entry


def _note_of(entry: Any) -> str:
    if entry.act == "change_roles":
        before, after = ({Role(role).label for role in roles} for roles in entry.detail["roles"])
        gained, lost = ("、".join(str(label) for label in some) for some in (after - before, before - after))
        return "；".join(text for text in (gained and f"+ {gained}", lost and f"− {lost}") if text)
    return entry.detail.get("address", "")
