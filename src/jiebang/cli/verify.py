"""`jiebang verify`: check a journal and a receipt with nothing but the files: no Django, no server."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from jiebang.cli.faults import THEIRS, Malformed, report_malformed
from jiebang.cli.options import AsJson
from jiebang.cli.output import print_json, progress_bar
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import Reason, render
from jiebang.trust.chain import GENESIS, ChainFault, head_faults, is_hash, walk_chain
from jiebang.trust.receipts import ReceiptCheck, verify_receipt

LONGEST_LINE = (
    4_000_000  # bytes; an entry is a few hundred, and a file without line ends must not fill memory
)

Journal = Annotated[Path | None, typer.Argument(help="journal.jsonl: one canonical JSON entry a line.")]
Receipt = Annotated[Path | None, typer.Option(help="A receipt (JSON) to check on its own and against it.")]
Head = Annotated[str | None, typer.Option(help="Hash of the last entry, as noted by somebody else.")]


@dataclass
class Answer:
    """What one pass over the journal found."""

    entries: int = 0
    withheld: int = 0
    head: str = GENESIS
    faults: list[Fault] = field(default_factory=list)


def verify(
    journal: Journal = None, receipt: Receipt = None, head: Head = None, as_json: AsJson = False
) -> int:
    """Verify a journal, and a receipt against it, without trusting the server it came from.

    A receipt can be verified without a journal: its entry, hash and private values; not that a journal holds it.
    Exit 0 when everything holds, 2 when not: every fault on its own line.

    Example: jiebang verify journal.jsonl --receipt receipt.json --head 5feceb66...
    """
    _refuse_bad_head(head)
    held = _read_receipt(receipt) if receipt else None
    if journal:
        answer = _walk(journal, check=ReceiptCheck(held) if receipt else None, receipt=receipt, head=head)
    else:
        answer = _alone(receipt, held, head=head)
    if as_json:
        print_json(_as_json(answer))
    else:
        report_malformed(Malformed(answer.faults))
        _say(answer, held, head=head, alone=journal is None)
    return THEIRS if answer.faults else 0


def _walk(journal: Path, *, check: ReceiptCheck | None, receipt: Path | None, head: str | None) -> Answer:
    answer = Answer()
    for step in walk_chain(_lines(journal), withheld=True):
        answer.entries, answer.head = step.line, step.leaf
        answer.withheld += step.withheld
        answer.faults += _located(journal, step.faults)
        if check:
            check.see(step)
    empty = [] if answer.entries else [ChainFault(0, "trust.empty")]
    answer.faults += _located(journal, empty + head_faults(head, leaf=answer.head, line=answer.entries))
    if check and receipt:
        answer.faults += _located(receipt, check.faults(against_journal=True))
    return answer


def _alone(receipt: Path | None, held: object, *, head: str | None) -> Answer:
    """The receipt by itself."""
    if receipt is None or head is not None:
        raise Malformed(
            [Fault("journal", None, "journal", "name a journal to verify; only a receipt can do without")]
        )
    return Answer(faults=_located(receipt, verify_receipt(held)))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream, progress_bar() as bar:
            task = bar.add_task("verifying", total=path.stat().st_size)
            while line := stream.readline(LONGEST_LINE):
                bar.advance(task, len(line))
                yield line
    except OSError as error:
        raise Malformed([_unreadable(path, error)]) from error


def _read_receipt(path: Path) -> object:
    try:
        with path.open("rb") as stream:
            return _parse(stream)
    except OSError as error:
        raise Malformed([_unreadable(path, error)]) from error
    except (ValueError, RecursionError) as error:
        raise Malformed([Fault(str(path), None, "receipt", f"this is not JSON: {error}")]) from error


def _parse(stream: BinaryIO) -> object:
    data = stream.read(LONGEST_LINE + 1)
    if len(data) > LONGEST_LINE:
        raise ValueError(f"larger than {LONGEST_LINE} bytes")
    return json.loads(data)


def _refuse_bad_head(head: str | None) -> None:
    if head is not None and not is_hash(head):
        raise Malformed([Fault("--head", None, "head", "a hash is 64 digits from 0-9 and a-f")])


def _located(path: Path, faults: Iterable[ChainFault]) -> list[Fault]:
    """Chain faults as faults of a file, worded."""
    worded = ((fault, render(Reason(fault.code, fault.params), lang="en")) for fault in faults)
    return [Fault(str(path), fault.line or None, fault.code, text) for fault, text in worded]


def _unreadable(path: Path, error: OSError) -> Fault:
    return Fault(str(path), None, "file", f"cannot be read: {error.strerror}")


def _say(answer: Answer, held: object, *, head: str | None, alone: bool) -> None:
    if answer.faults:
        return
    if not alone:
        print(render(Reason("trust.holds", {"entries": answer.entries, "head": answer.head}), lang="en"))
    if answer.withheld:
        print(render(Reason("trust.withheld", {"entries": answer.withheld}), lang="en"))
    if isinstance(held, dict):
        params = {"subject": held["subject"], "seq": held["entry"]["seq"]}
        print(render(Reason("trust.receipt_holds", params), lang="en"))
    if alone:
        print(render(Reason("trust.receipt_alone"), lang="en"))
    elif head is None:
        print(render(Reason("trust.no_head"), lang="en"))


def _as_json(answer: Answer) -> dict[str, object]:
    faults = [{"file": f.file, "line": f.line, "code": f.field, "message": f.message} for f in answer.faults]
    counts = {"entries": answer.entries, "withheld": answer.withheld}
    return {"verified": not faults, **counts, "head": answer.head, "faults": faults}
