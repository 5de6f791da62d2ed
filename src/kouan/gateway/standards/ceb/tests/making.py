"""Messages for tests: invented ones without fault, and strategies for random ones."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from kouan.gateway.standards.ceb import generate
from kouan.gateway.standards.ceb import generate_exports as exports
from kouan.gateway.standards.ceb.declarations import BaseTransfer
from kouan.gateway.standards.ceb.fields import Field, fields_of
from kouan.gateway.standards.ceb.types import KINDS, Envelope, Node
from kouan.kernel.dates import CHINA_TIME

AT = datetime(2024, 3, 1, 9, 0, tzinfo=CHINA_TIME)
GUID = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"
EXPORT_LIST_NO = "47002024E000000001"
EXPORTS = ("303", "403", "505", "603", "605", "607", "507", "509", "701", "213", "215")


def parcel(seed: int = 1, lines: int = 2, **more: Any) -> generate.Parcel:
    """Invent one parcel without fault."""
    return next(generate.parcels(1, at=AT, seed=seed, lines=(lines, lines), **more))


def node_of(kind: str, **more: Any) -> Node:
    """Invent one document without fault."""
    if kind in ("311", "411", "511", "621"):
        node = parcel(**more).node(kind)
        assert node is not None
        return node
    if kind in EXPORTS:
        return export_node_of(kind, **more)
    head = KINDS[kind].head(*(_plain_value(field) for field in fields_of(KINDS[kind].head)))
    line = KINDS[kind].line
    lines = [line(*(_plain_value(field) for field in fields_of(line)))] if line else []
    return Node(1, head, lines, b"")


def export_parcel(seed: int = 1, lines: int = 2, **more: Any) -> exports.ExportParcel:
    """Invent one export parcel without fault."""
    return next(exports.export_parcels(1, at=AT, seed=seed, lines=(lines, lines), **more))


def export_node_of(kind: str, **more: Any) -> Node:
    """Invent one export document without fault."""
    made = export_parcel(**more)
    waybills = [made.waybill.waybill_no or ""]
    if kind in exports.PARCEL_KINDS:
        return made.node(kind)
    returned = exports.goods_return(made, EXPORT_LIST_NO, number="YSQ1", at=AT)
    return {
        "605": lambda: exports.cancellation(EXPORT_LIST_NO, number="YSQ2", at=AT),
        "607": lambda: exports.master_bill(waybills, number="YSQ3", at=AT),
        "507": lambda: exports.arrival(waybills, number="YSQ4", at=AT),
        "509": lambda: exports.departure(waybills, number="YSQ5", at=AT),
        "701": lambda: exports.summary([EXPORT_LIST_NO], number="YSQ6", at=AT),
        "213": lambda: returned,
        "215": lambda: exports.tally(returned, number="YSQ7", at=AT),
    }[kind]()


def _plain_value(field: Field) -> str | None:
    """Give a value that every rule accepts."""
    known = {
        "guid": GUID,
        "buyerIdNumber": generate.demo_resident_id(AT.date(), 1),
        "invtNo": "47002024I000000001",
        "customsCode": "4700",
        "gcode": "2106909090",
        "operatorCode": "420196YS06",
        "trafMode": "5",
        "billNo": "888-80000001",
    }
    if field.element in known:
        return known[field.element]
    if field.always is not None:
        return field.always or ("1" if field.is_number else "演示1")
    if field.need != "M":
        return None
    if field.is_number:
        return "1"
    if field.values:
        return field.values[0]
    if field.shape:
        known = {"date": "20240301", "time": "20240301090000", "stamp": "20240301090000123", "digits": "2106909090"}
        return known[field.shape]
    if field.element.endswith("Code"):
        return "420196YS01"
    return "演" * (field.longest if field.longest and field.shortest == field.longest else 2)


def envelope_of(kind: str, *nodes: Node) -> Envelope:
    """Put documents into a message."""
    for place, node in enumerate(nodes, 1):
        node.index = place
    transfer = BaseTransfer("420196YS05", "演示报关服务", "DXP", "DXPENTDEMO0001", None)
    return Envelope(kind, GUID, "1.0", list(nodes), transfer if KINDS[kind].is_declaration else None)


# Characters that XML can carry, with those that need care made likely.
TEXT = st.text(
    st.one_of(
        st.sampled_from("&<>\"'\t\n -.0123456789IEX演示"),
        st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(0x20))) + "\ufffe\uffff\r"),
    ),
    max_size=12,
)


def values(field: Field) -> st.SearchStrategy[str | None]:
    """Give random values for a field: mostly right ones, some wrong ones, some absent."""
    right: list[st.SearchStrategy[str | None]] = []
    if field.is_number:
        right.append(st.decimals(0, 99999, places=2).map(str) if "," in field.form else st.integers(0, 999).map(str))
    elif field.values:
        right.append(st.sampled_from(field.values))
    elif field.shape:
        day = st.dates().map(lambda one: f"{one:%Y%m%d}".rjust(8, "0"))
        behind = {"date": "", "time": "235959", "stamp": "235959999", "digits": "12"}[field.shape]
        right.append(day.map(lambda one: one + behind))
    elif field.longest is not None and field.shortest == field.longest:
        right.append(st.just("演" * field.longest))
    else:
        right.append(TEXT.map(lambda text: text[: field.longest] or "x"))
    wrong = [st.none(), st.just(""), TEXT]
    return st.one_of(*right * 6, *wrong)


@st.composite
def envelopes(draw: Any, kinds: tuple[str, ...] = ("311", "411", "511", "513", "621", "711", *EXPORTS)) -> Envelope:
    """Give messages without fault of which some values were drawn anew, some of them wrong."""
    kind = KINDS[draw(st.sampled_from(kinds))]
    nodes = []
    for _ in range(draw(st.integers(1, 3))):
        node = deepcopy(node_of(kind.code))
        for block in (node.head, *node.lines):
            for field in draw(st.lists(st.sampled_from(fields_of(type(block))), max_size=5)):
                setattr(block, field.name, draw(values(field)))
        node.lines = node.lines[: draw(st.integers(0, 2))]
        nodes.append(node)
    return envelope_of(kind.code, *nodes)
