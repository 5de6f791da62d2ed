"""What values of a goods declaration mean together; each rule gives what is wrong.

Sources: 报关单填制规范 (GACC 2018-60) for weights, packages, fees and transport; the schema for counts; GB 32100,
ISO 6346 and the IATA check digit for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from kouan.kernel import numbers
from kouan.records.problems import Problem

from .codes import problem
from .document_types import WITH_LIST, step_of
from .types import ROOT, Declaration

_HEAD = f"/{ROOT}/DecHead"
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,10})?")
_ENTRY = re.compile(r"[0-9]{2}[0-9A-Z]{2}[0-9]{4}[01IE][0-9]{9}")
WATER, RAIL, ROAD, AIR, POST = "2", "3", "4", "5", "6"
MODE_WORDS = {WATER: "水路", RAIL: "铁路", ROAD: "公路", AIR: "航空", POST: "邮件"}
_CENT = Decimal("0.01")


def number_of(value: str | None) -> Decimal | None:
    """Read a number; None where there is none or it is no number."""
    return Decimal(value) if is_number(value) else None  # type: ignore[arg-type]


def is_number(value: str | None) -> bool:
    """Say whether a text is a number as a declaration may write it."""
    return bool(value and _NUMBER.fullmatch(value))


def are_numbers(values: Sequence[str | None]) -> bool:
    """Say whether all texts are numbers."""
    return all(values) and all(map(_NUMBER.fullmatch, values))  # type: ignore[arg-type]


def _line(place: int) -> str:
    return f"/{ROOT}/DecLists/DecList[{place}]"


def line_numbers_run_from_one(made: Declaration) -> Iterator[Problem]:
    """Goods lines are numbered from 1 without a gap."""
    for place, line in enumerate(made.lines, 1):
        if line.line_no and line.line_no != str(place):
            yield problem("-960040", f"{_line(place)}/GNo", place=place, value=line.line_no[:20])


def gross_weight_covers_net(made: Declaration) -> Iterator[Problem]:
    """The gross weight is not less than the net weight; less than one kilogram is declared as one."""
    gross, net = number_of(made.head.gross_weight_kg), number_of(made.head.net_weight_kg)
    if gross is not None and net is not None and gross < net:
        yield problem("-960041", f"{_HEAD}/GrossWet", gross=gross, net=net)
    for value, element, label in ((gross, "GrossWet", "毛重"), (net, "NetWt", "净重")):
        if value is not None and value < 1:
            yield problem("-960042", f"{_HEAD}/{element}", label=label)


def packages_are_counted(made: Declaration) -> Iterator[Problem]:
    """The number of packages is above zero; bare goods count one."""
    value = number_of(made.head.packages)
    if value is not None and value <= 0:
        yield problem("-960043", f"{_HEAD}/PackNo")


def _surely_agree(price: str | None, quantity: str | None, total: str | None) -> bool:
    """Say quickly whether a total is within less than a cent of its product: floating point errs by far less below."""
    try:
        amount = float(total)  # type: ignore[arg-type]
        return abs(amount) < 1e9 and abs(float(price) * float(quantity) - amount) < 0.009  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def totals_are_price_times_quantity(made: Declaration) -> Iterator[Problem]:
    """A total is price times quantity, within what rounding the price explains."""
    for place, line in enumerate(made.lines, 1):
        if _surely_agree(line.price, line.quantity, line.total_price):
            continue
        price, quantity, total = number_of(line.price), number_of(line.quantity), number_of(line.total_price)
        if price is None or quantity is None or total is None:
            continue
        product = price * quantity
        rounding = abs(quantity) * Decimal("0.00005") + _CENT
        if abs(product - total) > rounding:
            yield problem("-960044", f"{_line(place)}/DeclTotal", total=total, product=f"{product:.2f}")


def second_quantity_goes_with_its_unit(made: Declaration) -> Iterator[Problem]:
    """The second quantity and the second unit come together."""
    for place, line in enumerate(made.lines, 1):
        if bool(line.second_quantity) != bool(line.second_unit):
            yield problem("-960045", f"{_line(place)}/SecondQty")


def fees_are_whole(made: Declaration) -> Iterator[Problem]:
    """A fee with a mark has a rate or amount, and a currency unless it is a rate."""
    head = made.head
    fees = (
        ("运费", head.freight_mark, head.freight_rate, head.freight_currency, "FeeRate", "FeeCurr"),
        ("保险费", head.insurance_mark, head.insurance_rate, head.insurance_currency, "InsurRate", "InsurCurr"),
        ("杂费", head.other_fee_mark, head.other_fee_rate, head.other_fee_currency, "OtherRate", "OtherCurr"),
    )
    for label, mark, rate, currency, rate_element, currency_element in fees:
        if mark and not rate:
            yield problem("-960046", f"{_HEAD}/{rate_element}", label=label, mark=mark)
        if mark in ("2", "3") and not currency:
            yield problem("-960047", f"{_HEAD}/{currency_element}", label=label, mark=mark)


def credit_codes_are_true(made: Declaration) -> Iterator[Problem]:
    """A unified social credit code has the right check character (GB 32100)."""
    head = made.head
    for value, element in ((head.trader_uscc, "TradeCoScc"), (head.agent_uscc, "AgentCodeScc"),
                           (head.owner_uscc, "OwnerCodeScc")):  # fmt: skip
        if value and not numbers.is_social_credit_code(value):
            yield problem("-960049", f"{_HEAD}/{element}", value=value[:40])


def containers_are_true(made: Declaration) -> Iterator[Problem]:
    """A container number has its check digit (ISO 6346) and names goods lines that are there."""
    known = {str(place) for place in range(1, len(made.lines) + 1)}
    for place, one in enumerate(made.containers, 1):
        pointer = f"/{ROOT}/DecContainers/Container[{place}]"
        if one.container_no and not numbers.is_container_number(one.container_no):
            yield problem("-960050", f"{pointer}/ContainerId", value=one.container_no[:40])
        for named in filter(None, re.split("[,，]", one.line_nos or "")):
            if named.strip() not in known:
                yield problem("-960051", f"{pointer}/GoodsNo", container=(one.container_no or "")[:11],
                              value=named[:20])  # fmt: skip


def price_statements_are_ticked(made: Declaration) -> Iterator[Problem]:
    """The statements on the price are at least three marks of yes, no or empty."""
    value = made.head.price_statements
    if value and not re.fullmatch("[019]{3,}", value):
        yield problem("-960052", f"{_HEAD}/PromiseItmes")


_WANTED = {WATER: ("transport_name", "bill_no", "voyage_no"), RAIL: ("bill_no",), AIR: ("transport_name", "bill_no"),
           POST: ("bill_no",)}  # fmt: skip
_LABELS = {
    "transport_name": ("TrafName", "运输工具名称"),
    "bill_no": ("BillNo", "提运单号"),
    "voyage_no": ("VoyNo", "航次号"),
}


def transport_fields_follow_the_mode(made: Declaration) -> Iterator[Problem]:
    """Each mode of transport has its own way to name conveyance, voyage and bill (填制规范 §10, §11)."""
    mode = made.head.transport_mode or ""
    values = {"transport_name": made.head.transport_name, "bill_no": made.head.bill_no,
              "voyage_no": made.free_text.voyage_no}  # fmt: skip
    for name in _WANTED.get(mode, ()):
        element, label = _LABELS[name]
        if not values[name]:
            where = f"/{ROOT}/DecFreeTxt/VoyNo" if name == "voyage_no" else f"{_HEAD}/{element}"
            yield problem("-960053", where, mode=MODE_WORDS[mode], label=label)
    if mode == AIR and values["voyage_no"]:
        yield problem("-960054", f"/{ROOT}/DecFreeTxt/VoyNo", mode=MODE_WORDS[mode], label="航次号")
    master = (values["bill_no"] or "").split("_")[0].replace("-", "")
    if mode == AIR and re.fullmatch("[0-9]{11}", master) and not numbers.is_air_waybill(master):
        yield problem("-960055", f"{_HEAD}/BillNo", value=master)


def entry_number_has_its_form(made: Declaration) -> Iterator[Problem]:
    """An entry number is district, year, direction and nine digits."""
    value = (made.head.entry_no or "").strip()
    if value and not _ENTRY.fullmatch(value):
        yield problem("-960056", f"{_HEAD}/EntryId", value=value[:40])


def one_currency(made: Declaration) -> Iterator[Problem]:
    """The lines of one declaration are mostly in one currency."""
    values = sorted({line.currency for line in made.lines if line.currency})
    if len(values) > 1:
        yield problem("-960057", f"/{ROOT}/DecLists", values="、".join(values)[:60])


def licences_name_their_line(made: Declaration) -> Iterator[Problem]:
    """A licence inside a goods line carries that line's number."""
    for place, line in enumerate(made.lines, 1):
        for at, licence in enumerate(line.licences, 1):
            if licence.line_no and licence.line_no != (line.line_no or str(place)):
                pointer = f"{_line(place)}/DecGoodsLimits/DecGoodsLimit[{at}]/GoodsNo"
                yield problem("-960058", pointer, value=licence.line_no[:20])


