"""Who is told what when something moves; one place, so that nobody concerned is forgotten."""

from collections.abc import Iterable

from jiebang.decisions.lifecycle import Step
from jiebang.operations.kernel import Act
from jiebang.operations.things import Thing, book_of, interested, kind_of, sees
from jiebang.records.access import Reader
from jiebang.records.people.models import User
from jiebang.records.people.queries import people_for, people_with
from jiebang.rules.texts import pick


def tell_moved(act: Act, thing: Thing, step: Step, *, why: str) -> None:
    """Tell the interested parties, and the roles that must act next, that a thing is now in another stage."""
    book, kind = book_of(thing), kind_of(thing)
    stage = book.lifecycles[kind].stages[step.to]
    for person in _concerned(act, thing, step):
        label = pick(stage.label, lang=_tag(person))
        following = pick(stage.next, lang=_tag(person))
        act.mail(person, "mail.moved", number=thing.number, stage=label, next=following, why=why or "—")


def _concerned(act: Act, thing: Thing, step: Step) -> Iterable[User]:
    found: dict[int, User] = {}
    for party in interested(thing):
        found |= {
            person.pk: person for person in people_for(party, at=act.now, roles=("owner", "lead", "partner"))
        }
    clock = book_of(thing).clocks.get(step.starts or "")
    for role in clock.who if clock else ():
        if role in ("officer", "second_officer"):
            found |= {person.pk: person for person in people_with(role, at=act.now)}
    found.pop(act.who.pk if act.who else 0, None)
    # before opening, a letter would tell an owner that somebody bids
    return [person for person in found.values() if sees(Reader(person=person, at=act.now), thing)]


def _tag(person: User) -> str:
    return "zh-Hans" if person.language.lower().startswith("zh") else person.language
