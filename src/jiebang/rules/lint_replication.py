"""A replication whose words do not fit: stages that do not exist, forms that lack what the pages and rules read."""

from collections.abc import Iterator

from jiebang.rules.problems import Problem
from jiebang.rules.schema import FormName, Rulebook

FORMS: dict[FormName, str] = {"replication": "plan", "replica_confirmation": "statement"}
TEXTS = ("line", "text")
PROPOSE = ("owner", "lead", "partner", "officer", "second_officer")


def problems(rulebook: Rulebook) -> list[Problem]:
    """What of `replication` does not fit the lifecycle of projects and the two forms."""
    if rulebook.replication is None:
        said = "is asked, but the rulebook has no `replication` that it belongs to; add one, or leave the form out"
        return [Problem(("forms", name), said) for name in FORMS if name in rulebook.forms]
    return [*_stages(rulebook), *_roles(rulebook), *_forms(rulebook)]


def _stages(rulebook: Rulebook) -> Iterator[Problem]:
    table = rulebook.lifecycles.get("project")
    assert rulebook.replication is not None
    for place, name in enumerate(rulebook.replication.stages):
        if table and name not in table.stages:
            known = ", ".join(table.stages)
            yield Problem(
                ("replication", "stages", place), f"`{name}` is no stage of a project; there are {known}"
            )


def _roles(rulebook: Rulebook) -> Iterator[Problem]:
    assert rulebook.replication is not None
    for place, role in enumerate(rulebook.replication.proposed_by):
        if role not in PROPOSE:
            said = f"`{role}` stands to no project; write some of {', '.join(PROPOSE)}"
            yield Problem(("replication", "proposed_by", place), said)


def _forms(rulebook: Rulebook) -> Iterator[Problem]:
    for name, asked in FORMS.items():
        form = rulebook.forms.get(name)
        field = form.fields.get(asked) if form else None
        if form is None:
            yield Problem(("forms", name), "is missing; `replication` needs both of its forms")
        elif field is None or field.kind not in TEXTS or not field.required:
            said = f"must ask `{asked}` as a required text: it is what others read of the copy"
            yield Problem(("forms", name), said)
