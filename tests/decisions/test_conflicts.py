"""Links are closed as the rulebook counts them: kinds, years, steps, and who has a stake."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from jiebang.decisions.conflicts import ANY, Block, Stakes, Tie, blocks, counts
from jiebang.rules.schema import Conflicts

NOW = datetime(2026, 7, 1, tzinfo=UTC)
EXPERT, COLLEAGUE, COUSIN = 1, 2, 3
HOME, LEAD, RIVAL, OWNER = 11, 12, 13, 14
BIDS = {100: Stakes(members=frozenset({LEAD}), rivals=frozenset({RIVAL}), owners=frozenset({OWNER}))}


def rule(**given: Any) -> Conflicts:
    return Conflicts(status="local", **given)


def found(ties: list[Tie], law: Conflicts = ANY, **given: Any) -> list[Block]:
    return list(blocks(law, ties=ties, experts=[EXPERT], bids=BIDS, at=NOW, **given))


def works(person: int, party: int, **given: Any) -> Tie:
    return Tie(person=person, kind="same_organisation", party=party, **given)


@pytest.mark.parametrize(
    ("party", "stake"), [(LEAD, "member"), (RIVAL, "rival"), (OWNER, "owner"), (HOME, None)]
)
def test_a_link_bars_where_the_party_has_a_stake(party: int, stake: str | None) -> None:
    assert [(block.party, block.stake) for block in found([works(EXPERT, party)])] == (
        [(party, stake)] if stake else []
    )


def test_a_rulebook_may_leave_rivals_and_owners_out() -> None:
    ties = [works(EXPERT, party) for party in (LEAD, RIVAL, OWNER)]
    assert [block.stake for block in found(ties, rule(rivals=False, owners=False))] == ["member"]


@pytest.mark.parametrize(
    ("years", "ended", "counted"),
    [(3, 365 * 3 - 2, True), (3, 365 * 3 + 2, False), (None, 365 * 30, True), (0, 1, False)],
)
def test_what_has_ended_counts_for_so_many_years(years: int | None, ended: int, counted: bool) -> None:
    tie = works(EXPERT, LEAD, until=NOW - timedelta(days=ended))
    assert bool(found([tie], rule(years=years))) is counted


def test_the_end_is_the_first_moment_that_no_longer_counts() -> None:
    limit = NOW.replace(year=2023)
    law = rule(years=3)
    assert not counts(law, works(EXPERT, LEAD, until=limit), at=NOW)
    assert counts(law, works(EXPERT, LEAD, until=limit + timedelta(microseconds=1)), at=NOW)


def test_what_has_not_begun_does_not_count() -> None:
    assert not found([works(EXPERT, LEAD, since=NOW + timedelta(seconds=1))])
    assert found([works(EXPERT, LEAD, since=NOW)])


def test_family_never_wears_off() -> None:
    tie = Tie(person=EXPERT, kind="kin", party=LEAD, until=NOW - timedelta(days=9000))
    assert found([tie], rule(years=1))


@pytest.mark.parametrize(
    ("kind", "links", "barred"),
    [
        ("co_author", ["family"], False),
        ("co_author", ["co_author"], True),
        ("ownership", ["co_investor"], True),
        ("a_quarrel", ["declared"], True),
        ("a_quarrel", ["family"], False),
    ],
)
def test_only_kinds_that_the_rulebook_names_count(kind: str, links: list[str], barred: bool) -> None:
    assert bool(found([Tie(person=EXPERT, kind=kind, party=LEAD)], rule(links=links))) is barred


@pytest.mark.parametrize(("steps", "barred"), [(1, False), (2, True)])
def test_a_relatives_employer_counts_from_the_second_step(steps: int, barred: bool) -> None:
    ties = [Tie(person=EXPERT, kind="family", other=COUSIN), works(COUSIN, LEAD)]
    assert [(b.kind, b.via) for b in found(ties, rule(steps=steps))] == (
        [("family", COUSIN)] if barred else []
    )


@pytest.mark.parametrize(("steps", "barred"), [(2, False), (3, True)])
def test_a_colleagues_other_post_counts_from_the_third_step(steps: int, barred: bool) -> None:
    ties = [works(EXPERT, HOME), works(COLLEAGUE, HOME), works(COLLEAGUE, LEAD)]
    assert [(b.kind, b.via) for b in found(ties, rule(steps=steps))] == (
        [("same_organisation", COLLEAGUE)] if barred else []
    )


def test_a_link_holds_from_whichever_end_it_was_declared() -> None:
    ties = [Tie(person=COUSIN, kind="co_author", other=EXPERT), works(COUSIN, LEAD)]
    assert [block.via for block in found(ties, rule(steps=2))] == [COUSIN]


def test_the_nearest_link_is_the_one_that_is_told() -> None:
    ties = [Tie(person=EXPERT, kind="family", other=COUSIN), works(COUSIN, LEAD), works(EXPERT, LEAD)]
    assert [(block.kind, block.via) for block in found(ties, rule(steps=3))] == [("same_organisation", None)]


def test_an_interest_in_the_bid_itself_counts_whatever_the_rule_says() -> None:
    law = rule(links=["family"], rivals=False, owners=False)
    (block,) = found([], law, declared=[(EXPERT, 100, "recused"), (COUSIN, 100, "recused")])
    assert (block.stake, block.kind, block.party) == ("bid", "recused", None)


PEOPLE, PARTIES = some.integers(1, 5), some.sampled_from([HOME, LEAD, RIVAL, OWNER])
TIES = some.lists(
    some.one_of(
        some.builds(works, PEOPLE, PARTIES),
        some.builds(lambda one, two: Tie(person=one, kind="family", other=two), PEOPLE, PEOPLE),
    ),
    max_size=12,
)


@given(ties=TIES, steps=some.integers(1, 3))
def test_more_steps_more_years_and_more_links_never_free_anybody(ties: list[Tie], steps: int) -> None:
    less = {block.party for block in found(ties, rule(steps=steps))}
    assert less <= {block.party for block in found(ties, rule(steps=steps + 1))}
    assert {block.party for block in found(ties[:-1], rule(steps=steps))} <= less
    assert {block.party for block in found(ties[::-1], rule(steps=steps))} == less
