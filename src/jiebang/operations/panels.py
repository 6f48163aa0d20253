"""Deliberation: convene a panel, change a signed score there with a reason, put a minority view on record, close it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import StringConstraints

from jiebang.decisions import lifecycle
from jiebang.operations.facts import eligible
from jiebang.operations.interests import interests
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.registration import one_line
from jiebang.operations.reviews import off_scale
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import book_of, find, no_interest, remember, seen
from jiebang.records.challenges.models import Challenge
from jiebang.records.panels.models import MinorityView, Panel, ScoreChange, Slot
from jiebang.records.panels.queries import sits_on
from jiebang.records.people.models import User
from jiebang.records.people.queries import people_for
from jiebang.records.reviews.models import Assignment
from jiebang.rules.form_values import decimal_of
from jiebang.rules.reasons import reason
from jiebang.rules.schema import PanelRule
from jiebang.rules.texts import quoted

Place = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


@operation(permission=Permission.PANEL_CONVENE, event=Event.PANEL_CONVENED)
def convene_panel(
    act: Act, *, challenge: str, held_at: datetime, place: Place, agenda: str = "",
    kind: Literal["meeting", "pitch"] = "meeting", lang: str = "",
) -> Outcome:  # fmt: skip
    """Call the experts of a challenge together on its eligible bids; in a pitch each lead is told its minutes on stage."""
    posted = _under_review(act, challenge)
    rule = _rule(posted)
    _on_one_line(place)
    if held_at < act.now:
        raise Stop(reason("panel.past", field="held_at"))
    if posted.panels.filter(closed_at=None).exists():
        raise Stop(reason("panel.open_already"))
    panel = Panel.objects.create(
        challenge=posted, kind=kind, held_at=held_at, place=place, convened_by=act.person, convened_at=act.now,
        agenda=statement(agenda, lang=lang or act.language) if agenda else {},
    )  # fmt: skip
    _seat(panel, rule)
    _call(act, panel)
    body = {
        "panel": panel.pk,
        "kind": kind,
        "held_at": held_at,
        "bids": [slot.bid.number for slot in panel.slots.all()],
    }
    remember(act, Event.PANEL_CONVENED, posted, body=body)
    return Done({"panel": panel.pk, "challenge": challenge})


@operation(permission=Permission.PANEL_CONVENE, event=Event.PANEL_MOVED)
def move_panel(act: Act, *, panel: int, held_at: datetime, place: Place) -> Outcome:
    """Put a panel that has not begun to another time or place; everybody is told again."""
    held = _open(act, panel)
    _on_one_line(place)
    if held.held_at <= act.now or held_at < act.now:
        raise Stop(reason("panel.begun" if held.held_at <= act.now else "panel.past", field="held_at"))
    held.held_at, held.place = held_at, place
    held.save(update_fields=["held_at", "place"])
    held.slots.all().delete()
    _seat(held, _rule(held.challenge))
    _call(act, held)
    remember(act, Event.PANEL_MOVED, held.challenge, body={"panel": panel, "held_at": held_at})
    return Done({"panel": panel})


@operation(permission=Permission.PANEL_SPEAK, event=Event.SCORE_CHANGED)
def change_score(act: Act, *, assignment: int, criterion: str, value: Decimal | str, why: Said) -> Outcome:
    """Change one's own signed score while the panel meets; what it was stays beside it, with the reason."""
    asked = find(Assignment, pk=assignment, expert=act.person)
    if asked.status != Assignment.Status.SIGNED:
        raise Stop(reason("panel.unsigned"))
    panel = _meeting(act, asked.bid.challenge)
    if not _rule(panel.challenge).change_scores:
        raise Stop(reason("panel.scores_stay"))
    if faults := [*interests(asked.bid, act.person, at=act.now), *off_scale(asked, {criterion: value})]:
        raise Stop(*faults)
    score, mark = asked.scores.get(criterion=criterion), decimal_of(value)
    assert mark is not None
    if mark == score.value:
        raise Stop(reason("panel.same_score", field="value"))
    ScoreChange.objects.create(
        panel=panel,
        assignment=asked,
        criterion=criterion,
        before=score.value,
        after=mark,
        why=why,
        at=act.now,
    )
    score.value = mark
    score.save(update_fields=["value"])
    scores = {item.criterion: str(item.value) for item in asked.scores.all()}
    body = {"assignment": assignment, "panel": panel.pk, "criterion": criterion}
    remember(act, Event.SCORE_CHANGED, asked.bid, body=body, private={"said": scores, "why": why})
    return Done({"assignment": assignment})


@operation(permission=Permission.PANEL_SPEAK, event=Event.MINORITY_VIEW)
def give_minority_view(act: Act, *, panel: int, text: Said, bid: str = "", lang: str = "") -> Outcome:
    """Put on record that one sees a bid, or the whole, otherwise than the others; until the panel is closed."""
    held = find(Panel, pk=panel)
    if not sits_on(held, act.person):
        raise Stop(reason("access.not_found", kind="panel", number=panel))
    _meeting(act, held.challenge)
    slot = find(Slot, panel=held, bid__number=bid) if bid else None
    given = MinorityView.objects.create(
        panel=held, expert=act.person, bid=slot.bid if slot else None, at=act.now,
        text=statement(text, lang=lang or act.language),
    )  # fmt: skip
    body = {"panel": panel, "view": given.pk, "bid": bid}
    remember(act, Event.MINORITY_VIEW, held.challenge, body=body, private={"text": text})
    return Done({"view": given.pk})


