"""The sample round as typed content: who takes part, what they wrote, and what happens when.

`load()` reads `guangxi/*.yaml` into frozen models and refuses content whose cross references do not
hold, naming every fault at once. The player walks `content.course.events` in order and looks up what an
event's subject says: `call`, a need (`N..`), a bid (`B..`), a project (`P..`) or an objection (`O..`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar, cast

import yaml

from jiebang.demo.acts import Act
from jiebang.demo.content_models import (
    Bid,
    Course,
    Event,
    Need,
    Organisation,
    Person,
    Project,
    Question,
    Review,
    Reviews,
)

CLOCK = "clock"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Item = TypeVar("Item", Organisation, Person, Need, Question, Bid)


class BrokenContent(ValueError):
    """The content contradicts itself; the message has one fault a line."""


@dataclass(frozen=True)
class Content:
    """Everything of the sample round, with look-ups by id."""

    organisations: dict[str, Organisation]
    people: dict[str, Person]
    needs: dict[str, Need]
    questions: dict[str, Question]
    bids: dict[str, Bid]
    reviews: Reviews
    course: Course

    @cached_property
    def projects(self) -> dict[str, Project]:
        """Projects by id."""
        return {project.id: project for project in self.course.projects}

    @cached_property
    def experts(self) -> dict[str, Person]:
        """The people who review."""
        return {key: person for key, person in self.people.items() if person.expert}

    @cached_property
    def review_of(self) -> dict[tuple[str, str], Review]:
        """Signed reviews by (bid, expert)."""
        return {(review.bid, review.expert): review for review in self.reviews.reviews}

    @cached_property
    def objections(self) -> dict[str, Event]:
        """The events that raise an objection, by the objection's id."""
        return {event.data["id"]: event for event in self.course.events if event.act is Act.OBJECT}

    def acting_for(self, person: str, *, organisation: str) -> bool:
        """Whether a person has an engagement with an organisation."""
        return any(item.organisation == organisation for item in self.people[person].engagements)


def load(*, folder: Traversable | None = None) -> Content:
    """The content of a folder (default: the shipped Guangxi round).

    Raises `pydantic.ValidationError` for a malformed file, `BrokenContent` for references that do not hold.
    """
    source = folder or resources.files(__package__).joinpath("guangxi")

    def read(name: str) -> dict[str, object]:
        text = source.joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        return dict(yaml.load(text, Loader=LOADER))  # noqa: S506 - a safe loader, in C where there is one

    def rows(name: str) -> Iterable[object]:
        return cast(Iterable[object], read(name)[name])

    content = Content(
        organisations=_by_id(Organisation.model_validate(row) for row in rows("organisations")),
        people=_by_id(Person.model_validate(row) for row in rows("people")),
        needs=_by_id(Need.model_validate(row) for row in rows("needs")),
        questions=_by_id(Question.model_validate(row) for row in rows("questions")),
        bids=_by_id(Bid.model_validate(row) for row in rows("bids")),
        reviews=Reviews.model_validate(read("reviews")),
        course=Course.model_validate(read("course")),
    )
    if found := faults(content):
        raise BrokenContent("\n".join(found))
    return content


def faults(content: Content) -> tuple[str, ...]:
    """Every reference that does not hold, one sentence each; empty when the content is sound."""
    parts = (_people, _needs, _questions, _bids, _reviews, _projects, _events)
    return tuple(fault for part in parts for fault in part(content))


