"""`jiebang assign`: experts to bids from a file, without a server. The engine is imported when it is asked for."""

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jiebang.cli.faults import THEIRS, Malformed, report_malformed
from jiebang.cli.output import apart, print_json, writing
from jiebang.rules.faults import Fault

if TYPE_CHECKING:
    from jiebang.engines.assignment.problem import Assignment, Infeasible, Problem

Seed = Annotated[
    str | None, typer.Option(help="Hex, for a lottery (`cap`); the problem file's hash if left out.")
]
Explain = Annotated[Path | None, typer.Option(help="Also write why each pair is one, as CSV.")]
Stored = Annotated[
    Path | None, typer.Option(help="Verify this assignment instead of solving; writes nothing.")
]


def assign(
    problem: Annotated[Path, typer.Argument(help="The problem (JSON, see docs/assignment.md).")],
    out: Annotated[
        Path | None, typer.Option("--out", help="File for the result: bid,expert,affinity.")
    ] = None,
    explain: Explain = None,
    stored: Stored = None,
    seed: Seed = None,
    lang: Annotated[str, typer.Option(help="Language of reasons.")] = "en",
    json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
) -> int:
    """Assign experts to bids: the greatest total affinity that loads, conflicts and quotas allow, proven.

    Exit 0 when it is done; 2 when the problem is malformed, or when its constraints collide: which, and what would repair it.

    Example: jiebang assign problem.json --out assignment.csv --explain why.csv
    """
    found, committed = _problem(problem)
    if stored is not None:
        return _verify(found, stored, lang, json)
    if out is None:
        raise Malformed([Fault("--out", None, "out", "name a file for the result")])
    for file in (out, *([explain] if explain else [])):
        apart(file, problem)
    dice = _seed(problem, seed, committed)
    started = time.perf_counter()
    answer, also = _solve(found, dice)
    seconds = time.perf_counter() - started
    if not hasattr(answer, "total"):
        return _collides(problem, answer, lang, json)
    _write(found, answer, out, explain, lang)
    facts = {
        "total": answer.total,
        "optimal": answer.optimal,
        "gap": answer.gap,
        "seconds": round(seconds, 3),
    }
    _tell(found, answer, {**facts, **also}, out, json)
    return 0


def _problem(path: Path) -> "tuple[Problem, str]":
    from jiebang.adapters.assignment_problem import read_problem

    found = read_problem(path)
    if isinstance(found, list):
        raise Malformed(found)
    return found


def _seed(path: Path, text: str | None, committed: str) -> bytes:
    """The seed's bytes; where the problem commits to one, that one and no other."""
    from jiebang.engines.assignment.lottery import commitment

    try:
        seed = bytes.fromhex(text) if text is not None else hashlib.sha256(path.read_bytes()).digest()
    except ValueError:
        raise Malformed(
            [Fault("--seed", None, "seed", "is not hex; write pairs of digits 0-9 a-f")]
        ) from None
    if committed and commitment(seed) != committed:
        said = "is not the seed that the problem commits to; give the one whose SHA-256 is `commitment`"
        raise Malformed([Fault("--seed", None, "seed", said)])
    return seed


def _solve(problem: "Problem", seed: bytes) -> "tuple[Any, dict[str, Any]]":
    """The assignment and further facts of it, or what collides."""
    from jiebang.engines.assignment import lottery
    from jiebang.engines.assignment.problem import Infeasible
    from jiebang.engines.assignment.solve import solve

    if problem.cap is None:
        return solve(problem), {}
    lots = lottery.lottery(problem)
    if isinstance(lots, Infeasible):
        return lots, {}
    also = {"expected": lots.expected, "greatest_probability": lots.greatest, "seed": seed.hex()}
    return lottery.draw(problem, lots, seed=seed), {**also, "commitment": lottery.commitment(seed)}


def _write(problem: "Problem", answer: "Assignment", out: Path, explain: Path | None, lang: str) -> None:
    from jiebang.adapters.assignment_files import assignment_csv, explanations_csv
    from jiebang.engines.assignment.explain import explain as explained

    files = {out: assignment_csv(problem, answer)}
    if explain is not None:
        files[explain] = explanations_csv(problem, explained(problem, answer), lang=lang)
    for path, data in files.items():
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(path.name + ".part")
            partial.write_bytes(data)
            partial.replace(path)


def _tell(problem: "Problem", answer: "Assignment", facts: dict[str, Any], out: Path, json: bool) -> None:
    if json:
        print_json(
            {**facts, "pairs": len(answer.bid), "bids": len(problem.bids), "experts": len(problem.experts)}
        )
        return
    proof = "proven optimal" if answer.optimal else f"within {answer.gap:.3%} of the best"
    if problem.cap is not None:
        proof = (
            f"drawn by lot, expected {facts['expected']:.6f}, no pair above {facts['greatest_probability']:g}"
        )
    print(f"{len(answer.bid)} pairs, total affinity {answer.total:.6f}, {proof}, {facts['seconds']:.2f} s")
    print(f"The assignment is {out}")


def _collides(path: Path, found: "Infeasible", lang: str, json: bool) -> int:
    """Say which constraints collide and what would repair it; nothing is written."""
    from jiebang.adapters.assignment_files import words

    said = {"collide": found.collide, "repair": found.repairs}
    if json:
        told = {
            key: [
                {"code": item.code, "params": item.params, "words": words(item, lang=lang)} for item in items
            ]
            for key, items in said.items()
        }
        print_json({"feasible": None if not found.proven else False, **told})
    return (
        report_malformed(
            Malformed(
                Fault(str(path), None, key, words(item, lang=lang))
                for key, items in said.items()
                for item in items
            )
        )
        if not json
        else THEIRS
    )


def _verify(problem: "Problem", stored: Path, lang: str, json: bool) -> int:
    from jiebang.adapters.assignment_files import read_pairs, words
    from jiebang.engines.assignment.verify import verify

    pairs = read_pairs(stored, problem)
    if pairs and isinstance(pairs[0], Fault):
        raise Malformed(fault for fault in pairs if isinstance(fault, Fault))
    found = verify(problem, [pair for pair in pairs if isinstance(pair, tuple)])
    if json:
        broken = [
            {"code": item.code, "params": item.params, "words": words(item, lang=lang)}
            for item in found.broken
        ]
        print_json({"holds": found.holds, "total": found.total, "broken": broken})
    else:
        report_malformed(
            Malformed(Fault(str(stored), None, "pair", words(item, lang=lang)) for item in found.broken)
        )
        print(
            f"{len(pairs)} pairs, total affinity {found.total:.6f}: "
            + ("all holds" if found.holds else "broken")
        )
    return 0 if found.holds else THEIRS
