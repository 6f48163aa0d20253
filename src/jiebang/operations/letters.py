"""Who is told what when something moves; one place, so that nobody concerned is forgotten."""

from collections.abc import Iterable

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Step
from jiebang.operations.kernel import Act
from jiebang.operations.things import Thing, book_of, interested, kind_of, members, owners
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.people.queries import people_of, people_with


def tell_moved(act: Act, thing: Thing, step: Step, *, why: str) -> None:
    """Tell the interested parties, and the roles that must act next, that a thing is now in another stage."""
    book, kind = book_of(thing), kind_of(thing)
    stage = book.lifecycles[kind].stages[step.to]
    own = {person.pk for person in people_of(_parties(thing), at=act.now, roles=("owner", "lead", "partner"))}
    for person in _concerned(act, thing, step):
        given = {"number": thing.number, "stage": stage.label, "next": stage.next}
        link = _page(thing, own=person.pk in own)
        if why:
            act.mail(person, "mail.moved", **given, why=why, link=link)
        else:
            act.mail(person, "mail.moved_plainly", **given, link=link)


def _page(thing: Thing, *, own: bool) -> str:
    """Where the thing stands for its own people, and for the office."""
    if not own:
        return f"/office/{kind_of(thing)}s/{thing.number}/"
    return f"/{kind_of(thing)}s/{thing.number}/" + ("work/" if kind_of(thing) == "project" else "")


def _concerned(act: Act, thing: Thing, step: Step) -> Iterable[User]:
    told = people_of(_parties(thing), at=act.now, roles=("owner", "lead", "partner"))
    found: dict[int, User] = {person.pk: person for person in told}
    clock = book_of(thing).clocks.get(step.starts or "")
    for role in clock.who if clock else ():
        if role in ("officer", "second_officer"):
            found |= {person.pk: person for person in people_with(role, at=act.now)}
    found.pop(act.who.pk if act.who else 0, None)
    return found.values()


def _parties(thing: Thing) -> frozenset[int]:
    """Whose thing it is. A bid is told to its own people alone: an owner must not learn before opening who bids."""
    if isinstance(thing, Bid):
        return members(thing)
    if isinstance(thing, Challenge):
        return owners(thing.need) | _bidders(thing)
    return interested(thing)


def _bidders(challenge: Challenge) -> frozenset[int]:
    gone = lifecycle.targets(book_of(challenge), kind="bid", command="withdraw_bid")
    bids = challenge.bids.exclude(stage__in=gone)
    partners = Invitation.objects.filter(consortium__bid__in=bids, status=Invitation.Status.ACCEPTED)
    leads = bids.values_list("consortium__lead_id", flat=True)
    return frozenset({*leads, *partners.values_list("partner_id", flat=True)})
