"""Official samples: read, written again, and compared as XML infosets by a comparison of their own."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.fields import fields_of
from kouan.gateway.standards.ceb.types import KINDS, SIGNATURE_NAMESPACE

from .samples import SHARED, needs_shared, official_samples, sample_id


def infoset(element):
    """Names, attributes, text and children; without prefixes, and without white space between elements."""
    children = [infoset(child) for child in element if isinstance(child.tag, str)]
    text = (element.text or "") if not children else (element.text or "").strip()
    return element.tag, dict(element.attrib), text, children


def without_signature(root):
    for signature in root.findall(f"{{{SIGNATURE_NAMESPACE}}}Signature"):
        root.remove(signature)
    return root


@needs_shared
@pytest.mark.parametrize("path", official_samples(), ids=sample_id)
def test_sample_comes_back_as_the_same_infoset(path):
    raw = path.read_bytes()
    envelope = decode(raw)
    assert envelope.loss == []
    before = without_signature(etree.fromstring(raw))
    assert infoset(etree.fromstring(encode(envelope, strict=False))) == infoset(before)


@needs_shared
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_fields_are_those_of_the_schema(kind):
    """Oracle: the field tables that were generated from the official schema and handbook."""
    assert SHARED is not None
    tables = json.loads((SHARED / "domain/fields/ceb_fields_202205.json").read_text())
    expected = [one for one in tables[kind.code]["fields"] if not one.get("group")]
    blocks = [(kind.head, kind.head_element or kind.node), (kind.line, kind.line_element)]
    for block, name in blocks:
        if block is None:
            continue
        ours = [one for one in fields_of(block) if one.need != "X"]
        theirs = [one for one in expected if one["path"].split("/")[-2] == name]
        assert [one.element for one in ours] == [one["path"].split("/")[-1] for one in theirs]
        for field, line in zip(ours, theirs, strict=True):
            optional = line["occ"].startswith("0")
            if field.element == "preNo" and kind.code in {"622", "624", "626"}:
                optional = True  # mandatory in the schema, optional in the handbook; README.md
            assert (field.need == "O") == optional, field.element
            assert schema_type(field) == line["type"] or field.element == "itemNo", field.element


def schema_type(field):
    if field.form == "INT":
        return "xs:int"
    if field.form.startswith("N"):
        total, _, fraction = field.form[1:].partition(",")
        return f"decimal({total},{fraction})" if fraction else f"int({total},)"
    if field.shortest == field.longest:
        return f"string[{field.longest}]"
    return f"string[{field.shortest}..{'' if field.longest is None else field.longest}]"
