"""Calibration: right by independent formulas, honest where the data say little, the same whatever the order of marks."""

import random
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from jiebang.engines.calibration.calibrate import Terms, calibrate
from jiebang.engines.calibration.components import one_way, two_way
from jiebang.engines.calibration.describe import alpha, expected_ranks, severities
from jiebang.engines.calibration.ordinal import RIDGE
from jiebang.engines.calibration.panel import Calibration, Mark, Panel
from jiebang.rules.reasons import catalogue

METHODS = ("shrunken", "crossed", "pairwise", "borda")


def table(text: str) -> list[Mark]:
    """Rows of a bid and its marks by experts e1, e2, ...; a dot is a missing review."""
    rows = [line.split() for line in text.strip().splitlines()]
    return [
        Mark(bid, f"e{at}", Fraction(score))
        for bid, *scores in rows
        for at, score in enumerate(scores, start=1)
        if score != "."
    ]


def simulated(
    seed: int, *, bids: int = 40, experts: int = 10, severity: float = 1.0, per_bid: int = 3
) -> list[Mark]:
    """Marks = bid (sd 1) + expert (sd `severity`) + chance (sd 0.5), three experts a bid at random."""
    chance = random.Random(seed)
    bias = [chance.gauss(0, severity) for _ in range(experts)]
    return [
        Mark(f"b{bid:03}", f"e{who:02}", Fraction(round(100 * (worth + bias[who] + chance.gauss(0, 0.5))), 100))
        for bid in range(bids)
        for worth in [chance.gauss(5, 1)]
        for who in chance.sample(range(experts), per_bid)
    ]  # fmt: skip


def scores(found: Calibration) -> dict[str, float]:
    return {bid: float(one.score) for bid, one in found.estimates.items()}


def codes(found: Calibration) -> list[str]:
    return [why.code for why in found.why]


def test_shrunken_means_are_the_textbooks_on_a_balanced_round() -> None:
    marks = table("a 1 2 3\nb 4 5 6\nc 7 8 9")
    found = calibrate(marks, method="shrunken")
    # mean squares 27 between and 1 within: bid variance (27 - 1) / 3, kept share 1 - 1/27
    assert one_way(Panel.of(marks)).bid == Fraction(26, 3)  # type: ignore[union-attr]
    assert found.estimates["a"].score == 5 - 3 * (1 - Fraction(1, 27))
    assert found.estimates["b"].score == 5
    variance = Fraction(26, 3) * Fraction(1, 27) + Fraction(1, 27) ** 2 * 9 / 3
    assert found.estimates["a"].sd == pytest.approx(float(variance) ** 0.5, rel=1e-12)


def test_fewer_reviews_are_moved_further_and_are_less_sure() -> None:
    found = calibrate(table("a 9 9 9\nb 9 . .\nc 3 4 3\nd 5 6 5"), method="shrunken")
    assert found.estimates["b"].score < found.estimates["a"].score < 9
    assert (found.estimates["b"].sd or 0) > (found.estimates["a"].sd or 0)


def test_components_of_a_complete_table_are_those_of_the_analysis_of_variance() -> None:
    marks = simulated(1, bids=8, experts=5, per_bid=5)
    grid = np.zeros((8, 5))
    for mark in marks:
        grid[int(mark.bid[1:]), int(mark.expert[1:])] = float(mark.score)
    rest = grid - grid.mean(axis=1, keepdims=True) - grid.mean(axis=0, keepdims=True) + grid.mean()
    residual = (rest**2).sum() / 28
    expert = (8 * grid.mean(axis=0).var(ddof=1) - residual) / 8
    found = two_way(Panel.of(marks))
    assert found is not None
    assert float(found.residual) == pytest.approx(residual, rel=1e-9)
    assert float(found.expert) == pytest.approx(expert, rel=1e-9)
    assert float(found.bid) == pytest.approx((5 * grid.mean(axis=1).var(ddof=1) - residual) / 5, rel=1e-9)


