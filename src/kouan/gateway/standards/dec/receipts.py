"""What comes back to a goods declaration: the import response, business receipts old and new, and client failures.

Sources: ``DecImportResponse`` of the schema of 2018-67; ``DEC_DATA``/``DEC_RESULT`` and ``TRN_DATA``/``TRN_RESULT`` of
the format description of 2018-67; the form of ``DEC_RESULT`` seen since December 2018, which stands alone and names the
unified number ``CUS_CIQ_NO``; the failure note of the import client. Elements are read whatever their order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal
from xml.sax.saxutils import escape

from lxml import etree

from kouan.kernel.dates import CHINA_TIME
from kouan.records.problems import Loss, Problem

from .channels import CHANNELS
from .codes import problem
from .reader import parsed
from .types import NAMESPACE, UnreadableMessage

Kind = Literal["DecResponse", "DEC_RESULT", "TRN_RESULT", "ClientFail"]
KINDS: dict[str, str] = {
    "DecImportResponse": "DecResponse", "DEC_DATA": "DEC_RESULT", "DEC_RESULT": "DEC_RESULT",
    "TRN_DATA": "TRN_RESULT", "TRN_RESULT": "TRN_RESULT", "Root": "ClientFail",
}  # fmt: skip
"""Which root element is which kind of receipt."""
MOST_RESULTS = 5_000
SUCCEEDED = "0"


@dataclass(frozen=True, slots=True)
class ImportResponse:
    """The technical receipt 导入响应 ``DecImportResponse``: whether the data centre took the declaration."""

    code: str = ""  # ResponseCode · 0 taken, anything else failed
    message: str = ""  # ErrorMessage · C..255
    client_no: str = ""  # ClientSeqNo · C18 · the firm's own number
    seq_no: str = ""  # SeqNo · C18 · unified number of the data centre
    transit_seq_no: str = ""  # TrnPreId · C18

    @property
    def is_success(self) -> bool:
        """True if the declaration was taken."""
        return self.code == SUCCEEDED


@dataclass(frozen=True, slots=True)
class BusinessReceipt:
    """The business receipt 业务回执 ``DEC_RESULT``: one channel of one declaration."""

    seq_no: str = ""  # SEQ_NO, since 2018-12 CUS_CIQ_NO · unified number
    entry_no: str = ""  # ENTRY_ID · 18 · customs number
    noticed: str = ""  # NOTICE_DATE · as written
    channel: str = ""  # CHANNEL · see channels
    note: str = ""  # NOTE
    customs_code: str = ""  # DECL_PORT, since 2018-12 CUSTOM_MASTER
    agent_name: str = ""  # AGENT_NAME
    declarant_no: str = ""  # DECLARE_NO
    trader_code: str = ""  # TRADE_CO
    yard_code: str = ""  # CUSTOMS_FIELD
    bonded_place_no: str = ""  # BONDED_NO
    entry_date: str = ""  # I_E_DATE
    packages: str = ""  # PACK_NO
    bill_no: str = ""  # BILL_NO
    transport_mode: str = ""  # TRAF_MODE
    voyage_no: str = ""  # VOYAGE_NO
    net_weight_kg: str = ""  # NET_WT
    gross_weight_kg: str = ""  # GROSS_WT
    declare_date: str = ""  # D_DATE
    result_info: str = ""  # RESULT_INFO

    @property
    def noticed_at(self) -> datetime | None:
        """When the channel was reached; None where what stands there is no time."""
        return read_notice_time(self.noticed)


@dataclass(frozen=True, slots=True)
class TransitReceipt:
    """The receipt of a transit 转关回执 ``TRN_RESULT``."""

    seq_no: str = ""  # SEQ_NO
    transit_no: str = ""  # TRANS_NO
    noticed: str = ""  # NOTICE_DATE
    channel: str = ""  # CHANNEL
    note: str = ""  # NOTE
    direction: str = ""  # I_E_FLAG

    @property
    def noticed_at(self) -> datetime | None:
        """When the channel was reached."""
        return read_notice_time(self.noticed)


@dataclass(frozen=True, slots=True)
class ClientFailure:
    """A failure of the import client 客户端失败: nothing has reached the data centre."""

    kind: str = ""  # resultFlag/Type
    value: str = ""  # resultFlag/Value
    code: str = ""  # failCode
    message: str = ""  # failInfo


Receipt = ImportResponse | BusinessReceipt | TransitReceipt | ClientFailure


@dataclass(slots=True)
class Receipts:
    """A message of receipts as read."""

    kind: str
    receipts: list[Receipt]
    problems: list[Problem] = field(default_factory=list)
    loss: list[Loss] = field(default_factory=list)


_ELEMENTS: dict[type, dict[str, str]] = {
    ImportResponse: {"ResponseCode": "code", "ErrorMessage": "message", "ClientSeqNo": "client_no", "SeqNo": "seq_no",
                     "TrnPreId": "transit_seq_no"},
    BusinessReceipt: {"SEQ_NO": "seq_no", "CUS_CIQ_NO": "seq_no", "ENTRY_ID": "entry_no", "NOTICE_DATE": "noticed",
                      "CHANNEL": "channel", "NOTE": "note", "DECL_PORT": "customs_code",
                      "CUSTOM_MASTER": "customs_code", "AGENT_NAME": "agent_name", "DECLARE_NO": "declarant_no",
                      "TRADE_CO": "trader_code", "CUSTOMS_FIELD": "yard_code", "BONDED_NO": "bonded_place_no",
                      "I_E_DATE": "entry_date", "PACK_NO": "packages", "BILL_NO": "bill_no",
                      "TRAF_MODE": "transport_mode", "VOYAGE_NO": "voyage_no", "NET_WT": "net_weight_kg",
                      "GROSS_WT": "gross_weight_kg", "D_DATE": "declare_date", "RESULT_INFO": "result_info"},
    TransitReceipt: {"SEQ_NO": "seq_no", "TRANS_NO": "transit_no", "NOTICE_DATE": "noticed", "CHANNEL": "channel",
                     "NOTE": "note", "I_E_FLAG": "direction"},
    ClientFailure: {"resultFlag/Type": "kind", "resultFlag/Value": "value", "failCode": "code", "failInfo": "message"},
}  # fmt: skip


def read_receipts(raw: bytes) -> Receipts:
    """Read a message of receipts. Raises UnreadableMessage.

    Old receipts come in GB2312 without saying so: what is no UTF-8 is read as GB18030.
    """
    root = parsed(_as_utf8(raw))
    name = etree.QName(root).localname
    if name not in KINDS or (name == "Root" and not _is_client_failure(root)):
        raise UnreadableMessage(problem("-960002", "", root=name[:40]))
    read = Receipts(KINDS[name], [])
    for place, element in enumerate(_results(root, name), 1):
        if place > MOST_RESULTS:
            raise UnreadableMessage(problem("-960004", "", count=place))
        pointer = f"/{name}" if element is root else f"/{name}/{etree.QName(element).localname}[{place}]"
        read.receipts.append(_receipt(read, element, pointer))
    if not read.receipts:
        raise UnreadableMessage(problem("-960010", f"/{name}", element=f"{name.removesuffix('_DATA')}_RESULT"))
    return read


def _as_utf8(raw: bytes) -> bytes:
    if raw[:200].lstrip().startswith(b"<?xml") and b"encoding" in raw[:200]:
        return raw
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace").encode()
    return raw


def _is_client_failure(root: etree._Element) -> bool:
    return root.find("{*}resultFlag") is not None


def _results(root: etree._Element, name: str) -> list[etree._Element]:
    if name.endswith("_DATA"):
        wanted = name.replace("_DATA", "_RESULT")
        return [one for one in root.iterchildren(etree.Element) if etree.QName(one).localname == wanted]
    return [root]


_TYPES: dict[str, type] = {"DecResponse": ImportResponse, "DEC_RESULT": BusinessReceipt, "TRN_RESULT": TransitReceipt,
                           "ClientFail": ClientFailure}  # fmt: skip
_KNOWN_ELSEWHERE = {"retData", "SupResult"}


def _receipt(read: Receipts, element: etree._Element, pointer: str) -> Receipt:
    made_of = _TYPES[read.kind]
    names, values = _ELEMENTS[made_of], {}
    for path, text in _texts(element):
        if (name := names.get(path)) is not None:
            values.setdefault(name, text)
        elif path.split("/")[0] not in _KNOWN_ELSEWHERE:
            read.problems.append(problem("-960008", f"{pointer}/{path}", element=path[:60]))
            read.loss.append(Loss(f"{pointer}/{path}", text[:200], "标准没有这个位置，未收入",
                                  "the standard has no place for it"))  # fmt: skip
    receipt: Any = made_of(**values)
    if isinstance(receipt, BusinessReceipt | TransitReceipt):
        if receipt.channel not in CHANNELS:
            read.problems.append(problem("-960080", f"{pointer}/CHANNEL", value=receipt.channel[:20]))
        if receipt.noticed and receipt.noticed_at is None:
            read.problems.append(problem("-960081", f"{pointer}/NOTICE_DATE", value=receipt.noticed[:40]))
    return receipt


def _texts(element: etree._Element) -> list[tuple[str, str]]:
    """Give the texts of an element by path, two levels deep."""
    found: list[tuple[str, str]] = []
    for child in element.iterchildren(etree.Element):
        name = etree.QName(child).localname
        inner = list(child.iterchildren(etree.Element))
        if inner and name == "resultFlag":
            found += [(f"{name}/{etree.QName(one).localname}", (one.text or "").strip()) for one in inner]
        else:
            found.append((name, "".join(str(part) for part in child.itertext()).strip()))
    return found


_TIMES = (
    re.compile(r"(?P<Y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)[T ]?(?P<H>\d\d):?(?P<M>\d\d):?(?P<S>\d\d)(?:\.\d+|\d{2,3})?"),
    re.compile(r"(?P<Y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"),
)


def read_notice_time(text: str) -> datetime | None:
    """Read a notice time as receipts write it: ISO, ``YYYYMMDDThhmmss`` with or without fractions, or a day."""
    for pattern in _TIMES:
        if match := pattern.fullmatch(text.strip()):
            parts = {name: int(value) for name, value in match.groupdict().items()}
            try:
                return datetime(parts["Y"], parts["m"], parts["d"], parts.get("H", 0), parts.get("M", 0),
                                parts.get("S", 0), tzinfo=CHINA_TIME)  # fmt: skip
            except ValueError:
                return None
    return None


# Writing: for the counterpart that plays the national side, and for tests ---------------------------------------------

_BY_FIELD = {
    ImportResponse: {our: theirs for theirs, our in _ELEMENTS[ImportResponse].items()},
    TransitReceipt: {our: theirs for theirs, our in _ELEMENTS[TransitReceipt].items()},
    BusinessReceipt: {our: theirs for theirs, our in reversed(_ELEMENTS[BusinessReceipt].items())}
    | {"seq_no": "CUS_CIQ_NO", "customs_code": "CUSTOM_MASTER"},
}


def write_receipt(receipt: ImportResponse | BusinessReceipt | TransitReceipt) -> bytes:
    """Write one receipt in its present form: DecImportResponse, DEC_RESULT standing alone, or TRN_DATA."""
    names = _BY_FIELD[type(receipt)]
    body = "".join(
        f"<{names[one.name]}>{escape(value)}</{names[one.name]}>"
        for one in fields(receipt)
        if (value := getattr(receipt, one.name)) or isinstance(receipt, ImportResponse)
    )
    if isinstance(receipt, ImportResponse):
        text = f'<DecImportResponse xmlns="{NAMESPACE}">{body}</DecImportResponse>'
    elif isinstance(receipt, TransitReceipt):
        text = f"<TRN_DATA><TRN_RESULT>{body}</TRN_RESULT></TRN_DATA>"
    else:
        text = f"<DEC_RESULT>{body}</DEC_RESULT>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
