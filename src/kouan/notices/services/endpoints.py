"""Endpoints: the addresses of organisations' own systems, their secrets, and what could not be delivered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.rules import Mistake
from kouan.audit import services as audit
from kouan.kernel.identifiers import uuid7
from kouan.notices import selectors, signing
from kouan.notices.addresses import check_url, to_networks
from kouan.notices.codes import DispatchState, Scope
from kouan.notices.models import Dispatch, Endpoint
from kouan.notices.topics import PING, find_topic

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_ENDPOINTS = 20
"""So many endpoints an organisation may have in use."""
OLD_SECRET_HOLDS = timedelta(hours=24)
"""How long the old secret signs beside the new one after the key was turned."""
CLOSED = "端点已停用 / endpoint closed"


class TheAddressIsRefused(Mistake):
    """The address of an endpoint cannot be used: its form, its name, or where it points."""


class ThereAreTooMany(Mistake):
    """The organisation has as many endpoints as it may."""


@transaction.atomic
def open_endpoint(
    *, user: User, name: str, url: str, topics: Collection[str], scope: Scope, at: datetime
) -> tuple[Endpoint, str]:
    """Register an endpoint for one's organisation; give it with its secret, which is shown this once.

    Raises TheAddressIsRefused, ThereAreTooMany.
    """
    if selectors.count_own_endpoints(user.organisation_id) >= MOST_ENDPOINTS:
        raise ThereAreTooMany(
            "NOTICES-MANY",
            "",
            f"一个单位至多启用 {MOST_ENDPOINTS} 个推送端点。",
            f"An organisation has at most {MOST_ENDPOINTS} endpoints in use.",
            "请先停用不再需要的端点。",
            "Close one that is no longer needed.",
        )
    endpoint = Endpoint.objects.create(
        organisation_id=user.organisation_id,
        name=name,
        url=_checked(url),
        topics=_known(topics),
        scope=scope,
        created_at=at,
    )
    _record(user, "open_endpoint", endpoint, at, url=url)
    return endpoint, secrets_of(endpoint, at)[0]


@transaction.atomic
def change_endpoint(
    *, user: User, pk: UUID, name: str, url: str, topics: Collection[str], scope: Scope, at: datetime
) -> Endpoint:
    """Change an endpoint; a new address is tried at once. Raises TheAddressIsRefused, NotYours, NotAllowed."""
    endpoint = _lock_own(user, pk)
    if url != endpoint.url:
        endpoint.url, endpoint.retry_at = _checked(url), None
    endpoint.name, endpoint.topics, endpoint.scope = name, _known(topics), scope
    endpoint.save(update_fields=["name", "url", "topics", "scope", "retry_at"])
    _record(user, "change_endpoint", endpoint, at, url=url)
    return endpoint


@transaction.atomic
def turn_key(*, user: User, pk: UUID, at: datetime) -> str:
    """Give an endpoint a new secret and return it; the old one signs along for a day. Raises NotYours, NotAllowed."""
    endpoint = _lock_own(user, pk)
    endpoint.secret_number += 1
    endpoint.old_secret_until = at + OLD_SECRET_HOLDS
    endpoint.save(update_fields=["secret_number", "old_secret_until"])
    _record(user, "turn_endpoint_key", endpoint, at)
    return secrets_of(endpoint, at)[0]


@transaction.atomic
def close_endpoint(*, user: User, pk: UUID, at: datetime) -> None:
    """Post no more to an endpoint; what waited is kept among the undelivered. Raises NotYours.

    Its organisation may do so, and the administrator of the system, for an endpoint that does harm.
    """
    endpoint = selectors.get_endpoint(user=user, pk=pk)
    if endpoint.organisation_id != user.organisation_id and not user.is_system_admin:
        raise NotAllowed
    Endpoint.objects.filter(pk=pk).update(is_active=False, failing_since=None, retry_at=None, failures=0)
    give_up_waiting(endpoint.pk, reason=CLOSED, at=at)
    _record(user, "close_endpoint", endpoint, at)


@transaction.atomic
def reopen_endpoint(*, user: User, pk: UUID, at: datetime) -> None:
    """Post to a closed endpoint again, from now on; its address is looked at anew. Raises TheAddressIsRefused."""
    endpoint = _lock_own(user, pk)
    _checked(endpoint.url)
    Endpoint.objects.filter(pk=pk).update(is_active=True, last_error="")
    _record(user, "reopen_endpoint", endpoint, at)


@transaction.atomic
def ping_endpoint(*, user: User, pk: UUID, at: datetime) -> None:
    """Post a test event to an endpoint, in its turn. Raises NotYours, NotAllowed."""
    endpoint = _lock_own(user, pk)
    event_id = uuid7()
    said = {"id": str(event_id), "type": PING, "timestamp": at.isoformat(), "data": {}}
    Dispatch.objects.create(
        endpoint_id=endpoint.pk,
        organisation_id=endpoint.organisation_id,
        event_id=event_id,
        topic=PING,
        body=msgspec.json.encode(said).decode(),
        created_at=at,
    )
    Endpoint.objects.filter(pk=pk).update(retry_at=None)


@transaction.atomic
def resend(*, user: User, rows: QuerySet[Dispatch], at: datetime) -> int:
    """Put undelivered events back into the line of their endpoints, at their old place; return how many.

    Those of closed endpoints stay. Raises NotYours when one is of another organisation.
    """
    found = list(rows.filter(state=DispatchState.DEAD))
    if any(row.organisation_id != user.organisation_id for row in found) and not user.is_system_admin:
        raise NotYours
    open_ids = set(
        Endpoint.objects.filter(pk__in={row.endpoint_id for row in found}, is_active=True).values_list("pk", flat=True)
    )
    ids = [row.pk for row in found if row.endpoint_id in open_ids]
    count = Dispatch.objects.filter(pk__in=ids, state=DispatchState.DEAD).update(
        state=DispatchState.WAITING, attempts=0, error="", given_up_at=None, created_at=at
    )
    if count:
        Endpoint.objects.filter(pk__in=open_ids).update(retry_at=None)
        audit.record(
            actor=user,
            act="resend_dispatches",
            subject_kind="endpoint",
            subject_id=found[0].endpoint_id,
            at=at,
            detail={"count": count},
        )
    return count


def give_up_waiting(endpoint_id: UUID, *, reason: str, at: datetime, before: datetime | None = None) -> int:
    """Keep what waits for an endpoint among the undelivered, in the caller's transaction; return how many."""
    rows = Dispatch.objects.filter(endpoint_id=endpoint_id, state=DispatchState.WAITING)
    rows = rows.filter(created_at__lt=before) if before else rows
    return rows.update(state=DispatchState.DEAD, error=reason, given_up_at=at)


