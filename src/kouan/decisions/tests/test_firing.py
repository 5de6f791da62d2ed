"""Which row fires: the engine against a plain reading of the same table, over random tables and cases."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.decisions.engine import CompiledTable
from kouan.decisions.rules import check_table
from kouan.decisions.types import Input, Output, Policy, Row, TableContent, ValueType

MODES = ["9610", "1210", "1239", "0110", ""]
CHAPTERS = ["01", "02", "30", "33", "93"]
WEIGHTS = [-1, 0, 0.3, 0.5, 1, 1.25, 5, 29.99, 30, 30.01, 1000, 99999999999]

Cell = tuple[str, Callable[[Any], bool]]
"""A cell as written, and what it means, said a second time without the engine."""

INPUTS = (
    Input("mode", ValueType.STRING, "方式", "Mode"),
    Input("weight", ValueType.NUMBER, "重量", "Weight"),
    Input("bonded", ValueType.BOOLEAN, "保税", "Bonded"),
    Input("chapters", ValueType.STRINGS, "章", "Chapters"),
)
OUTPUTS = (
    Output("agencies", ValueType.STRING, "单位", "Agencies", collect=True),
    Output("place", ValueType.STRING, "场所", "Place"),
    Output("level", ValueType.NUMBER, "级别", "Level"),
)


def quoted(values: list[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)


def blank() -> st.SearchStrategy[Cell]:
    return st.just(("", lambda value: True))


def text_cells() -> st.SearchStrategy[Cell]:
    some = st.lists(st.sampled_from(MODES), min_size=1, max_size=3)
    return st.one_of(
        blank(),
        some.map(lambda values: (quoted(values), lambda value: value in values)),
        some.map(lambda values: (f"in [{quoted(values)}]", lambda value: value in values)),
        some.map(lambda values: (f"not in [{quoted(values)}]", lambda value: value not in values)),
        st.sampled_from(MODES).map(lambda text: (f'!= "{text}"', lambda value: value != text)),
        st.sampled_from(["96", "12", "0"]).map(
            lambda text: (f'startsWith($, "{text}")', lambda value: value.startswith(text))
        ),
    )


def number_cells() -> st.SearchStrategy[Cell]:
    number = st.sampled_from(WEIGHTS)
    pair = st.tuples(number, number).map(sorted)
    return st.one_of(
        blank(),
        number.map(lambda low: (f"> {low}", lambda value: value > low)),
        number.map(lambda low: (f">= {low}", lambda value: value >= low)),
        number.map(lambda high: (f"< {high}", lambda value: value < high)),
        number.map(lambda exact: (f"{exact}", lambda value: value == exact)),
        pair.map(lambda ends: (f"[{ends[0]}..{ends[1]}]", lambda value: ends[0] <= value <= ends[1])),
        pair.map(lambda ends: (f"({ends[0]}..{ends[1]})", lambda value: ends[0] < value < ends[1])),
    )


def boolean_cells() -> st.SearchStrategy[Cell]:
    return st.one_of(blank(), st.booleans().map(lambda wanted: (str(wanted).lower(), lambda value: value is wanted)))


def list_cells() -> st.SearchStrategy[Cell]:
    some = st.lists(st.sampled_from(CHAPTERS), min_size=1, max_size=3)
    return st.one_of(
        blank(),
        some.map(lambda wanted: (f"some($, # in [{quoted(wanted)}])", lambda value: bool(set(value) & set(wanted)))),
        some.map(lambda wanted: (f"none($, # in [{quoted(wanted)}])", lambda value: not set(value) & set(wanted))),
        st.sampled_from(CHAPTERS).map(lambda wanted: (f'some($, # == "{wanted}")', lambda value: wanted in value)),
    )


def tables() -> st.SearchStrategy[list[tuple[Cell, Cell, Cell, Cell, dict[str, Any]]]]:
    then = st.fixed_dictionaries(
        {
            "agencies": st.sampled_from(["customs", "police", ["tax", "customs"], None]),
            "place": st.sampled_from(["P1", "P2", "", None]),
            "level": st.sampled_from([0, 1, 2.5, None]),
        }
    )
    return st.lists(
        st.tuples(text_cells(), number_cells(), boolean_cells(), list_cells(), then), min_size=0, max_size=12
    )


CASES = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(MODES),
        "weight": st.sampled_from(WEIGHTS),
        "bonded": st.booleans(),
        "chapters": st.lists(st.sampled_from(CHAPTERS), max_size=4),
    }
)


@settings(max_examples=150, deadline=None)
@given(drawn=tables(), policy=st.sampled_from(list(Policy)), cases=st.lists(CASES, min_size=5, max_size=20))
def test_the_rows_that_fire_are_those_of_a_plain_reading(drawn, policy, cases):
    names = [column.name for column in INPUTS]
    last = {"agencies": "customs", "place": "Z", "level": 9}
    rows = [
        Row(f"r{number}", dict(zip(names, (cell[0] for cell in cells), strict=True)), then)
        for number, (*cells, then) in enumerate(drawn)
    ]
    content = TableContent(policy, INPUTS, OUTPUTS, (*rows, Row("rest", {}, last)))
    assert [problem for problem in check_table(content) if problem.severity == "error"] == []
    table = CompiledTable("trial", 3, TableContent.from_json(content.to_json()))
    for case in [*cases, *reversed(cases)]:
        fired = [
            number
            for number, (*cells, _then) in enumerate(drawn)
            if all(means(case[name]) for name, (_text, means) in zip(names, cells, strict=True))
        ]
        results = [drawn[number][-1] for number in fired] + [last]
        expected = [f"r{number}" for number in fired] + ["rest"]
        if policy is Policy.FIRST:
            expected, results = expected[:1], results[:1]
        decision = table.decide(case)
        assert decision.rows == tuple(expected)
        assert decision.row == expected[0]
        assert decision.outputs == spoken(results)


def spoken(results: list[dict[str, Any]]) -> dict[str, Any]:
    """What rows say together: agencies of all, the uppermost place and level."""
    agencies: list[str] = []
    for result in results:
        said = result["agencies"] or []
        agencies += [said] if isinstance(said, str) else said
    return {
        "agencies": tuple(dict.fromkeys(agencies)),
        "place": next((result["place"] for result in results if result["place"]), ""),
        "level": next((result["level"] for result in results if result["level"] is not None), None),
    }


def table_of(*cells: str) -> CompiledTable:
    """A table whose rows ask only for the weight."""
    rows = [Row(f"r{number}", {"weight": cell}, {"place": "P"}) for number, cell in enumerate(cells)]
    content = TableContent(Policy.MERGE, INPUTS, OUTPUTS, (*rows, Row("rest", {}, {"place": "Z"})))
    assert check_table(content) == []
    return CompiledTable("trial", 1, content)


def test_a_condition_that_names_another_column_sees_it():
    table = table_of('$ > 5 and mode == "9610"')
    case = {"mode": "9610", "weight": 6, "bonded": False, "chapters": []}
    assert table.decide(case).row == "r0"
    assert table.decide(case | {"mode": "1210"}).row == "rest"
    assert table.decide(case | {"weight": 4}).row == "rest"


def test_a_number_counts_to_fifteen_digits():
    table = table_of("== 0.3", "> 0.3")
    case = {"mode": "", "bonded": False, "chapters": []}
    for weight in (0.1 + 0.2, 0.3, Decimal("0.3"), Decimal("0.30000000000000004")):
        assert table.decide(case | {"weight": weight}).rows == ("r0", "rest")
    assert table.decide(case | {"weight": Decimal("0.300000000000001")}).rows == ("r1", "rest")


def test_a_value_that_is_no_number_decides_nothing():
    table = table_of("> 5")
    case = {"mode": "", "bonded": False, "chapters": []}
    for weight in (None, "6", True, float("nan"), float("inf"), Decimal("NaN"), Decimal("1e400"), 10**15, [6]):
        decision = table.decide(case | {"weight": weight})
        assert decision.problem is not None and decision.problem.pointer == "/weight" and decision.row is None
    for changed in (
        {"mode": 5},
        {"mode": "\ud800"},
        {"bonded": 1},
        {"bonded": None},
        {"chapters": "33"},
        {"chapters": [33]},
    ):
        assert table.decide(case | {"weight": 6} | changed).problem is not None
    assert table.decide({"weight": 6, "bonded": False}).row == "r0"
