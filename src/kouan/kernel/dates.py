"""Times as Chinese customs messages write them, and the aware times that Kouan keeps."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

# China has kept one time, eight hours before Greenwich, without daylight saving since 1992.
CHINA_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")

_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"[0-9]{14}")
_STAMP = re.compile(r"[0-9]{17}")


def parse_date(text: str) -> date:
    """Read ``YYYYMMDD``. Raises ValueError if the form is another or the day does not exist."""
    if not _DATE.fullmatch(text):
        raise ValueError(f"not a date YYYYMMDD: {text!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def parse_time(text: str) -> datetime:
    """Read ``YYYYMMDDhhmmss`` as China time, aware. Raises ValueError."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"not a time YYYYMMDDhhmmss: {text!r}")
    return _read(text, 0)


def parse_stamp(text: str) -> datetime:
    """Read the 17 digits ``YYYYMMDDhhmmssSSS`` of a receipt as China time, aware. Raises ValueError."""
    if not _STAMP.fullmatch(text):
        raise ValueError(f"not a time YYYYMMDDhhmmssSSS: {text!r}")
    return _read(text, int(text[14:]) * 1000)


def _read(text: str, microsecond: int) -> datetime:
    return datetime(
        int(text[:4]), int(text[4:6]), int(text[6:8]), int(text[8:10]), int(text[10:12]), int(text[12:14]),
        microsecond, CHINA_TIME,
    )  # fmt: skip


def format_date(day: date) -> str:
    """Write ``YYYYMMDD``."""
    return f"{day:%Y%m%d}".rjust(8, "0")


def format_time(at: datetime) -> str:
    """Write an aware time as ``YYYYMMDDhhmmss``, China time."""
    return f"{_in_china(at):%Y%m%d%H%M%S}".rjust(14, "0")


def format_stamp(at: datetime) -> str:
    """Write an aware time as the 17 digits ``YYYYMMDDhhmmssSSS``, China time."""
    return f"{format_time(at)}{at.microsecond // 1000:03d}"


def _in_china(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a time zone cannot be written as China time")
    return at.astimezone(CHINA_TIME)
