"""Judging: assign, declare, score, sign, step aside."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from jiebang.decisions import lifecycle
from jiebang.operations.interests import against, interests, refresh, refresh_people
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import book_of, find, no_interest, remember, seen
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.reviews.models import Assignment, Conflict, Score
from jiebang.rules.form_values import decimal_of
from jiebang.rules.reasons import Reason, reason

_CLOSED = {
    Assignment.Status.SIGNED: "review.signed", Assignment.Status.RECUSED: "review.recused",
    Assignment.Status.RELEASED: "review.released", Assignment.Status.STRUCK: "review.struck",
}  # fmt: skip


@operation(permission=Permission.REVIEW_ASSIGN, event=Event.REVIEW_ASSIGNED)
def assign_expert(act: Act, *, bid: str, expert: str) -> Outcome:
    """Ask an expert (by address) to judge a bid; refused on any known conflict or a full load."""
    judged = seen(act, "bid", bid)
    assert isinstance(judged, Bid)
    no_interest(act, judged)
    person = find(User, email=expert.lower())
    under_review(judged.challenge)
    if found := against(judged, person, at=act.now):
        raise Stop(*found)
    asked = ask(act, judged, person)
    refresh([judged.challenge], at=act.now)
    tell_asked(act, person, [judged.challenge])
    body = {"expert": person.pseudonym}
    remember(act, Event.REVIEW_ASSIGNED, judged, body=body)
    return Done({"assignment": asked.pk, "bid": bid})


@operation(permission=Permission.CONFLICT_DECLARE, event=Event.REVIEW_DECLARED)
def declare(act: Act, *, assignment: int, conflict: bool, kind: str = "declared", text: str = "") -> Outcome:
    """Declare before reading: no interest opens the bid, an interest ends the assignment.

    An interest that is known already can only be declared.
    """
    asked = _mine(act, assignment)
    if asked.status in _CLOSED:
        raise Stop(reason(_CLOSED[Assignment.Status(asked.status)]))
    if not conflict and (found := interests(asked.bid, act.person, at=act.now)):
        raise Stop(*found)
    asked.declared_at = act.now
    asked.status = Assignment.Status.RECUSED if conflict else Assignment.Status.DECLARED
    asked.recused_why = text if conflict else ""
    asked.save()
    if conflict:
        Conflict.objects.create(expert=act.person, bid=asked.bid, kind=kind, text=text, declared_at=act.now)
        refresh_people([act.person], at=act.now)
    _said(act, asked, Event.REVIEW_DECLARED, {"conflict": conflict, "kind": kind if conflict else ""}, text)
    return Done({"assignment": assignment, "status": asked.status})


@operation(permission=Permission.REVIEW_SCORE, event=Event.REVIEW_SAVED)
def save_review(
    act: Act, *, assignment: int, scores: dict[str, Decimal | str | None],
    comments: dict[str, str] | None = None, comment: str = "", note: str = "", confidence: str = "", lang: str = "",
) -> Outcome:  # fmt: skip
    """Save scores and comments as they stand; incomplete is fine, off the scale is not.

    `confidence` is the expertise that the expert states, a key of the rulebook's `scoring.expertise`.
    """
    asked = _open_review(act, assignment)
    given = {key: value for key, value in scores.items() if value is not None}
    if faults := off_scale(asked, given) + _unknown_level(asked, confidence):
        raise Stop(*faults)
    said = comments or {}
    marks = {key: mark for key, value in given.items() if (mark := decimal_of(value)) is not None}
    Score.objects.bulk_create(
        [Score(assignment=asked, criterion=key, value=value, comment=said.get(key, "")) for key, value in marks.items()],
        update_conflicts=True, unique_fields=["assignment", "criterion"], update_fields=["value", "comment"],
    )  # fmt: skip
    asked.scores.exclude(criterion__in=given).delete()
    asked.status, asked.comment, asked.note = (
        Assignment.Status.DRAFT,
        statement(comment, lang=lang or act.language),
        note,
    )
    asked.confidence = confidence
    asked.save()
    _said(act, asked, Event.REVIEW_SAVED, {}, "")
    return Done({"assignment": assignment, "missing": list(_missing(asked))})


@operation(permission=Permission.REVIEW_SCORE, event=Event.REVIEW_SIGNED)
def sign_review(act: Act, *, assignment: int) -> Outcome:
    """Sign: every criterion is scored, and the scores no longer change."""
    asked = _open_review(act, assignment)
    if missing := _missing(asked):
        raise Stop(*(reason("review.incomplete", field=key) for key in missing))
    asked.status, asked.signed_at = Assignment.Status.SIGNED, act.now
    asked.save()
    scores = {item.criterion: str(item.value) for item in asked.scores.all()}
    _said(act, asked, Event.REVIEW_SIGNED, {}, scores)
    return Done({"assignment": assignment, "status": asked.status})


@operation(permission=Permission.REVIEW_SCORE, event=Event.REVIEW_RECUSED)
def recuse(act: Act, *, assignment: int, why: Said) -> Outcome:
    """Step aside in the middle; what was scored no longer counts, and the office finds somebody else."""
    asked = _mine(act, assignment)
    if asked.status in _CLOSED and asked.status != Assignment.Status.RECUSED:
        raise Stop(reason(_CLOSED[Assignment.Status(asked.status)]))
    asked.status, asked.recused_why = Assignment.Status.RECUSED, why
    asked.save()
    Conflict.objects.create(expert=act.person, bid=asked.bid, kind="recused", text=why, declared_at=act.now)
    refresh_people([act.person], at=act.now)
    _said(act, asked, Event.REVIEW_RECUSED, {}, why)
    return Done({"assignment": assignment, "status": asked.status})


@operation(permission=Permission.REVIEW_ASSIGN, event=Event.REVIEW_REOPENED)
def reopen_review(act: Act, *, assignment: int, why: Said) -> Outcome:
    """Let an expert change a signed review, after an objection or a mistake; the reason stays in the journal."""
    asked = find(Assignment, pk=assignment, status=Assignment.Status.SIGNED)
    no_interest(act, asked.bid)
    under_review(asked.bid.challenge)
    asked.status, asked.signed_at = Assignment.Status.DRAFT, None
    asked.save()
    tell_asked(act, asked.expert, [asked.bid.challenge])
    _said(act, asked, Event.REVIEW_REOPENED, {"why": why}, "")
    return Done({"assignment": assignment, "status": asked.status})


def ask(act: Act, bid: Bid, person: User) -> Assignment:
    """A bid given to an expert, perhaps again after the office had taken it back."""
    asked, _ = Assignment.objects.update_or_create(
        bid=bid, expert=person,
        defaults={
            "status": Assignment.Status.ASKED, "assigned_at": act.now, "assigned_by": act.person,
            "due_at": bid.challenge.due_at, "declared_at": None, "recused_why": "",
        },
    )  # fmt: skip
    return asked


def ask_all(act: Act, pairs: Iterable[tuple[Bid, User]]) -> None:
    """Bids (with their challenges) given to experts who were never asked to judge them."""
    rows = (
        Assignment(
            bid=bid, expert=person, assigned_at=act.now, assigned_by=act.person, due_at=bid.challenge.due_at
        )
        for bid, person in pairs
    )
    Assignment.objects.bulk_create(rows)


def tell_asked(act: Act, person: User, challenges: Sequence[Challenge]) -> None:
    """Write to an expert that bids of some challenges wait, and until when at the earliest."""
    first = min((item.due_at for item in challenges if item.due_at), default=None)
    until = f"{first:%Y-%m-%d}" if first else "—"
    act.mail(person, "mail.review_asked", number=", ".join(item.number for item in challenges), until=until)


def under_review(challenge: Challenge) -> None:
    """Refuse what may be done only while experts judge."""
    if "reviewing" not in lifecycle.flags(book_of(challenge), kind="challenge", stage=challenge.stage):
        raise Stop(reason("review.not_open"))


def _mine(act: Act, assignment: int) -> Assignment:
    return find(Assignment, pk=assignment, expert=act.person)


def _open_review(act: Act, assignment: int) -> Assignment:
    asked = _mine(act, assignment)
    if code := {Assignment.Status.ASKED: "review.undeclared", **_CLOSED}.get(Assignment.Status(asked.status)):
        raise Stop(reason(code))
    under_review(asked.bid.challenge)
    if found := interests(asked.bid, act.person, at=act.now):  # it may have come after the assignment
        raise Stop(*found)
    return asked


def off_scale(asked: Assignment, scores: dict[str, Decimal | str]) -> list[Reason]:
    """What is wrong with scores: an unknown criterion, no number, or off its scale."""
    criteria, found = book_of(asked.bid).criteria, []
    for key, given in scores.items():
        rule, value = criteria.get(key), decimal_of(given)
        if rule is None:
            found.append(reason("review.unknown_criterion", criterion=key, field=key))
        elif value is None:
            found.append(reason("request.not_a_number", field=key))
        elif not rule.minimum <= value <= rule.maximum:
            limits = {"minimum": str(rule.minimum), "maximum": str(rule.maximum)}
            found.append(reason("review.off_scale", field=key, **limits))
    return found


def _unknown_level(asked: Assignment, confidence: str) -> list[Reason]:
    scoring = book_of(asked.bid).scoring
    known = scoring.expertise if scoring else {}
    if not confidence or confidence in known:
        return []
    return [reason("review.unknown_level", level=confidence, field="confidence")]


def _missing(asked: Assignment) -> tuple[str, ...]:
    scored = set(asked.scores.values_list("criterion", flat=True))
    return tuple(key for key in book_of(asked.bid).criteria if key not in scored)


def _said(act: Act, asked: Assignment, event: Event, body: dict[str, object], private: object) -> None:
    kept = {"said": private} if private else {}
    remember(act, event, asked.bid, body={"assignment": asked.pk, **body}, private=kept)
