"""Hashes of the audit: of an entry, of a tree of entries, of a seal. Pure; what a verifier elsewhere has to repeat.

An entry is a list of texts, its columns in the order of ``entries.COLUMNS``; its leaf is SHA-256 of a zero byte and
the list as compact JSON in UTF-8. The tree is that of RFC 9162, section 2.1.1: SHA-256 of a one byte and the hashes
of both halves, the left half being the largest power of two below the number of leaves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

NOTHING = bytes(32)
"""What the first seal names as the one before it."""


def leaf_of(columns: Sequence[str | None]) -> bytes:
    """Return the hash of one entry."""
    text = json.dumps(list(columns), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the Merkle tree hash over leaves in their order; that of no leaves is the SHA-256 of nothing.

    Keeps one hash per level, so that any number of leaves can stream through.
    """
    levels: list[bytes | None] = []
    for leaf in leaves:
        node: bytes = leaf
        for height, waiting in enumerate(levels):
            if waiting is None:
                levels[height] = node
                break
            levels[height], node = None, _node_of(waiting, node)
        else:
            levels.append(node)
    rest = [node for node in levels if node is not None]
    if not rest:
        return hashlib.sha256().digest()
    root = rest[0]
    for left in rest[1:]:
        root = _node_of(left, root)
    return root


def seal_hash(columns: Mapping[str, str | int]) -> bytes:
    """Return the hash of a seal: SHA-256 of its columns as compact JSON with sorted keys in UTF-8."""
    text = json.dumps(dict(columns), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).digest()


def _node_of(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
