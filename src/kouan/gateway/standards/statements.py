"""What a declaration says, as a statement that can be compared, and what its fields are about. Pure.

A statement holds what is declared, not how it was sent: times, kinds and signatures of the report stay out, and a
number written 2.00 says what 2 says. What each field is about stands in ``statement_fields.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from kouan.records.amendments import Fields, Identities, Statement

from .ceb import fields as ceb_fields
from .ceb.types import KINDS
from .dec import fields as dec_fields
from .dec.types import BLOCKS, Declaration

CEB, DEC = "ceb", "dec"
_FILE = Path(__file__).with_name("statement_fields.yaml")
_OF_THE_REPORT = frozenset({"guid", "app_type", "app_time", "app_status"})
_NOT_DECLARED = frozenset({"signing", "risk", "supplements"})
_PLACE = "line_no"
_LISTS = ("603", "621")


@dataclass(frozen=True, slots=True)
class Word:
    """What a field or group is called."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SaidField:
    """One field of a standard: its group and rank (what matters first), names, and how its value is to be read.

    codes: the code table; unit: what a number counts, unit_from: the field beside it that says so; mask: the kind of
    personal data, empty where it is none.
    """

    name: str
    group: str
    rank: int
    word: Word
    codes: str = ""
    unit: str = ""
    unit_from: str = ""
    mask: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one kind: what one is called, and the group in which they are shown."""

    word: Word
    group: str


@dataclass(frozen=True, slots=True)
class Guide:
    """All fields of a standard, by name; groups and sections with their words; what tells lines apart."""

    generation: str
    groups: Mapping[str, Word]
    sections: Mapping[str, Section]
    identities: Identities
    line_name: Mapping[str, Sequence[str]]
    fields: Mapping[str, SaidField]

    def of(self, name: str) -> SaidField:
        """Say what a field is about; of one that is not known, its own name."""
        return self.fields.get(name) or SaidField(name, "other", len(self.fields), Word(name, name))


@cache
def guide_of(standard: str) -> Guide:
    """Read what the fields of a standard (``ceb`` or ``dec``) are about."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    own = told[standard]
    placed = {name: (group, dict(about)) for group, fields in own["fields"].items() for name, about in fields.items()}
    spelt: dict[str, Any] = dict(_fields_ceb() if standard == CEB else _fields_dec())
    found = {}
    for rank, name in enumerate([*placed, *(name for name in spelt if name not in placed)]):
        section = name.partition(".")[0]
        group, about = placed.get(name) or (own["sections"].get(section, {}).get("group", "other"), {})
        field = spelt.get(name)
        word = _word_of(field) if field else Word(name, name)
        word = Word(about.pop("zh", word.zh), about.pop("en", word.en))
        found[name] = SaidField(name, group, rank, word, is_number=bool(field and field.is_number), **about)
    return Guide(
        own["generation"],
        {name: Word(**word) for name, word in told["groups"].items()},
        {name: Section(Word(about["zh"], about["en"]), about["group"]) for name, about in own["sections"].items()},
        {name: [tuple(key) for key in keys] for name, keys in own["identities"].items()},
        own["line_name"],
        found,
    )


# Parcel lists --------------------------------------------------------------------------------------------------------


def statement_of_node(head: Any, lines: Iterable[Any]) -> Statement:
    """Give what a business node of the e-commerce standard says; its goods are the section ``line``."""
    said = _said(ceb_fields.fields_of(type(head)), head)
    goods = tuple(_said(ceb_fields.fields_of(type(line)), line) for line in lines)
    return Statement(said, {"line": goods} if goods else {})


def _fields_ceb() -> Iterator[tuple[str, ceb_fields.Field]]:
    for kind in (KINDS[code] for code in _LISTS):
        for prefix, block in (("", kind.head), ("line.", kind.line)):
            for field in ceb_fields.fields_of(block) if block else ():
                if field.name not in _OF_THE_REPORT and field.name != _PLACE:
                    yield prefix + field.name, field


# Goods declarations --------------------------------------------------------------------------------------------------


def statement_of_declaration(declaration: Declaration, files: Mapping[str, bytes] | None = None) -> Statement:
    """Give what a goods declaration says; repeated blocks are sections, single ones part of the head.

    files: the attached files by name; of their content the statement holds a digest.
    """
    head: dict[str, str] = {}
    lines: dict[str, Sequence[Fields]] = {}
    for block in BLOCKS:
        value = getattr(declaration, block.name)
        if block.name in _NOT_DECLARED or not value:
            continue
        if block.is_list:
            lines[block.name] = tuple(dict(_parts("", one)) for one in value)
            if block.name == "attachments":
                lines[block.name] = tuple(_with_content(line, files or {}) for line in lines[block.name])
        else:
            head |= dict(_parts(f"{block.name}.", value))
    if declaration.supplements:
        lines["supplements"] = tuple(_sheet(sheet) for sheet in declaration.supplements)
    return Statement(head, lines)


def _with_content(line: Fields, files: Mapping[str, bytes]) -> Fields:
    content = files.get(line.get("file_name", ""))
    return line if content is None else {**line, "content": _digest(content)}


def _digest(content: bytes) -> str:
    return f"SHA-256 {sha256(content).hexdigest()[:16]}"


def _sheet(sheet: Sequence[tuple[str, str]]) -> Fields:
    said: dict[str, str] = {}
    for name, value in sheet:
        said[name] = f"{said[name]}；{value}" if said.get(name) else value
    return {name: value for name, value in said.items() if value}


def _parts(prefix: str, record: Any) -> Iterator[tuple[str, str]]:
    for part in dec_fields.parts_of(type(record)):
        value = getattr(record, part.name)
        if isinstance(part, dec_fields.Nested):
            for place, one in enumerate(value, 1):
                yield from _parts(f"{prefix}{part.name}[{place}].", one)
        elif value and part.name != _PLACE:
            yield prefix + part.name, _plain(part, value)


def _fields_dec() -> Iterator[tuple[str, dec_fields.Field]]:
    for block in BLOCKS:
        if block.name not in _NOT_DECLARED:
            for field in dec_fields.fields_of(block.block):
                if field.name != _PLACE or not block.is_list:
                    yield f"{block.name}.{field.name}", field


# Values and words ----------------------------------------------------------------------------------------------------


def _said(fields: Sequence[ceb_fields.Field], record: Any) -> Fields:
    values = ((field, getattr(record, field.name)) for field in fields)
    return {
        field.name: _plain(field, value)
        for field, value in values
        if value and field.name not in _OF_THE_REPORT and field.name != _PLACE
    }


def _plain(field: ceb_fields.Field | dec_fields.Field, value: str) -> str:
    if field.is_number:
        try:
            return f"{Decimal(value).normalize():f}"
        except InvalidOperation:
            return value
    if isinstance(field, dec_fields.Field) and field.loosest.kind == "base64":
        return _digest(value.encode())
    return value


def _word_of(field: ceb_fields.Field | dec_fields.Field) -> Word:
    """The name without its rule: what follows a colon or comma, and brackets other than 地区."""
    name = re.split("[：，]", field.zh, maxsplit=1)[0]
    return Word(re.sub("（(?!地区)[^）]*）", "", name), english_of(field.name))


def english_of(name: str) -> str:
    """The English name of a field, made from our word for it."""
    words = name.removesuffix("_kg").split("_")
    spelt = {"no": "number", "nos": "numbers", "hs": "HS", "id": "ID", "un": "UN", "ciq": "CIQ", "uscc": "USCC"}
    text = " ".join(spelt.get(word, word) for word in words)
    return text[:1].upper() + text[1:]
