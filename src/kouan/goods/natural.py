"""Natural persons in a goods declaration: where they stand, and the declaration without them. Pure.

Where goods are used or made by a natural person, the declaration names in place of the firm a number and a name
(报关单填制规范, 海关总署公告 2019 年第 18 号, 消费使用单位/生产销售单位). Beside them stand the telephones of whoever
uses the goods and whoever declares them; the names of those who type, sign and declare stay, as everywhere.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kouan.gateway.standards.dec.attached import EndUser
from kouan.gateway.standards.dec.head import Head
from kouan.gateway.standards.dec.types import Declaration
from kouan.kernel.numbers import is_resident_id
from kouan.screens.masking import to_masked

PARTIES = ("trader", "owner")
_NUMBERS = ("code", "uscc")
_TRAVEL_DOCUMENT = re.compile(r"[A-Z]{1,2}[0-9]{7,8}").fullmatch


def is_person(code: str | None) -> bool:
    """Whether a code is the number of a person: identity card, or passport and travel permit by their form."""
    text = (code or "").strip().upper()
    return is_resident_id(text) or _TRAVEL_DOCUMENT(text) is not None


def masks_in(said: Mapping[str, Any]) -> dict[str, str]:
    """Give the fields of a head or a form that hold personal data, each with the kind by which it is masked."""
    found = {"declarant_contact": "phone"}
    for party in PARTIES:
        numbers = [f"{party}_{one}" for one in _NUMBERS if is_person(said.get(f"{party}_{one}"))]
        if numbers:
            found |= dict.fromkeys(numbers, "id") | {f"{party}_name": "name"}
    return found


def head_without_persons(head: Head) -> Head:
    """Give a head with natural persons masked; the same one where it names none."""
    names = [f"{party}_{one}" for party in PARTIES for one in (*_NUMBERS, "name")]
    said = {name: getattr(head, name) for name in names}
    masked = {name: to_masked(said[name], kind) for name, kind in masks_in(said).items() if said.get(name)}
    return replace(head, **masked) if masked else head


def without_persons(declaration: Declaration) -> Declaration:
    """Give a declaration as it is shown: natural persons and telephones masked."""
    shown = copy.copy(declaration)
    shown.head = head_without_persons(declaration.head)
    shown.users = [_masked_user(one) for one in declaration.users]
    contact = to_masked(declaration.free_text.declarant_contact, "phone") or None
    shown.free_text = replace(declaration.free_text, declarant_contact=contact)
    return shown


def _masked_user(user: EndUser) -> EndUser:
    name, phone = to_masked(user.contact_name, "name"), to_masked(user.contact_phone, "phone")
    return replace(user, contact_name=name or None, contact_phone=phone or None)
