"""Rules about the list, the waybill and the codes they use. The docstring of each is the clause in our words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kouan.kernel import numbers

from .amount_rules import is_not_positive
from .lexical import shown
from .reports import ONE, Report, Rule, number


def direct_purchase_names_its_transport(head: Any, lines: list[Any], report: Report) -> None:
    """Direct purchase (9610) names the means of transport, the voyage and the bill."""
    if head.trade_mode == "9610":
        for value, element in ((head.transport_name, "trafNo"), (head.voyage_no, "voyageNo"), (head.bill_no, "billNo")):
            if not value:
                report.head(element, **needed("直购进口（9610）", "Direct purchase (9610)", element))


def bonded_import_names_its_account(head: Any, lines: list[Any], report: Report) -> None:
    """Bonded import (1210) names the account book, the firm in the zone and the record number of each item."""
    if head.trade_mode != "1210":
        return
    zh, en = "保税进口（1210）", "Bonded import (1210)"
    pairs = ((head.account_book_no, "emsNo"), (head.zone_firm_code, "areaCode"), (head.zone_firm_name, "areaName"))
    for value, element in pairs:
        if not value:
            report.head(element, **needed(zh, en, element))
    for place, line in enumerate(lines):
        if not line.record_item_no:
            report.line(place, "itemRecordNo", **needed(zh, en, "itemRecordNo"))


def bonded_import_departs_from_china(head: Any, lines: list[Any], report: Report) -> None:
    """Bonded import (1210) has China (142) as country of departure and needs no transport, voyage or bill."""
    if head.trade_mode != "1210":
        return
    if head.departure_country and head.departure_country != "142":
        report.head("country", zh="保税进口（1210）的起运国应填 142。",
                    en="Bonded import (1210) departs from China, 142.",
                    fix_zh="填写 142。", fix_en="Give 142.")  # fmt: skip
    for value, element in ((head.transport_name, "trafNo"), (head.voyage_no, "voyageNo"), (head.bill_no, "billNo")):
        if value:
            report.head(element, "-911007", name=element)


def needed(who_zh: str, who_en: str, element: str) -> dict[str, str]:
    return {"zh": f"{who_zh}必须填写 {element}。", "en": f"{who_en} needs {element}.",
            "fix_zh": "填写该项。", "fix_en": "Give a value."}  # fmt: skip


def guarantor_is_one_of_the_firms(head: Any, lines: list[Any], report: Report) -> None:
    """The firm that guarantees the tax is the platform, the merchant or the carrier of the list."""
    code = head.guarantor_code
    if code and code not in (head.platform_code, head.merchant_code, head.carrier_code):
        report.head("assureCode", zh="担保企业只能是本清单的电商平台、电商企业或物流企业。",
                    en="The guarantor must be the platform, the merchant or the carrier of this list.",
                    fix_zh="填写三者之一的海关注册登记编号。", fix_en="Give the code of one of the three.")  # fmt: skip


def net_weight_is_within_gross(head: Any, lines: list[Any], report: Report) -> None:
    """The net weight is the gross weight without packing, so it is not more; both are positive."""
    gross, net = number(head.gross_weight_kg), number(head.net_weight_kg)
    for value, element in ((gross, "grossWeight"), (net, "netWeight")):
        if value is not None and value <= 0:
            report.head(element, **is_not_positive(value))
    if gross is not None and net is not None and net > gross:
        report.head("netWeight", zh=f"净重 {net} 千克大于毛重 {gross} 千克。",
                    en=f"The net weight of {net} kg is more than the gross weight of {gross} kg.",
                    fix_zh="核对毛重和净重。", fix_en="Check both weights.")  # fmt: skip


def one_package(head: Any, lines: list[Any], report: Report) -> None:
    """A list or waybill is one package."""
    if head.packages and number(head.packages) not in (None, ONE):
        report.head("packNo", zh=f"件数 {shown(head.packages)}，限定为 1。",
                    en=f"There are {shown(head.packages)} packages; one is allowed.",
                    fix_zh="填写 1；多件请分别申报。", fix_en="Give 1; declare more packages one by one.")  # fmt: skip


def list_number_has_its_form(head: Any, lines: list[Any], report: Report) -> None:
    """The number of a list is made of district (4), year (4), I and nine digits."""
    if head.list_no and numbers.list_number_parts(head.list_no) is None:
        report.head("invtNo", "-911009")


def air_waybill_is_a_true_one(head: Any, lines: list[Any], report: Report) -> None:
    """By air, a bill number in the form of an air waybill has the right check digit."""
    bill = (head.bill_no or "").split("_")[0].replace("-", "")
    if head.transport_mode == "5" and len(bill) == 11 and bill.isdigit() and not numbers.is_air_waybill(bill):
        report.head("billNo", "-911006")


def waybill_tells_its_fees(head: Any, lines: list[Any], report: Report) -> None:
    """Freight and insurance of a waybill are mandatory in the handbook, optional in the schema; zero if none."""
    for value, element in ((head.freight, "freight"), (head.insured_fee, "insuredFee")):
        if not value:
            report.head(element, "-911005", name=element)


def codes_are_known(heads: Iterable[tuple[str, str, str]], of_lines: Iterable[tuple[str, str, str]] = ()) -> Rule:
    heads, of_lines = tuple(heads), tuple(of_lines)

    def rule(head: Any, lines: list[Any], report: Report) -> None:
        context = report.context
        if context.tables is None:
            return
        for name, element, table in heads:
            code = getattr(head, name)
            if code and not (known := context.knows(table, code)):
                report.head(element, **_unknown(known, table, code))
        for place, line in enumerate(lines):
            for name, element, table in of_lines:
                code = getattr(line, name)
                if code and not (known := context.knows(table, code)):
                    report.line(place, element, **_unknown(known, table, code))

    rule.__doc__ = "Codes are of the customs tables in force on the day; a table that is not loaded gives a warning."
    return rule


_TABLES = {
    "country": ("国家（地区）", "country"),
    "unit": ("计量单位", "unit"),
    "transport_mode": ("运输方式", "mode of transport"),
    "customs_district": ("关区", "customs district"),
    "wrap_type": ("包装种类", "kind of package"),
    "currency": ("币制", "currency"),
    "port": ("港口", "port"),
    "admin_division": ("行政区划", "administrative division"),
}


def _unknown(known: bool | None, table: str, code: str) -> dict[str, Any]:
    zh, en = _TABLES[table]
    if known is None:
        return {"code": "-911010", "table_zh": zh, "table_en": en, "value": shown(code)}
    return {"zh": f"{zh}代码 {shown(code)} 不在代码表中。", "en": f"The {en} code {shown(code)} is not in the table.",
            "fix_zh": "填写申报日有效的代码。", "fix_en": "Give a code that is in force on the day."}  # fmt: skip


def customs_districts_have_their_form(head: Any, lines: list[Any], report: Report) -> None:
    """A customs district is two digits and two digits or capitals."""
    for name, element in (("customs_code", "customsCode"), ("port_code", "portCode")):
        code = getattr(head, name, None)
        if code and not numbers.is_customs_district(code):
            report.head(element, zh=f"关区代码 {shown(code)} 的格式不正确。",
                        en=f"{shown(code)} is no customs district.",
                        fix_zh="填写 4 位关区代码。", fix_en="Give the four characters of the district.")  # fmt: skip