@operation(permission=Permission.PANEL_CONVENE, event=Event.PANEL_CLOSED)
def close_panel(act: Act, *, panel: int, minutes: Said, lang: str = "") -> Outcome:
    """Close a panel with its minutes; from then on no score of it changes."""
    held = _open(act, panel)
    if act.now < held.held_at:
        raise Stop(reason("panel.not_begun", until=held.held_at.isoformat()))
    held.minutes, held.closed_at, held.closed_by = (
        statement(minutes, lang=lang or act.language),
        act.now,
        act.person,
    )
    held.save(update_fields=["minutes", "closed_at", "closed_by"])
    body = {"panel": panel, "changes": held.changes.count(), "minority_views": held.minority_views.count()}
    remember(act, Event.PANEL_CLOSED, held.challenge, body=body, private={"minutes": minutes})
    return Done({"panel": panel})


@operation(permission=Permission.PANEL_CONVENE, event=Event.PANEL_CANCELLED)
def cancel_panel(act: Act, *, panel: int, why: Said) -> Outcome:
    """Call off a panel in which nothing was said yet; its experts, and the leads of a pitch, are told."""
    held = _open(act, panel)
    if held.changes.exists() or held.minority_views.exists():
        raise Stop(reason("panel.spoken"))
    for person, code in _called(act, held):
        act.mail(person, code.replace("_called", "_cancelled"), number=held.challenge.number, why=quoted(why))
    remember(act, Event.PANEL_CANCELLED, held.challenge, body={"panel": panel, "why": why})
    held.delete()
    return Done({"panel": panel})


def _under_review(act: Act, number: str) -> Challenge:
    posted = seen(act, "challenge", number)
    assert isinstance(posted, Challenge)
    no_interest(act, posted)
    if "reviewing" not in lifecycle.flags(book_of(posted), kind="challenge", stage=posted.stage):
        raise Stop(reason("review.not_open"))
    return posted


def _rule(posted: Challenge) -> PanelRule:
    rule = book_of(posted).panel
    if rule is None:
        raise Stop(reason("panel.none"))
    return rule


def _open(act: Act, pk: int) -> Panel:
    held = find(Panel, pk=pk)
    no_interest(act, held.challenge)
    if held.closed_at is not None:
        raise Stop(reason("panel.closed"))
    return held


def _on_one_line(place: str) -> None:
    """The place stands in letters."""
    if faults := one_line(place, field="place", limit=300):
        raise Stop(*faults)


def _meeting(act: Act, posted: Challenge) -> Panel:
    """The panel that meets on a challenge now."""
    held = posted.panels.filter(closed_at=None, held_at__lte=act.now).first()
    if held is None:
        raise Stop(reason("panel.not_meeting"))
    return held


def _seat(panel: Panel, rule: PanelRule) -> None:
    """The bids in order of their numbers, which are drawn at random; in a pitch each with its own minutes."""
    each = timedelta(minutes=rule.pitch_minutes + rule.question_minutes)
    pitch = panel.kind == Panel.Kind.PITCH
    bids = eligible(panel.challenge).order_by("number")
    Slot.objects.bulk_create(
        Slot(panel=panel, bid=bid, order=place + 1, starts_at=panel.held_at + place * each if pitch else None)
        for place, bid in enumerate(bids)
    )


def _call(act: Act, panel: Panel) -> None:
    starts = {
        slot.bid.consortium.lead_id: slot.starts_at for slot in panel.slots.select_related("bid__consortium")
    }
    for person, code in _called(act, panel):
        mine = [
            at for party, at in starts.items() if person.engagements.filter(party=party, role="lead").exists()
        ]
        when = mine[0] if code == "mail.pitch_called" and mine else panel.held_at
        assert when is not None
        link = (
            f"/reviews/panels/{panel.pk}/"
            if code == "mail.panel_called"
            else f"/challenges/{panel.challenge.number}/"
        )
        act.mail(
            person,
            code,
            number=panel.challenge.number,
            when=f"{when:%Y-%m-%d %H:%M} UTC",
            place=quoted(panel.place),
            link=link,
        )


def _called(act: Act, panel: Panel) -> Iterator[tuple[User, str]]:
    """Whom a panel concerns, with the code of the letter that calls them: its experts, and the leads of a pitch."""
    asked = Assignment.objects.filter(bid__challenge=panel.challenge, status__in=Assignment.LIVE)
    for person in User.objects.filter(pk__in=asked.values("expert")).order_by("pk"):
        yield person, "mail.panel_called"
    if panel.kind == Panel.Kind.PITCH:
        for slot in panel.slots.select_related("bid__consortium"):
            for person in people_for(slot.bid.consortium.lead_id, at=act.now, roles=("lead",)):
                yield person, "mail.pitch_called"
