"""The whole question answered: the best team with its proof, others that nearly do, and why there may be none."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from jiebang.engines.team.arrays import Arrays, arrays, number
from jiebang.engines.team.clashes import Clash, clashes
from jiebang.engines.team.dominance import undominated
from jiebang.engines.team.model import Barred
from jiebang.engines.team.prices import Bounds, bounds
from jiebang.engines.team.problem import Number, Organisation, Problem, breaches, covers, value
from jiebang.engines.team.search import Found, search

EFFORT = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: `covers` of the need, `only` those nobody else in the team has, limits that `breaks` without it.

    `loses` is the value of the best team without this organisation below that of this team, None where not asked for or
    not proven; `replaceable` is False where no team can do without it, None where unknown.
    """

    organisation: Organisation
    role: str
    covers: tuple[str, ...]
    only: tuple[str, ...]
    breaks: tuple[str, ...]
    loses: Number | None = None
    replaceable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team, lead first; `value` as `problem.value` has it, `bound` nothing is above it, `optimal` when they are equal."""

    members: tuple[Member, ...]
    value: Number
    bound: Number
    optimal: bool

    @property
    def ids(self) -> frozenset[str]:
        """Who is in it."""
        return frozenset(member.organisation.id for member in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`team` is None where none was found; then `clashes` say why, or are empty where the effort ended first.

    `bound`: no team is worth more; None where there is none. `others` are the next best, each proven or not.
    """

    team: Team | None
    bound: Number | None
    others: tuple[Team, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def optimal(self) -> bool:
        """Whether the team is proven the best."""
        return self.team is not None and self.team.optimal


def solve(
    problem: Problem, *, others: int = 0, differ: int = 1, losses: bool = False, effort: float = EFFORT
) -> Answer:
    """The team of greatest value and up to `others` next best ones.

    Each further team lacks at least `differ` members of every better one. `losses` also solves the problem without each
    member. `effort` is in CP-SAT's deterministic seconds for each question, so that the same problem gives the same answer
    on any machine; where it ends early, value and bound stand apart.
    """
    data = arrays(problem)
    if simple := clashes(problem, data=data, effort=0.0):
        return Answer(team=None, bound=None, clashes=simple)
    limits = bounds(data)
    found = search(data, limits, keep=undominated(data), barred=Barred(), effort=effort)
    if found.team is None:
        why = clashes(problem, data=data, effort=effort) if found.bound is None else ()
        return Answer(team=None, bound=_number(found.bound, data), clashes=why)
    team = _team(problem, data, found)
    if losses:
        team = _with_losses(data, limits, found, team, effort)
    more = tuple(_others(problem, data, limits, found, others, differ, effort))
    return Answer(team=team, bound=team.bound, others=more)


def _others(
    problem: Problem, data: Arrays, limits: Bounds, first: Found, wanted: int, differ: int, effort: float
) -> Iterable[Team]:
    """Next best teams. Dominance would hide those that swap equals, so every organisation is in again."""
    known, everyone = [first], np.ones(data.n, dtype=bool)
    for _ in range(wanted):
        barred = Barred(teams=tuple(one.team for one in known if one.team), differ=differ)
        below = known[-1].bound
        found = search(data, limits, keep=everyone, barred=barred, effort=effort, below=below)
        if found.team is None:
            return
        known.append(found)
        yield _team(problem, data, found)


def _with_losses(data: Arrays, limits: Bounds, found: Found, team: Team, effort: float) -> Team:
    row = {data.organisations[at].id: at for at in found.team or ()}
    members = []
    for member in team.members:
        barred = Barred(without=frozenset({row[member.organisation.id]}))
        everyone = np.ones(data.n, dtype=bool)
        other = search(data, limits, keep=everyone, barred=barred, effort=effort, below=found.bound)
        members.append(_priced(member, data, team, other))
    return replace(team, members=tuple(members))


def _priced(member: Member, data: Arrays, team: Team, other: Found) -> Member:
    if other.value is None:
        return replace(member, replaceable=None if other.bound is not None else False)
    loses = team.value - number(other.value, data.digits) if other.proven else None
    return replace(member, loses=loses, replaceable=True)


def _team(problem: Problem, data: Arrays, found: Found) -> Team:
    rows = found.team or ()
    people = [data.organisations[row] for row in rows]
    broken = breaches(problem, team=people)
    total = value(problem, team=people)
    if broken or found.bound is None or total != number(found.value or 0, data.digits):
        raise AssertionError(f"the solver's team does not stand: {broken or total}")
    members = sorted((_member(problem, people, one, _lead(problem, people)) for one in people), key=_order)
    bound = number(found.bound, data.digits)
    return Team(members=tuple(members), value=total, bound=bound, optimal=total == bound)


def _order(member: Member) -> tuple[bool, int, str]:
    return member.role != "lead", -len(member.covers), member.organisation.id


def _lead(problem: Problem, team: list[Organisation]) -> str:
    """Of those who may lead the one who covers most, then is worth most; by id where they are equal."""
    able = [one for one in team if problem.lead.allows(one)]
    return min(able, key=lambda one: (-len(_covered(problem, one)), -one.value, one.id)).id


def _member(problem: Problem, team: list[Organisation], one: Organisation, lead: str) -> Member:
    rest = [other for other in team if other is not one]
    mine = _covered(problem, one)
    theirs = {name for other in rest for name in _covered(problem, other)}
    breaks = tuple(name for name in breaches(problem, team=rest) if not name.startswith("capability:"))
    return Member(
        organisation=one, role="lead" if one.id == lead else "partner", covers=mine,
        only=tuple(name for name in mine if name not in theirs), breaks=breaks,
    )  # fmt: skip


def _covered(problem: Problem, one: Organisation) -> tuple[str, ...]:
    return tuple(wanted.capability for wanted in problem.need if covers(one, wanted))


def _number(units: int | None, data: Arrays) -> Number | None:
    return None if units is None else number(units, data.digits)
