"""Rows as text for ``COPY`` and for arrays, and the digests in them.

Values stay the characters that were declared; PostgreSQL reads the decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

from psycopg import Cursor

NULL, DELIMITER = "\x01", "\x02"
COPY_OPTIONS = "(format text, null e'\\x01', delimiter e'\\x02')"


def to_line(values: Sequence[str]) -> str:
    """Give one line of COPY text. Delimiter and null are characters that XML cannot carry, so only line ends and
    backslashes have to be escaped, and only where there are any."""
    line = DELIMITER.join(values)
    if "\n" in line or "\r" in line or "\\" in line:
        return line.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return line


def column(values: Iterable[str]) -> str:
    """Give one column of many rows as one text, which takes a fraction of the time of an array; see ``column_as``."""
    return "".join([DELIMITER + value for value in values])


def column_as(type_name: str) -> str:
    """Give the SQL that reads such a text as an array of a type; what stands before the first delimiter is nothing."""
    return f"(string_to_array(%b, e'\\x02', e'\\x01'))[2:]::{type_name}[]"


def hex_of(data: bytes | None) -> str:
    """Give a digest of 16 bytes as COPY text of a uuid column."""
    return NULL if data is None else data.hex()


def goods_digest(pairs: Iterable[tuple[str | None, str | None, str | None]]) -> bytes:
    """Give the digest of names, quantities and units of goods lines, equal where list and order say the same."""
    text = "\x1e".join(f"{name}\x1f{_plain(quantity)}\x1f{unit}" for name, quantity, unit in pairs)
    return blake2b(text.encode(), digest_size=16).digest()


def _plain(number: str | None) -> str:
    """Give a decimal without the zeros that carry nothing, so that 2 and 2.00 are one."""
    number = number or ""
    return number.rstrip("0").rstrip(".") if "." in number else number


def copy_lines(cursor: Cursor, table: str, columns: str, lines: Sequence[str]) -> None:
    """Write lines made by ``to_line`` with one COPY, in the caller's transaction."""
    with cursor.copy(f"copy {table} ({columns}) from stdin {COPY_OPTIONS}") as copy:  # type: ignore[arg-type]
        copy.write(("\n".join(lines) + "\n").encode())


def time_text(at: datetime) -> str:
    """Give an aware time as PostgreSQL reads it."""
    return at.isoformat()
