"""Writes any message that Kouan knows from its plain form: what the schema refuses is never written."""

from __future__ import annotations

import json
from typing import Any

from kouan.gateway.standards.ceb import codes
from kouan.gateway.standards.ceb.codec import UnwritableMessage, encode
from kouan.gateway.standards.ceb.plain import from_plain
from kouan.gateway.standards.ceb.types import KINDS, Envelope
from kouan.gateway.standards.dec import codec as dec_codec
from kouan.gateway.standards.dec import plain as dec_plain
from kouan.gateway.standards.dec.types import ROOT as DEC_ROOT
from kouan.gateway.standards.dxp import plain as dxp_plain
from kouan.gateway.standards.dxp.codec import UnwritableEnvelope, wrap, write_report
from kouan.records.problems import Problem, has_error


class UnknownKind(ValueError):
    """There is no such standard, or no such kind of message in it."""


class NoPlainForm(ValueError):
    """The text is no JSON, or describes several messages of the kind."""


def list_kinds() -> dict[str, list[str]]:
    """List the kinds of message that can be written, by standard."""
    return {"ceb": list(KINDS), "dec": [DEC_ROOT], "dxp": ["DxpMsg", "DxpRep"]}


def write_message(standard: str, kind: str, text: str) -> tuple[bytes, list[Problem]]:
    """Write a message, and tell what the handbook would not accept of it although the schema does.

    standard: ``ceb``, ``dec`` or ``dxp``. kind: ``621`` (or ``CEB621Message``), ``DecMessage``, ``DxpMsg``,
    ``DxpRep``. text: JSON as ``reading`` gives it, one object or one a line; objects of other kinds are passed over.
    Raises UnknownKind, NoPlainForm, and UnwritableMessage if the schema does not allow it.
    """
    kind = kind.removeprefix("CEB").removesuffix("Message") if standard == "ceb" else kind
    if kind not in list_kinds().get(standard, []):
        raise UnknownKind(f"{standard} {kind}")
    plain = _chosen(standard, kind, _objects(text))
    if standard == "ceb":
        envelope, problems = from_plain(kind, plain)
        if has_error(problems):
            raise UnwritableMessage(problems)
        return _write_declaration(envelope)
    if standard == "dec":
        return _write_goods(plain)
    return _write_envelope(kind, plain), []


def _write_goods(plain: Any) -> tuple[bytes, list[Problem]]:
    records = plain.get("records", [plain]) if isinstance(plain, dict) else plain
    if len(records) != 1:
        raise NoPlainForm("a message has exactly one goods declaration")
    declaration, problems = dec_plain.from_plain(records[0])
    if has_error(problems):
        raise UnwritableMessage(problems)
    try:
        return dec_codec.encode(declaration), []
    except dec_codec.UnwritableMessage as refusal:
        try:
            return dec_codec.encode(declaration, strict=False), refusal.problems
        except dec_codec.UnwritableMessage as fault:
            raise UnwritableMessage(fault.problems) from None


def _write_declaration(envelope: Envelope) -> tuple[bytes, list[Problem]]:
    try:
        return encode(envelope), []
    except UnwritableMessage as refusal:
        return encode(envelope, schema_only=True), refusal.problems


def _write_envelope(kind: str, plain: Any) -> bytes:
    records = plain.get("records", [plain]) if isinstance(plain, dict) else plain
    if len(records) != 1:
        raise NoPlainForm("an envelope has exactly one record")
    try:
        if kind == "DxpRep":
            return write_report(dxp_plain.report_from_plain(records[0]))
        return wrap(dxp_plain.message_from_plain(records[0]))
    except (UnwritableEnvelope, dxp_plain.NotAnEnvelope) as fault:
        raise UnwritableMessage([_complaint(str(fault))]) from None


def _complaint(reason: str) -> Problem:
    return codes.problem("-910032", "", zh=f"不能写成信封：{reason}。", en=f"It cannot be written: {reason}.",
                         fix_zh="按读出的结构填写。", fix_en="Use what reading gives.")  # fmt: skip


def _objects(text: str) -> list[Any]:
    """Read one JSON value, or one a line. Numbers stay the characters that they were written with."""
    try:
        try:
            return [json.loads(text, parse_float=str, parse_int=str)]
        except json.JSONDecodeError:
            lines = [line for line in text.splitlines() if line.strip()]
            return [json.loads(line, parse_float=str, parse_int=str) for line in lines]
    except (json.JSONDecodeError, RecursionError) as fault:
        raise NoPlainForm(f"no JSON: {fault}") from None


def _chosen(standard: str, kind: str, objects: list[Any]) -> Any:
    """Pick the object of the wanted kind; one that does not say its kind is taken at its word."""
    chosen = [
        one
        for one in objects
        if not isinstance(one, dict) or (one.get("standard", standard), one.get("kind", kind)) == (standard, kind)
    ]
    if len(chosen) != 1:
        raise NoPlainForm(f"{len(chosen)} messages of {standard} {kind} instead of one")
    return chosen[0]
