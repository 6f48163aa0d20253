"""Turn a grant panel's table of reviews into a round bundle.

    python convert.py SOURCE OUT

SOURCE holds AIBS.csv, one row a review. OUT becomes a folder that `jiebang round run rulebook.yaml OUT --out RESULT` reads.
What the panel made of the scores (ScoreAvg, ScoreRank and their adjusted forms) is never read.
"""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

MANIFEST = "format: jiebang-round/1\ntimezone: UTC\ncurrency: USD\n"
PANEL = "panel"


def convert(source: Path, out: Path) -> dict[str, int]:
    """Write the bundle of the panel in `source` into `out`; answers how many rows each file got."""
    with (source / "AIBS.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    # a proposal has a row for each review: the first one says where it was listed
    listed = {row["ID"]: row for row in reversed(rows)}
    order = dict.fromkeys(row["ID"] for row in rows)
    proposals = ((key, PANEL, f"PI {listed[key]['PIID']}", listed[key]["PropType"]) for key in order)
    reviews = [
        (row["ID"], f"R{row['RevID']}", "merit", row["Score"], row["RevExp"]) for row in rows if row["Score"]
    ]
    out.mkdir(parents=True, exist_ok=True)
    (out / "bundle.yaml").write_text(MANIFEST, encoding="utf-8")
    return {
        "challenges": write(out / "challenges.csv", ("id", "title"), [(PANEL, "Grant panel")]),
        "bids": write(out / "bids.csv", ("id", "challenge", "lead", "kind"), proposals),
        "reviews": write(out / "reviews.csv", ("bid", "expert", "criterion", "score", "confidence"), reviews),
    }


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV file; answers its number of rows."""
    made = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *made])
    return len(made)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python convert.py SOURCE OUT")
    try:
        print(json.dumps(convert(Path(sys.argv[1]), Path(sys.argv[2]))))
    except (OSError, KeyError, ValueError) as error:
        sys.exit(
            f"{sys.argv[1]}: cannot be converted: {type(error).__name__} {error}; see README.md for the files"
        )
