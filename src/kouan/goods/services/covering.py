"""For whom a goods declaration is made, and that this client has delegated it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kouan.accounts import selectors as accounts
from kouan.accounts.codes import GOODS_DOCUMENTS, DelegatedAct
from kouan.accounts.covering import NotDelegated, refuse_after_end, require_delegation

if TYPE_CHECKING:
    from kouan.accounts.models import User

_POINTER = "trader_code"


def codes_of_client(values: Mapping[str, Any]) -> list[str]:
    """Give the codes by which values name the domestic trader."""
    return [code for name in ("trader_code", "trader_uscc") if (code := str(values.get(name) or "").strip())]


def known_clients(sets: Iterable[Mapping[str, Any]]) -> dict[str, UUID]:
    """Give the organisations that the traders of value sets are, by their codes; unknown ones are missing."""
    return accounts.organisation_ids_by_code(code for values in sets for code in codes_of_client(values))


def client_of(values: Mapping[str, Any], known: Mapping[str, UUID] | None = None) -> UUID | None:
    """Give the organisation that the trader is; None where it is unknown here and its agreement is on paper."""
    found = known_clients([values]) if known is None else known
    return next((found[code] for code in codes_of_client(values) if code in found), None)


def refuse_new_after_end(*, user: User, values: Mapping[str, Any], at: datetime) -> None:
    """Let nothing new be written for a client whose delegation has ended. Raises NotDelegated."""
    client = client_of(values)
    if client:
        refuse_after_end(client_id=client, agent_id=user.organisation_id, kind=GOODS_DOCUMENTS, at=at, pointer=_POINTER)


def require_client(
    *,
    user: User,
    values: Mapping[str, Any],
    at: datetime,
    act: str = DelegatedAct.DECLARE,
    known: Mapping[str, UUID] | None = None,
) -> None:
    """Make sure that the client has delegated an act to the firm, or is the firm itself. Raises NotDelegated."""
    client = client_of(values, known)
    if client:
        require_delegation(
            client_id=client, agent_id=user.organisation_id, kind=GOODS_DOCUMENTS, at=at, act=act, pointer=_POINTER
        )


def undelegated(*, user: User, sets: Iterable[Mapping[str, Any]], at: datetime) -> list[NotDelegated | None]:
    """Tell for each value set why its client has not delegated it; None where nothing stands against it."""
    wanted = list(sets)
    known = known_clients(wanted)
    told: dict[UUID | None, NotDelegated | None] = {}
    found = []
    for values in wanted:
        client = client_of(values, known)
        if client not in told:
            try:
                require_client(user=user, values=values, at=at, known=known)
                told[client] = None
            except NotDelegated as refusal:
                told[client] = refusal
        found.append(told[client])
    return found
