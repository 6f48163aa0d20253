"""What is wrong with the answers of a form, in the user's words, each at the input that asks for it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiebang.rules.forms import check_content, empty, missed_promises
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import Form, FormStep, Rulebook
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.controls import TaskStatus
from jiebang.web.forms.parts import Group, Missing, Upload, Words
from jiebang.web.site import words


@dataclass(frozen=True)
class Wrong:
    """One fault: the question, the input, the sentence."""

    question: str
    place: str
    text: str


def wrong(
    form: Form,
    content: Mapping[str, Any],
    *,
    book: Rulebook,
    complete: bool,
    indicators: Collection[str] | None = None,
) -> list[Wrong]:
    """All faults of the content, in the order of the form."""
    found = check_content(form, content, rulebook=book, complete=complete, indicators=indicators)
    return [_wrong(item.field, item.reason) for item in found if item.field.split(".")[0] in form.fields]


def missed(
    form: Form, content: Mapping[str, Any], *, book: Rulebook, indicators: Sequence[Mapping[str, Any]]
) -> list[Wrong]:
    """Values that miss their indicator's threshold; they may be sent all the same."""
    found = missed_promises(form, content, rulebook=book, indicators=indicators)
    return [_wrong(item.field, item.reason) for item in found]


def in_step(faults: Iterable[Wrong], step: FormStep) -> list[Wrong]:
    """The faults of one step."""
    return [item for item in faults if item.question in step.fields]


def at_inputs(faults: Sequence[Wrong], parts: Sequence[c.Part]) -> dict[str, str]:
    """Input name -> sentence: each fault at its own input, or at the nearest one around it."""
    known = set(names(parts))
    return {_nearest(item.place, known): item.text for item in reversed(faults)}


def summary(form: Form, faults: Sequence[Wrong], parts: Sequence[c.Part]) -> c.ErrorSummary | None:
    """All faults of a page, linked to their inputs and named by their questions."""
    known = set(names(parts))
    told = [c.Fault(text=_named(form, item), field=f"id_{_nearest(item.place, known)}") for item in faults]
    return c.ErrorSummary(faults=told) if told else None


def missing(form: Form, faults: Sequence[Wrong], *, title: str, edit: str) -> Missing | None:
    """All faults of a whole form, each linked to its question on the page of its step (`edit` + step)."""
    links = [
        c.Link(_named(form, item), f"{edit}{step_of(form, item.question)}/?check=1#id_{item.question}")
        for item in faults
    ]
    return Missing(title=title, links=links) if links else None


def step_of(form: Form, question: str) -> str:
    """The key of the step that asks a question."""
    return next(key for key, step in form.steps.items() if question in step.fields)


def status(
    step: FormStep, content: Mapping[str, Any], faults: Sequence[Wrong], shape: Sequence[Wrong]
) -> TaskStatus:
    """Where a step stands: nothing yet, something, something wrong (`shape`), all that is needed."""
    if in_step(shape, step):
        return "error"
    if not in_step(faults, step) and any(not empty(content.get(name)) for name in step.fields):
        return "done"
    return "doing" if any(not empty(content.get(name)) for name in step.fields) else "todo"


def names(parts: Iterable[c.Part]) -> Iterable[str]:
    """The names of all inputs that these parts print."""
    for part in parts:
        if isinstance(part, c.Field):
            yield part.name
        elif isinstance(part, Words):
            yield from names([part.field, *part.extras])
        elif isinstance(part, Upload):
            yield part.field.name
        elif isinstance(part, Group):
            yield part.name
            yield from names(
                [*part.before, *part.fields, *(item for entry in part.entries for item in entry.fields)]
            )


def _wrong(place: str, why: Reason) -> Wrong:
    question = place.split(".")[0]
    return Wrong(question, _input(place), render_reason(why))


def _input(place: str) -> str:
    """The name of the input for a place in the content."""
    plain = place.removesuffix(".text").removesuffix(".by").replace(".translations.", ".tr.")
    return plain.removesuffix(".translations")


def _nearest(place: str, known: Collection[str]) -> str:
    while place not in known and "." in place:
        place = place.rpartition(".")[0]
    return place


def _named(form: Form, item: Wrong) -> str:
    field = form.fields.get(item.question)
    return f"{words(field.label)}: {item.text}" if field else item.text
