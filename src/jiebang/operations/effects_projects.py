"""What happens around a project's moves: instalments fall due, ends are dated, follow-ups are planned."""

from collections.abc import Mapping
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Step
from jiebang.decisions.paying import ended_badly
from jiebang.operations import ledger
from jiebang.operations.answers import require
from jiebang.operations.appointing import Follow, promote, restart
from jiebang.operations.disputing import undisputed
from jiebang.operations.grading import graded
from jiebang.operations.kernel import Act
from jiebang.operations.pilot_facts import pilot_grounds
from jiebang.operations.things import book_of, today
from jiebang.records.agreements.models import Change
from jiebang.records.projects.models import FollowUp, Project, Validation
from jiebang.rules.days import add_months
from jiebang.trust import canonical

Params = Mapping[str, Any]


def everywhere(act: Act, project: Project, step: Step) -> None:
    """After any command: money that was waiting for it becomes due; a final stage dates the end."""
    flags = lifecycle.flags(book_of(project), kind="project", stage=step.to)
    ledger.fall_due(act, project, project.instalments.filter(due_command=step.command, due_since=None))
    if "final" in flags:
        project.ended_at = act.now
        _drop_changes(act, project)
    if ended_badly(flags):
        ledger.end(act, project, command=step.command)


def _drop_changes(act: Act, project: Project) -> None:
    """Nothing is left to change once a project has ended."""
    open_ = project.changes.filter(status=Change.Status.OPEN)
    open_.update(status=Change.Status.WITHDRAWN, ended_at=act.now, ended_by=act.person)


def agreed(act: Act, project: Project, **_: Any) -> Params:
    """The agreement is in force."""
    project.signed_at = act.now
    ledger.signed(act, project)
    return {}


def accepted(act: Act, project: Project, **_: Any) -> Params:
    """The result is graded by what counts of its indicators."""
    grade = graded(act, project)
    return {"grade": grade, "journal": {"grade": grade}} if grade else {}


def validated(act: Act, project: Project, *, params: Params, **_: Any) -> Params:
    """The owner's statement is checked, hashed with what it rests on and kept; follow-ups are planned from this day."""
    undisputed(project)
    content = dict(params.get("content") or {})
    require("validation", content, on=project)
    book = book_of(project)
    grounds = pilot_grounds(project)
    digest = canonical.digest({"content": content, "grounds": grounds})
    Validation.objects.create(
        project=project, content=content, grounds=grounds, sha256=digest, by=act.person, at=act.now
    )
    for month in book.follow_up.months if book.follow_up else ():
        FollowUp.objects.get_or_create(
            project=project, month=month, defaults={"due_on": add_months(today(act, project), months=month)}
        )
    project.ended_at = act.now
    _drop_changes(act, project)
    return {"sha256": digest, "journal": {"validation": digest, "grounds": grounds}}


def voided(act: Act, project: Project, *, follow: Follow, **_: Any) -> Params:
    """The place goes to the first on the reserve list, if there is one."""
    promoted = promote(act, project.challenge, follow=follow)
    return {
        "promoted": promoted.number if promoted else None,
        "journal": {"promoted": promoted and promoted.number},
    }


def restored(act: Act, project: Project, **_: Any) -> Params:
    """The corrected result awards it too: it goes on from today."""
    restart(act, project)
    return {}


AFTER: dict[tuple[str, str], Any] = {
    ("project", "sign_agreement"): agreed,
    ("project", "accept"): accepted,
    ("project", "validate"): validated,
    ("project", "void_award"): voided,
    ("project", "restore_award"): restored,
}
