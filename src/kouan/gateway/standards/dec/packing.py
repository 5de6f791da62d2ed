"""The zip in which a declaration travels with its files: one message and the PDFs it names, at the root, no folders.

Source: manual of the import client (one XML and its PDFs, no sub-folders, names as in ``EdocRealation``). What the
directory of a zip says of sizes is not believed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from kouan.records.problems import Problem

from .attached_files import LARGEST_FILE, check_file
from .codes import problem
from .reader import LARGEST
from .types import ROOT, Declaration, UnreadableMessage

MOST_FILES = 10
LARGEST_ZIP = LARGEST + MOST_FILES * LARGEST_FILE


@dataclass(slots=True)
class Packet:
    """What travels together: the message, and the files by the names under which it names them."""

    raw: bytes
    message_name: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


def unpack(body: bytes) -> Packet:
    """Take a zip, or a bare message, apart. Raises UnreadableMessage."""
    if body[:4] != b"PK\x03\x04":
        return Packet(body)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as fault:
        raise _refuse(f"无法读取（{type(fault).__name__}）", f"it cannot be read ({type(fault).__name__})") from None


def _unpack(archive: zipfile.ZipFile) -> Packet:
    entries = archive.infolist()
    if len(entries) > MOST_FILES + 1:
        raise _refuse(
            f"内有 {len(entries)} 个文件，最多 {MOST_FILES + 1} 个",
            f"it holds {len(entries)} files; {MOST_FILES + 1} are allowed",
        )
    packet = Packet(b"")
    for entry in entries:
        name = entry.filename
        if entry.is_dir() or "/" in name or "\\" in name or ".." in name or "\x00" in name or ":" in name:
            raise _refuse(f"不得有文件夹或路径：{name[:80]}", f"no folders or paths: {name[:80]}")
        is_message = name.lower().endswith(".xml")
        limit = LARGEST if is_message else LARGEST_FILE
        with archive.open(entry) as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise UnreadableMessage(problem("-960064", "", value=name[:80], size=f">{limit}", limit=limit))
        if is_message and packet.message_name:
            raise _refuse("内有多份报文，一次只能有一份", "it holds several messages; one is allowed")
        if is_message:
            packet.raw, packet.message_name = content, name
        elif name in packet.files:
            raise UnreadableMessage(problem("-960067", "", value=name[:80]))
        else:
            packet.files[name] = content
    if not packet.message_name:
        raise _refuse("内没有报文", "it holds no message")
    return packet


def pack(raw: bytes, files: Mapping[str, bytes], *, message_name: str) -> bytes:
    """Put a message and its files into a zip that is the same for the same content. Raises ValueError for a path."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {message_name: raw, **files}.items():
            if "/" in name or "\\" in name or ".." in name:
                raise ValueError(f"no path in a packet: {name!r}")
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def pack_many(messages: Mapping[str, bytes]) -> bytes:
    """Put many messages without files into one zip, as the door takes them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in messages.items():
            archive.writestr(name, content)
    return made.getvalue()


def check_packet(declaration: Declaration, packet: Packet) -> list[Problem]:
    """Check that the files are those that the message names, and each what it claims to be."""
    found: list[Problem] = []
    named = {one.file_name or "": (place, one) for place, one in enumerate(declaration.attachments, 1)}
    if packet.message_name:
        for name, (place, _one) in named.items():
            if name and name not in packet.files:
                found.append(problem("-960059", f"/{ROOT}/EdocRealation[{place}]/EdocID", value=name[:80]))
    for name, content in packet.files.items():
        if name not in named:
            found.append(problem("-960060", f"/{ROOT}/EdocRealation", value=name[:80]))
            continue
        place, one = named[name]
        pointer = f"/{ROOT}/EdocRealation[{place}]"
        found += check_file(name, content, f"{pointer}/EdocID")
        if one.size and one.size.isdigit() and int(one.size) != len(content):
            found.append(problem("-960065", f"{pointer}/EdocSize", value=name[:80], size=len(content), stated=one.size))
    return found


def _refuse(zh: str, en: str) -> UnreadableMessage:
    return UnreadableMessage(problem("-960066", "", zh=zh, en=en))
