"""The form of single values: against XML Schema as oracle, and the quick test of a block against the slow one."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from kouan.gateway.standards.ceb import declarations, receipts
from kouan.gateway.standards.ceb.fields import Field, fields_of
from kouan.gateway.standards.ceb.lexical import explain, explain_block

from .making import TEXT, values

BLOCKS = [
    block
    for module in (declarations, receipts)
    for block in vars(module).values()
    if isinstance(block, type) and block.__module__ == module.__name__
]
ALL = [field for block in BLOCKS for field in fields_of(block)]
FIELDS = list({(one.form, one.need, one.shortest, one.values, one.shape): one for one in ALL}.values())
TEXTS = [one for one in FIELDS if not one.is_number and not one.values and not one.shape]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def schema_of(field: Field) -> etree.XMLSchema:
    """Write the form of a field as XML Schema, from the same words as the official one uses."""
    if field.form == "INT":
        kind, facets = "int", ""
    elif field.is_number:
        total, _, fraction = field.form[1:].partition(",")
        kind = "decimal" if fraction else "int"
        facets = f'<xs:totalDigits value="{total}"/>'
        facets += f'<xs:fractionDigits value="{fraction}"/>' if fraction else ""
    else:
        kind = "string"
        facets = f'<xs:minLength value="{field.shortest}"/>'
        facets += f'<xs:maxLength value="{field.longest}"/>' if field.longest is not None else ""
    return etree.XMLSchema(etree.fromstring(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="x"><xs:simpleType>'
        f'<xs:restriction base="xs:{kind}">{facets}</xs:restriction>'
        "</xs:simpleType></xs:element></xs:schema>"
    ))  # fmt: skip


def fits_schema(field, value):
    element = etree.Element("x")
    element.text = value
    return schema_of(field).validate(element)


NUMBERS = st.one_of(
    st.from_regex(r"[ \t\n]{0,2}[+-]?[0-9]{0,22}(\.[0-9]{0,8})?[ \t\n]{0,2}", fullmatch=True),
    st.sampled_from(
        ["", ".", "+", "-0", "1e5", "NaN", "INF", "１", "1_0", "0.100000000", "00000000000000000000001", "2147483648"]
    ),
)


@QUICK
@given(st.sampled_from([one for one in FIELDS if one.is_number and one.need == "M"]), NUMBERS)
def test_numbers_are_judged_as_xml_schema_judges_them(field, value):
    assert (explain(field, value, "0002", "/x") is None) == fits_schema(field, value)


@QUICK
@given(st.sampled_from(TEXTS), TEXT)
def test_texts_are_judged_as_xml_schema_judges_them(field, value):
    problem = explain(field, value, "0002", "/x", schema_only=True)
    if field.form == "XML":
        assert problem is None
    elif problem is None:
        # An empty optional element is no fault even where the schema wants a character: it says the same as none.
        assert fits_schema(field, value) or value == ""
    else:
        assert not fits_schema(field, value)
        assert (problem.severity == "warning") == (value == "" and field.need == "O")


@QUICK
@given(st.data())
def test_quick_test_of_a_block_accepts_only_what_the_slow_one_does(data):
    block = data.draw(st.sampled_from(BLOCKS))
    given_values = [data.draw(values(field)) for field in fields_of(block)]
    slow = [
        problem
        for field, value in zip(fields_of(block), given_values, strict=True)
        if (problem := explain(field, value, "0002", f"/x/{field.element}"))
    ]
    assert explain_block(block, given_values, "0002", "/x") == slow


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__)
def test_every_field_names_itself_in_both_languages(block):
    for field in fields_of(block):
        problem = explain(field, None, "0002", "/x") if field.need == "M" else None
        if problem:
            assert field.element in problem.zh
            assert field.element in problem.en
            assert problem.fix_zh
            assert problem.fix_en


@pytest.mark.parametrize(
    ("value", "right"),
    [("20240229093000", True), ("20230229093000", False), ("20240301240000", False), ("2024030109300", False),
     ("20240301093060", False), ("２０２４０３０１０９３０００", False), ("18991231000000", True)],
)  # fmt: skip
def test_times_have_to_exist(value, right):
    field = fields_of(declarations.OrderHead)[2]
    assert field.shape == "time"
    assert (explain(field, value, "0002", "/x") is None) == right


def test_a_number_of_a_megabyte_is_refused_at_once():
    field = next(one for one in fields_of(declarations.OrderHead) if one.element == "freight")
    problem = explain(field, "9" * 1_000_000, "-301008", "/x")
    assert problem is not None
    assert len(problem.zh) < 200
