"""Project Catalyst: the converter on made-up files always, and on a real fund where its files are beside the repository."""

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from jiebang.adapters.bundles import read_bundle
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.round import faults, run
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "project-catalyst"
REAL = ROOT.parent / "shared" / "data" / "catalyst_f7"
WORDS = {"2": "awarded", "1": "over_budget", "0": "not_awarded"}


@pytest.fixture
def rulebook() -> Rulebook:
    found = load((EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, Rulebook), found
    return found


def convert(source: Path, out: Path) -> Bundle:
    subprocess.run(
        [sys.executable, str(EXAMPLE / "convert.py"), str(source), str(out)], check=True, capture_output=True
    )
    found = read_bundle(out)
    assert isinstance(found, Bundle), found[:5]
    return found


def test_another_fund_with_the_same_files(tmp_path: Path, rulebook: Rulebook) -> None:
    source = tmp_path / "fund"
    source.mkdir()
    (source / "challenges.json").write_text(json.dumps([{"id": 1, "title": "=Made up", "amount": 100}]))
    votes = [(11, 60, 90_000_000, 1_000_000), (12, 60, 80_000_000, 1_000_000), (13, 40, 50_000_000, 1_000_000),
             (14, 5, 30_000_000, 29_000_000), (15, 5, None, None)]  # fmt: skip
    with (source / "proposals.jsonl").open("w") as file:
        for number, amount, yes, no in votes:
            row = {
                "id": number,
                "category": 1,
                "author": "same",
                "title": f"P{number}",
                "amount": amount,
                "funded": 0,
            }
            file.write(json.dumps({**row, "upvotes": yes, "downvotes": no}) + "\n")
    with gzip.open(source / "assessments.csv.gz", "wt") as file:
        file.write(
            "proposal_id,assessor,q0r,q1r,q2r\n11,a,5,4,3\n11,b,4,4,\n12,a,1,1,1\n13,a,2,2,2\n14,a,3,3,3\n15,a,3,3,3\n"
        )
    bundle = convert(source, tmp_path / "bundle")
    assert faults(rulebook, bundle) == []
    outcomes = {row.bid: row.outcome.value for row in run(rulebook, bundle).decisions}
    assert outcomes == {
        "11": "awarded", "12": "over_budget", "13": "awarded", "14": "not_awarded", "15": "not_awarded",
    }  # fmt: skip


def test_the_converter_says_what_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLE / "convert.py"), str(tmp_path), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "proposals.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(
    not REAL.is_dir(), reason="the files of the real fund are not beside the repository (../shared/data)"
)
def test_a_real_fund_is_reproduced(tmp_path: Path, rulebook: Rulebook) -> None:
    bundle = convert(REAL, tmp_path / "bundle")
    result = run(rulebook, bundle)
    with (REAL / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        published = {row["id"]: row for row in csv.DictReader(file)}
    voted = {bid: row for bid, row in published.items() if row["funded"]}
    outcomes = {row.bid: row.outcome.value for row in result.decisions}
    ratings = {score.bid: score.mean for score in result.scores if score.criterion == "overall"}
    assert len(voted) == 935
    assert sum(outcomes[bid] == WORDS[row["funded"]] for bid, row in voted.items()) >= 933
    assert [bid for bid, row in published.items() if ratings[bid] != float(row["f6_rating"])] == []
    assert len(outcomes) - ("" in outcomes) == len(published)
