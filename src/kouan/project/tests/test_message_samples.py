"""Every official import sample and envelope, one by one: what the command says of it, and that nothing of it is lost.

Oracles stand here, apart from the code: the rules of the standard once more, over the bare tree of the sample.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.plain import from_plain
from kouan.gateway.standards.ceb.tests.samples import SHARED, needs_shared, sample_id
from kouan.gateway.standards.dxp.codec import read_report, wrap, write_report
from kouan.gateway.standards.dxp.plain import message_from_plain
from kouan.project.hub import main

pytestmark = needs_shared

CEB = "{http://www.chinaport.gov.cn/ceb}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
IMPORT = sorted(SHARED.glob("samples/messages/ceb_2*/import/*.xml")) if SHARED else []
ENVELOPES = sorted(SHARED.glob("samples/messages/dxp/*.xml")) if SHARED else []


# The rules once more --------------------------------------------------------------------------------------------------


def is_resident_number(text):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    if not re.fullmatch(r"\d{6}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]", text):
        return False
    return "10X98765432"[sum(int(a) * b for a, b in zip(text, weights, strict=False)) % 11] == text[-1]


def is_firm_code(text):
    alphabet, weights = (
        "0123456789ABCDEFGHJKLMNPQRTUWXY",
        (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28),
    )
    if len(text) == 10:
        return True
    if len(text) != 18 or set(text) - set(alphabet):
        return False
    return alphabet[-sum(alphabet.index(a) * b for a, b in zip(text, weights, strict=False)) % 31] == text[-1]


def texts(root, name):
    return [one.text or "" for one in root.iter(CEB + name)]


def count(values, is_wrong):
    return sum(map(is_wrong, values))


def wrong_identities(root, who):
    kinds, numbers = texts(root, f"{who}IdType"), texts(root, f"{who}IdNumber")
    return sum(kind == "1" and not is_resident_number(number) for kind, number in zip(kinds, numbers, strict=True))


def wrong_totals(root):
    lines = zip(*(map(Decimal, texts(root, name)) for name in ("qty", "price", "totalPrice")), strict=True)
    return sum(quantity * price != total for quantity, price, total in lines)


def wrong_guarantors(root):
    heads = zip(*(texts(root, name) for name in ("assureCode", "ebpCode", "ebcCode", "logisticsCode")), strict=True)
    return sum(guarantor not in others for guarantor, *others in heads)


def expected_problems(kind, root):
    """Say which problems a sample has by the rules of the handbook: (severity, code, element) and how often."""
    found = Counter()
    if kind in ("311", "621", "623", "625"):
        found["error", "-911001", "buyerIdNumber"] = wrong_identities(root, "buyer")
    if kind == "411":
        found["error", "-911001", "payerIdNumber"] = wrong_identities(root, "payer")
    if kind in ("311", "621"):
        found["error", {"311": "-301008", "621": "-621001"}[kind], "totalPrice"] = wrong_totals(root)
    if kind in ("511", "621"):
        code = {"511": "-504011", "621": "-621001"}[kind]
        found["error", code, "packNo"] = count(texts(root, "packNo"), lambda one: one != "1")
    if kind == "513":
        found["error", "-505011", "logisticsStatus"] = count(texts(root, "logisticsStatus"), lambda one: one != "S")
    if kind == "621":
        found["error", "-621001", "assureCode"] = wrong_guarantors(root)
        found["warning", "-911003", "areaCode"] = count(texts(root, "areaCode"), lambda one: not is_firm_code(one))
        # The single limit is a figure from 2019 on; the samples are of 2016.
        found["warning", "-911011", "declTime"] = count(texts(root, "declTime"), lambda one: one < "20190101")
    if kind in ("623", "625"):
        is_wrong = lambda one: not re.fullmatch(r"[0-9]{2}[A-Z0-9]{2}\d{4}I\d{9}", one)  # noqa: E731
        found["warning", "-911009", "invtNo"] = count(texts(root, "invtNo"), is_wrong)
    return +found


# Import messages ------------------------------------------------------------------------------------------------------


def read(path, capsys):
    status = main(["message", "read", str(path), "--json"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def infoset(element):
    """Names, attributes, text and children; without prefixes, and without white space between elements."""
    children = [infoset(child) for child in element if isinstance(child.tag, str)]
    text = (element.text or "") if not children else (element.text or "").strip()
    return element.tag, dict(element.attrib), text, children


def without_signature(root):
    for signature in root.findall(SIGNATURE):
        root.remove(signature)
    return root


def test_the_samples_are_all_here():
    kinds = {
        "311",
        "312",
        "411",
        "412",
        "511",
        "512",
        "513",
        "514",
        "621",
        "622",
        "623",
        "624",
        "625",
        "626",
        "711",
        "712",
    }
    assert Counter(path.stem[3:6] for path in IMPORT) == dict.fromkeys(kinds, 2)
    assert [path.name for path in ENVELOPES] == ["DxpMsg_MaxNode-NoSign.xml", "DxpMsg_MaxNode-Sign.xml", "DxpRep.xml"]


@pytest.mark.parametrize("path", IMPORT, ids=sample_id)
def test_an_import_sample_ends_in_exactly_its_codes_and_loses_nothing_but_its_signature(path: Path, capsys):
    root = etree.fromstring(path.read_bytes())
    kind = path.stem[3:6]
    expected = expected_problems(kind, root)
    status, [plain] = read(path, capsys)
    found = Counter((one["severity"], one["code"], one["pointer"].rpartition("/")[2]) for one in plain["problems"])
    assert found == expected
    assert status == (1 if expected else 0)
    assert (plain["standard"], plain["kind"]) == ("ceb", kind)
    signed = [f"/CEB{kind}Message/Signature"] if root.find(SIGNATURE) is not None else []
    assert [one["pointer"] for one in plain["loss"]] == signed
    # What was printed, written again, is the same infoset but for the signature.
    envelope, unknown = from_plain(kind, plain)
    assert unknown == []
    written = encode(envelope, strict=False)
    assert infoset(etree.fromstring(written)) == infoset(without_signature(root))


@pytest.mark.parametrize("path", IMPORT, ids=sample_id)
@pytest.mark.parametrize(
    ("damage", "code"),
    [(lambda raw: raw[:-20], "0001"), (lambda raw: raw.replace(b"chinaport", b"example"), "0002")],
    ids=["cut off", "another namespace"],
)
def test_a_damaged_sample_cannot_be_read(path: Path, damage, code, capsys, tmp_path):
    damaged = tmp_path / "damaged.xml"
    damaged.write_bytes(damage(path.read_bytes()))
    status, [plain] = read(damaged, capsys)
    assert (status, plain["standard"], [one["code"] for one in plain["problems"]]) == (2, None, [code])


# Envelopes ------------------------------------------------------------------------------------------------------------


def bare(root):
    """The infoset of an envelope; base64 without its line ends."""
    for data in root.iter("{*}Data"):
        data.text = "".join((data.text or "").split())
    return infoset(without_signature(root))


@pytest.mark.parametrize("path", [one for one in ENVELOPES if one.name != "DxpRep.xml"], ids=lambda one: one.stem)
def test_an_envelope_comes_back_as_the_same_infoset(path: Path, capsys):
    status, [plain] = read(path, capsys)
    assert (status, plain["standard"], plain["kind"], plain["problems"]) == (0, "dxp", "DxpMsg", [])
    signed = ["/DxpMsg/Signature"] if "-Sign" in path.name else []
    assert [one["pointer"] for one in plain["loss"]] == signed
    written = wrap(message_from_plain(plain["records"][0]))
    assert bare(etree.fromstring(written)) == bare(etree.fromstring(path.read_bytes()))


def test_the_report_that_is_not_well_formed_is_mended_and_told(capsys):
    [path] = [one for one in ENVELOPES if one.name == "DxpRep.xml"]
    raw = path.read_bytes()
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(raw)
    status, [plain] = read(path, capsys)
    assert (status, plain["kind"]) == (1, "DxpRep")
    assert [(one["severity"], one["code"]) for one in plain["problems"]] == [("warning", "-914001")]
    assert [(one["pointer"], one["value"]) for one in plain["loss"]] == [("/DxpRep/@xmlns", "##other")]
    mended = etree.fromstring(re.sub(rb'\s+xmlns:\w+="##other"', b"", raw))
    assert bare(etree.fromstring(write_report(read_report(raw)))) == bare(mended)
