"""Reads for those who keep the gateway running: channels and how they fare, messages, what is parked and why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, get_visible
from kouan.accounts.codes import DOCUMENT_KINDS
from kouan.gateway.codes import Carrier, Scope, Step, TokenState
from kouan.gateway.models import Connection, Delivery, Forwarding, Message, Receipt, Token, Work
from kouan.gateway.selectors import Kept, get_message

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_TOKENS = 30
"""How many tokens of a connection its page shows, the youngest."""
WARNED_BEFORE = timedelta(days=14)
"""So long before a token ends its holders are told."""
MOST_PARKED = 100
"""How many parked steps one page shows, oldest first; the groups count all of them."""


class Health(StrEnum):
    """How a channel fares."""

    WORKING = "working"
    FAILING = "failing"
    CLOSED = "closed"


class Progress(StrEnum):
    """How far a message or receipt has come through its steps."""

    DONE = "done"
    WORKING = "working"
    PARKED = "parked"


def list_connections(user: User) -> QuerySet[Connection]:
    """Give the channels that a person may see, each with how it fares and how much waits to go out."""
    waiting = (
        Work.objects.filter(connection_id=OuterRef("pk"), step=Step.DELIVER)
        .order_by()
        .values("connection_id")
        .annotate(n=Count("item_id"))
        .values("n")
    )
    # Intake by HTTP notes nothing on the channel, so that senders do not queue for one row: the latest message tells.
    latest = Message.objects.filter(connection_id=OuterRef("pk")).order_by("-pk").values("received_at")[:1]
    return Connection.objects.visible_to(user).annotate(
        owner=accounts.name_of_organisation("organisation_id"),
        received_at=Greatest("last_received_at", Subquery(latest)),
        waiting=Coalesce(Subquery(waiting), Value(0), output_field=IntegerField()),
        health=Case(
            When(is_active=False, then=Value(str(Health.CLOSED))),
            When(failing_since__isnull=False, then=Value(str(Health.FAILING))),
            default=Value(str(Health.WORKING)),
            output_field=CharField(),
        ),
    )


def get_connection(*, user: User, pk: UUID) -> Any:
    """Give one channel with how it fares; raises NotYours."""
    get_visible(Connection.objects, user, pk=pk)
    return list_connections(user).select_related("credential").get(pk=pk)


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token of a connection with whether it holds and who took it."""

    row: Token
    state: TokenState
    issuer: str

    @property
    def scopes(self) -> list[str]:
        """What it may be used for, in words."""
        return [str(Scope(scope).label) for scope in self.row.scopes]

    @property
    def documents(self) -> list[str]:
        """The documents to which it is limited, in words; none for all."""
        words = dict(DOCUMENT_KINDS)
        return [str(words.get(kind, kind)) for kind in self.row.kinds]

    @property
    def holds(self) -> bool:
        """Whether it lets a machine in."""
        return self.state in {TokenState.RUNNING, TokenState.ENDING}


def list_tokens(connection_id: UUID, *, at: datetime) -> list[TokenShown]:
    """Give the tokens of a channel that may be seen: those that hold first, then the youngest of the others."""
    rows = list(
        Token.objects.filter(connection_id=connection_id).select_related("successor").order_by("-since")[:MOST_TOKENS]
    )
    names = accounts.person_names({row.issued_by_id for row in rows if row.issued_by_id})
    shown = [TokenShown(row, state_of_token(row, at), names.get(row.issued_by_id, "")) for row in rows]
    return sorted(shown, key=lambda one: not one.holds)


def state_of_token(token: Token, at: datetime) -> TokenState:
    """Say whether a token lets a machine in at a moment."""
    if token.revoked_at is not None:
        return TokenState.REVOKED
    if token.until is None:
        return TokenState.RUNNING
    if token.until <= at:
        return TokenState.ENDED
    return TokenState.ENDING if token.until <= at + WARNED_BEFORE else TokenState.RUNNING


def get_token(*, user: User, pk: UUID) -> Token:
    """Give one token of a channel that a person may see; raises NotYours."""
    token = Token.objects.filter(pk=pk, connection__in=Connection.objects.visible_to(user)).first()
    if token is None:
        raise NotYours
    return token


def list_failing(user: User) -> list[Any]:
    """Give the channels that do not answer, those that have failed longest first."""
    return list(list_connections(user).filter(is_active=True, failing_since__isnull=False).order_by("failing_since"))


def count_failing(user: User) -> int:
    """Count the channels that do not answer."""
    return Connection.objects.visible_to(user).filter(is_active=True, failing_since__isnull=False).count()


def choices_of_channels(user: User) -> list[tuple[str, str]]:
    """Give the channels whose messages a person may see, for a filter."""
    found = Connection.objects.all()
    if not (user.sees_all_cases or user.is_system_admin):
        found = found.filter(organisation_id__in=user.acting_organisation_ids)
    found = found.order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in found]


