"""The tree of RFC 9162, against its definition and the published vectors of certificate transparency."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from kouan.audit.merkle import leaf_of, root_of, seal_hash

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""The test vectors of Google's certificate-transparency (testdata of the Merkle tree)."""


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def test_the_published_vectors():
    for count, root in ROOTS.items():
        assert root_of(leaf(bytes.fromhex(text)) for text in INPUTS[:count]).hex() == root


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_streamed_root_is_the_defined_one(leaves):
    assert root_of(leaves) == by_definition(leaves)


@given(st.lists(st.one_of(st.none(), st.text()), max_size=4), st.lists(st.one_of(st.none(), st.text()), max_size=4))
def test_two_entries_have_one_leaf_only_if_they_are_the_same(one, other):
    assert (leaf_of(one) == leaf_of(other)) == (one == other)


def test_a_seals_hash_does_not_hang_on_the_order_of_columns():
    assert seal_hash({"a": 1, "b": "二"}) == seal_hash({"b": "二", "a": 1})
