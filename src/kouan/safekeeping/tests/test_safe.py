from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from kouan.safekeeping.safe import KeyGone, NotReadable, Safe

AT = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
LATER = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)
PERSON = "张三 11010519491231002X".encode()


@pytest.fixture
def safe(tmp_path):
    return Safe(tmp_path / "keys")


def test_it_works(safe):
    kept = safe.keep(PERSON * 50, AT)
    assert safe.take(kept) == PERSON * 50
    assert PERSON not in kept
    assert safe.months() == ["2026-03"]


def test_what_is_kept_opens_with_the_key_of_the_month_as_the_form_says(safe):
    import zstandard

    kept = safe.keep(PERSON, AT)
    key = (safe.folder / "2026-03.key").read_bytes()
    assert int.from_bytes(kept[2:4], "big") == 2026 * 12 + 2
    assert zstandard.decompress(AESGCM(key).decrypt(kept[4:16], kept[16:], kept[:4])) == PERSON


@given(st.binary(max_size=300))
def test_any_bytes_come_back(tmp_path_factory, data):
    one = Safe(tmp_path_factory.getbasetemp() / "any-keys")
    assert one.take(one.keep(data, AT)) == data


def test_the_month_is_that_of_china(safe):
    safe.keep(b"", datetime(2026, 2, 28, 16, 0, tzinfo=UTC))
    assert safe.months() == ["2026-03"]


def test_destroying_a_month_erases_it_for_everybody_and_leaves_the_others(safe):
    other = Safe(safe.folder)
    old, new = safe.keep(PERSON, AT), safe.keep(PERSON, LATER)
    assert other.take(old) == PERSON
    safe.destroy("2026-03")
    for one in (safe, other, Safe(safe.folder)):
        with pytest.raises(KeyGone, match="2026-03"):
            one.take(old)
        assert one.take(new) == PERSON


def test_destroying_twice_is_destroying_once(safe):
    safe.keep(PERSON, AT)
    safe.destroy("2026-03")
    safe.destroy("2026-03")
    assert safe.months() == []


@pytest.mark.parametrize("place", [0, 2, 5, 20, -1])
def test_what_was_changed_is_told(safe, place):
    kept = bytearray(safe.keep(PERSON, AT))
    kept[place] ^= 1
    with pytest.raises((NotReadable, KeyGone)):
        safe.take(bytes(kept))


def test_the_key_of_another_folder_does_not_open(safe, tmp_path):
    stranger = Safe(tmp_path / "others")
    stranger.keep(b"", AT)
    with pytest.raises(NotReadable):
        stranger.take(safe.keep(PERSON, AT))


def test_many_at_once_make_one_key(safe):
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda n: Safe(safe.folder).keep(b"%d" % n, AT), range(40)))
    assert [safe.take(one) for one in kept] == [b"%d" % n for n in range(40)]
    assert [path.name for path in safe.folder.iterdir()] == ["2026-03.key"]


def test_keys_are_for_the_owner_only(safe):
    safe.keep(b"", AT)
    assert (safe.folder / "2026-03.key").stat().st_mode & 0o077 == 0
    assert safe.folder.stat().st_mode & 0o077 == 0