def test_components_are_found_again_on_the_average_of_many_rounds() -> None:
    found = [two_way(Panel.of(simulated(seed))) for seed in range(60)]
    kept = [one for one in found if one is not None]
    assert len(kept) == 60
    assert np.mean([float(one.residual) for one in kept]) == pytest.approx(0.25, rel=0.1)
    assert np.mean([float(one.expert) for one in kept]) == pytest.approx(1, rel=0.25)
    assert np.mean([float(one.bid) for one in kept]) == pytest.approx(1, rel=0.15)


@pytest.mark.parametrize("least", [2, 12])
def test_crossed_effects_solve_the_whole_mixed_model(least: int) -> None:
    """Against the equations written out in full, experts with few reviews having a residual of their own size."""
    marks = simulated(2)
    found, parts = (
        calibrate(marks, method="crossed", terms=Terms(least_reviews=least)),
        two_way(Panel.of(marks)),
    )
    assert parts is not None
    bids, given = sorted({m.bid for m in marks}), Panel.of(marks).by_expert()
    experts = [name for name in sorted(given) if len(given[name]) >= least]
    assert 2 <= len(experts) <= len(given)
    design, weight = np.zeros((len(marks), 1 + len(bids) + len(experts))), np.ones(len(marks))
    for row, mark in enumerate(marks):
        design[row, [0, 1 + bids.index(mark.bid)]] = 1
        known = mark.expert in experts
        if known:
            design[row, 1 + len(bids) + experts.index(mark.expert)] = 1
        weight[row] = 1 / float(parts.residual + (0 if known else parts.expert))
    prior = [0.0] + [1 / float(parts.bid)] * len(bids) + [1 / float(parts.expert)] * len(experts)
    inverse = np.linalg.inv(design.T @ (weight[:, None] * design) + np.diag(prior))
    solved = inverse @ design.T @ (weight * [float(m.score) for m in marks])
    for at, bid in enumerate(bids, start=1):
        sd = np.sqrt(inverse[0, 0] + 2 * inverse[0, at] + inverse[at, at])
        assert float(found.estimates[bid].score) == pytest.approx(solved[0] + solved[at], rel=1e-9)
        assert found.estimates[bid].sd == pytest.approx(sd, rel=1e-9)
    assert [one.expert for one in found.severities] == experts
    assert [one.effect for one in found.severities] == pytest.approx(list(solved[1 + len(bids) :]), abs=1e-9)


def test_a_severe_expert_no_longer_harms_the_bids_that_met_them() -> None:
    marks = table("a . 8 7\nb 4 8 .\nc 4 . 8\nd 2 6 .\ne . 6 5\nf 1 . 5\ng 3 7 .\nh . 5 5\ni 2 . 6")
    plain = {bid: sum(given) / len(given) for bid, given in Panel.of(marks).by_bid().items()}
    found = calibrate(marks, method="crossed")
    assert found.used == "crossed"
    assert plain["g"] == plain["h"]
    assert found.estimates["g"].score > found.estimates["h"].score  # e1 alone dragged g down to where h is
    assert {one.expert: one.effect < -1 for one in found.severities} == {"e1": True, "e2": False, "e3": False}


@pytest.mark.parametrize(
    ("marks", "code", "used"),
    [
        (table("a 1 2\nb 5 6\nc 8 9"), "score.crossed_used", "crossed"),
        (table("a 1 2 . .\nb . . 5 6"), "score.few_reviews", "shrunken"),
        (simulated(3, severity=0.0), "score.experts_alike", "shrunken"),
        (table("a 5 . .\nb . 6 .\nc . . 7"), "score.few_reviews", "mean"),
        (table("a 5\nb 6\nc 7"), "score.few_reviews", "mean"),
        (table("a 4 6\nb 6 4\nc 5 5"), "score.not_told_apart", "mean"),
    ],
)
def test_crossed_says_why_or_why_not(marks: list[Mark], code: str, used: str) -> None:
    found = calibrate(marks, method="crossed")
    assert (codes(found)[0], found.used) == (code, used)
    if used != "crossed":
        assert found.severities == ()


