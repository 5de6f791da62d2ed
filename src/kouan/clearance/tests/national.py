"""A rig for tests: firms, Kouan's steps, and the played national side by folder or by HTTP, on one clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from kouan.clearance.services.answering import answer_messages
from kouan.clearance.services.routing import route_messages
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.models import Case
from kouan.declarations.services.matching import match_messages
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Carrier, Step
from kouan.gateway.counterparts.standard_edition.behaviour import Behaviour
from kouan.gateway.counterparts.standard_edition.ledger import Ledger
from kouan.gateway.counterparts.standard_edition.playing import Counterpart, FolderPlayer
from kouan.gateway.counterparts.standard_edition.serving import HttpPlayer, serving
from kouan.gateway.models import Connection
from kouan.gateway.services.collecting import collect_due
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.fetching import fetch_due
from kouan.gateway.services.leaving import Leaving
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import parcels

STEPS = (
    (Step.STORE, store_messages),
    (Step.MATCH, match_messages),
    (Step.ROUTE, route_messages),
    (Step.ANSWER, answer_messages),
)
CARRIERS = (Carrier.FOLDER, Carrier.HTTP)


def work(at: datetime) -> None:
    """Do every step until nothing is left."""
    while sum(run_step(step=step, handle=handle, at=at) for step, handle in STEPS):
        pass


@dataclass
class Rig:
    """Kouan and the played national side. ``at`` is what every clock says."""

    at: datetime
    root: Path
    counterpart: Counterpart
    firms: dict[str, Any]
    channels: dict[str, Connection]
    national: Connection
    out: Leaving
    player: FolderPlayer | None = None
    outcomes: list[int] = field(default_factory=list)

    def behave(self, **how: Any) -> None:
        """Set how the played side behaves."""
        self.counterpart.ledger.behaviour = Behaviour(**{"seconds": 60, "endings": {"release": 1}, **how})

    def declare(self, count: int = 1, *, seed: int = 0, per_message: int = 100) -> list[Any]:
        """Let the firms declare parcels, and do Kouan's steps; give the parcels."""
        made = list(parcels(count, at=self.at, seed=seed))
        send(self.channels, made, at=self.at, per_message=per_message, seed=seed)
        work(self.at)
        return made

    def deliver(self) -> int:
        """Hand over what is due."""
        return deliver_due(transport_of=self.out.transport_of, wrap=self.out.wrap, at=self.at)

    def turn(self) -> None:
        """Let everybody do once what there is to do."""
        self.deliver()
        if self.player:
            self.player.turn(self.at.timestamp())
        self.collect()

    def collect(self) -> int:
        """Take what the national side laid out, and do Kouan's steps."""
        taken = collect_due(root=self.root, at=self.at) + fetch_due(inbox_of=self.out.inbox_of, at=self.at)
        work(self.at)
        return taken

    def pass_time(self, seconds: float, *, turns: int = 1) -> None:
        """Let time pass in so many steps, with a turn of everybody after each."""
        for _ in range(turns):
            self.at += timedelta(seconds=seconds / turns)
            self.turn()

    def receive(self, *bodies: bytes) -> None:
        """Let official messages arrive as they are, in this order, whatever brought them."""
        from kouan.gateway.services.receiving import receive

        for body in bodies:
            receive(channel=self.national, body=body, at=self.at)
            work(self.at)

    def case(self, number: str = "") -> Case:
        """Give the case of a list, or the only one."""
        return Case.objects.get(internal_no=number) if number else Case.objects.get()

    def channel(self) -> Connection:
        """Give the national channel as it stands now."""
        return Connection.objects.get(pk=self.national.pk)

    def documents(self, kind: str) -> Sequence[UUID]:
        """Give the ids of the documents of a kind."""
        from kouan.declarations.models import Document

        return list(Document.objects.filter(kind=kind).values_list("pk", flat=True))


@contextmanager
def rig(carrier: Carrier, root: Path, at: datetime, *, wraps_dxp: bool = True) -> Iterator[Rig]:
    """Set up the firms and their channels, and the played national side behind a channel of this carrier."""
    firms = make_firms()
    with Ledger(root / "ledger.db") as ledger:
        counterpart = Counterpart(ledger)
        made = Rig(
            at=at,
            root=root,
            counterpart=counterpart,
            firms=firms,
            channels=make_channels(firms),
            national=make_national_channel(firms["621"].pk, wraps_dxp=wraps_dxp),
            out=Leaving(root),
        )
        made.behave()
        if carrier == Carrier.FOLDER:
            made.player = FolderPlayer(counterpart, root / "national")
            yield made
            return
        with serving(HttpPlayer(counterpart, lambda: made.at.timestamp()), 0) as port:
            address = f"http://127.0.0.1:{port}"
            Connection.objects.filter(pk=made.national.pk).update(carrier=Carrier.HTTP, address=address)
            made.national.refresh_from_db()
            yield made
