"""Follow-up by mail: a letter with a link that answers without signing in, once, for as long as the rulebook says.

The link is signed, names the person and the follow-up, and ends at a moment that stands in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from jiebang.operations.answers import require
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import book_of, find, owners, roles_on
from jiebang.records.people.models import User
from jiebang.records.people.queries import people_for
from jiebang.records.projects.models import FollowUp, Project
from jiebang.rules.forms import empty
from jiebang.rules.reasons import Reason, reason

SALT = "jiebang.follow-up"
STOPPED = frozenset({"paused", "not_in_use"})
DEFAULT_DAYS = 30


@dataclass(frozen=True)
class Link:
    """Whose link it is, what it asks, and until when it answers."""

    row: FollowUp
    person: User
    until: datetime


@operation(permission=Permission.PROJECT_FOLLOW, event=Event.FOLLOW_UP_GIVEN)
def give_follow_up(
    act: Act, *, project: str, month: int, in_use: bool, content: dict[str, Any] | None = None
) -> Outcome:
    """The owner says, so many months after validation, whether the result is in use, paused or stopped, and why."""
    found = find(Project, number=project)
    if "owner" not in roles_on(act, found):
        raise Stop(reason("access.not_found", kind="project", number=project))
    planned = FollowUp.objects.select_for_update().filter(project=found, month=month).first()
    if planned is None:
        raise Stop(reason("project.follow_up_unknown", month=month))
    answers = content or {}
    if says_in_use(answers) not in (None, in_use):
        raise Stop(reason("project.follow_up_contradicts", field="in_use"))
    return _given(act, found, planned, answers, in_use=in_use, by=act.person)


@operation(permission=Permission.PROJECT_ANSWER_LINK, event=Event.FOLLOW_UP_GIVEN, anonymous=True)
def answer_follow_up(act: Act, *, token: str, content: dict[str, Any]) -> Outcome:
    """Answer a follow-up by the link of the letter, without signing in. It works once and until its last day."""
    link = read_link(token, now=act.now)
    if isinstance(link, Reason):
        raise Stop(link)
    planned = FollowUp.objects.select_for_update().get(pk=link.row.pk)
    if planned.at is not None:
        raise Stop(reason("project.link_used"))
    project = find(Project, pk=planned.project_id)
    in_use = bool(says_in_use(content))
    return _given(act, project, planned, content, in_use=in_use, by=link.person)


def _given(
    act: Act, project: Project, planned: FollowUp, answers: dict[str, Any], *, in_use: bool, by: User
) -> Outcome:
    require("follow_up", answers, on=project)
    status = status_of(answers, in_use=in_use)
    form = book_of(project).forms.get("follow_up")
    if status in STOPPED and form and "why" in form.fields and empty(answers.get("why")):
        raise Stop(reason("project.follow_up_why", field="why"))
    planned.in_use, planned.status, planned.content, planned.by, planned.at = (
        in_use,
        status,
        answers,
        by,
        act.now,
    )
    planned.save()
    body = {"month": planned.month, "in_use": in_use, "status": status, "by": by.pseudonym}
    changed(act, Event.FOLLOW_UP_GIVEN, project, body=body)
    return Done({"project": project.number, "month": planned.month, "status": status})


def says_in_use(content: Mapping[str, object]) -> bool | None:
    """What the answer `in_use` of a follow-up form says: yes or no, or a choice where `paused` and `not_in_use` say no."""
    said = content.get("in_use")
    return None if said in (None, "") else said is not False and said not in STOPPED


def status_of(content: Mapping[str, object], *, in_use: bool) -> str:
    """in_use, partly, paused or not_in_use."""
    said = content.get("in_use")
    return said if isinstance(said, str) and said else "in_use" if in_use else "not_in_use"


def read_link(token: str, *, now: datetime) -> Link | Reason:
    """What a link asks; the reason why not when it is cut off, too old, or its person no longer acts for the owner."""
    try:
        said = signing.loads(token, salt=SALT)
        until = datetime.fromisoformat(said["until"])
    except (signing.BadSignature, KeyError, ValueError):
        return reason("project.link_unusable")
    related = ("project__challenge__call", "project__challenge__need", "by")
    row = FollowUp.objects.select_related(*related).filter(pk=said["follow_up"]).first()
    person = User.objects.filter(pk=said["person"], is_active=True).first()
    if row is None or person is None:
        return reason("project.link_unusable")
    if row.at is None and now >= until:
        return reason("project.link_over", until=until.isoformat())
    asked = {one.pk for one in _asked(row.project, now=now)}
    return Link(row, person, until) if row.at or person.pk in asked else reason("project.link_unusable")


def link_token(row: FollowUp, person: User, *, until: datetime) -> str:
    """What the letter's link carries."""
    said = {"follow_up": row.pk, "person": person.pk, "until": until.isoformat()}
    return signing.dumps(said, salt=SALT)


def link_end(row: FollowUp, *, now: datetime) -> datetime:
    """The moment at which a link that is sent now ends."""
    rule = book_of(row.project).follow_up
    return now + timedelta(days=rule.link_days if rule else DEFAULT_DAYS)


def _asked(project: Project, *, now: datetime) -> list[User]:
    """Everybody who acts for an owner of the project's need."""
    parties = sorted(owners(project.challenge.need))
    return [person for party in parties for person in people_for(party, at=now, roles=("owner",))]


def asked_of(row: FollowUp, *, now: datetime) -> list[User]:
    """Who is written to."""
    return _asked(row.project, now=now)