def test_an_expert_with_few_reviews_is_not_corrected_and_the_count_is_said() -> None:
    marks = [*simulated(4), Mark("b000", "late", Fraction(9)), Mark("b001", "late", Fraction(9))]
    found = calibrate(marks, method="crossed")
    assert codes(found) == ["score.crossed_used", "score.not_corrected"]
    assert found.why[1].params == {"count": 1, "least": 3}
    assert "late" not in {one.expert for one in found.severities}


def test_borda_counts_what_each_expert_preferred() -> None:
    found = calibrate(table("a 9 5 .\nb 5 5 3\nc 1 . 8"), method="borda")
    assert {bid: one.score for bid, one in found.estimates.items()} == {
        "a": 75, "b": Fraction(100, 3), "c": 50,
    }  # fmt: skip
    lower = calibrate(table("a 9 5 .\nb 5 5 3\nc 1 . 8"), method="borda", lower=True)
    assert {bid: one.score for bid, one in lower.estimates.items()} == {
        "a": 25, "b": Fraction(200, 3), "c": 50,
    }  # fmt: skip


def test_pairwise_is_at_the_top_of_its_likelihood() -> None:
    marks = simulated(5, bids=12, experts=5)
    found = scores(calibrate(marks, method="pairwise"))
    bids = sorted(found)
    wins = np.zeros((12, 12))
    for given in Panel.of(marks).by_expert().values():
        for one, mine in given.items():
            for other, theirs in given.items():
                wins[bids.index(one), bids.index(other)] += (mine > theirs) + (
                    mine == theirs and one != other
                ) / 2

    def likelihood(worth: np.ndarray) -> float:
        return -(wins * np.log1p(np.exp(worth - worth[:, None]))).sum() - RIDGE / 2 * (worth**2).sum()

    def worths() -> np.ndarray:
        """By plain gradient ascent, slow and sure."""
        worth = np.zeros(12)
        for _ in range(20000):
            chance = 1 / (1 + np.exp(worth - worth[:, None]))
            worth += 0.05 * (wins.sum(axis=1) - ((wins + wins.T) * chance).sum(axis=1) - RIDGE * worth)
        return worth

    best = worths()
    assert likelihood(best) > likelihood(best + 0.01 * np.eye(12)[0])
    chance = 1 / (1 + np.exp(best - best[:, None]))
    expected = 100 * (chance.sum(axis=1) - 0.5) / 11
    assert [found[bid] for bid in bids] == pytest.approx(list(expected), abs=1e-6)


def test_who_always_wins_gets_an_answer_and_who_met_nobody_stands_in_the_middle() -> None:
    found = calibrate([*table("a 9 9\nb 5 5\nc 1 1"), Mark("d", "alone", 9)], method="pairwise")
    ordered = scores(found)
    assert 99.9 > ordered["a"] > ordered["d"] > ordered["c"] > 0.1
    assert ordered["b"] == pytest.approx(50, abs=1e-9)
    assert codes(found) == ["score.pairwise_used", "score.single_bid"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "marks",
    [
        [],
        table("a 5"),
        table("a 5 6 7"),
        table("a 5\nb 6"),
        table("a 5 5\nb 5 5\nc 5 5"),
        table("a 7 7 7\nb 7 7 7\nc 7 7 0"),
        table("a 1\nb 2\nc 3\nd 3"),
        [Mark(f"b{at}", "e1", at) for at in range(5)],
    ],
)
def test_thin_and_odd_rounds_get_an_answer_for_every_bid(method: str, marks: list[Mark]) -> None:
    found = calibrate(marks, method=method)  # type: ignore[arg-type]
    assert set(found.estimates) == {mark.bid for mark in marks}
    assert found.why
    same = {mark.score for mark in marks}
    if len(same) == 1:
        assert len({one.score for one in found.estimates.values()}) == 1  # all ties stay ties


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_marks_changes_nothing_and_equal_bids_tie(method: str) -> None:
    marks = simulated(6)
    twin = [Mark("twin", mark.expert, mark.score) for mark in marks if mark.bid == "b007"]
    shuffled = random.Random(7).sample([*marks, *twin], len(marks) + len(twin))
    found = calibrate([*marks, *twin], method=method)  # type: ignore[arg-type]
    assert calibrate(shuffled, method=method) == found  # type: ignore[arg-type]
    assert found.estimates["twin"].score == found.estimates["b007"].score


