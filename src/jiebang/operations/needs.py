"""Stating a need: start, save as often as one likes, share it, have it argued."""

from typing import Any

from jiebang.decisions import lifecycle
from jiebang.operations.answers import faults, require_shape
from jiebang.operations.calls import takes_needs
from jiebang.operations.effects_needs import index
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import (
    book_of,
    find,
    no_interest,
    owners,
    remember,
    roles_on,
    seen,
)
from jiebang.records.challenges.models import Argument, Need
from jiebang.records.people.models import Organisation, Party, User
from jiebang.records.people.queries import engagements_of, parties_of, roles_of
from jiebang.records.programme.models import Call
from jiebang.records.programme.queries import next_number, rulebook
from jiebang.rules.reasons import reason


@operation(permission=Permission.NEED_DRAFT, event=Event.NEED_STARTED)
def start_need(act: Act, *, call: str, owner: str, content: dict[str, Any] | None = None) -> Outcome:
    """Begin a need for an organisation one acts for; a country desk may begin one for an owner of its country."""
    opened = find(Call, number=call)
    if not takes_needs(opened, now=act.now):
        raise Stop(reason("call.closed", number=call))
    party = find(Party, slug=owner)
    country = Organisation.objects.filter(party=party).values_list("country", flat=True).first() or ""
    own = party.pk in act.reader.acting_for("owner")
    desk = engagements_of(act.person, at=act.now).filter(role="country_desk", scope=country).first()
    if not own and desk is None:
        raise Stop(reason("access.not_yours", party=owner))
    book = rulebook(opened.rulebook_id)
    require_shape("need", content or {}, rulebook=book)
    need = Need(
        number=next_number(f"N-{act.now.year}-"), call=opened, owner=party, country=country,
        filed_by=None if own or desk is None else desk.party, stage=book.lifecycles["need"].start,
        stage_since=act.now, created_at=act.now, updated_at=act.now, updated_by=act.person, content=content or {},
    )  # fmt: skip
    index(need)
    need.save()
    remember(act, Event.NEED_STARTED, need, body={"owner": owner, "country": country})
    return Done({"number": need.number})


@operation(permission=Permission.NEED_DRAFT, event=Event.NEED_SAVED)
def save_need(act: Act, *, number: str, content: dict[str, Any]) -> Outcome:
    """Save the answers as they stand; what is wrong with them is told, not refused."""
    need = _editable(act, number)
    require_shape("need", content, rulebook=book_of(need))
    need.content = content
    need.updated_at, need.updated_by = act.now, act.person
    index(need)
    need.save()
    remember(act, Event.NEED_SAVED, need, private={"content": content})
    found = faults("need", content, on=need, complete=False)
    return Done({"number": number, "faults": [{"field": f.params["field"], "code": f.code} for f in found]})


@operation(permission=Permission.NEED_DRAFT, event=Event.NEED_SHARED)
def share_need(act: Act, *, number: str, owner: str) -> Outcome:
    """Let another organisation own the need too."""
    need = _editable(act, number)
    party = find(Party, slug=owner, kind=Party.Kind.ORGANISATION)
    need.co_owners.add(party)
    remember(act, Event.NEED_SHARED, need, body={"owner": owner})
    return Done({"number": number, "owner": owner})


@operation(permission=Permission.NEED_ASK_ARGUMENT, event=Event.ARGUMENT_ASKED)
def ask_argument(act: Act, *, number: str, expert: str) -> Outcome:
    """Ask an expert (by e-mail address) whether the need is real and fit for a challenge."""
    need = seen(act, "need", number)
    assert isinstance(need, Need)
    no_interest(act, need)
    person = find(User, email=expert.lower())
    if "expert" not in roles_of(person, at=act.now):
        raise Stop(reason("review.not_an_expert", expert=person.name))
    if parties_of(person, at=act.now, roles=("owner", "lead", "partner")) & owners(need):
        raise Stop(reason("review.conflict", expert=person.name, kind="same_organisation"))
    _, made = Argument.objects.get_or_create(need=need, expert=person, defaults={"asked_at": act.now})
    if not made:
        raise Stop(reason("review.assigned", expert=person.name))
    act.mail(person, "mail.argument_asked", number=number)
    body = {"expert": person.pseudonym}
    remember(act, Event.ARGUMENT_ASKED, need, body=body)
    return Done({"number": number})


@operation(permission=Permission.NEED_ARGUE, event=Event.ARGUMENT_GIVEN)
def give_argument(act: Act, *, number: str, favourable: bool, text: Said, lang: str = "") -> Outcome:
    """Give one's written opinion on a need one was asked about."""
    argument = find(Argument, need__number=number, expert=act.person)
    if argument.given_at:
        raise Stop(reason("argument.given"))
    argument.given_at, argument.favourable, argument.text = (
        act.now,
        favourable,
        statement(text, lang=lang or act.language),
    )
    argument.save()
    need = argument.need
    body = {"favourable": favourable}
    remember(act, Event.ARGUMENT_GIVEN, need, body=body, private={"text": text})
    return Done({"number": number})


def editable(need: Need) -> bool:
    """Whether the stage lets its people change the need."""
    return "editable" in lifecycle.flags(book_of(need), kind="need", stage=need.stage)


def _editable(act: Act, number: str) -> Need:
    need = find(Need, number=number)
    if not roles_on(act, need) & {"owner", "country_desk"}:
        raise Stop(reason("access.not_found", kind="need", number=number))
    if not editable(need):
        raise Stop(reason("need.not_editable"))
    return need
