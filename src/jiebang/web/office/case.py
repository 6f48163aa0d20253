"""A case as its page shows it: where it stands, who acts by when, what the reader may do, what is in the way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Offer
from jiebang.operations.facts import blocking_opinions, facts_of, indicators, unconfirmed
from jiebang.operations.judging import awarded_together
from jiebang.operations.kernel import Act
from jiebang.operations.moves import brought_before
from jiebang.operations.things import book_of, call_of, roles_on
from jiebang.operations.turns import sentences, turn
from jiebang.records.access import Reader
from jiebang.records.awards.office import proposal_on
from jiebang.records.bids.office import find_bid
from jiebang.records.challenges.office import find_need
from jiebang.records.challenges.queries import find_challenge
from jiebang.records.projects.office import find_project
from jiebang.rules.expressions import Expression, compile_expression
from jiebang.rules.facts import dictionary
from jiebang.rules.lint_service import TOGETHER
from jiebang.rules.schema import Kind, Move, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import render_reason
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.waiting import ROOMS, country_of
from jiebang.web.office import cells
from jiebang.web.public import saying, states
from jiebang.web.public.course import progress, timeline
from jiebang.web.public.frame import person_name
from jiebang.web.site import language_tag, words

FIND = {"need": find_need, "challenge": find_challenge, "bid": find_bid, "project": find_project}


@dataclass(frozen=True)
class Case:
    """A need, challenge, bid or project with its rulebook and how the reader stands to it."""

    kind: Kind
    thing: Any
    book: Rulebook
    reader: Reader

    @property
    def subject(self) -> str:
        """As the journal names it."""
        return f"{self.kind}:{self.thing.number}"

    @property
    def url(self) -> str:
        """Its page in the office."""
        return f"/office/{ROOMS[self.kind]}/{self.thing.number}/"

    @cached_property
    def facts(self) -> Mapping[str, object]:
        """What its guards read, now."""
        return facts_of(self.thing, now=self.reader.at)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The reader's roles on this case."""
        return roles_on(Act(self.reader), self.thing)

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """What the reader may do next, with what is in the way."""
        stage = self.thing.stage
        return lifecycle.offers(self.book, kind=self.kind, stage=stage, roles=self.roles, facts=self.facts)

    @cached_property
    def proposal(self) -> Any:
        """The proposal open on it."""
        return proposal_on(self.subject)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A move as a button: its word, where it is done, or why it cannot be done yet."""

    label: str
    url: str
    why_not: Sequence[str] = ()
    primary: bool = False
    note: str = ""


def case_or_404(kind: Kind, number: str, reader: Reader) -> Case:
    """The case; 404 for what is not there or not open to this reader."""
    thing = FIND[kind](number, reader=reader)
    if thing is None:
        raise Http404
    return Case(kind, thing, book_of(thing), reader)


def ways(case: Case) -> list[Way]:
    """Every move offered, those that can be done first; the one that takes the case further is the primary."""
    best: dict[str, Offer] = {}
    for offer in case.offers:  # of moves that share a command, the one that can be made
        if offer.command not in best or (best[offer.command].reasons and not offer.reasons):
            best[offer.command] = offer
    made = sorted((way(case, offer) for offer in best.values()), key=lambda item: bool(item.why_not))
    if made and not made[0].why_not and not _stops(case, made[0]):
        made[0] = Way(label=made[0].label, url=made[0].url, note=made[0].note, primary=True)
    return made


def way(case: Case, offer: Offer) -> Way:
    """One move as a button, with everything in the way in the reader's words."""
    note = _("a second officer must agree") if offer.move.four_eyes else ""
    url = f"{case.url}do/{offer.command}/"
    if done_together(case, offer.command):
        url, note = (
            f"/office/calls/{case.thing.call.number}/award/",
            _("for all challenges of the call at once"),
        )
    return Way(
        label=words(offer.move.label),
        url=url,
        note=note,
        why_not=why_not(case, offer),
    )


def done_together(case: Case, command: str) -> bool:
    """Whether a command is given for all challenges of the call, on a page of the call."""
    return case.kind == "challenge" and command in TOGETHER and awarded_together(case.book)


def why_not(case: Case, offer: Offer) -> list[str]:
    """What is in the way of a move now: its guard in words, opinions still open, a proposal open, the same person."""
    found = [*guard_words(offer.move, case.facts)] if offer.reasons and offer.move.require else []
    if offer.reasons and "project.unmet" in (offer.move.require or ""):
        found += _unconfirmed(case)
    if offer.reasons and not found:
        found = [render_reason(item) for item in offer.reasons]
    if waiting := blocking_opinions(case.thing, command=offer.command):
        found.append(
            _("Open: %(what)s") % {"what": ", ".join(words(case.book.opinions[key].label) for key in waiting)}
        )
    if case.proposal and case.proposal.operation == offer.command:
        found.append(_("It is proposed already and waits for another officer."))
    person = case.reader.person
    if person and brought_before(case.thing, offer.move, who=person.pseudonym):
        found.append(_("You did the step before; somebody else must do this one."))
    return found


