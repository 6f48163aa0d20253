"""A pilot whose protocol cannot be held against what happens: questions that are missing, or answer something else."""

from collections.abc import Iterator

from jiebang.rules.problems import Problem
from jiebang.rules.schema import Form, Pilot, Rulebook

SIDES = ("owner", "lead", "third_party")
ASKED = {"runs": "number", "targets": "promises", "measured_by": "choice", "failure_from": "choice"}
MAY_BE_ASKED = {
    "days": "number",
    "failures_allowed": "number",
    "handover_days": "number",
    "earlier_runs": "choice",
}
EARLIER = ("count", "start_anew")


def problems(rulebook: Rulebook) -> list[Problem]:
    """What of the form `protocol` does not fit the section `pilot`."""
    form, rule = rulebook.forms.get("protocol"), rulebook.pilot
    if rule is None:
        said = "is asked, but the rulebook has no `pilot` that it is held against; add one, or leave the form out"
        return [Problem(("forms", "protocol"), said)] if form else []
    return [] if form is None else [*_questions(form, rule), *_options(form, rule)]


def _questions(form: Form, rule: Pilot) -> Iterator[Problem]:
    needed = {**ASKED, **({"days": "number"} if rule.least_days else {})}
    needed |= {"handover_days": "number"} if rule.least_handover_days else {}
    for name, kind in {**MAY_BE_ASKED, **needed}.items():
        field = form.fields.get(name)
        if field is None and name in needed:
            yield Problem(
                ("forms", "protocol"), f"asks no `{name}` (a {kind}), which `pilot` counts by; add it"
            )
        elif field and (field.kind != kind or (name in needed and not field.required)):
            said = f"must be a required {kind}" if name in needed else f"must be a {kind}"
            yield Problem(("forms", "protocol"), f"`{name}` {said}, since `pilot` counts by it")


def _options(form: Form, rule: Pilot) -> Iterator[Problem]:
    known = {"measured_by": SIDES, "failure_from": tuple(rule.severities), "earlier_runs": EARLIER}
    for name, words in known.items():
        field = form.fields.get(name)
        given = list(field.options) if field and isinstance(field.options, list | dict) else []
        for wrong in (item for item in given if item not in words):
            said = f"`{name}` offers `{wrong}`, which means nothing here; offer of {', '.join(words)}"
            yield Problem(("forms", "protocol"), said)
