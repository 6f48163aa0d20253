"""Why there is no team, and what would repair it: each repair is carried out, and then there is one."""

from dataclasses import replace

import pytest

from jiebang.engines.team.answer import solve
from jiebang.engines.team.clashes import Clash
from jiebang.engines.team.problem import Lead, Limits, Organisation, Problem, Wanted


def organisation(name: str, country: str, *capabilities: str, cost: int = 1) -> Organisation:
    return Organisation(
        id=name, country=country, capabilities=dict.fromkeys(capabilities, 1), value=1, cost=cost
    )


EVERYONE = (
    organisation("o1", "CN", "a", cost=5),
    organisation("o2", "CN", "b", cost=4),
    organisation("o3", "VN", "c", cost=3),
    organisation("o4", "TH", "c", cost=7),
)
ASKED = Problem(
    need=tuple(Wanted(capability=name) for name in "abc"),
    organisations=EVERYONE,
    lead=Lead(countries=frozenset({"CN"})),
)


def clash(problem: Problem) -> Clash:
    answer = solve(problem)
    assert answer.team is None
    assert answer.bound is None
    (only,) = answer.clashes
    return only


def test_there_is_a_team_to_begin_with() -> None:
    assert solve(ASKED).optimal


@pytest.mark.parametrize(
    ("limit", "tight", "repaired"),
    [("partners", 1, 2), ("budget", 11, 12), ("per_country", 1, 2), ("countries", 4, 3)],
)
def test_one_limit_too_tight_is_named_with_the_value_that_is_enough(
    limit: str, tight: int, repaired: int
) -> None:
    asked = replace(ASKED, limits=replace(Limits(), **{limit: tight}))
    found = clash(asked)
    assert found.about == (limit,)
    assert [(each.limit, each.to) for each in found.repairs] == [(limit, repaired)]
    assert solve(replace(ASKED, limits=replace(Limits(), **{limit: repaired}))).optimal


def test_limits_that_collide_only_together_are_named_together() -> None:
    asked = replace(ASKED, limits=Limits(budget=12), apart=(("o1", "o3"),))
    found = clash(asked)
    assert set(found.about) == {"budget", "apart"}
    assert {(each.limit, each.to) for each in found.repairs} == {("budget", 16), ("apart", None)}


def test_two_clashes_without_a_common_limit_are_both_named() -> None:
    answer = solve(replace(ASKED, limits=Limits(budget=11, countries=4)))
    assert [found.about for found in answer.clashes] == [("budget",), ("countries",)] or [
        found.about for found in answer.clashes
    ] == [("countries",), ("budget",)]


def test_every_capability_nobody_has_is_named_with_who_was_left_out() -> None:
    asked = replace(ASKED, need=(*ASKED.need, Wanted(capability="d"), Wanted(capability="b", level=3)))
    asked = replace(asked, excluded=frozenset({"o1"}))
    answer = solve(asked)
    assert [(found.code, found.about) for found in answer.clashes] == [
        ("nobody_has", ("a",)), ("nobody_has", ("d",)), ("nobody_has", ("b",)),
    ]  # fmt: skip
    assert answer.clashes[0].repairs[0].about == ("o1",)
    assert [each.to for each in answer.clashes[2].repairs] == [1, None]


def test_nobody_may_lead() -> None:
    assert clash(replace(ASKED, lead=Lead(countries=frozenset({"LA"})))).code == "nobody_may_lead"


@pytest.mark.parametrize(
    ("limits", "apart", "about"),
    [
        (Limits(partners=0), (), "partners"),
        (Limits(budget=8), (), "budget"),
        (Limits(per_country=1), (), "per_country"),
        (Limits(), (("o1", "o2"),), "apart"),
    ],
)
def test_must_haves_that_cannot_be_in_one_team(
    limits: Limits, apart: tuple[tuple[str, str], ...], about: str
) -> None:
    asked = replace(ASKED, limits=limits, apart=apart, must_have=frozenset({"o1", "o2"}))
    found = clash(asked)
    assert (found.code, found.about) == ("must_have", (about,))


def test_everybody_excluded() -> None:
    assert solve(replace(ASKED, excluded=frozenset({"o1", "o2", "o3", "o4"}))).team is None
