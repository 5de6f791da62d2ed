"""Makers of rows for tests: firms, channels and declarations that came through them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from kouan.accounts.factories import make_organisation
from kouan.audit.types import SystemActor
from kouan.gateway.codes import Carrier, Carries, Side, Step
from kouan.gateway.models import Connection
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.dec.attached import Attachment
from kouan.gateway.standards.dec.codec import encode
from kouan.gateway.standards.dec.generate import Sender, client_number, make_declaration, make_pdf
from kouan.gateway.standards.dec.packing import pack
from kouan.gateway.standards.dec.receipts import BusinessReceipt, ImportResponse, write_receipt
from kouan.gateway.standards.dec.types import Declaration
from kouan.goods.composing import values_of
from kouan.goods.models import GoodsDeclaration
from kouan.goods.services.answering import answer_goods
from kouan.goods.services.storing import store_goods
from kouan.reference.services import import_sheet

ACTOR = SystemActor("tests")
DAY = date(2026, 11, 23)
PDF = make_pdf()


def make_agent(**values: Any) -> Any:
    """Make the broker that made-up declarations name as their agent."""
    return make_organisation("agent", customs_code=values.pop("customs_code", Sender().code), **values)


def make_channel(organisation_id: UUID) -> Connection:
    """Open a firm's channel by HTTP."""
    return open_connection(
        actor=ACTOR, organisation_id=organisation_id, name="演示报关行接口", carrier=Carrier.HTTP, at=timezone.now()
    )


def make_window(organisation_id: UUID, *, only_saves: bool = True) -> Connection:
    """Open the channel to the national window for goods declarations."""
    return open_connection(
        actor=ACTOR, organisation_id=organisation_id, name="单一窗口导入客户端（演示）", carrier=Carrier.FOLDER,
        side=Side.NATIONAL, at=timezone.now(), address="window", carries=Carries.GOODS, only_saves=only_saves,
    )  # fmt: skip


def make_message(
    number: int = 1,
    *,
    files: dict[str, bytes] | None = None,
    change: Callable[[Declaration], Any] | None = None,
    lines: int = 3,
    sender: Sender | None = None,
) -> bytes:
    """Write one declaration, with its files as a zip."""
    made = make_declaration(number, day=DAY, lines=lines, sender=sender)
    made.attachments = [Attachment(name, "00000001", "US", size=str(len(one))) for name, one in (files or {}).items()]
    if change:
        change(made)
    raw = encode(made, strict=False)
    return pack(raw, files, message_name="dec.xml") if files else raw


def make_values(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Give what a clerk types for a made-up declaration."""
    values = {**values_of(make_declaration(number, day=DAY)), "procedure": "ordinary", **changes}
    for name in ("agent_code", "agent_uscc", "agent_name"):
        values.pop(name)
    return values


def send(channel: Connection, raw: bytes, *, at: datetime) -> UUID:
    """Let a firm send a message and let it be stored; return its id."""
    [one] = receive(channel=channel, body=raw, at=at)
    work(at=at)
    return one.message_id


def hear(window: Connection, raw: bytes, *, at: datetime, file_name: str = "") -> None:
    """Let the national side say something, and let it be taken."""
    receive(channel=window, body=raw, at=at, file_name=file_name)
    work(at=at)


def work(*, at: datetime) -> None:
    """Do the steps of goods declarations until nothing is left."""
    while sum(
        run_step(step=step, handle=handle, at=at)
        for step, handle in ((Step.STORE_GOODS, store_goods), (Step.ANSWER_GOODS, answer_goods))
    ):
        pass


def imported(client_no: str, seq_no: str = "I00000000000000001", code: str = "0") -> bytes:
    """Write an import response."""
    return write_receipt(ImportResponse(code, "演示", client_no, seq_no if code == "0" else ""))


def channel_said(code: str, at: datetime, *, seq_no: str = "I00000000000000001", note: str = "") -> bytes:
    """Write a business receipt."""
    local = timezone.localtime(at)
    return write_receipt(
        BusinessReceipt(seq_no=seq_no, channel=code, noticed=f"{local:%Y-%m-%dT%H:%M:%S}", note=note,
                        entry_no="470020261000000001")
    )  # fmt: skip


def the_declaration(number: int = 1) -> GoodsDeclaration:
    """Give the declaration of a number."""
    return GoodsDeclaration.objects.get(client_no=client_number(number, DAY))


def load_notes(table: str, notes: dict[str, str], *, since: date) -> None:
    """Let the office import a dated table of codes with notes: rates, exchange, periods."""
    rows = "".join(f"{table},{code},演示,{note},{since:%Y-%m-%d}\n" for code, note in notes.items())
    raw = f"table,code,name_zh,note,since\n{rows}".encode()
    import_sheet(raw=raw, sheet=f"{table}.csv", actor=ACTOR, at=timezone.now())
