"""Every rule of a goods declaration: what passes, what does not, and where the problem points."""

from datetime import date

import pytest

from kouan.gateway.standards.dec.checks import Context, check
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.gateway.standards.dec.goods import Licence

DAY = date(2026, 11, 23)


class Tables:
    def __init__(self, unknown):
        self.unknown = unknown

    def has(self, table, code):
        return (table, code) not in self.unknown


def found(change, unknown=()):
    made = make_declaration(5, day=DAY, lines=3)
    change(made)
    check(made, Context(DAY, Tables(set(unknown))))
    return [(one.code, one.pointer.removeprefix("/DecMessage")) for one in made.problems]


def head(**values):
    def change(made):
        for name, value in values.items():
            setattr(made.head, name, value)

    return change


def line(place=1, **values):
    def change(made):
        for name, value in values.items():
            setattr(made.lines[place - 1], name, value)

    return change


def test_a_made_up_declaration_has_no_problem():
    assert found(lambda made: None) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (head(direction="X"), ("-960026", "/DecHead/IEFlag")),
        (head(agent_code=None), ("-960020", "/DecHead/AgentCode")),
        (head(gross_weight_kg=None), ("-960021", "/DecHead/GrossWet")),
        (head(trader_name="很" * 101), ("-960022", "/DecHead/TradeName")),
        (head(packages="many"), ("-960024", "/DecHead/PackNo")),
        (head(packages="1" * 10), ("-960025", "/DecHead/PackNo")),
        (head(packages="0"), ("-960043", "/DecHead/PackNo")),
        (head(entry_date="20260231"), ("-960027", "/DecHead/IEDate")),
        (head(gross_weight_kg="2", net_weight_kg="3"), ("-960041", "/DecHead/GrossWet")),
        (head(net_weight_kg="0.4"), ("-960042", "/DecHead/NetWt")),
        (head(freight_mark="3"), ("-960046", "/DecHead/FeeRate")),
        (head(insurance_mark="3", insurance_rate="50"), ("-960047", "/DecHead/InsurCurr")),
        (head(trader_uscc="91420100MA4KNDEM1J"), ("-960049", "/DecHead/TradeCoScc")),
        (head(price_statements="1"), ("-960052", "/DecHead/PromiseItmes")),
        (head(transport_mode="2", bill_no=None), ("-960053", "/DecHead/BillNo")),
        (head(transport_mode="5", bill_no="112-10011003"), ("-960055", "/DecHead/BillNo")),
        (head(entry_no="47002026"), ("-960056", "/DecHead/EntryId")),
        (line(2, line_no="4"), ("-960040", "/DecLists/DecList[2]/GNo")),
        (line(3, total_price="1"), ("-960044", "/DecLists/DecList[3]/DeclTotal")),
        (line(1, second_unit="035", second_quantity=None), ("-960045", "/DecLists/DecList[1]/SecondQty")),
        (line(2, currency="EUR"), ("-960057", "/DecLists")),
        (line(2, licences=[Licence(line_no="1", licence_type="325")]),
         ("-960058", "/DecLists/DecList[2]/DecGoodsLimits/DecGoodsLimit[1]/GoodsNo")),
        (lambda made: made.lines.clear(), ("-960010", "/DecLists/DecList")),
        (lambda made: made.lines.extend(made.lines * 17), ("-960011", "/DecLists")),
        (lambda made: setattr(made.containers[0], "container_no", "CSQU3054384"),
         ("-960050", "/DecContainers/Container[1]/ContainerId")),
        (lambda made: setattr(made.containers[0], "line_nos", "1,9"),
         ("-960051", "/DecContainers/Container[1]/GoodsNo")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_where_it_stands(change, expected):
    assert expected in found(change)


def test_what_only_declaring_needs_is_a_warning_when_saving_and_an_error_when_declaring():
    def declaring(made):
        made.head.gross_weight_kg, made.signing.operation = None, "C"

    assert ("-960020", "/DecHead/GrossWet") in found(declaring)
    assert ("-960021", "/DecHead/GrossWet") in found(head(gross_weight_kg=None))


def test_an_air_voyage_number_stays_empty():
    assert ("-960054", "/DecFreeTxt/VoyNo") in found(head(transport_mode="5", bill_no="999-53458543"))


def test_codes_are_judged_by_the_tables_of_the_day():
    unknown = [("trade_mode", "0110"), ("unit", "035")]
    codes = found(lambda made: None, unknown)
    assert ("-960048", "/DecHead/TradeMode") in codes
    assert ("-960048", "/DecLists/DecList[1]/FirstUnit") in codes


def test_true_numbers_pass():
    made = make_declaration(5, day=DAY)
    made.containers[0].container_no = "CSQU3054383"  # ISO 6346, the example of the standard
    made.head.trader_uscc = "91110000600037341L"  # python-stdnum's example
    check(made, Context(DAY))
    assert made.problems == []
