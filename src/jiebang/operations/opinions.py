"""Other departments act on the same case in parallel, each with a name and a clock."""

from jiebang.operations.deadlines import due_at
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import Thing, book_of, call_of, find, kind_of, need_of, remember
from jiebang.records.challenges.models import DepartmentOpinion
from jiebang.records.people.queries import people_with
from jiebang.rules.reasons import reason


def ask_opinions(act: Act, thing: Thing) -> None:
    """Open the opinions that the rulebook wants at the stage a thing has just entered."""
    for key, rule in book_of(thing).opinions.items():
        if rule.on == kind_of(thing) and thing.stage in rule.stages and not _asked(thing, key):
            limit = due_at(call_of(thing), rule.clock, start=act.now, owner_country=need_of(thing).country)
            DepartmentOpinion.objects.create(
                opinion=key, asked_at=act.now, due_at=limit, **{kind_of(thing): thing}
            )
            for person in people_with("department", at=act.now, scope=key):
                act.mail(person, "mail.opinion_asked", number=thing.number)


@operation(permission=Permission.OPINION_GIVE, event=Event.OPINION_GIVEN)
def give_opinion(act: Act, *, opinion: int, favourable: bool, text: Said) -> Outcome:
    """Give a department's named opinion; only someone engaged for that department may."""
    asked = find(DepartmentOpinion, pk=opinion, given_at__isnull=True)
    if not act.reader.holds("department", scope=asked.opinion):
        raise Stop(reason("opinion.not_yours", opinion=asked.opinion))
    asked.given_at, asked.by, asked.favourable = act.now, act.person, favourable
    asked.text = statement(text, lang=act.language)
    asked.save()
    thing = asked.need or asked.challenge or asked.project
    assert thing is not None
    body = {"opinion": asked.opinion, "favourable": favourable}
    remember(act, Event.OPINION_GIVEN, thing, body=body, private={"text": text})
    return Done({"number": thing.number, "opinion": asked.opinion})


def _asked(thing: Thing, key: str) -> bool:
    return DepartmentOpinion.objects.filter(**{kind_of(thing): thing}, opinion=key).exists()
