"""The safe: bytes go in under the key of their month and come out as they were, as long as that key is there.

Each month has a random key of its own in a folder outside the database. What lies in the database, in its dumps and
on its disks is therefore unreadable by itself, and destroying the key of a month erases all that was kept in it,
wherever copies are.

Form of what is kept: ``\\x4b\\x01``, the month as two bytes (year * 12 + month - 1), a nonce of 12 bytes, and the
Zstandard frame of the bytes under AES-256-GCM with the first four bytes as associated data.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from kouan.accounts.access import Refusal
from kouan.kernel.dates import CHINA_TIME
from kouan.records.problems import Problem

_MARK = b"\x4b\x01"
_HEAD = 4
_NONCE = 12
_KEY_BYTES = 32


class KeyGone(Refusal):
    """The key of a month is not in the folder: it was destroyed when its time was over, or the folder is another."""

    status = 410

    def __init__(self, month: str) -> None:
        super().__init__(
            Problem(
                "-970010", "", "error",
                f"{month} 的内容不能读取：该月密钥不在密钥目录中",
                f"What was kept in {month} cannot be read: the key of the month is not in its folder",
                "密钥的销毁记录见“原文密钥”；如属误移，请恢复密钥目录",
                "See the keys of originals for what was destroyed; if the folder was moved, bring it back",
            )
        )  # fmt: skip
        self.month = month


@dataclass(frozen=True, slots=True)
class Erasure:
    """When the key of a month was destroyed, and on what ground."""

    on_date: date
    ground: str


class Erased(KeyGone):
    """The key of a month was destroyed."""

    def __init__(self, month: str, erasure: Erasure) -> None:
        super().__init__(month)
        on_date, ground = erasure.on_date, erasure.ground
        self.problem = Problem(
            "-970011", "", "error",
            f"{month} 的内容已于 {on_date} 删除（销毁密钥），依据：{ground}",
            f"What was kept in {month} was erased on {on_date} by destroying its key, under: {ground}",
            "办件、状态、时间线和审计记录不受影响",
            "Cases, states, timelines and the audit are not touched by it",
        )  # fmt: skip


class NotReadable(ValueError):
    """What was kept does not open: it was changed, or the key of its month is another one."""


class Safe:
    """A folder of monthly keys, one file ``YYYY-MM.key`` each; any number of processes may share it.

    erasure_of: tells of a month whose key is not there when and why it was destroyed, None where it was not.
    """

    def __init__(self, folder: Path, erasure_of: Callable[[str], Erasure | None] = lambda month: None) -> None:
        self.folder = folder
        self._erasure_of = erasure_of
        self._ciphers: dict[int, AESGCM] = {}

    def keep(self, data: bytes, at: datetime, *, level: int = 1) -> bytes:
        """Give the form in which bytes are kept that came at a time. level: how hard Zstandard tries."""
        month = _month_of(at)
        head = _MARK + month.to_bytes(2, "big")
        nonce = os.urandom(_NONCE)
        cipher = self._make_cipher(month)
        return head + nonce + cipher.encrypt(nonce, zstandard.compress(data, level), head)

    def take(self, kept: bytes) -> bytes:
        """Give bytes as they came. Raises KeyGone, NotReadable."""
        if kept[:4] == zstandard.FRAME_HEADER:
            return zstandard.ZstdDecompressor().decompress(kept)  # kept before there were keys
        head, nonce = kept[:_HEAD], kept[_HEAD : _HEAD + _NONCE]
        if head[:2] != _MARK:
            raise NotReadable("this was not kept by the safe")
        month = int.from_bytes(head[2:], "big")
        cipher = self._cipher(month)
        try:
            return zstandard.ZstdDecompressor().decompress(cipher.decrypt(nonce, kept[_HEAD + _NONCE :], head))
        except (InvalidTag, zstandard.ZstdError) as error:
            raise NotReadable(f"what was kept in {name_of(month)} does not open") from error

    def keep_values(self, values: dict[str, Any], at: datetime) -> bytes:
        """Give the form in which the values of a form are kept."""
        return self.keep(msgspec.json.encode(values), at, level=3)

    def take_values(self, kept: bytes) -> dict[str, Any]:
        """Give the values of a form as they were kept; none where none were. Raises KeyGone, NotReadable."""
        return msgspec.json.decode(self.take(kept)) if kept else {}

    def key_for(self, purpose: str, month: str | datetime) -> bytes:
        """Derive a key of 32 bytes for one purpose from the key of a month, which is made where it is a time.

        It is gone when the key of the month is. Raises KeyGone for a month (``YYYY-MM``) without a key.
        """
        if isinstance(month, datetime):
            self._make_cipher(_month_of(month))
            month = name_of(_month_of(month))
        try:
            key = (self.folder / f"{month}.key").read_bytes()
        except FileNotFoundError:
            raise self._gone(month) from None
        return blake2b(purpose.encode(), key=key, digest_size=32, person=b"kouan derived").digest()

    def months(self) -> list[str]:
        """List the months of which the key is here, oldest first."""
        return sorted(path.stem for path in self.folder.glob("????-??.key"))

    def destroy(self, month: str) -> None:
        """Overwrite and remove the key of a month; one that is gone already stays gone."""
        path = self.folder / f"{month}.key"
        try:
            with open(path, "r+b") as handle:
                handle.write(secrets.token_bytes(_KEY_BYTES))
                handle.flush()
                os.fsync(handle.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        _sync(self.folder)

    def _cipher(self, month: int) -> AESGCM:
        """Give the cipher of a month; the file is looked for each time, so that a destroyed key is gone everywhere."""
        path = self._path(month)
        if not path.exists():
            self._ciphers.pop(month, None)
            raise self._gone(name_of(month))
        if month not in self._ciphers:
            self._ciphers[month] = AESGCM(path.read_bytes())
        return self._ciphers[month]

    def _make_cipher(self, month: int) -> AESGCM:
        """Make the key of a month unless another process was quicker; on disk before anything is kept under it."""
        path = self._path(month)
        if not path.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = self.folder / f".{path.name}.{secrets.token_hex(8)}"
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
                handle.write(secrets.token_bytes(_KEY_BYTES))
                handle.flush()
                os.fsync(handle.fileno())
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            fresh.unlink()
            _sync(self.folder)
        return self._cipher(month)

    def _gone(self, month: str) -> KeyGone:
        erasure = self._erasure_of(month)
        return Erased(month, erasure) if erasure else KeyGone(month)

    def _path(self, month: int) -> Path:
        return self.folder / f"{name_of(month)}.key"


@lru_cache(maxsize=1)
def safe() -> Safe:
    """Give the safe of this installation (KOUAN_KEYS)."""
    return Safe(Path(settings.KOUAN_KEYS), _erasure_of)


def _erasure_of(month: str) -> Erasure | None:
    from kouan.safekeeping.models import DestroyedKey

    row = DestroyedKey.objects.filter(month=month).first()
    return Erasure(timezone.localdate(row.destroyed_at), row.ground) if row else None


def name_of(month: int) -> str:
    """Give a month as it is written: 2026-03."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _month_of(at: datetime) -> int:
    local = at.astimezone(CHINA_TIME)
    return local.year * 12 + local.month - 1


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
