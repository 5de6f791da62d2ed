"""Official samples: read, written again, and compared as XML infosets by a comparison of their own."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.fields import fields_of
from kouan.gateway.standards.ceb.types import KINDS, NAMESPACE, SIGNATURE_NAMESPACE

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
    before = without_contradictions(without_signature(etree.fromstring(raw)), envelope.kind)
    assert [one.pointer.rpartition("/")[2] for one in envelope.loss] == before.pop("lost")
    assert infoset(etree.fromstring(encode(envelope, strict=False))) == infoset(before["root"])


def without_contradictions(root, kind):
    """Take out what the official samples have against their own schema: a second BaseTransfer, and in 214 an element
    that the schema does not know under a root that lacks the end of its name."""
    lost = []
    if kind == "214":
        for unknown in root.iter(f"{{{NAMESPACE}}}appSenderId"):
            lost.append("appSenderId")
            unknown.getparent().remove(unknown)
        root.tag = f"{{{NAMESPACE}}}CEB214Message"
    for repeated in root.findall(f"{{{NAMESPACE}}}BaseTransfer")[1:]:
        lost.append("BaseTransfer[2]")
        root.remove(repeated)
    return {"root": root, "lost": lost}


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
            if (kind.code, field.element) in OPTIONAL_IN_THE_HANDBOOK:
                optional = True  # mandatory in the schema; docs/standards/ceb.md
            assert (field.need == "O") == optional, field.element
            if (kind.code, field.element) != ("621", "itemNo"):
                assert line["type"] in schema_types(field, is_import=kind.code in IMPORTS), field.element


IMPORTS = {code for code, kind in KINDS.items() if not kind.head.__module__.rpartition(".")[2].startswith("export_")}
OPTIONAL_IN_THE_HANDBOOK = {
    *((code, "preNo") for code in ("622", "624", "626", "508", "510", "604", "606", "608", "702")),
    ("604", "invtNo"), ("792", "gseqno"),
}  # fmt: skip


def schema_types(field, *, is_import):
    """Give the types of the schema that a field may stand for.

    The export schema lets nearly every text be empty, and the edition of 2018 allowed longer ones: what the handbook
    says is filled has to be here, and the longer texts are read.
    """
    if field.form == "INT":
        return {"xs:int"}
    if field.form.startswith("N"):
        total, _, fraction = field.form[1:].partition(",")
        return {f"decimal({total},{fraction})" if fraction else f"int({total},)"}
    longest = {field.longest} if is_import else {field.longest, field.sent_longest}
    shortest = {field.shortest} if is_import else {field.shortest, 0}
    ranges = {f"string[{low}..{'' if high is None else high}]" for low in shortest for high in longest}
    return ranges | ({f"string[{field.longest}]"} if field.shortest == field.longest else set())