@pytest.mark.parametrize("method", ["shrunken", "crossed"])
def test_one_outlier_moves_a_score_less_than_it_moves_the_mean(method: str) -> None:
    marks = simulated(8)
    at = next(at for at, mark in enumerate(marks) if mark.bid == "b010")
    spoiled = [*marks[:at], Mark(marks[at].bid, marks[at].expert, marks[at].score + 6), *marks[at + 1 :]]
    before, after = (scores(calibrate(some, method=method))["b010"] for some in (marks, spoiled))  # type: ignore[arg-type]
    assert 0 < after - before < 2


@pytest.mark.parametrize("method", METHODS)
def test_a_scale_where_lower_is_better_gives_the_same_scores_turned(method: str) -> None:
    """On the scale itself what was high is low; by order alone the better bid has the higher score on either."""
    marks = simulated(9)
    turned = [Mark(mark.bid, mark.expert, 10 - mark.score) for mark in marks]
    found = scores(calibrate(marks, method=method))  # type: ignore[arg-type]
    other = scores(calibrate(turned, method=method, lower=True))  # type: ignore[arg-type]
    expected = [10 - score if method in ("shrunken", "crossed") else score for score in found.values()]
    assert expected == pytest.approx(list(other.values()), abs=1e-9)


def test_alpha_is_krippendorffs() -> None:
    """His example of four observers and twelve units (2011, section D): 0.849 for intervals."""
    rows = """1 1 1 . 1\n2 2 2 3 2\n3 3 3 3 3\n4 3 3 3 3\n5 2 2 2 2\n6 1 2 3 4\n7 4 4 4 4\n8 1 1 2 1\n9 2 2 2 2
10 . 5 5 5\n11 . . 1 1\n12 . . 3 ."""
    assert alpha(Panel.of(table(rows))) == pytest.approx(0.849, abs=5e-4)
    assert alpha(Panel.of(table("a 5 5\nb 5 5"))) is None
    assert alpha(Panel.of(table("a 5\nb 6"))) is None
    assert alpha(Panel.of(table("a 1 1\nb 4 4"))) == 1


def test_severity_is_the_distance_from_the_others_on_the_same_bids() -> None:
    found = {one.expert: one for one in severities(Panel.of(table("a 4 6 8\nb 3 5 .\nc . . 9")))}
    assert (found["e1"].effect, found["e1"].n) == (-2.5, 2)  # 4 against 7, 3 against 5
    assert found["e1"].sd == pytest.approx(0.5)
    assert (found["e3"].effect, found["e3"].sd) == (3, None)


def test_expected_ranks_add_up_and_follow_how_sure_scores_are() -> None:
    sure = expected_ranks({"a": (9.0, 0.0), "b": (5.0, 0.0), "c": (5.0, 0.0)})
    assert sure == {"a": 1, "b": 2.5, "c": 2.5}
    vague = expected_ranks({"a": (9.0, 4.0), "b": (5.0, 4.0), "c": (1.0, 4.0)})
    assert 1 < vague["a"] < vague["b"] == pytest.approx(2)  # type: ignore[operator]
    assert sum(rank or 0 for rank in vague.values()) == pytest.approx(6)
    assert expected_ranks({"a": (9.0, None), "b": (5.0, 1.0)}) == {"a": None, "b": None}


def test_every_reason_has_its_sentence() -> None:
    import jiebang.engines.calibration.calibrate as module

    said = set(re.findall(r'"(score\.\w+)"', Path(module.__file__).read_text("utf-8")))
    assert len(said) >= 8
    assert said | {"score.pairwise_used", "score.borda_used"} <= set(catalogue())
