"""Forms: one description of every question checks the browser's form, the server and the command line alike.

Content is `{field id: value}`. Values by kind of field:

line, text   a plain string, or a statement `{"lang": "lo", "text": ..., "prevails": "lo",
             "translations": {"en": {"text": ..., "by": "human" | "machine", "who": ...}}}`
number       a finite number, or its decimal text ("12.5")
money        the same, not negative, or `{"amount": "1000.00", "currency": "CNY"}`
date         "2026-05-31"; yes_no: true or false; choice: a value; choices: a list of values
indicators   a list of {id, name, unit, operator, threshold, baseline, test_method, data_place, tester}; unit 1: a pure number
milestones   a list of {title, month or due_on, share, deliverable, indicators}; shares are parts of 1
promises     {indicator id: number}; file: {name, size, sha256}
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from jiebang.rules import form_values as values
from jiebang.rules.form_schema import form_schema
from jiebang.rules.form_shapes import shaped
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Form, FormField, FormName, LocalText, Rulebook

__all__ = [
    "FieldReason",
    "check_content",
    "empty",
    "form_of",
    "form_schema",
    "missed_promises",
    "misshapen",
    "options_of",
]


@dataclass(frozen=True, slots=True)
class FieldReason:
    """Why an answer is not accepted, at its dotted place (`indicators.0.threshold`)."""

    field: str
    reason: Reason

    def as_reason(self) -> Reason:
        """The reason with its place as the parameter `field`, by which a page finds the question."""
        return Reason(self.reason.code, {**self.reason.params, "field": self.field})


def check_content(
    form: Form | FormName,
    content: Mapping[str, object],
    *,
    rulebook: Rulebook,
    complete: bool,
    indicators: Collection[str] | None = None,
) -> list[FieldReason]:
    """Every fault of `content` at once, in the order of the form; empty when it is fine.

    A draft (`complete=False`) may lack answers, but what is there must be of its kind. `indicators` are the
    ids of the challenge's indicators, against which promises are held; None leaves that unchecked.
    """
    fields = form_of(form, rulebook=rulebook).fields
    found: list[FieldReason] = []
    for name, field in fields.items():
        answer = content.get(name)
        if not empty(answer):
            context = values.Context(
                field, rulebook, complete, indicators, options_of(field, rulebook=rulebook)
            )
            found += [FieldReason(_at(name, place), why) for place, why in values.check(answer, context)]
        elif complete and field.required:
            found.append(FieldReason(name, reason("form.required")))
    found += _beyond(fields, content)
    strangers = [name for name in content if name not in fields]
    return found + [FieldReason(name, reason("form.unknown_field", name=name)) for name in strangers]


def misshapen(form: FormName, content: Mapping[str, object], *, rulebook: Rulebook) -> list[FieldReason]:
    """Every answer that not even a draft may hold, as no page could show it: a list for a text, a text for a list.

    Empty where the rulebook lacks the form.
    """
    fields = rulebook.forms[form].fields if form in rulebook.forms else {}
    wrong = [name for name, field in fields.items() if not shaped(content.get(name), field.kind)]
    return [FieldReason(name, reason("form.misshapen")) for name in wrong]


def missed_promises(
    form: Form | FormName,
    content: Mapping[str, object],
    *,
    rulebook: Rulebook,
    indicators: Iterable[Mapping[str, object]],
) -> list[FieldReason]:
    """Every value that misses the threshold of its indicator: a warning, not a fault; it may be sent.

    `indicators` are the challenge's, each with id, operator and threshold; what cannot be compared is left out.
    """
    wanted = {str(item.get("id")): item for item in indicators}
    return [
        FieldReason(f"{name}.{key}", why)
        for name, field in form_of(form, rulebook=rulebook).fields.items()
        if field.kind == "promises" and isinstance(given := content.get(name), Mapping)
        for key, value in given.items()
        if str(key) in wanted and (why := values.missed(value, wanted[str(key)]))
    ]


def form_of(form: Form | FormName, *, rulebook: Rulebook) -> Form:
    """The form itself, given it or its name. Raises KeyError for a form that the rulebook lacks."""
    return form if isinstance(form, Form) else rulebook.forms[form]


def options_of(field: FormField, *, rulebook: Rulebook) -> dict[str, LocalText]:
    """The values a choice offers, each with its label in languages; empty for other kinds of field."""
    options = field.options
    if isinstance(options, str):
        return {key: term.label for key, term in getattr(rulebook.vocabulary, options, {}).items()}
    if isinstance(options, dict):
        return dict(options)
    return {value: {"en": value} for value in options or []}


def empty(answer: object) -> bool:
    """Whether an answer says nothing: absent, blank, an empty list, a statement without text."""
    if isinstance(answer, str):
        return not answer.strip()
    if isinstance(answer, Mapping) and "text" in answer:
        return empty(answer["text"])
    return answer is None or (isinstance(answer, list | dict) and not answer)


def _beyond(fields: Mapping[str, FormField], content: Mapping[str, object]) -> list[FieldReason]:
    """Milestones later than the months that the same form asks for."""
    if "duration_months" not in fields:
        return []
    return [
        FieldReason(_at(name, place), why)
        for name, field in fields.items()
        if field.kind == "milestones"
        for place, why in values.beyond(content.get(name), months=content.get("duration_months"))
    ]


def _at(name: str, place: str) -> str:
    return f"{name}.{place}" if place else name
