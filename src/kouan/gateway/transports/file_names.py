"""Names of files in exchange folders, as the import client of the single window makes them.

``Successed_`` (the client's own spelling) or ``Failed_`` says whether a file was taken, ``Receipt_`` brings a business
receipt, ``Check_`` Kouan's own check result. Behind it stand a key and 17 digits of China time, joined by ``_``:
programs of firms split there, so that the keys that Kouan makes hold none. Told to firms in docs/standards/folder.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from kouan.kernel.dates import format_stamp
from kouan.kernel.identifiers import time_of_uuid7

_TECHNICAL = re.compile(r"(?P<word>Successed|Failed)_(?P<key>.+?)(?:_\d{14,23})?\.xml", re.IGNORECASE)
_NOT_IN_A_KEY = re.compile(r"[^0-9A-Za-z.\u4e00-\u9fff-]+")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
_LONGEST_KEY = 60
_LONGEST_STEM = 200  # bytes; a name has at most 255


@dataclass(frozen=True, slots=True)
class Technical:
    """What the client says of a file by the name of its technical receipt. key: the file's name without its ending."""

    is_taken: bool
    key: str


def with_stamp(stem: str, suffix: str, at: datetime) -> str:
    """Give a file its moment: ``stem_YYYYMMDDhhmmssSSS.suffix``, China time; a stem too long for a disk is cut."""
    fitting = stem.encode("utf-8", "surrogateescape")[:_LONGEST_STEM].decode("utf-8", "ignore")
    return f"{fitting}_{format_stamp(at)}{suffix}"


def readable(name: str) -> str:
    """Give the name of a file as text that a database and XML can carry."""
    return _UNPRINTABLE.sub("\ufffd", name.encode("utf-8", "replace").decode())


def technical_name(file_name: str, *, is_taken: bool, at: datetime) -> str:
    """Name the technical receipt for a file."""
    return with_stamp(f"{'Successed' if is_taken else 'Failed'}_{Path(file_name).stem}", ".xml", at)


def read_technical(name: str) -> Technical | None:
    """Read what the client says of a file; ``None`` where the name is no technical receipt's."""
    found = _TECHNICAL.fullmatch(name)
    return Technical(found["word"].lower() == "successed", found["key"]) if found else None


def receipt_name(kind: str, receipt_id: UUID) -> str:
    """Name a receipt, the same at every attempt: its kind and id, and the moment at which it was issued."""
    return with_stamp(f"Receipt_{kind}-{receipt_id.hex}", ".xml", time_of_uuid7(receipt_id))


def check_name(answered: str, receipt_id: UUID) -> str:
    """Name a check result after the file that it answers, and so that no two are alike."""
    key = _NOT_IN_A_KEY.sub("-", Path(answered).stem).strip("-.")[:_LONGEST_KEY]
    return with_stamp(f"Check_{key or 'message'}-{receipt_id.hex[-12:]}", ".json", time_of_uuid7(receipt_id))