def _unconfirmed(case: Case) -> list[str]:
    """Which indicators nobody but the lead has measured; what the lead says of its own work decides nothing."""
    missing = unconfirmed(case.thing)
    names = [
        saying.plainly(item.get("name")) for item in indicators(case.thing.challenge) if item["id"] in missing
    ]
    told = ngettext(
        "%(n)s indicator has no value from somebody other than the lead: %(names)s",
        "%(n)s indicators have no value from somebody other than the lead: %(names)s",
        len(missing),
    )
    return (
        [told % {"n": len(missing), "names": formats.listed(names, lang=language_tag())}] if missing else []
    )


def guard_words(move: Move, facts: Mapping[str, object]) -> list[str]:
    """What the rule of a move reads, as of now: `How many rules it fails: 2`."""
    return [f"{label}: {value}" for label, value in guard_facts(move, facts)]


def guard_facts(move: Move, facts: Mapping[str, object]) -> list[tuple[str, str]]:
    """Each fact that the rule of a move reads, in words, with its value."""
    if not move.require:
        return []
    compiled = compile_expression(move.require)
    paths = compiled.paths if isinstance(compiled, Expression) else ()
    known = dictionary()
    rows = []
    for path in paths:
        name = ".".join(path)
        label = words(known[name].meaning) if name in known else name
        rows.append((label, _value(facts, path) + _needed(move.require, name)))
    return rows


def intro(case: Case, *, title: str, kicker: str = "", lang: str = "") -> c.Intro:
    """Where one is, what happens next and who acts, who changed it last and when."""
    thing, stage = case.thing, states.stage_of(case.book, case.kind, case.thing.stage)
    following = " ".join([words(stage.next) if stage else "", *_whose_turn(case)])
    return c.Intro(
        title=title, kicker=kicker or thing.number, stamp=states.stamp(case.book, case.kind, thing.stage),
        next=following.strip(), changed=changed(case), lang=lang,
    )  # fmt: skip


def _whose_turn(case: Case) -> list[str]:
    """Who acts now, until when, and what must come first; a proposal waits for another officer than its author."""
    if case.proposal is None:
        said = sentences(case.thing, turn(case.thing, now=case.reader.at))
        return [render_reason(item, zone=case.book.timezone) for item in said]
    told = {
        "name": person_name(case.proposal.proposed_by),
        "when": cells.until(case.proposal.due_at, case.book.timezone),
    }
    return (
        [_("To act now: another officer than %(name)s, until %(when)s.") % told]
        if case.proposal.due_at
        else []
    )


def changed(case: Case) -> str:
    """When it was last changed and by whom."""
    when, by = cells.moment(case.thing.updated_at, case.book.timezone), case.thing.updated_by
    if by is None:
        return _("Last changed %(when)s") % {"when": when}
    return _("Last changed %(when)s by %(who)s") % {"when": when, "who": person_name(by)}


def limit(case: Case) -> c.Clock | None:
    """The clock that runs; none in a stage after which nothing follows."""
    thing = case.thing
    if _over(case):
        return None
    return clock(
        thing.due_at,
        call=call_of(thing),
        country=country_of(thing),
        now=case.reader.at,
        provisional=thing.due_provisional,
    )


def course(case: Case, *, begin: str, began: Any) -> c.Timeline:
    """The timeline from the journal."""
    return timeline(case.thing, kind=case.kind, book=case.book, begin=begin, began=began, now=case.reader.at)


def picture(case: Case) -> c.Lifecycle | None:
    """The lifecycle as a line of stations."""
    return progress(case.thing, kind=case.kind, book=case.book)


def crumbs(case: Case, *, list_name: str, here: str = "") -> c.Breadcrumbs:
    """Desk, list, case."""
    links = [c.Link(_("My desk"), "/desk/"), c.Link(list_name, f"/office/{ROOMS[case.kind]}/")]
    if here:
        links.append(c.Link(case.thing.number, case.url))
    return c.Breadcrumbs(links=links, here=here or case.thing.number)


def shared(case: Case) -> dict[str, Any]:
    """What every page of a case prints beside its own: clock, moves, proposal."""
    return {"ways": ways(case), "proposal": case.proposal, "case": case, "picture": picture(case)}


def _over(case: Case) -> bool:
    stage = states.stage_of(case.book, case.kind, case.thing.stage)
    return stage is not None and "final" in stage.flags


def _stops(case: Case, made: Way) -> bool:
    offer = next(item for item in case.offers if words(item.move.label) == made.label)
    table = case.book.lifecycles[case.kind]
    return offer.move.reason_required or "failure" in table.stages[offer.move.to].flags


def _needed(require: str, name: str) -> str:
    """What the rule asks of a fact that it compares with one number."""
    asked = re.findall(rf"(?<![\w.]){re.escape(name)}\s*(>=|<=|==|>|<)\s*(\d+(?:\.\d+)?)", require)
    if len(asked) != 1:
        return ""
    sign, number = asked[0]
    said = {
        ">=": _("at least %(n)s"),
        "<=": _("at most %(n)s"),
        "==": "%(n)s",
        ">": _("more than %(n)s"),
        "<": _("less than %(n)s"),
    }
    needed = said[sign] % {"n": formats.number(Decimal(number).normalize(), lang=language_tag())}
    return " · " + _("needed: %(what)s") % {"what": needed}


def _value(facts: object, path: Sequence[str]) -> str:
    for name in path:
        facts = facts.get(name) if isinstance(facts, Mapping) else None
    if isinstance(facts, bool):
        return _("yes") if facts else _("no")
    if facts is None or facts == "":
        return _("not known")
    return str(facts)
