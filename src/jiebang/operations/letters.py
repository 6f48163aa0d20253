"""Who is told what when something moves; one place, so that nobody concerned is forgotten."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Step
from jiebang.operations import turns
from jiebang.operations.kernel import Act
from jiebang.operations.things import Thing, bid_of, book_of, interested, kind_of, members, need_of, owners
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.people.queries import people_of, people_with
from jiebang.rules.reasons import Reason, render
from jiebang.rules.schema import Role, Rulebook
from jiebang.rules.texts import Texts, pick, quoted

OFFICE = frozenset({"officer", "second_officer"})


def tell_moved(act: Act, thing: Thing, step: Step, *, why: str) -> None:
    """Tell the interested parties that a thing is in another stage, and whose turn it is now that it waits for them."""
    book, kind = book_of(thing), kind_of(thing)
    stage, turn = book.lifecycles[kind].stages[step.to], turns.turn(thing, now=act.now)
    own = _people(_parties(thing), act, roles=("owner", "lead", "partner"))
    acting = _acting(act, thing, turn)
    given = {
        "number": thing.number,
        "stage": stage.label,
        "next": _next(book, stage.next, turns.sentences(thing, turn)),
    }
    for pk, person in (own | {pk: person for pk, (person, _) in acting.items()}).items():
        if act.who and pk == act.who.pk:
            continue
        wanted = {"do": _wanted(thing, turn, acting[pk][1])} if pk in acting else {}
        reasoned, code = {"why": quoted(why)} if why else {}, "mail.your_turn" if wanted else "mail.moved"
        link = _page(thing, own=pk in own)
        act.mail(person, code if why else f"{code}_plainly", **given, **wanted, **reasoned, link=link)


def tell_proposed(act: Act, thing: Thing, command: str, *, proposal: int) -> None:
    """Tell the second officers that a proposal waits to be compared by somebody else than its author."""
    label = lifecycle.label(book_of(thing), kind=kind_of(thing), command=command)
    for person in people_with("second_officer", at=act.now):
        if person != act.who:
            act.mail(
                person, "mail.proposed", number=thing.number, do=label, link=f"/office/proposals/{proposal}/"
            )


def _page(thing: Thing, *, own: bool) -> str:
    """Where the thing stands for its own people, and for the office."""
    if not own:
        return f"/office/{kind_of(thing)}s/{thing.number}/"
    return f"/{kind_of(thing)}s/{thing.number}/" + ("work/" if kind_of(thing) == "project" else "")


def _acting(act: Act, thing: Thing, turn: turns.Turn) -> dict[int, tuple[User, set[str]]]:
    """Those whose turn it is, each with the roles in which it is."""
    found: dict[int, tuple[User, set[str]]] = {}
    for role in turn.roles:
        for person in _holders(act, thing, role):
            found.setdefault(person.pk, (person, set()))[1].add(role)
    return found


def _holders(act: Act, thing: Thing, role: Role) -> Iterable[User]:
    """Whom a role on a thing falls to. The office is not told of a bid: nobody there may know of it before it is opened."""
    bid = bid_of(thing)
    if role == "lead" and bid:
        return people_of([bid.consortium.lead_id], at=act.now, roles=("lead",))
    if isinstance(thing, Bid):
        return ()
    if role == "owner":
        return people_of(owners(need_of(thing)), at=act.now, roles=("owner",))
    return people_with(role, at=act.now) if role in OFFICE else ()


def _wanted(thing: Thing, turn: turns.Turn, roles: set[str]) -> Texts:
    """What somebody in these roles is to do: the moves they can make, else what the running clock is for."""
    book = book_of(thing)
    labels = [move.label for move in turn.moves if roles & set(move.by)] or [
        book.clocks[thing.due_clock].label
    ]
    return {tag: " / ".join(pick(label, lang=tag) for label in labels) for tag in book.languages}


def _next(book: Rulebook, told: Texts | None, said: Sequence[Reason]) -> Texts:
    """What follows in every language of the rulebook; a limit is told by its last day at the programme's place."""
    return {
        tag: " ".join(
            filter(None, [pick(told or {}, lang=tag), *(_sentence(book, item, tag) for item in said)])
        )
        for tag in book.languages
    }


def _sentence(book: Rulebook, item: Reason, tag: str) -> str:
    params = dict(item.params)
    if limit := params.get("deadline"):
        last = datetime.fromisoformat(str(limit)) - timedelta(microseconds=1)
        params["deadline"] = f"{last.astimezone(ZoneInfo(book.timezone)):%Y-%m-%d}"
    return render(Reason(item.code, params), lang=tag)


def _people(parties: Iterable[int], act: Act, *, roles: Sequence[Role]) -> dict[int, User]:
    return {person.pk: person for person in people_of(parties, at=act.now, roles=roles)}


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
    partners = Invitation.objects.filter(consortium__bid__in=bids, status__in=Invitation.IN_THE_BID)
    leads = bids.values_list("consortium__lead_id", flat=True)
    return frozenset({*leads, *partners.values_list("partner_id", flat=True)})
