"""The second interpreter of the disclosure policy: the rulebook's rows as query conditions.

`decisions.access.may_read` is the first; a property test proves that both give the same answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar, get_args

from django.db.models import Model, Q, QuerySet

from jiebang.decisions import access, lifecycle
from jiebang.records.bids.models import Invitation
from jiebang.records.people.models import User
from jiebang.records.people.queries import engagements_of
from jiebang.records.programme.models import RulebookVersion
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.models import Assignment, Block
from jiebang.rules.schema import Disclosure, Kind, Relation, Rulebook

Row = TypeVar("Row", bound=Model)

# The roles in which the people of an independent tester act for it: it may solve or judge elsewhere.
TESTS_AS = ("owner", "lead", "partner", "expert")

# How each kind of thing reaches the others: field paths from its own row.
_PATHS: Mapping[str, Mapping[str, str]] = {
    "need": {"call": "call", "need": "", "challenge": "challenges", "stage": "need"},
    "challenge": {"call": "call", "need": "need", "challenge": "", "stage": "challenge"},
    "bid": {"call": "challenge__call", "need": "challenge__need", "challenge": "challenge", "bid": "", "stage": "challenge"},
    "assignment": {
        "call": "bid__challenge__call", "need": "bid__challenge__need", "challenge": "bid__challenge",
        "bid": "bid", "stage": "challenge",
    },
    "objection": {"call": "challenge__call", "need": "challenge__need", "challenge": "challenge", "stage": "challenge"},
    "project": {
        "call": "challenge__call", "need": "challenge__need", "challenge": "challenge", "bid": "bid", "stage": "project",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """A person (or nobody) at a moment, with what the policy needs to know of them."""

    person: User | None
    at: datetime

    @cached_property
    def standing(self) -> tuple[tuple[int, str, str], ...]:
        """Party, role and scope of each running engagement, read once."""
        if self.person is None or not self.person.pk:
            return ()
        running = engagements_of(self.person, at=self.at)
        return tuple(running.values_list("party_id", "role", "scope"))

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles held for anybody; `public` for everyone."""
        return frozenset(role for _, role, _ in self.standing) | {"public"}

    @cached_property
    def parties(self) -> frozenset[int]:
        """Ids of parties acted for."""
        return self.acting_for("owner", "lead", "partner")

    @cached_property
    def countries(self) -> frozenset[str]:
        """Countries whose desk this person keeps."""
        return frozenset(scope for _, role, scope in self.standing if role == "country_desk")

    @cached_property
    def rulebooks(self) -> tuple[str, ...]:
        """Hashes of all rulebook versions, read once."""
        return tuple(RulebookVersion.objects.values_list("pk", flat=True))

    def acting_for(self, *roles: str) -> frozenset[int]:
        """Ids of the parties acted for in any of the roles."""
        return frozenset(party for party, role, _ in self.standing if role in roles)

    def holds(self, role: str, *, scope: str) -> bool:
        """Whether a role is held for a scope (a country, a department)."""
        return any(mine == role and scope == over for _, mine, over in self.standing)


def readable(what: str, *, of: str, reader: Reader, rulebooks: Iterable[str] | None = None) -> Q:
    """The condition on rows of kind `of` (need, challenge, bid, assignment, objection, project) to read `what`.

    `rulebooks` (hashes) are those under which the rows stand, where the caller knows them; else all.
    """
    call = f"{_PATHS[of]['call']}__rulebook_id"
    allowed = Q(pk__in=[])
    for version in reader.rulebooks if rulebooks is None else rulebooks:
        book = rulebook(version)
        for row in access.rows(book, what=what):
            condition = _relation(row.to, of=of, reader=reader)
            if condition is not None:
                allowed |= Q(**{call: version}) & condition & _when(row, book, of=of)
    return allowed


def visible(rows: QuerySet[Row], *, what: str, of: str, reader: Reader) -> QuerySet[Row]:
    """`rows` cut down to those whose `what` the reader may read; no row twice whatever the policy joins."""
    allowed = rows.model._default_manager.filter(readable(what, of=of, reader=reader)).values("pk")
    return rows.filter(pk__in=allowed)


