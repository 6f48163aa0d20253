"""Merkle tree hashes of RFC 6962, section 2.1: one root stands for a whole batch.

Leaves and nodes are hashed with different first bytes, so that no node can pass for a leaf.
"""

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> str:
    """SHA-256(0x00 || data) as 64 hex digits."""
    return _leaf(data).hex()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Root of the tree over `leaves` (raw data, in order) as 64 hex digits; of no leaves, SHA-256 of nothing.

    Keeps one hash a level, so a batch may be larger than memory.
    """
    stack: list[tuple[int, bytes]] = []
    for data in leaves:
        level, node = 0, _leaf(data)
        while stack and stack[-1][0] == level:
            level, node = level + 1, _node(stack.pop()[1], node)
        stack.append((level, node))
    return _fold(stack).hex()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[str]:
    """Hashes that lead from leaf `index` (from 0) to the root, lowest first (RFC 6962, 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_path(leaves[:split], index), merkle_root(leaves[split:])]
    return [*inclusion_path(leaves[split:], index - split), merkle_root(leaves[:split])]


def includes(root: str, data: bytes, *, index: int, size: int, path: Sequence[str]) -> bool:
    """Whether `path` proves `data` to be leaf `index` of `size` leaves under `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, position, last = _leaf(data), index, size - 1
    for step in path:
        if last == 0 or not _is_hash(step):
            return False
        sibling = bytes.fromhex(step)
        if position % 2 or position == last:
            node = _node(sibling, node)
            while position % 2 == 0 and position:
                position, last = position // 2, last // 2
        else:
            node = _node(node, sibling)
        position, last = position // 2, last // 2
    return last == 0 and node.hex() == root


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _fold(stack: list[tuple[int, bytes]]) -> bytes:
    if not stack:
        return hashlib.sha256().digest()
    node = stack[-1][1]
    for _, left in reversed(stack[:-1]):
        node = _node(left, node)
    return node


def _split(size: int) -> int:
    """The largest power of two below `size` (two or more)."""
    return 1 << (size - 1).bit_length() - 1
