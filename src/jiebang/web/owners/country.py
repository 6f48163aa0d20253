"""`/needs/country/`: a country desk's own page: its needs, open challenges, projects, follow-ups."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.records.challenges import own, queries
from jiebang.records.programme.queries import rulebooks_in_use
from jiebang.records.projects import own as projects
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.public import saying
from jiebang.web.public.board import cards
from jiebang.web.public.frame import need_title
from jiebang.web.public.states import open_stages, stage_stamp
from jiebang.web.site import language_tag, reader_of, words

MOST = 20


@only("country_desk")
def country(request: HttpRequest) -> HttpResponse:
    """Everything of the countries whose desk the reader keeps."""
    reader, lang = reader_of(request), language_tag()
    named = [formats.country(code, lang=lang) for code in sorted(reader.countries)]
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=_("My country")),
        "intro": c.Intro(
            title=", ".join(named) or _("My country"),
            next=_("What your country has asked for, and what has become of it."),
        ),
        "needs": _needs(own.needs(reader=reader).filter(country__in=reader.countries)[:MOST]),
        "challenges": cards(request, _open(request)),
        "projects": _projects(projects.projects(reader=reader)[:MOST]),
        "follow_ups": _follow_ups(projects.follow_ups(reader=reader)[:MOST]),
    }
    return render(request, "owners/country.html", parts)


def _open(request: HttpRequest) -> list[Any]:
    stages = open_stages(rulebooks_in_use())
    reader = reader_of(request)
    rows = queries.board(reader=reader, filters=queries.Filters(), open_stages=stages)
    return list(rows.filter(country__in=reader.countries, stage__in=stages)[:MOST])


def _needs(rows: Any) -> c.DataTable | None:
    made = [
        [c.Cell(f"{row.number} · {need_title(row)}", f"/needs/{row.number}/"),
            c.Cell(words(row.owner.organisation.names)),
         c.Cell(part=stage_stamp(row.call.rulebook_id, "need", row.stage, language_tag()))]
        for row in rows
    ]  # fmt: skip
    columns = [c.Column(label=_("Need")), c.Column(label=_("Demand owner")), c.Column(label=_("State"))]
    return c.DataTable(columns=columns, rows=made) if made else None


def _projects(rows: Any) -> c.DataTable | None:
    made = [
        [c.Cell(f"{row.number} · {words(row.challenge.title)}", f"/projects/{row.number}/"),
         c.Cell(words(row.bid.consortium.lead.organisation.names)),
         c.Cell(part=stage_stamp(row.challenge.call.rulebook_id, "project", row.stage, language_tag()))]
        for row in rows
    ]  # fmt: skip
    columns = [
        c.Column(label=_("Project")),
        c.Column(label=_("Lead organisation")),
        c.Column(label=_("State")),
    ]
    return c.DataTable(columns=columns, rows=made) if made else None


def _follow_ups(rows: Any) -> c.DataTable | None:
    made = [
        [c.Cell(f"{row.project.number} · {words(row.project.challenge.title)}", f"/projects/{row.project.number}/"),
         c.Cell(saying.after_months(row.month)), c.Cell(formats.date(row.due_on, lang=language_tag()))]
        for row in rows
    ]  # fmt: skip
    columns = [c.Column(label=_("Project")), c.Column(label=_("Follow-up")), c.Column(label=_("Due"))]
    return c.DataTable(columns=columns, rows=made) if made else None
