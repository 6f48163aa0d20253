"""Receipts: what a person keeps to show later that something was received, checkable without the server.

A receipt is a JSON object: `format`, `subject`, `entry` (the whole journal entry), `leaf` (its hash), `head`
(`seq` and `leaf` of the last entry when the receipt was written) and, for the owner of the private values,
`openings`: name -> {`salt`: 32 hex digits, `value`}.
"""

from collections.abc import Iterable, Mapping

from jiebang.trust.canonical import Json, NotCanonicalError, canonical_bytes, plain
from jiebang.trust.chain import (
    ChainFault,
    Entry,
    Step,
    as_mapping,
    entry_from,
    entry_leaf,
    is_hash,
    walk_chain,
)
from jiebang.trust.commitments import opens

FORMAT = "jiebang-receipt/1"

Opening = tuple[bytes, object]  # salt and value of a private value


def make_receipt(
    entry: Entry, *, head_seq: int, head_leaf: str, openings: Mapping[str, Opening] | None = None
) -> dict[str, Json]:
    """The receipt for an entry, given the last entry's number and leaf hash; ready for `json.dumps`."""
    shown = {name: {"salt": salt.hex(), "value": value} for name, (salt, value) in (openings or {}).items()}
    receipt = {
        "format": FORMAT,
        "subject": entry.subject,
        "entry": plain(as_mapping(entry)),
        "leaf": entry_leaf(entry),
        "head": plain({"seq": head_seq, "leaf": head_leaf}),
    }
    return {**receipt, "openings": plain(shown)} if shown else receipt


def verify_receipt(receipt: object, *, journal: Iterable[bytes] | None = None) -> list[ChainFault]:
    """Every fault of a receipt; empty when it holds. With the lines of a journal: also that the journal still
    contains the entry, and still has the head that the receipt saw. Those lines are read once, as a stream.
    """
    check = ReceiptCheck(receipt)
    for step in walk_chain(journal or (), withheld=True):
        check.see(step)
    return check.faults(against_journal=journal is not None)


class ReceiptCheck:
    """A receipt held against a journal while somebody else walks it (one pass for both checks)."""

    def __init__(self, receipt: object) -> None:
        self._entry, self._head, self._alone = _read(receipt)
        self._missing = dict([self._head] if self._head else [])
        if self._entry:
            self._missing[self._entry.seq] = entry_leaf(self._entry)

    def see(self, step: Step) -> None:
        """Look at one line of the journal."""
        if step.seq is not None and self._missing.get(step.seq) == step.leaf:
            del self._missing[step.seq]

    def faults(self, *, against_journal: bool) -> list[ChainFault]:
        """What is wrong with the receipt itself and, if a journal was walked, what that journal lacks."""
        if not against_journal:
            return self._alone
        lost = [_fault("lost", seq=seq, leaf=leaf) for seq, leaf in self._missing.items()]
        return self._alone + lost


def _read(receipt: object) -> tuple[Entry | None, tuple[int, str] | None, list[ChainFault]]:
    if not isinstance(receipt, dict) or receipt.get("format") != FORMAT:
        return None, None, [_fault("format", expected=FORMAT)]
    try:
        entry = entry_from(receipt.get("entry"))
        canonical_bytes(receipt)
    except NotCanonicalError as problem:
        return None, None, [_fault("entry", problem=str(problem))]
    head = _head(receipt.get("head"))
    return entry, head, _faults(receipt, entry, head)


def _faults(receipt: Mapping[str, object], entry: Entry, head: tuple[int, str] | None) -> list[ChainFault]:
    leaf = entry_leaf(entry)
    faults = []
    if receipt.get("leaf") != leaf:
        faults.append(_fault("leaf", found=str(receipt.get("leaf")), expected=leaf))
    if receipt.get("subject") != entry.subject:
        faults.append(_fault("subject", found=str(receipt.get("subject")), expected=entry.subject))
    if head is None or head[0] < entry.seq or (head[0] == entry.seq and head[1] != leaf):
        faults.append(_fault("head", seq=entry.seq))
    return faults + _opening_faults(receipt.get("openings", {}), entry)


def _opening_faults(openings: object, entry: Entry) -> list[ChainFault]:
    if not isinstance(openings, dict):
        return [_fault("opening", name="openings")]
    wrong = [name for name, item in openings.items() if not _opens(entry.private.get(name), item)]
    return [_fault("opening", name=name) for name in wrong]


def _opens(commitment: str | None, item: object) -> bool:
    if commitment is None or not isinstance(item, dict):
        return False
    try:
        return opens(commitment, item.get("value"), salt=bytes.fromhex(str(item.get("salt"))))
    except ValueError:
        return False


def _head(value: object) -> tuple[int, str] | None:
    if not isinstance(value, dict) or type(value.get("seq")) is not int or not is_hash(value.get("leaf")):
        return None
    return value["seq"], value["leaf"]


def _fault(what: str, **params: str | int) -> ChainFault:
    return ChainFault(0, f"trust.receipt_{what}", params)
