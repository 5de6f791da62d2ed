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
from . import export_rules as exports
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
_PORT_DISTRICT = ("port_code", "portCode", "customs_district")
_BY = ("transport_mode", "trafMode", "transport_mode")
_WITHOUT_CODE = {"platform_code": exports.FOREIGN_PLATFORM, "producer_code": exports.UNREGISTERED}

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
    "303": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("platform_code", "merchant_code", instead=_WITHOUT_CODE),
        amounts.not_negative(("goods_value", "goodsValue"), ("freight", "freight")),
        exports.goods_value_is_the_sum_in_its_currency,
        amounts.total_price_is_price_times_quantity,
        amounts.quantities_are_positive,
        amounts.line_numbers_run_from_one,
        lists.codes_are_known((("currency", "currency", "currency"),),
                              (("unit", "unit", "unit"), ("currency", "currency", "currency"))),
    ),
    "403": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("platform_code", "merchant_code", "payment_firm_code", instead=_WITHOUT_CODE),
        amounts.not_negative(("amount_received", "charge")),
        lists.codes_are_known((("currency", "currency", "currency"),)),
    ),
    "505": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("carrier_code", "merchant_code"),
        amounts.not_negative(("freight", "freight"), ("insured_fee", "insuredFee")),
        amounts.positive(("gross_weight_kg", "grossWeight")),
        exports.packages_are_counted,
        lists.codes_are_known((("currency", "currency", "currency"),)),
    ),
    "507": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("operator_code", "carrier_code"),
        lists.customs_districts_have_their_form,
        lists.air_waybill_is_a_true_one,
        exports.parts_are_in_order,
        exports.arrival_says_what_arrived,
        amounts.line_numbers_run_from_one,
        amounts.waybills_are_named_once,
        lists.codes_are_known((*_DISTRICTS, _BY)),
    ),
    "509": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("carrier_code"),
        lists.customs_districts_have_their_form,
        lists.air_waybill_is_a_true_one,
        exports.parts_are_in_order,
        amounts.line_numbers_run_from_one,
        amounts.waybills_are_named_once,
        lists.codes_are_known((*_DISTRICTS, _BY)),
    ),
    "603": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("platform_code", "merchant_code", "carrier_code", "declarant_code",
                                   "producer_code", instead=_WITHOUT_CODE),
        lists.customs_districts_have_their_form,
        lists.air_waybill_is_a_true_one,
        lists.net_weight_is_within_gross,
        exports.list_is_for_export,
        exports.zone_export_names_its_account,
        exports.simplified_export_has_no_licence,
        exports.packages_are_counted,
        amounts.not_negative(("freight", "freight"), ("insured_fee", "insuredFee")),
        amounts.total_price_is_price_times_quantity,
        amounts.quantities_are_positive,
        amounts.legal_quantities_are_positive,
        amounts.second_quantity_goes_with_its_unit,
        amounts.line_numbers_run_from_one,
        lists.codes_are_known(
            (*_DISTRICTS, _PORT_DISTRICT, _BY, ("arrival_country", "country", "country"),
             ("destination_port", "POD", "port"), ("freight_currency", "fCurrency", "currency"),
             ("insurance_currency", "iCurrency", "currency"), ("package_type", "wrapType", "wrap_type")),
            (("destination_country", "country", "country"), ("currency", "currency", "currency"),
             ("unit", "unit", "unit"), ("legal_unit", "unit1", "unit"), ("second_unit", "unit2", "unit")),
        ),
    ),
    "605": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("merchant_code", "declarant_code"),
        lists.customs_districts_have_their_form,
        exports.list_is_for_export,
        lists.codes_are_known(_DISTRICTS),
    ),
    "607": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("declarant_code", "carrier_code"),
        lists.customs_districts_have_their_form,
        lists.air_waybill_is_a_true_one,
        exports.parts_are_in_order,
        exports.lines_name_export_lists,
        amounts.positive(("gross_weight_kg", "grossWeight")),
        amounts.line_numbers_run_from_one,
        amounts.waybills_are_named_once,
        lists.codes_are_known((*_DISTRICTS, _BY)),
    ),
    "701": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("merchant_code", "declarant_code", "broker_code"),
        lists.customs_districts_have_their_form,
        exports.parts_are_in_order,
        exports.summary_names_lists_or_a_period,
        exports.lines_name_export_lists,
        lists.codes_are_known(_DISTRICTS),
    ),
    "213": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("platform_code", "merchant_code", "carrier_code", "declarant_code",
                                   instead=_WITHOUT_CODE),
        lists.customs_districts_have_their_form,
        exports.list_is_for_export,
        exports.returns_come_from_abroad,
        amounts.quantities_are_positive,
        amounts.legal_quantities_are_positive,
        amounts.second_quantity_goes_with_its_unit,
        amounts.line_numbers_are_used_once,
        lists.codes_are_known(
            (*_DISTRICTS, _PORT_DISTRICT, _BY, ("departure_country", "country", "country")),
            (("unit", "unit", "unit"), ("legal_unit", "unit1", "unit"), ("second_unit", "unit2", "unit")),
        ),
    ),
    "215": (
        party.guid_is_in_capitals,
        party.firm_codes_look_true("operator_code", "carrier_code"),
        lists.customs_districts_have_their_form,
        exports.list_is_for_export,
        lists.codes_are_known((*_DISTRICTS, _BY)),
    ),
}  # fmt: skip
