"""`jiebang round check` and `jiebang round run`: the main job from files, without a server and without Django."""

import os.path
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from jiebang.adapters.bundles import read_bundle
from jiebang.adapters.round_files import round_files, write_files
from jiebang.cli.faults import Malformed
from jiebang.cli.options import AsJson
from jiebang.cli.output import print_json, track, writing
from jiebang.cli.rulebook import sources
from jiebang.decisions import round as rounds
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.lottery import seed_fault
from jiebang.rules.faults import Fault
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook


def check(
    bundle: Annotated[Path, typer.Argument(help="A folder, .zip or .xlsx.")],
    json: AsJson = False,
) -> None:
    """Check a round bundle: every malformed place at once, with file, line and what would be right.

    Example: jiebang round check my-round.zip
    """
    found = _bundle(bundle, timezone="UTC")
    counts = {name: len(getattr(found, name) or ()) for name in found.files}
    if json:
        print_json({"ok": True, "digest": found.digest, **counts})
    else:
        print(f"{bundle} is well formed: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


def run(
    rulebook: Annotated[Path, typer.Argument(help="The programme's rulebook (YAML).")],
    bundle: Annotated[Path, typer.Argument(help="A folder, .zip or .xlsx.")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the result; files of an earlier run are replaced.")
    ],
    as_of: Annotated[
        str | None, typer.Option(help="The round's now; the bundle's latest time if left out.")
    ] = None,
    seed: Annotated[str | None, typer.Option(help="Hex; the bundle's hash if left out.")] = None,
    draw_seed: Annotated[
        str | None,
        typer.Option(help="A lottery's public numbers, sources apart by /; challenges.csv may have its own."),
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help="Language of reasons; the rulebook's first if left out.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Run a round: eligibility, scores, ranking and award, with a reason for every bid.

    Example: jiebang round run rulebook.yaml my-round/ --out result/
    """
    rules = _rulebook(rulebook)
    now, wrong = _as_of(as_of)
    wrong += (
        _seed(seed)
        + _draw_seed(rules, draw_seed)
        + (
            [Fault("--out", None, "out", f"{out} is a file; name a folder")] if os.path.isfile(out) else []  # noqa: PTH113
        )
    )
    found = _bundle(bundle, timezone=rules.timezone, also=wrong)
    if faults := rounds.faults(rules, found):
        raise Malformed(faults)
    result = rounds.run(rules, found, as_of=now, seed=seed.lower() if seed else None, draw_seed=draw_seed)
    files = round_files(rules, found, result, lang=lang or rules.languages[0])
    with writing(out):
        write_files(dict(track(files.items(), label="Writing")), folder=out)
    _tell(result, found, out, json)


def _tell(result: rounds.RoundResult, bundle: Bundle, out: Path, json: bool) -> None:
    counts = Counter(decision.outcome.value for decision in result.decisions)
    facts = {"challenges": len(bundle.challenges), "bids": len(bundle.bids), **counts}
    if json:
        total = str(rounds.total_awarded(result, bundle))
        as_of = result.as_of.isoformat() if result.as_of else None
        print_json(
            {
                **facts,
                "total_awarded": total,
                "as_of": as_of,
                "seed": result.seed,
                "rulebook": result.rulebook,
            }
        )
        return
    print(f"{len(bundle.bids)} bids on {len(bundle.challenges)} challenges: ", end="")
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    print(f"The report is {out / 'report.html'}")


def _bundle(path: Path, *, timezone: str, also: list[Fault] | None = None) -> Bundle:
    found = read_bundle(path, timezone=timezone)
    faults = (also or []) + (found if isinstance(found, list) else [])
    if faults or isinstance(found, list):
        raise Malformed(faults)
    return found


def _rulebook(path: Path) -> Rulebook:
    text, parents, wrong = sources(str(path))
    found = wrong or load(text, name=str(path), parents=parents)
    if isinstance(found, list):
        raise Malformed(found)
    return found


def _as_of(text: str | None) -> tuple[datetime | None, list[Fault]]:
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        at = None
    if text and (at is None or at.tzinfo is None or not 1900 <= at.year <= 2200):
        return None, [
            Fault("--as-of", None, "as-of", f"`{text}` is no time with a zone; write 2026-07-01T17:00+08:00")
        ]
    return at, []


def _seed(text: str | None) -> list[Fault]:
    if text is None or (0 < len(text) <= 128 and all(digit in "0123456789abcdefABCDEF" for digit in text)):
        return []
    return [Fault("--seed", None, "seed", f"`{text}` is not hex; write up to 128 digits 0-9 a-f")]


def _draw_seed(rules: Rulebook, text: str | None) -> list[Fault]:
    said = None if text is None else seed_fault(rules, text)
    return [Fault("--draw-seed", None, "draw-seed", said)] if said else []
