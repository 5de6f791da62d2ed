"""How the text of a message is shown: personal data masked, by element and wherever an identity number stands in words.

Pure. What is masked here can be seen in full only on the page that asks for a purpose and records who saw it.
"""

from __future__ import annotations

import re

from kouan.kernel.numbers import is_resident_id

MOST_SHOWN = 200_000
"""So many bytes of a message are shown; what is longer is cut."""
ELEMENTS = (
    "buyerIdNumber", "buyerName", "buyerTelephone", "buyerRegNo", "payerIdNumber", "payerName", "telephone",
    "consignee", "consigneeTelephone", "consigneeAddress", "shipper", "shipperTelephone", "shipperAddress",
    "TypistNo", "InputerName", "DeclareName", "UseOrgPersonCode", "UseOrgPersonTel",
)  # fmt: skip
"""Elements of CEB and goods declarations that tell of a natural person."""

_ELEMENT = re.compile(rf"(<(?:[\w.-]+:)?(?:{'|'.join(ELEMENTS)})(?:\s[^>]*)?>)([^<]*)(<|$)")
_WRAPPED = re.compile(r"(<(?:[\w.-]+:)?Data(?:\s[^>]*)?>)([A-Za-z0-9+/=\s]{200,})(<|$)")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z.])")


def masked(raw: bytes) -> str:
    """Give the text of a message with personal data masked, one element a line where it came without breaks.

    A body that is wrapped in base64 is not shown at all: whoever reads it could unwrap it.
    """
    text = raw[:MOST_SHOWN].decode("utf-8", "replace")
    text = text if text.count("\n") > 5 else text.replace("><", ">\n<")
    text = _WRAPPED.sub(lambda found: f"{found[1]}●…●{found[3]}", text)
    text = _ELEMENT.sub(lambda found: f"{found[1]}{_mask(found[2])}{found[3]}", text)
    return masked_words(text)


def masked_words(text: str) -> str:
    """Mask the identity numbers (with a true check digit) and mobile numbers that stand in words."""
    text = _IDENTITY.sub(lambda found: _mask(found[0]) if is_resident_id(found[0].upper()) else found[0], text)
    return _MOBILE.sub(lambda found: _mask(found[0]), text)


def _mask(value: str) -> str:
    return value[:1] + "●" * min(8, max(0, len(value) - 1))
