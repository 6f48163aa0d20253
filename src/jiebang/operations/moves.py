"""Moving a thing along its lifecycle: the one function behind every button that changes a stage.

The rulebook's table says who, from where, under which guard and which clock; `effects` says what else a
command brings about. A four-eyes move becomes a proposal that another officer agrees to or refuses.
"""

from collections.abc import Mapping
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Step
from jiebang.operations import effects
from jiebang.operations.deadlines import clock_of, due_at
from jiebang.operations.facts import blocking_opinions, facts_of
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.letters import tell_moved, tell_proposed
from jiebang.operations.names import Event, Permission
from jiebang.operations.opinions import ask_opinions
from jiebang.operations.statements import Text
from jiebang.operations.things import (
    Thing,
    book_of,
    call_of,
    find,
    find_thing,
    kind_of,
    need_of,
    no_interest,
    remember,
    roles_on,
    seen,
    subject,
)
from jiebang.records.awards.models import Proposal
from jiebang.records.journal.queries import entries, entry_of
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Kind, Move

Params = Mapping[str, Any]


@operation(permission=Permission.MOVE, event=Event.MOVED)
def move(
    act: Act, *, kind: Kind, number: str, command: str, why: Text = "", params: dict[str, Any] | None = None
) -> Outcome:
    """Do `command` to a need, challenge, bid or project; a four-eyes command is proposed to a second officer."""
    thing = seen(act, kind, number)
    step = check(act, thing, command, why=why)
    rule = book_of(thing).lifecycles[kind].moves[step.key]
    if rule.four_eyes:
        return _propose(act, thing, command, why=why, params=params or {})
    return apply(act, thing, step, why=why, params=params or {})


@operation(permission=Permission.PROPOSAL_ANSWER, event=Event.PROPOSAL_ANSWERED)
def answer_proposal(act: Act, *, proposal: int, agree: bool, why: Text = "") -> Outcome:
    """Agree to or refuse what another officer proposed; the rule and the facts are checked anew at this moment."""
    asked = find(Proposal, pk=proposal, status=Proposal.Status.OPEN)
    if asked.proposed_by_id == act.person.pk:
        raise Stop(reason("four_eyes.same_person"))
    if not agree and not why:
        raise Stop(reason("lifecycle.reason_required", field="why"))
    kind, number = asked.subject.split(":", 1)
    thing = find_thing(kind, number)  # type: ignore[arg-type]
    no_interest(act, thing)
    asked.status = Proposal.Status.AGREED if agree else Proposal.Status.REFUSED
    asked.answered_by, asked.answered_at, asked.answer = act.person, act.now, why
    asked.save()
    body = {"proposal": asked.pk, "operation": asked.operation, "agreed": agree, "why": why}
    act.journal(Event.PROPOSAL_ANSWERED, asked.subject, rulebook=call_of(thing).rulebook_id, body=body)
    if not agree:
        return Done({"number": number, "agreed": False})
    step = check(act, thing, asked.operation, why=asked.reason, agreed=True)
    return apply(act, thing, step, why=asked.reason, params=asked.params)


def check(act: Act, thing: Thing, command: str, *, why: str = "", agreed: bool = False) -> Step:
    """The step that a command makes now, or a stop with every reason against it."""
    no_interest(act, thing)
    effects.before(act, thing, command)
    return permitted(act, thing, command, why=why, agreed=agreed)


def permitted(act: Act, thing: Thing, command: str, *, why: str = "", agreed: bool = False) -> Step:
    """The same on what is known already: nothing is brought up to date first."""
    kind, book = kind_of(thing), book_of(thing)
    roles = roles_on(act, thing)
    # who agrees to a proposal stands in for the office: the proposer was checked when proposing
    acting = roles | ({"officer"} if agreed and roles & {"officer", "second_officer"} else set())
    step = lifecycle.step(
        book, kind=kind, stage=thing.stage, command=command, roles=acting, facts=facts_of(thing, now=act.now)
    )
    if not isinstance(step, Step):
        # whose step it is not hears no more: a guard's values would tell how many bids there are
        raise Stop(*([item for item in step if item.code == "lifecycle.not_yours"] or step))
    rule = book.lifecycles[kind].moves[step.key]
    if rule.reason_required and not why:
        raise Stop(reason("lifecycle.reason_required", field="why"))
    _other_person(act, thing, rule)
    if waiting := blocking_opinions(thing, command=command):
        raise Stop(reason("opinion.open", opinions=", ".join(waiting)))
    return step


