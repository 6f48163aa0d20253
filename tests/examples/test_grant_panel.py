"""The grant panel: lower is better, a trace of the worst score, ties by the order of listing."""

from pathlib import Path

import pytest

from examples.convert_and_run import DATA, ROOT, played, rows
from jiebang.adapters.bundles import read_bundle
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.round import run
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

REAL = DATA / "grant_reviews"
MADE_UP = """ID,PIID,PropType,RevID,Score,RevExp
7,1,Pilot,1,2.0,1.0
7,1,Pilot,2,3.0,2.0
3,2,Pilot,1,2.5,1.0
3,2,Pilot,2,2.5,1.0
5,2,Standard,1,2.0,
5,2,Standard,2,3.0,1.5
4,3,Pilot,1,,1.0
"""


def test_a_made_up_panel_ranks_as_told(tmp_path: Path) -> None:
    (tmp_path / "AIBS.csv").write_text(MADE_UP)
    result = played("aibs", tmp_path, tmp_path)
    whole = {row["bid"]: row for row in result["scores"] if row["criterion"] == "overall"}
    assert [whole[bid]["adjusted"] for bid in ("7", "3", "5", "4")] == ["2.5003", "2.50025", "2.5003", ""]
    ranks = {row["bid"]: (row["rank"], row["plain_rank"]) for row in result["ranking"]}
    assert ranks == {"3": ("1", "2"), "7": ("2", "1"), "5": ("3", "3")}


@pytest.mark.skipif(
    not REAL.is_dir(), reason="the real panel's file is not beside the repository (../shared/data)"
)
def test_on_the_real_panel_nobody_is_corrected(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "aibs" / "rulebook.yaml").read_text(encoding="utf-8")
    crossed = load(
        text.replace("aggregate: mean", "aggregate: crossed").replace("  worst_share: 0.0001\n", "")
    )
    assert isinstance(crossed, Rulebook), crossed
    played("aibs", REAL, tmp_path)
    bundle = read_bundle(tmp_path / "bundle")
    assert isinstance(bundle, Bundle), bundle
    found = run(crossed, bundle).calibration
    assert found is not None
    assert [why.code for why in found.why] == ["score.experts_alike", "score.shrunken_used"]


@pytest.mark.skipif(
    not REAL.is_dir(), reason="the real panel's file is not beside the repository (../shared/data)"
)
def test_a_real_panel_is_reproduced_in_all_four_numbers(tmp_path: Path) -> None:
    result = played("aibs", REAL, tmp_path)
    whole = {row["bid"]: row for row in result["scores"] if row["criterion"] == "overall"}
    ranks = {row["bid"]: row for row in result["ranking"]}
    published = {row["ID"]: row for row in rows(REAL / "AIBS.csv")}
    assert len(published) == 72
    for bid, row in published.items():
        assert float(whole[bid]["mean"]) == pytest.approx(float(row["ScoreAvg"]), abs=1e-12)
        assert float(whole[bid]["adjusted"]) == pytest.approx(float(row["ScoreAvgAdj"]), abs=1e-12)
        assert ranks[bid]["plain_rank"] == row["ScoreRank"]
        assert ranks[bid]["rank"] == row["ScoreRankAdj"]
