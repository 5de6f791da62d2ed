"""Identifiers that sort by the time they were made: UUID version 7.

Source: RFC 9562, section 5.7; the 12 bits after the milliseconds hold the fraction of the millisecond (section 6.2,
method 3), so that identifiers of one process stand in the order in which they were made.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from uuid import UUID

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_turn = threading.Lock()
_last_stamp = 0


def uuid7() -> UUID:
    """A new identifier; greater than every earlier one of this process."""
    return _assemble(_stamp_of_now(), int.from_bytes(os.urandom(8), "big") >> 2)


def uuid7_at(at: dt.datetime) -> UUID:
    """A new identifier that carries the time ``at`` (aware) instead of now.

    Those that one process makes for the same time stand in the order in which they were made, too: of the bits that
    are free, 46 go on counting and 16 are random.
    """
    milliseconds, microseconds = divmod(_microseconds(at), 1000)
    count = _stamp_of_now() & (1 << 46) - 1
    return _assemble(
        milliseconds << 12 | (microseconds << 12) // 1000, count << 16 | int.from_bytes(os.urandom(2), "big")
    )


def first_uuid7_at(at: dt.datetime) -> UUID:
    """The smallest value that an identifier of the millisecond of ``at`` (aware) can have; a bound for ranges.

    Below every real identifier of that millisecond, above every one of the millisecond before; not an identifier
    itself.
    """
    return UUID(int=_microseconds(at) // 1000 << 80)


def time_of_uuid7(identifier: UUID) -> dt.datetime:
    """The time, to the millisecond, in an identifier. Raises ValueError for a UUID of another version."""
    if identifier.version != 7:
        raise ValueError(f"{identifier} is not a UUID of version 7")
    return _EPOCH + dt.timedelta(milliseconds=identifier.int >> 80)


def _stamp_of_now() -> int:
    """Now in steps of 1/4096 millisecond, higher than any stamp before."""
    global _last_stamp
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    stamp = milliseconds << 12 | (nanoseconds << 12) // 1_000_000
    with _turn:
        stamp = _last_stamp = max(stamp, _last_stamp + 1)
    return stamp


def _assemble(stamp: int, last_62_bits: int) -> UUID:
    return UUID(int=(stamp >> 12) << 80 | _VERSION | (stamp & 0xFFF) << 64 | _VARIANT | last_62_bits)


def _microseconds(at: dt.datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("an aware time is needed")
    return (at - _EPOCH) // dt.timedelta(microseconds=1)
