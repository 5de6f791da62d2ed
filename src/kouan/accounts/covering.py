"""Which delegation covers what is done for a client at a moment; and why none does, with how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import DelegatedAct
from kouan.accounts.models import Delegation, Organisation


class NotDelegated(NotAllowed):
    """No delegation covers this act for this client now."""


def delegation_covering(
    *, client_id: UUID, agent_id: UUID, kind: str, at: dt.datetime, act: str = DelegatedAct.DECLARE
) -> Delegation | None:
    """Return the delegation that covers an act for a client at a moment; the earliest where several do."""
    held = Delegation.objects.in_force(at).covering(kind, act).filter(client_id=client_id, agent_id=agent_id)
    return held.order_by("since", "pk").first()


def delegations_covering(
    pairs: Iterable[tuple[UUID, UUID]], *, kind: str, at: dt.datetime
) -> dict[tuple[UUID, UUID], UUID]:
    """Return the id of the delegation that covers declaring for each pair of client and agent; one query a batch."""
    wanted = {(client, agent) for client, agent in pairs if client != agent}
    if not wanted:
        return {}
    held = Delegation.objects.in_force(at).covering(kind, DelegatedAct.DECLARE)
    rows = held.filter(client_id__in={client for client, _ in wanted}, agent_id__in={agent for _, agent in wanted})
    found: dict[tuple[UUID, UUID], UUID] = {}
    for pk, client, agent in rows.order_by("since", "pk").values_list("pk", "client_id", "agent_id"):
        if (client, agent) in wanted:
            found.setdefault((client, agent), pk)
    return found


def require_delegation(
    *, client_id: UUID, agent_id: UUID, kind: str, at: dt.datetime, act: str = DelegatedAct.DECLARE, pointer: str = ""
) -> Delegation | None:
    """Return the delegation that covers an act; None where the firm acts for itself. Raises NotDelegated."""
    if client_id == agent_id:
        return None
    found = delegation_covering(client_id=client_id, agent_id=agent_id, kind=kind, at=at, act=act)
    if found is None:
        raise _refusal(client_id, agent_id, kind, at, act, pointer)
    return found


def refuse_after_end(*, client_id: UUID, agent_id: UUID, kind: str, at: dt.datetime, pointer: str = "") -> None:
    """Let nothing new be made for a client whose delegation has ended. Raises NotDelegated.

    What was never delegated may be prepared while the client is asked.
    """
    if client_id == agent_id or delegation_covering(client_id=client_id, agent_id=agent_id, kind=kind, at=at):
        return
    if Delegation.objects.filter(client_id=client_id, agent_id=agent_id, until__lte=at).covering(kind).exists():
        raise _refusal(client_id, agent_id, kind, at, DelegatedAct.DECLARE, pointer)


def _refusal(client_id: UUID, agent_id: UUID, kind: str, at: dt.datetime, act: str, pointer: str) -> NotDelegated:
    held = Delegation.objects.filter(client_id=client_id, agent_id=agent_id)
    name = Organisation.objects.values_list("name_zh", flat=True).get(pk=client_id)
    fix = ("请在“委托”页向对方申请新的委托，对方同意后即可继续；已填内容不会丢失。",
           "Ask the client for a new delegation under “Delegations”; what was typed is not lost.")  # fmt: skip
    if held.in_force(at).exists():
        word = DelegatedAct(act).label
        return NotDelegated(
            f"{name}的委托不包括此类单证或“{word}”。", f"The delegation of {name} does not cover this.", *fix,
            code="ACCESS-DELEGATION-SCOPE", pointer=pointer,
        )  # fmt: skip
    coming = held.filter(since__gt=at).order_by("since").first()
    if coming:
        day = _day(coming.since)
        return NotDelegated(f"{name}的委托自 {day} 起生效。", f"The delegation of {name} begins on {day}.",
                            "请在生效后办理。", "Do it from that day on.", code="ACCESS-DELEGATION-TO-COME",
                            pointer=pointer)  # fmt: skip
    last = held.covering(kind).filter(until__lte=at).order_by("-until").first()
    if last is None:
        return NotDelegated(f"尚未取得{name}的委托。", f"{name} has not delegated to your firm.", *fix,
                            code="ACCESS-DELEGATION-NONE", pointer=pointer)  # fmt: skip
    zh, en = ("撤销", "revoked") if last.revoked_by_id else ("到期", "ended")
    assert last.until is not None
    number = f"（协议 {last.agreement_no}）" if last.agreement_no else ""
    return NotDelegated(f"{name}的委托{number}已于 {_day(last.until)} {zh}。",
                        f"The delegation of {name} was {en} on {_day(last.until)}."
                        if last.revoked_by_id else f"The delegation of {name} ended on {_day(last.until)}.",
                        *fix, code="ACCESS-DELEGATION-ENDED", pointer=pointer)  # fmt: skip


def _day(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
