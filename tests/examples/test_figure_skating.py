"""Figure skating: component marks without the highest and the lowest."""

from decimal import Decimal
from pathlib import Path

import pytest

from examples.convert_and_run import DATA, played, rows

REAL = DATA / "figure_skating_one_event"
NAMES = ("Skating Skills", "Transitions", "Performance", "Composition", "Interpretation of the Music/Timing")


def test_a_made_up_event_drops_the_highest_and_the_lowest(tmp_path: Path) -> None:
    (tmp_path / "performances.csv").write_text(
        "performance_id,competition,program,name\np1,Lake Cup,FREE,A. Sample\np2,Lake Cup,FREE,B. Sample\n"
    )
    aspects, marks = (
        ["aspect_id,performance_id,section,aspect_desc,scores_of_panel"],
        ["aspect_id,judge,score"],
    )
    for skater, given in (("p1", "5 7 8 9"), ("p2", "9 4 4 4")):
        for at, name in enumerate(NAMES):
            aspects.append(f"{skater}-{at},{skater},components,{name},0")
            marks += [f"{skater}-{at},J{seat},{score}" for seat, score in enumerate(given.split(), start=1)]
        aspects.append(f"{skater}-jump,{skater},elements,3F,0")
        marks.append(f"{skater}-jump,J1,3")
    (tmp_path / "judged-aspects.csv").write_text("\n".join(aspects) + "\n")
    (tmp_path / "judge-scores.csv").write_text("\n".join(marks) + "\n")
    result = played("figure-skating", tmp_path, tmp_path)
    shown = {(row["bid"], row["criterion"]): row["adjusted"] for row in result["scores"]}
    assert (shown["p1", "transitions"], shown["p2", "transitions"]) == ("7.5", "4.0")
    assert [(row["bid"], row["score"]) for row in result["ranking"]] == [("p1", "37.5"), ("p2", "20.0")]


@pytest.mark.skipif(
    not REAL.is_dir(), reason="the real event's files are not beside the repository (../shared/data)"
)
def test_a_real_event_is_reproduced_to_a_hundredth(tmp_path: Path) -> None:
    result = played("figure-skating", REAL, tmp_path)
    shown = {(row["bid"], row["criterion"]): row["adjusted"] for row in result["scores"]}
    published = [row for row in rows(REAL / "judged-aspects.csv") if row["section"] == "components"]
    words = {"skating": "skating_skills", "transitions": "transitions", "performance": "performance",
             "composition": "composition", "interpretation": "interpretation"}  # fmt: skip
    near = 0
    for row in published:
        found = Decimal(shown[row["performance_id"], words[row["aspect_desc"].split()[0].lower()]])
        near += abs(found - Decimal(row["scores_of_panel"])) <= Decimal("0.005000001")
    assert len(published) == 480
    assert near == len(published)