def secrets_of(endpoint: Endpoint, at: datetime) -> list[str]:
    """Give the secrets that sign now, the newest first."""
    numbers = [endpoint.secret_number]
    if endpoint.old_secret_until and at < endpoint.old_secret_until:
        numbers.append(endpoint.secret_number - 1)
    return [signing.make_secret(settings.KOUAN_WEBHOOK_KEY, endpoint.pk, number) for number in numbers]


def _checked(url: str) -> str:
    if problem := check_url(url, to_networks(settings.KOUAN_WEBHOOK_NETWORKS)):
        raise TheAddressIsRefused(problem.code, problem.pointer, problem.zh, problem.en, problem.fix_zh, problem.fix_en)
    return url


def _known(topics: Collection[str]) -> list[str]:
    return sorted({key for key in topics if find_topic(key)})


def _lock_own(user: User, pk: UUID) -> Endpoint:
    """Lock an endpoint of one's own organisation: others may see some, and change none."""
    endpoint = selectors.get_endpoint(user=user, pk=pk)
    if endpoint.organisation_id != user.organisation_id:
        raise NotAllowed
    return Endpoint.objects.select_for_update().get(pk=pk)


def _record(user: User, act: str, endpoint: Endpoint, at: datetime, **detail: str) -> None:
    audit.record(actor=user, act=act, subject_kind="endpoint", subject_id=endpoint.pk, at=at, detail=detail)
