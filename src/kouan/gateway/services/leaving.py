"""Leaving: under which name, in which envelope and by which transport an item goes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from kouan.gateway.codes import Carrier, Carries, Side
from kouan.gateway.models import Connection
from kouan.gateway.services.collecting import folder_of
from kouan.gateway.services.credentials import Line, edition_of, line_to
from kouan.gateway.services.delivering import Item
from kouan.gateway.services.unwrapping import unwrap_bytes
from kouan.gateway.standards.dec.receipts import KINDS as GOODS_KINDS
from kouan.gateway.standards.dec.types import ROOT as GOODS
from kouan.gateway.standards.dxp.codec import wrap
from kouan.gateway.standards.dxp.types import CUSTOMS_IMPORT, Message, TransferInfo
from kouan.gateway.transports import Inbox, Transport
from kouan.gateway.transports.file_names import check_name, receipt_name
from kouan.gateway.transports.folder import FolderTransport
from kouan.gateway.transports.http import HttpInbox, HttpTransport
from kouan.gateway.transports.nowhere import Nowhere
from kouan.kernel.identifiers import time_of_uuid7

GOODS_RECEIPTS = frozenset(GOODS_KINDS.values())


@dataclass(frozen=True, slots=True)
class Leaving:
    """Knows the exchange root and holds the line to each HTTP channel, until its credential changes."""

    exchange: Path
    lines: dict[UUID, Line] = field(default_factory=dict)

    def transport_of(self, channel: Connection) -> Transport:
        """Give the transport that carries items to a channel."""
        if channel.carrier == Carrier.HTTP:
            line = self._line_to(channel)
            return Nowhere(line.fault) if line.client is None else HttpTransport(line.client, channel.address)
        folder = folder_of(channel, self.exchange)
        if channel.side == Side.NATIONAL:
            return FolderTransport(folder, "OutBox", taken_to=("SentBox", "FailBox"))
        return FolderTransport(folder, "InBox")

    def inbox_of(self, channel: Connection) -> Inbox:
        """Give the place where the answers of an HTTP channel wait."""
        line = self._line_to(channel)
        return Nowhere(line.fault) if line.client is None else HttpInbox(line.client, channel.address)

    def _line_to(self, channel: Connection) -> Line:
        """Give the open line to a channel, opened anew where the credential is another than it was."""
        known, wanted = self.lines.get(channel.pk), edition_of(channel)
        if known is None or known.edition != wanted:
            if known is not None and known.client is not None:
                known.client.close()
            known = self.lines[channel.pk] = line_to(channel, wanted)
        return known

    def wrap(self, channel: Connection, item: Item) -> tuple[str, bytes]:
        """Give name and bytes of an item: as kept, or wrapped in the DXP envelope of the channel.

        The name is made of the item's id alone, so that it is the same at every attempt.
        """
        if item.is_receipt:
            return _receipt_name(item), item.data
        if item.kind == GOODS or channel.carries == Carries.GOODS:
            data = item.data if item.kind == GOODS else unwrap_bytes(item.data, "dxp").raw
            suffix = "zip" if data[:4] == b"PK\x03\x04" else "xml"
            return f"DEC_{item.id.hex}.{suffix}", data
        if channel.wraps_dxp and item.kind not in ("DxpMsg", "DxpMsgSv"):
            info = TransferInfo(
                message_id=item.id.hex,
                sender=channel.dxp_id,
                receivers=[CUSTOMS_IMPORT],
                created=time_of_uuid7(item.id).strftime("%Y-%m-%dT%H:%M:%SZ"),
                message_type=f"CEB{item.kind}Message",
            )
            data = wrap(Message(info, item.data))
            return f"DXP_{item.id.hex}.xml", data
        return f"CEB{item.kind}_{item.id.hex}.xml", item.data


def leaving(exchange: Path) -> Leaving:
    """Make the way out for one process."""
    return Leaving(exchange)


def _receipt_name(item: Item) -> str:
    if item.kind == "check":
        return check_name(item.answered, item.id)
    return receipt_name(item.kind if item.kind in GOODS_RECEIPTS else f"CEB{item.kind}", item.id)
