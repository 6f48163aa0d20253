"""Turn the published marks of figure skating events into a round bundle: each performance a bid, each component a criterion.

    python convert.py SOURCE OUT

SOURCE holds performances.csv, judged-aspects.csv and judge-scores.csv. OUT becomes a folder that `jiebang round run
rulebook.yaml OUT --out RESULT` reads. What the panel made of the marks (`scores_of_panel`, ranks, totals) is never read.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

MANIFEST = "format: jiebang-round/1\ntimezone: UTC\ncurrency: XXX\n"
COMPONENTS = {  # a word of the component's name -> the criterion; names vary with discipline and year
    "skating skills": "skating_skills",
    "transition": "transitions",
    "performance": "performance",
    "composition": "composition",
    "interpretation": "interpretation",
}


def convert(source: Path, out: Path) -> dict[str, int]:
    """Write the bundle of the events in `source` into `out`; answers how many rows each file got."""
    segments = {
        row["performance_id"]: f"{row['competition']}: {row['program']}"
        for row in _rows(source, "performances")
    }
    names = {row["performance_id"]: row["name"] for row in _rows(source, "performances")}
    out.mkdir(parents=True, exist_ok=True)
    (out / "bundle.yaml").write_text(MANIFEST, encoding="utf-8")
    bids = ((key, segment, names[key]) for key, segment in segments.items())
    return {
        "challenges": write(out / "challenges.csv", ("id",), [(name,) for name in dict.fromkeys(segments.values())]),
        "bids": write(out / "bids.csv", ("id", "challenge", "title"), bids),
        "reviews": write(out / "reviews.csv", ("bid", "expert", "criterion", "score"), marks(source, segments)),
    }  # fmt: skip


def marks(source: Path, segments: dict[str, str]) -> Iterator[Sequence[object]]:
    """Every judge's mark of every component. Seats are drawn anew for each segment: J1 of two segments are two judges."""
    components = {
        row["aspect_id"]: (row["performance_id"], criterion)
        for row in _rows(source, "judged-aspects")
        if row["section"] == "components" and (criterion := criterion_of(row["aspect_desc"]))
    }
    for row in _rows(source, "judge-scores"):
        if row["aspect_id"] in components:
            performance, criterion = components[row["aspect_id"]]
            yield performance, f"{row['judge']}, {segments[performance]}", criterion, row["score"]


def criterion_of(description: str) -> str | None:
    """The criterion of a component by its published name."""
    return next((key for word, key in COMPONENTS.items() if word in description.lower()), None)


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV file; answers its number of rows."""
    made = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *made])
    return len(made)


def _rows(source: Path, name: str) -> list[dict[str, str]]:
    with (source / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python convert.py SOURCE OUT")
    try:
        print(json.dumps(convert(Path(sys.argv[1]), Path(sys.argv[2]))))
    except (OSError, KeyError, ValueError) as error:
        sys.exit(
            f"{sys.argv[1]}: cannot be converted: {type(error).__name__} {error}; see README.md for the files"
        )
