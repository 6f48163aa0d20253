"""What a committee looks at beside the scores: plots, agreement, and what rests on whom; what an expert states of the field."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

import factories as f
from jiebang.adapters.bundle_export import write_bundle
from jiebang.adapters.bundles import read_bundle
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.round import run
from jiebang.operations.judging import judged, propose, weighed
from jiebang.operations.things import book_of
from jiebang.records import bundles
from jiebang.records.bids.models import BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import Evidence, Organisation
from jiebang.records.programme.models import Call
from jiebang.records.reviews.models import Assignment, Score
from jiebang.rules.schema import Rulebook
from jiebang.rules.schema.judging import Expertise

pytestmark = pytest.mark.django_db
PAGE = "/office/challenges/GX-1/scores/"


def book(**scoring: Any) -> Rulebook:
    shipped = f.guangxi()
    assert shipped.scoring is not None
    return shipped.model_copy(update={"scoring": shipped.scoring.model_copy(update=scoring)})


def proven(lead: Organisation) -> None:
    """A lead that showed all that the rulebook asks of one."""
    for kind in ("rd_capability", "research_facilities", "international_network"):
        Evidence.objects.create(
            organisation=lead, kind=kind, text=f.statement("Shown."), status="verified", given_at=f.NOW
        )


def panel(board: f.Board, rows: str, **scoring: Any) -> Challenge:
    """GX-1 with bids B-0, B-1 ... (one row each) of marks by the same experts, under a rulebook that scores so."""
    if scoring:
        Call.objects.filter(pk=board.call.pk).update(rulebook=f.installed(book(**scoring)))
        board.call.refresh_from_db()
    posted = f.challenge(call=board.call, owner=board.owner.party, number="GX-1", stage="reviewing")
    table = [row.split() for row in rows.split("|")]
    experts = [
        f.person(f"e{at}@people.example", role="expert", name=f"Expert {at}") for at in range(len(table[0]))
    ]
    for at, row in enumerate(table):
        bid = f.bid(posted, number=f"B-{at}", stage="eligible")
        proven(bid.consortium.lead.organisation)
        content = {"modes": ["collaborative_rd"], "amount": {"amount": "900000", "currency": "CNY"}}
        BidContent.objects.create(bid=bid, content=content, saved_at=f.NOW, sent_at=f.NOW)
        for expert, score in zip(experts, row, strict=True):
            if score != ".":
                asked = Assignment.objects.create(
                    bid=bid,
                    expert=expert,
                    status="signed",
                    assigned_at=f.NOW,
                    assigned_by=board.officer,
                    signed_at=f.NOW,
                )
                for key in f.guangxi().criteria:
                    Score.objects.create(assignment=asked, criterion=key, value=Decimal(score))
    return posted


def page_of(person: Any, lang: str = "en") -> str:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = lang
    with translation.override("zh-hans" if lang.startswith("zh") else lang):
        answer = client.get(PAGE, headers={"accept-language": lang})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_shows_distribution_ranking_and_severity_and_says_what_rests_on_whom() -> None:
    board = f.board()
    panel(board, "90 88 60|84 82 80|40 45 30")
    page = page_of(board.officer)
    assert page.count("<svg") == 4
    for said in ("The ranking and how sure it is", "How far each expert marks from the others", "needed: 70", "Expert 2",
                 "Krippendorff", "How far to trust the scores", "Uncertainty of the score"):  # fmt: skip
        assert said in page, said
    assert "Plain means would" not in page  # they are what ranks


def split(board: f.Board, marks: dict[str, dict[str, int]]) -> Challenge:
    """GX-1 with bids that one criterion parts from the others: its marks for them, all others as they were."""
    posted = panel(board, "80 80 80|80 80 80|40 45 30")
    for bid, given in marks.items():
        for key, value in given.items():
            Score.objects.filter(assignment__bid__number=bid, criterion=key).update(value=Decimal(value))
    return posted


def test_the_page_draws_how_places_move_with_each_weight_and_where_the_award_turns() -> None:
    """B-0 leads by 8 points of a criterion that weighs 25, B-1 by 12 of one that weighs 15: 200 against 180, a tie at 22.5."""
    board = f.board()
    posted = split(board, {"B-0": {"relevance": 88}, "B-1": {"value": 92}})
    result, rests = weighed(posted, now=f.NOW)
    assert [place.bid for place in result.ranking] == ["B-0", "B-1", "B-2"]
    turns = {one.criterion: one.nearest("GX-1") for one in rests.weights.varied}
    assert {key: float(turn.factor) for key, turn in turns.items() if turn} == {
        "relevance": 0.9,
        "value": 1.15,
    }
    page = page_of(board.officer)
    assert "Of single weights, that of “Fit to the need” changes an outcome first: from 10 % less on." in page
    plot = page[page.index("Of single weights") :].split("</figure>")[0]
    assert plot.count('stroke-dasharray="2 3"') == 2  # one line where each of the two turns
    assert "B-0: 1–2" in plot
    assert "Value for the money (15 % of all weights)" in plot
    chinese = page_of(board.officer, "zh-hans")
    assert "就单项权重而言，“需求契合度”最先使结果改变：权重减少 10% 起。" in chinese


def test_where_a_whole_call_is_one_portfolio_the_page_says_where_weights_are_tried() -> None:
    board = f.board()
    plain = f.guangxi().model_dump(by_alias=True, mode="json")
    plain["award"] |= {"rule": "portfolio", "budget_over": "call", "approve": None}
    plain["racing"]["allowed"] = False
    Call.objects.filter(pk=board.call.pk).update(rulebook=f.installed(Rulebook.model_validate(plain)))
    board.call.refresh_from_db()
    panel(board, "90 88 60|84 82 80|40 45 30")
    page = page_of(board.officer)
    assert "What other weights would change is not tried here" in page
    assert page.count("<svg") == 3


def test_where_no_weight_changes_an_outcome_the_plot_says_so() -> None:
    board = f.board()
    panel(board, "90 88 60|84 82 80|40 45 30")
    assert "No single weight, lowered or raised by up to half, changes an outcome." in page_of(board.officer)


def test_the_page_is_there_in_chinese() -> None:
    board = f.board()
    panel(board, "90 88 60|84 82 80|40 45 30")
    page = page_of(board.officer, "zh-hans")
    for said in ("排名及其可靠程度", "各专家与其他专家评分的差距", "得分有多可靠", "克里彭多夫"):
        assert said in page, said


def test_an_outcome_that_rests_on_one_expert_is_named() -> None:
    board = f.board()
    posted = panel(board, "90 90 70|80 80 99|40 45 30")
    result, rests = weighed(posted, now=f.NOW)
    assert result.decisions == judged(posted, now=f.NOW).decisions
    moved = {
        expert for expert, rows in rests.experts.without.items() if any(row.bid == "B-0" for row in rows)
    }
    names = {row.expert.pseudonym: row.expert.name for row in Assignment.objects.select_related("expert")}
    page = page_of(board.officer)
    assert {names[expert] for expert in moved} == {"Expert 2"}
    assert "Without Expert 2" in page
    assert "Without Expert 0" not in page


def test_a_calibrated_call_says_how_and_scores_by_all_its_challenges() -> None:
    board = f.board()
    rows = "40 80 .|40 . 80|20 60 .|. 60 50|10 . 50|30 70 .|. 50 50|20 . 60"
    posted = panel(board, rows, aggregate="crossed")
    found = judged(posted, now=f.NOW)
    assert found.calibration is not None
    assert found.calibration.used == "crossed"
    page = page_of(board.officer)
    assert "Scores are corrected for the severity of 3 experts" in page
    assert "their plain mean" in page
    # half of the bids move to another challenge of the call: nothing is known less of the experts
    other = f.challenge(call=board.call, owner=board.owner.party, number="GX-2", stage="reviewing")
    posted.bids.filter(number__in=["B-4", "B-5", "B-6", "B-7"]).update(challenge=other)
    apart = judged(posted, now=f.NOW)
    assert {s.bid: s.adjusted for s in apart.scores} == {
        s.bid: s.adjusted for s in found.scores if s.bid in {"B-0", "B-1", "B-2", "B-3"}
    }


@pytest.mark.parametrize("aggregate", ["shrunken", "crossed", "pairwise", "borda"])
def test_a_calibrated_challenge_written_as_files_is_decided_as_on_the_web(
    aggregate: str, tmp_path: Path
) -> None:
    board = f.board()
    posted = panel(
        board,
        "40 80 .|40 . 80|20 60 .|. 60 50|10 . 50|30 70 .|. 50 50|20 . 60",
        aggregate=aggregate,
        reviews_needed=2,
    )
    other = f.challenge(call=board.call, owner=board.owner.party, number="GX-2", stage="reviewing")
    posted.bids.filter(number__in=["B-4", "B-5", "B-6", "B-7"]).update(challenge=other)
    rules = book_of(posted)
    assert write_bundle(bundles.of_challenges(rules, [posted], as_of=f.NOW), tmp_path / "one.zip") == []
    written = read_bundle(tmp_path / "one.zip")
    assert isinstance(written, Bundle), written
    propose(posted, now=f.NOW)
    kept = bundles.of_proposal(board.call, number="GX-1")
    assert kept is not None
    assert kept.digest == written.digest
    assert run(rules, kept).scores == run(rules, written).scores
    here, there = judged(posted, now=f.NOW), run(rules, written)
    assert len(here.ranking) == 4
    assert (there.seed, there.scores, there.ranking, there.decisions, there.calibration) == (
        here.seed, here.scores, here.ranking, here.decisions, here.calibration,
    )  # fmt: skip


def test_an_expert_states_how_well_they_know_the_field_where_the_rulebook_weighs_it() -> None:
    levels = {"high": Expertise(label={"en": "I work in it"}, weight=Decimal(2)),
              "some": Expertise(label={"en": "I know of it"}, weight=Decimal(1))}  # fmt: skip
    board = f.board()
    posted = panel(board, "90 30", aggregate="expertise_weighted", expertise=levels, reviews_needed=2)
    first = Assignment.objects.order_by("pk").first()
    assert first is not None
    Assignment.objects.filter(pk=first.pk).update(status="draft", signed_at=None)
    client = Client()
    client.force_login(first.expert)
    assert "I work in it" in client.get(f"/reviews/{first.pk}/").content.decode()
    typed = {**{f"score-{key}": "90" for key in f.guangxi().criteria}, "do": "sign", "once": "a" * 20}
    assert (
        "is no level of expertise"
        in client.post(f"/reviews/{first.pk}/", {**typed, "confidence": "guru"}).content.decode()
    )
    client.post(f"/reviews/{first.pk}/", {**typed, "confidence": "high", "once": "b" * 20})
    first.refresh_from_db()
    assert (first.status, first.confidence) == ("signed", "high")
    (whole,) = (score for score in judged(posted, now=f.NOW).scores if score.criterion == "overall")
    assert (whole.mean, whole.adjusted) == (60, 70)