def attachments_have_names_of_their_own(made: Declaration) -> Iterator[Problem]:
    """No two attached files share a name."""
    seen: set[str] = set()
    for place, one in enumerate(made.attachments, 1):
        if one.file_name and one.file_name.lower() in seen:
            yield problem("-960067", f"/{ROOT}/EdocRealation[{place}]/EdocID", value=one.file_name[:64])
        seen.add((one.file_name or "").lower())


def two_steps_are_told_apart(made: Declaration) -> Iterator[Problem]:
    """Sign three of the type says which step of a two-step declaration this is; imports are declared in two steps."""
    step = step_of(made.head.document_type)
    if step is None:
        yield problem("-960068", f"{_HEAD}/Type", value=(made.head.document_type or "")[:6])
    elif step and made.head.direction == "E":
        yield problem("-960069", f"{_HEAD}/Type")


def lists_are_named(made: Declaration) -> Iterator[Problem]:
    """A declaration that goes along with a list gives the list's unified number."""
    if made.head.entry_type in WITH_LIST and not made.signing.list_seq_no:
        yield problem("-960070", f"/{ROOT}/DecSign/BillSeqNo")


Rule = Callable[[Declaration], Iterator[Problem]]
RULES: tuple[Rule, ...] = (
    line_numbers_run_from_one,
    gross_weight_covers_net,
    packages_are_counted,
    totals_are_price_times_quantity,
    second_quantity_goes_with_its_unit,
    fees_are_whole,
    credit_codes_are_true,
    containers_are_true,
    price_statements_are_ticked,
    transport_fields_follow_the_mode,
    entry_number_has_its_form,
    one_currency,
    licences_name_their_line,
    attachments_have_names_of_their_own,
    two_steps_are_told_apart,
    lists_are_named,
)
