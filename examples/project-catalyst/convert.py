"""Turn the publisher's files of one Project Catalyst fund into a round bundle.

    python convert.py SOURCE OUT

SOURCE holds challenges.json, proposals.jsonl and assessments.csv (each also as .gz). OUT becomes a folder that
`jiebang round run rulebook.yaml OUT --out RESULT` reads. What was decided (`funded`, ratings, results) is never read.
"""

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

MANIFEST = "format: jiebang-round/1\ntimezone: UTC\ncurrency: USD\n"
CRITERIA = {"q0r": "impact", "q1r": "feasibility", "q2r": "auditability"}
VOTES = {"upvotes": "yes", "downvotes": "no"}
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def convert(source: Path, out: Path) -> dict[str, int]:
    """Write the bundle of the fund in `source` into `out`; answers how many rows each file got."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "bundle.yaml").write_text(MANIFEST, encoding="utf-8")
    proposals = list(_proposals(source))
    return {
        "challenges": write(out / "challenges.csv", ("id", "title", "budget"), challenges(source)),
        "bids": write(out / "bids.csv", ("id", "challenge", "lead", "title", "amount"), bids(proposals)),
        "tallies": write(out / "tallies.csv", ("bid", "name", "value"), tallies(proposals)),
        "reviews": write(out / "reviews.csv", ("bid", "expert", "criterion", "score"), reviews(source)),
    }


def challenges(source: Path) -> Iterator[Sequence[object]]:
    """Id, title and budget (US dollars) of each challenge."""
    with _open(source, "challenges.json") as file:
        for item in json.load(file):
            yield item["id"], title(item["title"]), item["amount"]


def bids(proposals: Iterable[dict[str, Any]]) -> Iterator[Sequence[object]]:
    """Each proposal as a bid; its author leads it, often several on one challenge."""
    for item in proposals:
        yield item["id"], item["category"], item["author"], title(item["title"]), item["amount"]


def tallies(proposals: Iterable[dict[str, Any]]) -> Iterator[Sequence[object]]:
    """The votes, weighted by stake as the programme counts them; a proposal that was not voted on has none."""
    for item in proposals:
        for key, name in VOTES.items():
            if item.get(key) is not None:
                yield item["id"], name, item[key]


def reviews(source: Path) -> Iterator[Sequence[object]]:
    """Three scores of 1 to 5 of each assessment."""
    with _open(source, "assessments.csv") as file:
        for row in csv.DictReader(file):
            for key, criterion in CRITERIA.items():
                if row[key]:
                    yield row["proposal_id"], row["assessor"], criterion, row[key]


def title(text: str) -> str:
    """A title on one line; one that begins like a formula is put in quotation marks."""
    plain = CONTROL.sub(" ", text).strip()
    return f"“{plain}”" if plain.startswith(("=", "+", "-", "@")) else plain


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV file; answers its number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for count, row in enumerate(rows, start=1):  # noqa: B007 - the last one is the answer
            writer.writerow(row)
    return count


def _proposals(source: Path) -> Iterator[dict[str, Any]]:
    wanted = ("id", "category", "author", "title", "amount", *VOTES)
    with _open(source, "proposals.jsonl") as file:
        for line in file:
            if line.strip():
                item = json.loads(line)
                yield {key: item.get(key) for key in wanted}


def _open(source: Path, name: str) -> IO[str]:
    packed = source / f"{name}.gz"
    if packed.exists():
        return gzip.open(packed, "rt", encoding="utf-8", newline="")
    return (source / name).open(encoding="utf-8", newline="")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python convert.py SOURCE OUT")
    try:
        print(json.dumps(convert(Path(sys.argv[1]), Path(sys.argv[2]))))
    except (OSError, KeyError, ValueError) as error:
        sys.exit(
            f"{sys.argv[1]}: cannot be converted: {type(error).__name__} {error}; see README.md for the files"
        )