def apply(act: Act, thing: Thing, step: Step, *, why: str = "", params: Params | None = None) -> Done:
    """Make a checked step: stage, clock, effects, journal, letters."""
    _enter(act, thing, step, why=why)
    answer = effects.after(act, thing, step, why=why, params=params or {}, follow=follow)
    told = answer.pop("told", why)  # what must not leave the office yet is not told
    thing.save()
    ask_opinions(act, thing)
    body = {
        "command": step.command,
        "from": step.origin,
        "to": step.to,
        "why": why,
        **answer.get("journal", {}),
    }
    body["due_at"] = thing.due_at
    remember(act, Event.MOVED, thing, body=body)
    tell_moved(act, thing, step, why=told)
    return Done(
        {"number": thing.number, "stage": thing.stage, **{k: v for k, v in answer.items() if k != "journal"}}
    )


def follow(act: Act, thing: Thing, command: str, *, why: str = "", params: Params | None = None) -> None:
    """A move that another act brings about (`by` is empty in the table, or the act was authorised already)."""
    book, kind = book_of(thing), kind_of(thing)
    for key, rule in lifecycle.moves(book.lifecycles.get(kind)).items():
        if rule.command == command and thing.stage in rule.origin:
            apply(act, thing, Step(key, command, thing.stage, rule.to, rule.starts), why=why, params=params)
            return
    raise Stop(lifecycle.not_from_here(book, kind=kind, stage=thing.stage, command=command))


def _enter(act: Act, thing: Thing, step: Step, *, why: str) -> None:
    ended = "final" in lifecycle.flags(book_of(thing), kind=kind_of(thing), stage=step.to)
    # what a final move starts runs on what it brings about (a project's agreement); itself it waits for nobody
    starts = None if ended else step.starts
    clock = clock_of(call_of(thing), starts, start=act.now, owner_country=need_of(thing).country)
    for name, value in clock.items():
        setattr(thing, name, value)
    thing.stage, thing.stage_since = step.to, act.now
    thing.updated_at, thing.updated_by = act.now, act.who
    if why and hasattr(thing, "remark"):
        thing.remark = why


def _propose(act: Act, thing: Thing, command: str, *, why: str, params: Params) -> Done:
    if Proposal.objects.filter(
        subject=subject(thing), operation=command, status=Proposal.Status.OPEN
    ).exists():
        raise Stop(reason("four_eyes.open", command=command))
    limit = due_at(call_of(thing), "confirmation", start=act.now, owner_country=need_of(thing).country)
    effects.rehearse(act, thing, command, params=params)
    made = Proposal.objects.create(
        operation=command, subject=subject(thing), params=dict(params), reason=why, proposed_by=act.person,
        proposed_at=act.now, due_at=limit,
    )  # fmt: skip
    body = {"proposal": made.pk, "operation": command, "why": why, "params": dict(params)}
    remember(act, Event.PROPOSED, thing, body=body)
    tell_proposed(act, thing, command, proposal=made.pk)
    return Done({"number": thing.number, "proposal": made.pk})


def _other_person(act: Act, thing: Thing, rule: Move) -> None:
    if brought_before(thing, rule, who=act.person.pseudonym):
        raise Stop(reason("four_eyes.same_person"))


def brought_before(thing: Thing, rule: Move, *, who: str) -> bool:
    """What only a second officer may do is never done by whoever (pseudonym) brought the thing to the second officers."""
    if rule.by != ["second_officer"]:
        return False
    moves = book_of(thing).lifecycles[kind_of(thing)].moves.values()
    second = {item.command for item in moves if item.by == ["second_officer"]}
    by_two = {item.command for item in moves if item.four_eyes}
    for row in entries(subject=subject(thing), event=Event.MOVED):
        if (command := str(entry_of(row).body.get("command"))) not in second:
            return who == (_proposer(thing, command) if command in by_two else row.actor)
    return False


def _proposer(thing: Thing, command: str) -> str:
    """Who proposed what two did last: that person brought it on, and not who agreed."""
    agreed = Proposal.objects.filter(subject=subject(thing), operation=command, status=Proposal.Status.AGREED)
    last = agreed.select_related("proposed_by").order_by("answered_at", "pk").last()
    return last.proposed_by.pseudonym if last else ""
