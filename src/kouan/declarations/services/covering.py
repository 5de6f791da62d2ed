"""For whom a parcel is declared, and that this client has delegated it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kouan.accounts import selectors as accounts
from kouan.accounts.covering import refuse_after_end, require_delegation
from kouan.declarations.codes import Kind

if TYPE_CHECKING:
    from kouan.accounts.models import User

_POINTER = "merchant_code"


def _client_of(values: Mapping[str, Any]) -> UUID | None:
    code = str(values.get(_POINTER) or "").strip()
    return accounts.organisation_ids_by_code([code]).get(code)


def _kind_of(values: Mapping[str, Any]) -> str:
    return Kind.EXPORT_LIST if values.get("direction") == "E" else Kind.LIST


def refuse_new_after_end(*, user: User, values: Mapping[str, Any], at: datetime) -> None:
    """Let nothing new be written for a seller whose delegation has ended. Raises NotDelegated."""
    client = _client_of(values)
    if client:
        refuse_after_end(
            client_id=client, agent_id=user.organisation_id, kind=_kind_of(values), at=at, pointer=_POINTER
        )


def require_client(*, user: User, values: Mapping[str, Any], at: datetime) -> None:
    """Make sure that the seller has delegated its lists to the firm, or is the firm itself. Raises NotDelegated.

    Only brokers declare for others by delegation; a platform or carrier that declares says who it is by its own codes.
    """
    client = _client_of(values)
    if client and "agent" in user.organisation.kinds:
        require_delegation(
            client_id=client, agent_id=user.organisation_id, kind=_kind_of(values), at=at, pointer=_POINTER
        )
