"""Looking into an attached file: a whole PDF that opens, has pages, and does nothing by itself.

The names of a PDF may be written in signs of their own (``/J#53``) or stand in packed objects, and the bytes of a
picture may by chance look like one: only reading the file tells. Source: ISO 32000-2, 7.3.5 names, 7.5.7 object
streams, 12.6.4 kinds of actions, 12.7 forms.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from kouan.records.problems import Problem

from .codes import problem

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes of one attached file. What the data exchange platform carries in one message; no limit of the single window for
one file is public."""
MOST_OBJECTS = 50_000
_HEAD, _TAIL = b"%PDF-", b"%%EOF"
_LOOK = 1024
_SCRIPT, _EMBEDDED, _MEDIA, _FORM = "脚本", "内嵌文件", "富媒体", "动态表单"
_ACTIVE = {
    "/JavaScript": _SCRIPT, "/JS": _SCRIPT, "/Launch": "外部程序", "/EmbeddedFile": _EMBEDDED,
    "/EmbeddedFiles": _EMBEDDED, "/EF": _EMBEDDED, "/GoToE": _EMBEDDED, "/FileAttachment": _EMBEDDED,
    "/RichMedia": _MEDIA, "/Rendition": _MEDIA, "/Movie": _MEDIA, "/Sound": _MEDIA, "/3D": _MEDIA,
    "/XFA": _FORM, "/SubmitForm": _FORM, "/ImportData": _FORM,
}  # fmt: skip
_KINDS = ("/S", "/Type", "/Subtype")
"""The keys whose values say of which kind an object or an action is."""


def check_file(name: str, content: bytes, pointer: str = "") -> list[Problem]:
    """Check that a file is a whole, passive PDF of bearable size."""
    shown = name[:80]
    if len(content) > LARGEST_FILE:
        return [problem("-960064", pointer, value=shown, size=len(content), limit=LARGEST_FILE)]
    if not content[:_LOOK].lstrip().startswith(_HEAD):
        return [problem("-960061", pointer, value=shown)]
    if _TAIL not in content[-_LOOK:]:
        return [problem("-960062", pointer, value=shown)]
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return [problem("-960063", pointer, value=shown, what="加密保护")]
        what = _first_active(reader)
    except Exception:  # whatever a library stumbles over in a hostile file, the file cannot be read
        return [problem("-960071", pointer, value=shown)]
    return [problem("-960063", pointer, value=shown, what=what)] if what else []


def _first_active(reader: PdfReader) -> str:
    """Give what is active in a file, or nothing. Raises ValueError without a page, or with objects beyond measure."""
    has_page = False
    for found in _dictionaries(reader):
        kinds = [found[key] for key in _KINDS if key in found]
        for name in (*found, *(kind for kind in kinds if isinstance(kind, str))):
            if what := _ACTIVE.get(name):
                return what
        has_page |= "/Page" in kinds
    if not has_page:
        raise ValueError("no page")
    return ""


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Give every dictionary of every object that the file's table names, and of its trailer."""
    numbers = {(number, generation) for generation, places in reader.xref.items() for number in places}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise ValueError("too many objects")
    waiting: list[Any] = [reader.trailer]
    for number, generation in sorted(numbers):
        waiting.append(reader.get_object(IndirectObject(number, generation, reader)))
        while waiting:
            one = waiting.pop()
            if isinstance(one, DictionaryObject):
                yield one
                waiting += dict.values(one)
            elif isinstance(one, ArrayObject):
                waiting += one