def last_deliveries(connection_id: UUID, *, limit: int = 20) -> list[Delivery]:
    """Give the latest attempts of a channel that may be seen, newest first."""
    return list(Delivery.objects.filter(connection_id=connection_id).defer("answer").order_by("-pk")[:limit])


def see_message(*, user: User, pk: UUID) -> Kept:
    """Give a message that a person may see, with the steps that it has still to pass. Raises NotYours."""
    get_visible(Message.objects.only("pk"), user, pk=pk)
    return get_message(message_id=pk, organisation_ids=None)


def see_receipt(*, user: User, pk: UUID) -> Receipt:
    """Give a receipt that a person may see. Raises NotYours."""
    return get_visible(Receipt.objects, user, pk=pk)


def is_receipt(item_id: UUID) -> bool:
    """Whether what was handed over is a receipt, not a message."""
    return Receipt.objects.filter(pk=item_id).exists()


def get_delivery(*, user: User, pk: UUID) -> Delivery:
    """Give one attempt of a channel that a person may see; raises NotYours."""
    found = Delivery.objects.filter(pk=pk).first()
    if found is None or not Connection.objects.visible_to(user).filter(pk=found.connection_id).exists():
        raise NotYours
    return found


def last_messages(connection_id: UUID, *, limit: int = 20) -> list[Message]:
    """Give the latest messages that came through a channel that may be seen, without their bytes."""
    return list(Message.objects.filter(connection_id=connection_id).defer("raw").order_by("-pk")[:limit])


def waiting_items(connection_id: UUID, *, limit: int = 20) -> list[Work]:
    """Give what waits to go out by a channel that may be seen, in the order in which it will."""
    return list(Work.objects.filter(connection_id=connection_id, step=Step.DELIVER).order_by("item_id")[:limit])


def _channel_name() -> Subquery:
    return Subquery(Connection.objects.filter(pk=OuterRef("connection_id")).values("name")[:1])


def _progress() -> Case:
    mine = Work.objects.filter(item_id=OuterRef("pk"))
    return Case(
        When(Exists(mine.filter(is_parked=True)), then=Value(str(Progress.PARKED))),
        When(Exists(mine), then=Value(str(Progress.WORKING))),
        default=Value(str(Progress.DONE)),
        output_field=CharField(),
    )


def list_messages(user: User) -> QuerySet[Message]:
    """Give the messages that a person may see, without their bytes, each with its channel's name and its progress."""
    return Message.objects.visible_to(user).defer("raw").annotate(channel=_channel_name(), progress=_progress())


def list_receipts(user: User) -> QuerySet[Receipt]:
    """Give the receipts that a person may see, without their bytes, each with its channel's name and its progress."""
    return Receipt.objects.visible_to(user).defer("body").annotate(channel=_channel_name(), progress=_progress())


@dataclass(frozen=True, slots=True)
class ParkedGroup:
    """All that stands parked in one step for one reason."""

    step: str
    error: str
    count: int
    oldest_at: datetime

    @property
    def key(self) -> str:
        """A short name for the group, to be sent back by a form."""
        return hashlib.sha256(f"{self.step}\n{self.error}".encode()).hexdigest()[:16]

    @property
    def step_label(self) -> str:
        """The step in words."""
        return str(Step(self.step).label)

    @property
    def reason(self) -> str:
        """The first line of what went wrong."""
        return self.error.splitlines()[0] if self.error else ""


def list_parked_groups() -> list[ParkedGroup]:
    """Group what is parked by step and reason, the largest group first."""
    rows = (
        Work.objects.filter(is_parked=True)
        .order_by()
        .values_list("step", "error")
        .annotate(n=Count("item_id"), oldest=Min("created_at"))
        .order_by("-n", "step", "error")
    )
    return [ParkedGroup(*row) for row in rows[:MOST_PARKED]]


def list_parked() -> list[Work]:
    """Give what is parked, oldest first, up to MOST_PARKED."""
    return list(Work.objects.filter(is_parked=True).order_by("created_at", "item_id")[:MOST_PARKED])


def count_parked() -> int:
    """Count what is parked, up to a thousand."""
    return Work.objects.filter(is_parked=True).order_by()[:1000].values("item_id").count()


def may_be_resent(*, item_id: UUID, is_receipt: bool) -> bool:
    """Whether a message or receipt has a channel by which it left or could leave, and does not wait there already."""
    if Work.objects.filter(item_id=item_id, step=Step.DELIVER, is_parked=False).exists():
        return False
    if not is_receipt:
        return Forwarding.objects.filter(message_id=item_id).exists()
    channel = Receipt.objects.filter(pk=item_id).values("connection_id")
    return Connection.objects.filter(pk__in=channel, is_active=True).exclude(carrier=Carrier.DESK).exists()