def _by_id(items: Iterable[Item]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in items:
        if item.id in found:
            raise BrokenContent(f"{item.id}: this id is used twice")
        found[item.id] = item
    return found


def _missing(where: str, what: str, ids: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    names = set(known)
    yield from (f"{where}: unknown {what} {key}" for key in ids if key not in names)


def _people(content: Content) -> Iterator[str]:
    for person in content.people.values():
        named = (item.organisation for item in person.engagements)
        yield from _missing(f"person {person.id}", "organisation", named, content.organisations)


def _needs(content: Content) -> Iterator[str]:
    evidence = {item.id for organisation in content.organisations.values() for item in organisation.evidence}
    for need in content.needs.values():
        where = f"need {need.id}"
        yield from _missing(where, "owner", need.owners, content.organisations)
        yield from _missing(where, "evidence", need.evidence, evidence)
        yield from _missing(where, "expert", (item.expert for item in need.argumentation), content.experts)
        for field in ("title", "problem", "importance", "present_practice", "site"):
            yield from _missing(f"{where}: {field}", "language", [need.language], getattr(need, field))


def _questions(content: Content) -> Iterator[str]:
    for item in content.questions.values():
        where = f"question {item.id}"
        yield from _missing(where, "challenge", [item.challenge], content.needs)
        yield from _missing(where, "person", [item.asked_by, item.answered_by], content.people)
        if item.answered_at <= item.asked_at:
            yield f"{where}: answered before it was asked"


def _bids(content: Content) -> Iterator[str]:
    for bid in content.bids.values():
        where = f"bid {bid.id}"
        yield from _missing(where, "challenge", [bid.challenge], content.needs)
        partners = (partner.organisation for partner in bid.partners)
        yield from _missing(where, "organisation", [bid.lead, *partners], content.organisations)
        people = [bid.lead_person, bid.lead_researcher]
        unknown = list(_missing(where, "person", people, content.people))
        yield from unknown
        if not unknown and not all(content.acting_for(person, organisation=bid.lead) for person in people):
            yield f"{where}: its people do not act for {bid.lead}"
        if bid.challenge in content.needs:
            asked = {item.id for item in content.needs[bid.challenge].indicators}
            if asked != bid.answers.keys():
                yield f"{where}: answers {sorted(bid.answers)} where the need asks {sorted(asked)}"
        if sum(item.share_percent for item in bid.plan) != 100:
            yield f"{where}: the shares of its milestones do not add up to 100"


def _reviews(content: Content) -> Iterator[str]:
    asked = {item.id for item in content.reviews.criteria}
    for review in content.reviews.reviews:
        where = f"review {review.bid}/{review.expert}"
        yield from _missing(where, "bid", [review.bid], content.bids)
        yield from _missing(where, "expert", [review.expert], content.experts)
        if review.scores.keys() != asked:
            yield f"{where}: scores {sorted(review.scores)} where the criteria are {sorted(asked)}"
        yield from _missing(
            where, "criterion", (key for item in review.comments for key in item.criteria), asked
        )
    for item in content.reviews.conflicts:
        where = f"conflict {item.expert}/{item.bid}"
        yield from _missing(where, "expert", [item.expert], content.experts)
        yield from _missing(where, "organisation", [item.organisation], content.organisations)
        if (item.bid, item.expert) in content.review_of:
            yield f"{where}: the expert signed a review all the same"


def _projects(content: Content) -> Iterator[str]:
    for project in content.course.projects:
        yield from _missing(f"project {project.id}", "bid", [project.bid], content.bids)
        if project.bid in content.bids and content.bids[project.bid].challenge != project.challenge:
            yield f"project {project.id}: its bid answers another challenge"


def _events(content: Content) -> Iterator[str]:
    subjects = {"call", *content.needs, *content.bids, *content.projects, *content.objections}
    actors = {CLOCK, *content.people}
    previous = None
    for number, event in enumerate(content.course.events, 1):
        where = f"event {number} ({event.act})"
        yield from _missing(where, "person", [event.by], actors)
        yield from _missing(where, "subject", [event.subject], subjects)
        if previous and event.at < previous:
            yield f"{where}: earlier than the event before it"
        previous = event.at
        yield from _event_data(content, where, event)


def _event_data(content: Content, where: str, event: Event) -> Iterator[str]:
    """References inside the data of an event."""
    data = event.data
    if "organisation" in data:
        yield from _missing(where, "organisation", [data["organisation"]], content.organisations)
    if "question" in data:
        yield from _missing(where, "question", [data["question"]], content.questions)
    yield from _missing(where, "bid", data.get("bids", ()), content.bids)
    slate = data.get("slate", {})
    yield from _missing(where, "bid", slate, content.bids)
    asked = (expert for experts in slate.values() for expert in experts)
    yield from _missing(where, "expert", (*asked, *data.get("experts", ())), content.experts)
    signed = event.act in (Act.SCORE, Act.SIGN_REVIEW) and not data.get("draft")
    if signed and (event.subject, event.by) not in content.review_of:
        yield f"{where}: no review of {event.subject} by {event.by}"
    if "milestone" in data and event.subject in content.projects:
        plan = content.bids[content.projects[event.subject].bid].plan
        yield from _missing(where, "milestone", [data["milestone"]], (item.id for item in plan))
