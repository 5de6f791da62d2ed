"""Rules about persons and firms. The docstring of each is the clause in our words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kouan.kernel import numbers

from .lexical import shown
from .reports import Report, Rule


def what_is_declared_is_signed(head: Any, report: Report) -> None:
    """A list, a cancel or return request or an inbound detail that is declared (appStatus 2) carries a signature.

    Orders, payment vouchers, waybills and their status may carry one.
    """
    policy = report.context.signature
    if report.kind.signature != "required" or policy == "off" or head.app_status != "2":
        return
    report.head("appStatus", report.kind.faults.signature_missing if policy == "require" else "-911020")


def guid_is_in_capitals(head: Any, lines: list[Any], report: Report) -> None:
    """The serial number of a document is written in capitals."""
    guid = head.guid
    if guid and guid != guid.upper():
        report.head("guid", "-911021")


def buyer_is_a_resident(head: Any, lines: list[Any], report: Report) -> None:
    """The buyer is identified by a resident identity card (type 1), and its number is a true one."""
    _identity(head.buyer_id_type, head.buyer_id_number, "buyerIdType", "buyerIdNumber", report)


def payer_is_a_resident(head: Any, lines: list[Any], report: Report) -> None:
    """The payer is identified by a resident identity card (type 1), and its number is a true one."""
    _identity(head.payer_id_type, head.payer_id_number, "payerIdType", "payerIdNumber", report)


def _identity(kind: str | None, value: str | None, kind_element: str, number_element: str, report: Report) -> None:
    if kind == "1" and value and not numbers.is_resident_id(value):
        report.head(number_element, "-911001")
    elif kind == "2":
        report.head(kind_element, "-911002")


_FIRMS = (
    ("platform_code", "ebpCode"), ("merchant_code", "ebcCode"), ("carrier_code", "logisticsCode"),
    ("declarant_code", "agentCode"), ("payment_firm_code", "payCode"), ("zone_firm_code", "areaCode"),
    ("operator_code", "operatorCode"), ("producer_code", "ownerCode"), ("broker_code", "declAgentCode"),
)  # fmt: skip


def firm_codes_look_true(*names: str, instead: Mapping[str, str] = MappingProxyType({})) -> Rule:
    """Make the rule for these fields. instead: the word that the standard allows where a firm has no code."""
    firms = [one for one in _FIRMS if one[0] in names]

    def rule(head: Any, lines: list[Any], report: Report) -> None:
        for name, element in firms:
            code = getattr(head, name)
            if code and not numbers.is_firm_code(code) and code != instead.get(name):
                report.head(element, "-911003", firm=shown(code))

    rule.__doc__ = """A firm is named by its customs registration code (10) or its social credit code (18).

    Whether the firm is registered only customs knows; a code of another form is told as a warning.
    """
    return rule
