"""Catalogues of translated texts: gathered and compiled with Babel, without any program of the system."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kouan.project.places import ROOT

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

SOURCES = ROOT / "src" / "kouan"
CATALOGUES = SOURCES / "locale"
ENGLISH = CATALOGUES / "en" / "LC_MESSAGES" / "django.po"
HAN = re.compile(r"[\u4e00-\u9fff]")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def compile_catalogues(folder: Path = CATALOGUES) -> list[Path]:
    """Compile every catalogue whose source is newer than what was compiled from it; return those."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with open(source, "rb") as handle:
            catalogue = read_po(handle)
        fresh = target.with_suffix(f".{os.getpid()}.new")
        with open(fresh, "wb") as handle:
            write_mo(handle, catalogue)
        fresh.replace(target)
        compiled.append(target)
    return compiled


def texts() -> Iterator[tuple[Path, int, object, str | None]]:
    """Give every text of the sources that is to be translated: file, line, text (or singular and plural), context."""
    from babel.messages.extract import extract

    for path in sorted(SOURCES.rglob("*")):
        parts = path.relative_to(SOURCES).parts
        if "tests" in parts or "migrations" in parts or "static" in parts:
            continue
        if path.suffix == ".py":
            source = path.read_bytes()
        elif path.suffix in {".html", ".txt"} and "templates" in parts:
            source = as_python(path).encode()
        else:
            continue
        for line, text, _comments, context in extract("python", io.BytesIO(source), KEYWORDS):
            yield path, line, text, context


def as_python(template: Path) -> str:
    """Return a template as the calls of gettext that stand in it, line for line."""
    from django.utils.translation.template import templatize

    return templatize(template.read_text(encoding="utf-8"), origin=str(template))


def updated_catalogue() -> Catalog:
    """Return the English catalogue with the texts of today: new ones empty, vanished ones gone."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    template = Catalog(charset="utf-8")
    for path, line, text, context in texts():
        shown = text[0] if isinstance(text, tuple) else text
        if isinstance(shown, str) and HAN.search(shown):
            template.add(text, locations=[(path.relative_to(ROOT).as_posix(), line)], context=context)  # type: ignore[arg-type]
    catalogue = Catalog(locale="en", charset="utf-8")
    if ENGLISH.exists():
        with open(ENGLISH, "rb") as handle:
            catalogue = read_po(handle, locale="en")
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def write_catalogue(catalogue: Catalog) -> None:
    """Write the English catalogue: sorted by text and without line numbers or times, so that few lines change."""
    from babel.messages.pofile import write_po

    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, omit_header=True, include_lineno=False)
    header = (
        "# English texts of Kouan. The sources hold the Chinese ones; `./kouan messages` gathers them.\n"
        'msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    ENGLISH.write_text(header + buffer.getvalue().decode(), encoding="utf-8")


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the texts that have no English one, or only an uncertain one."""
    return [message for message in catalogue if message.id and (message.fuzzy or not all(strings_of(message)))]


def strings_of(message: Message) -> list[str]:
    """Return the English text, or for a count all of its forms."""
    if isinstance(message.string, str) or message.string is None:
        return [message.string or ""]
    return list(message.string)
