"""Roots and paths agree with RFC 6962 as a second, recursive reading of it computes them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiebang.trust.merkle import includes, inclusion_path, leaf_hash, merkle_root

BATCH = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def by_the_book(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, as the text defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = max(2**i for i in range(20) if 2**i < len(leaves))
    return hashlib.sha256(b"\x01" + by_the_book(leaves[:k]) + by_the_book(leaves[k:])).digest()


def test_known_answers() -> None:
    """The empty tree, and the eight inputs with which Certificate Transparency tests its own tree."""
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [bytes.fromhex(text) for text in inputs]
    assert merkle_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle_root(leaves[:1]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(leaves) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", range(70))
def test_roots_of_every_small_size(size: int) -> None:
    leaves = [bytes([i]) for i in range(size)]
    assert merkle_root(iter(leaves)) == by_the_book(leaves).hex()


@given(BATCH, st.data())
def test_every_leaf_is_proved_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, path, size = merkle_root(leaves), inclusion_path(leaves, index), len(leaves)
    assert includes(root, leaves[index], index=index, size=size, path=path)
    assert not includes(root, leaves[index] + b"x", index=index, size=size, path=path)
    assert not includes(root, leaves[index], index=size, size=size, path=path)
    assert not includes(root, leaves[index], index=index, size=size, path=[*path, root])
    for other in {i for i in range(size) if i != index}:
        if leaves[other] != leaves[index]:
            assert not includes(root, leaves[other], index=other, size=size, path=path)


def test_a_malformed_path_proves_nothing() -> None:
    assert not includes(merkle_root([b"a", b"b"]), b"a", index=0, size=2, path=["zz"])
    assert not includes(merkle_root([b"a", b"b"]), b"a", index=0, size=2, path=[])


def test_a_node_cannot_pass_for_a_leaf() -> None:
    pair = bytes.fromhex(leaf_hash(b"a")) + bytes.fromhex(leaf_hash(b"b"))
    assert leaf_hash(pair) != merkle_root([b"a", b"b"])


def test_there_is_no_path_to_a_leaf_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        inclusion_path([b"a"], 1)