def relations(thing: object, *, of: str, reader: Reader) -> frozenset[str]:
    """How a reader stands to one saved thing, in the policy's words."""
    model = type(thing)
    manager = model._default_manager  # type: ignore[attr-defined]
    found = set()
    for name in get_args(Relation):
        condition = _relation(name, of=of, reader=reader)
        if condition is not None and (condition == Q() or manager.filter(condition, pk=thing.pk).exists()):  # type: ignore[attr-defined]
            found.add(name)
    return frozenset(found)


def _when(row: Disclosure, book: Rulebook, *, of: str) -> Q:
    if row.when == "always":
        return Q()
    kind: Kind = _PATHS[of]["stage"]  # type: ignore[assignment]
    stages = lifecycle.stages_with(book, kind=kind, flag=row.when)
    path = "" if kind == of else _PATHS[of][kind]
    return Q(**{f"{path}__stage__in" if path else "stage__in": stages})


def _relation(name: str, *, of: str, reader: Reader) -> Q | None:
    """The rows to which the reader stands in this relation; None when in none of them."""
    if name in ("public", "office", "auditor", "second_officer"):
        wanted = {"officer", "second_officer"} if name == "office" else {name}
        found = Q() if reader.roles & wanted else None
    elif reader.person is None or not reader.person.pk:
        found = None
    else:
        found = _own(name, of=of, reader=reader)
    if found is None or of != "bid" or name == "bid_member":
        return found
    return found & Q(submitted_at__isnull=False)  # what was never sent is nobody's but its own people's


def _own(name: str, *, of: str, reader: Reader) -> Q | None:
    paths, person, parties = _PATHS[of], reader.person, list(reader.parties)
    if name == "country_desk":
        return _at(paths.get("need"), country__in=list(reader.countries))
    if name == "department":
        return _asked(of, [scope for _, role, scope in reader.standing if role == "department"])
    if name == "need_owner":
        return _join(_at(paths.get("need"), owner__in=parties), _at(paths.get("need"), co_owners__in=parties))
    if name == "arguing_expert":
        return _at(paths.get("need"), arguments__expert=person)
    if name in ("bid_member", "project_member"):
        bid = paths.get("bid")
        there = Invitation.IN_THE_BID if name == "bid_member" else Invitation.AT_WORK
        accepted = {
            "consortium__invitations__partner__in": parties,
            "consortium__invitations__status__in": there,
        }
        return _join(_at(bid, consortium__lead__in=parties), _at(bid, **accepted))
    if name == "tester":
        mine = list(reader.acting_for(*TESTS_AS))
        return Q(testers__party__in=mine, testers__ended_at=None) if of == "project" else None
    if name == "assigned_expert":
        return _live_assignment(paths.get("bid"), person)
    if name == "review_author":
        return Q(expert=person) if of == "assignment" else None
    return Q(by=person) if name == "objector" and of == "objection" else None


def _asked(of: str, departments: list[str]) -> Q | None:
    """Where one of these departments was asked for its opinion; of a need, also on what grew out of it."""
    below = {"need": ("", "challenges__", "challenges__projects__"), "challenge": ("",), "project": ("",)}
    found = None
    for path in below.get(of, ()):
        found = _join(found, Q(**{f"{path}opinions__opinion__in": departments}))
    return found


def _live_assignment(bid: str | None, person: User | None) -> Q | None:
    """Bids that the person was asked to judge and declared on, unless a conflict of interest is known by now."""
    asked = Assignment.objects.filter(expert=person, status__in=Assignment.READING)
    blocked = Block.objects.filter(expert=person).values("bid")
    return _at(bid, pk__in=asked.exclude(bid__in=blocked).values("bid"))


def _at(path: str | None, **conditions: object) -> Q | None:
    if path is None:
        return None
    return Q(**{f"{path}__{key}" if path else key: value for key, value in conditions.items()})


def _join(first: Q | None, second: Q | None) -> Q | None:
    return first | second if first is not None and second is not None else first or second
