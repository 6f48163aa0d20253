"""What indicators show when something is accepted: a milestone, or the whole result with its grade."""

from typing import Any

from jiebang.decisions.measuring import Found, facts_of, grade
from jiebang.operations.disputing import undisputed
from jiebang.operations.facts import result_of
from jiebang.operations.kernel import Act, Stop
from jiebang.operations.things import book_of
from jiebang.records.indicators.models import Grading
from jiebang.records.projects.models import Measurement, Milestone, Project
from jiebang.rules.reasons import reason


def shown_by(project: Project, milestone: Milestone) -> dict[str, Any]:
    """Indicator -> value, whether reached, and who measured, of those a milestone is to show; a stop where one has no value.

    On the way the lead's own value serves where nobody else has measured; it says so.
    """
    wanted = [str(key) for key in milestone.indicators]
    if not wanted:
        return {}
    found = {item.indicator: item for item in result_of(project)}
    rows = Measurement.objects.filter(project=project, indicator__in=wanted).order_by("at", "pk")
    told = {row.indicator: row for row in rows}
    if lacking := [key for key in wanted if key not in told]:
        raise Stop(reason("project.not_shown", indicators=", ".join(lacking)))
    return {key: _shown(found.get(key), told[key]) for key in wanted}


def graded(act: Act, project: Project) -> str | None:
    """Grade the result as the rulebook says and keep it; a stop where a value is in dispute or the grade does not pass."""
    undisputed(project)
    found = result_of(project)
    key = grade(book_of(project), found)
    rule = book_of(project).measuring
    if key is None or rule is None:
        return None
    if not rule.grades[key].passes:
        raise Stop(reason("project.grade_fails", grade=dict(rule.grades[key].label)))
    rows = {item.indicator: _shown(item, None) for item in found}
    Grading.objects.update_or_create(
        project=project,
        defaults={
            "grade": key,
            "result": {**facts_of(found), "indicators": rows},
            "at": act.now,
            "by": act.who,
        },
    )
    return key


def _shown(item: Found | None, told: Measurement | None) -> dict[str, Any]:
    if item is not None and item.value is not None:
        value, met, role = item.value.value, item.met, item.value.role
    elif told is not None:
        value, met, role = told.value, told.met, "lead" if told.reported else told.role
    else:
        return {"value": None, "met": None, "by": ""}
    return {"value": f"{value.normalize():f}", "met": met, "by": role}
