"""What the values of a node mean together: every rule that the standard states, by kind of message.

A rule speaks with the official code of its kind where the clause is the standard's (``-621001`` …), and with a code of
Kouan's range (``-911…``) where the check is ours. The form of single values was checked while reading. The yearly limit
of a person (-621018) is customs' own sum and is never computed here.
"""

from __future__ import annotations

from datetime import date

from kouan.kernel import dates
from kouan.records.problems import Problem

from . import amount_rules as amounts
from . import list_rules as lists
from . import party_rules as party
from .reports import Codes, Context, Report, Rule, SignaturePolicy
from .types import KINDS, Envelope, Kind, Node

__all__ = ["RULES", "Codes", "Context", "Rule", "SignaturePolicy", "check", "check_node", "day_of"]


def day_of(node: Node) -> date | None:
    """Find the day whose figures and tables a node is judged by: of the declaration, else of sending; None if neither.

    The stated day of declaration counts, because customs judges by the day on which it accepted the data.
    """
    stated = getattr(node.head, "declare_date", None) or (getattr(node.head, "app_time", None) or "")[:8]
    try:
        return dates.parse_date(stated)
    except ValueError:
        return None


def check(envelope: Envelope, context: Context) -> None:
    """Check every node of a message; what is found joins the problems of the node concerned."""
    kind = KINDS[envelope.kind]
    for node in envelope.nodes:
        node.problems.extend(check_node(kind, node, context, signature_present=envelope.signature_present))


def check_node(kind: Kind, node: Node, context: Context, *, signature_present: bool) -> list[Problem]:
    """Check one node against every rule of its kind; give what is wrong."""
    report = Report(kind, node, context)
    if kind.is_declaration and not signature_present:
        party.what_is_declared_is_signed(node.head, report)
    for rule in RULES.get(kind.code, ()):
        rule(node.head, node.lines, report)
    return report.problems


_DISTRICTS = (("customs_code", "customsCode", "customs_district"),)

RULES: dict[str, tuple[Rule, ...]] = {
    "311": (
        party.guid_is_in_capitals,
        party.buyer_is_a_resident,
        party.firm_codes_look_true("platform_code", "merchant_code", "payment_firm_code"),
        amounts.not_negative(("goods_value", "goodsValue"), ("freight", "freight"), ("discount", "discount"),
                      ("tax_total", "taxTotal"), ("actual_paid", "acturalPaid")),
        amounts.actual_paid_is_the_sum,
        amounts.goods_value_is_the_sum_of_lines,
        amounts.total_price_is_price_times_quantity,
        amounts.quantities_are_positive,
        amounts.line_numbers_run_from_one,
        lists.codes_are_known((("consignee_district", "consigneeDistrict", "admin_division"),),
                         (("unit", "unit", "unit"), ("origin_country", "country", "country"))),
    ),
    "411": (
        party.guid_is_in_capitals,
        party.payer_is_a_resident,
        party.firm_codes_look_true("platform_code", "payment_firm_code"),
        amounts.not_negative(("amount_paid", "amountPaid")),
    ),
    "511": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("carrier_code"),
        lists.waybill_tells_its_fees,
        amounts.not_negative(("freight", "freight"), ("insured_fee", "insuredFee")),
        amounts.positive(("weight_kg", "weight")),
        lists.one_package,
    ),
    "513": (party.guid_is_in_capitals, party.firm_codes_look_true("carrier_code")),
    "621": (
        party.guid_is_in_capitals,
        party.buyer_is_a_resident,
        party.firm_codes_look_true("platform_code", "merchant_code", "carrier_code", "declarant_code",
                                   "zone_firm_code"),
        lists.direct_purchase_names_its_transport,
        lists.bonded_import_names_its_account,
        lists.bonded_import_departs_from_china,
        lists.guarantor_is_one_of_the_firms,
        lists.customs_districts_have_their_form,
        lists.list_number_has_its_form,
        lists.air_waybill_is_a_true_one,
        lists.one_package,
        lists.net_weight_is_within_gross,
        amounts.not_negative(("freight", "freight"), ("insured_fee", "insuredFee")),
        amounts.total_price_is_price_times_quantity,
        amounts.quantities_are_positive,
        amounts.legal_quantities_are_positive,
        amounts.second_quantity_goes_with_its_unit,
        amounts.line_numbers_run_from_one,
        amounts.one_purchase_keeps_the_limit,
        lists.codes_are_known(
            (*_DISTRICTS, ("port_code", "portCode", "customs_district"),
             ("transport_mode", "trafMode", "transport_mode"), ("departure_country", "country", "country"),
             ("package_type", "wrapType", "wrap_type")),
            (("origin_country", "country", "country"), ("trade_country", "tradeCountry", "country"),
             ("unit", "unit", "unit"), ("legal_unit", "unit1", "unit"), ("second_unit", "unit2", "unit")),
        ),
    ),
    "623": (
        party.guid_is_in_capitals,
        party.buyer_is_a_resident,
        party.firm_codes_look_true("platform_code", "merchant_code", "carrier_code", "declarant_code"),
        lists.customs_districts_have_their_form,
        lists.list_number_has_its_form,
        lists.codes_are_known(_DISTRICTS),
    ),
    "625": (
        party.guid_is_in_capitals,
        party.buyer_is_a_resident,
        party.firm_codes_look_true("platform_code", "merchant_code", "carrier_code", "declarant_code"),
        lists.customs_districts_have_their_form,
        lists.list_number_has_its_form,
        amounts.quantities_are_positive,
        amounts.line_numbers_are_used_once,
        lists.codes_are_known(_DISTRICTS, (("unit", "unit", "unit"),)),
    ),
    "711": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("operator_code", "carrier_code"),
        lists.customs_districts_have_their_form,
        lists.air_waybill_is_a_true_one,
        amounts.line_numbers_run_from_one,
        amounts.waybills_are_named_once,
        lists.codes_are_known((*_DISTRICTS, ("transport_mode", "trafMode", "transport_mode"))),
    ),
}  # fmt: skip
