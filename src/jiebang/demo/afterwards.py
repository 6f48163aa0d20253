"""What is still under way when the sample round is over, so that every role finds something to do.

`guangxi/afterwards.yaml` in the words of the course. Nothing there changes an outcome of the round itself. The
pilots of the round's projects stand in `guangxi/pilots.yaml`, the copies of its results in `guangxi/replications.yaml`,
who does which part of them in `guangxi/chain.yaml`, their laboratories and training in `guangxi/deliverables.yaml`.
"""

from dataclasses import replace
from datetime import timedelta
from importlib import resources
from typing import Any

import yaml

from jiebang.demo.content import LOADER, Content
from jiebang.demo.content_models import Bid, Comment, Event, Indicator, Need, Opinion, Question, Review


def with_afterwards(content: Content) -> tuple[Content, dict[str, Need]]:
    """The round with what follows it in one course, and the second versions of needs, used when they come again."""
    data = _read("afterwards.yaml")
    more = ("pilots.yaml", "replications.yaml", "chain.yaml", "deliverables.yaml")
    told = [*data["events"], *(row for name in more for row in _read(name)["events"])]
    events = [*content.course.events, *(Event.model_validate(row) for row in told)]
    bids = [Bid.model_validate(row) for row in data["bids"]]
    questions = [Question.model_validate(row) for row in data["questions"]]
    reviews = (*content.reviews.reviews, *_reviews(content, data))
    needs = {key: _argued(need, data) for key, need in content.needs.items()}
    whole = replace(
        content,
        needs=needs,
        bids={**content.bids, **{bid.id: bid for bid in bids}},
        questions={**content.questions, **{item.id: item for item in questions}},
        reviews=content.reviews.model_copy(update={"reviews": reviews}),
        course=content.course.model_copy(update={"events": tuple(sorted(events, key=lambda item: item.at))}),
    )
    return whole, {key: _revised(needs[key], change) for key, change in data["revised"].items()}


def _read(name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath("guangxi", name).read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader, in C where there is one
    return data


def _argued(need: Need, data: dict[str, Any]) -> Need:
    rows = [row for row in data["arguments"] if row["need"] == need.id]
    fields = ("expert", "language", "text")
    given = [Opinion(opinion="suitable", **{key: row[key] for key in fields}) for row in rows]
    return need.model_copy(update={"argumentation": (*need.argumentation, *given)})


def _revised(need: Need, change: dict[str, Any]) -> Need:
    indicators = tuple(Indicator.model_validate(row) for row in change["indicators"])
    return need.model_copy(update={**change, "indicators": indicators})


def _reviews(content: Content, data: dict[str, Any]) -> list[Review]:
    keys = [item.id for item in content.reviews.criteria]
    made = next(event.at for event in content.course.events)
    return [
        Review(
            bid=bid, expert=expert, language="en", scores=dict(zip(keys, row, strict=True)),
            comments=(Comment(criteria=tuple(keys), text=data["comments"][bid]),), scored_at=made,
            signed_at=made + timedelta(hours=1),
        )
        for bid, sheets in data["scores"].items()
        for expert, row in sheets.items()
    ]  # fmt: skip
