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
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

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
                f"{month} 的原文已不能读取：该月密钥已销毁或不在密钥目录中",
                f"The originals of {month} cannot be read any more: the key of the month was destroyed or is not there",
                "密钥的销毁记录见“原文密钥”；如属误移，请恢复密钥目录",
                "See the keys of originals for what was destroyed; if the folder was moved, bring it back",
            )
        )  # fmt: skip
        self.month = month


class NotReadable(ValueError):
    """What was kept does not open: it was changed, or the key of its month is another one."""


class Safe:
    """A folder of monthly keys, one file ``YYYY-MM.key`` each; any number of processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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
            raise KeyGone(name_of(month))
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

    def _path(self, month: int) -> Path:
        return self.folder / f"{name_of(month)}.key"


@lru_cache(maxsize=1)
def safe() -> Safe:
    """Give the safe of this installation (KOUAN_KEYS)."""
    return Safe(Path(settings.KOUAN_KEYS))


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
