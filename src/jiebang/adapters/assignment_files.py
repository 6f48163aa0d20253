"""An assignment as a file, and what the engine found in words."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from jiebang.decisions.cells import harmless, plain_text
from jiebang.engines.assignment.explain import Explanation
from jiebang.engines.assignment.problem import Assignment, Finding, Pair, Problem
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import Reason, render

HEADER = ("bid", "expert", "affinity")
EXPLAINED = (
    "bid", "expert", "affinity", "rank", "runner_up", "runner_up_affinity", "why", "price", "price_of_runner_up", "code",
)  # fmt: skip


def assignment_csv(problem: Problem, answer: Assignment) -> bytes:
    """`bid,expert,affinity`, one row a pair in the order of the problem; numbers read back exactly."""
    rows = zip(answer.bid.tolist(), answer.expert.tolist(), answer.affinity.tolist(), strict=True)
    return _table(
        HEADER,
        ((_id(problem.bids[bid]), _id(problem.experts[expert]), repr(fit)) for bid, expert, fit in rows),
    )


def explanations_csv(problem: Problem, found: Iterable[Explanation], *, lang: str) -> bytes:
    """One row a pair with its reason in words and as a code."""
    return _table(EXPLAINED, (_explained(problem, item, lang) for item in found))


def _explained(problem: Problem, item: Explanation, lang: str) -> tuple[object, ...]:
    runner_up = "" if item.runner_up is None else _id(problem.experts[item.runner_up])
    fit = "" if item.runner_up_affinity is None else repr(item.runner_up_affinity)
    return (
        _id(problem.bids[item.bid]), _id(problem.experts[item.expert]), repr(item.affinity), item.rank, runner_up, fit,
        words(item.binding, lang=lang), repr(item.price), repr(item.price_of_runner_up), item.binding.code,
    )  # fmt: skip


def words(finding: Finding, *, lang: str = "en") -> str:
    """The sentence for what the engine found."""
    return render(Reason(finding.code, finding.params), lang=lang)


def read_pairs(path: Path, problem: Problem, /) -> list[Pair] | list[Fault]:
    """The pairs of a stored assignment (columns `bid` and `expert`, others are passed over), or what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        return [Fault(str(path), None, "file", f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return [Fault(str(path), None, "file", "is not UTF-8; save it as UTF-8")]
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not {"bid", "expert"} <= set(reader.fieldnames or ()):
        return [Fault(str(path), 1, "bid,expert", "these columns are missing; write them in the first line")]
    bids = {name: at for at, name in enumerate(problem.bids)}
    experts = {name: at for at, name in enumerate(problem.experts)}
    found, wrong = [], []
    for row in reader:
        row |= {key: plain_text(row[key] or "") for key in ("bid", "expert")}
        for key, known in (("bid", bids), ("expert", experts)):
            if row[key] not in known:
                wrong.append(
                    Fault(
                        str(path), reader.line_num, key, f"unknown {key} {row[key]!r}; use one of the problem"
                    )
                )
        if row["bid"] in bids and row["expert"] in experts:
            found.append((bids[row["bid"]], experts[row["expert"]]))
    return wrong or found


def _id(name: str) -> str:
    """An id that no spreadsheet takes for a formula; `read_pairs` takes the apostrophe off again."""
    return harmless(name, typed=False)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
