"""`/projects/` and `/projects/<number>/`: what became of an award, as far as it is public."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.records.projects import queries
from jiebang.records.replications.queries import public_replicas
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.exports import export
from jiebang.web.public import chain, deliverables, findings, saying, states
from jiebang.web.public.board import wanted
from jiebang.web.public.course import changed, next_sentence, progress, timeline
from jiebang.web.public.frame import day, page, party, person_name
from jiebang.web.public.results import narrowing, nothing_matches, tabs
from jiebang.web.replications.trees import tree
from jiebang.web.site import language_tag, now_of, reader_of, words


def projects(request: HttpRequest) -> HttpResponse:
    """Every project, the last changed first."""
    if request.GET.get("format") in listing.FORMATS:
        return _file(request)
    return page(request, "public/results.html", lambda: _list(request))


def project(request: HttpRequest, number: str) -> HttpResponse:
    """One project."""
    return page(request, "public/project.html", lambda: _parts(request, number))


def _list(request: HttpRequest) -> Mapping[str, Any]:
    shown = listing.shown(request, _rows(request))
    words_of = states.public_stages(rulebooks_in_use(), "project")
    fields = [*narrowing(request), listing.select(request, "stage", _("State"), list(words_of.items()))]
    count = ngettext("%(n)s project", "%(n)s projects", shown.count)
    return {
        "intro": c.Intro(title=_("Projects"), next=_("What became of each award, up to its use at the owner's place.")),
        "tabs": tabs("/projects/"),
        "filters": listing.filters(request, fields),
        "head": listing.list_head(request, count % {"n": formats.number(shown.count, lang=language_tag())}),
        "table": _table(shown.rows) if shown.count else None,
        "empty": None if shown.count else _empty(request),
        "paging": listing.paging(request, shown),
    }  # fmt: skip


def _empty(request: HttpRequest) -> c.EmptyState:
    return nothing_matches(request, _("No project matches these filters")) or c.EmptyState(
        title=_("No project here yet"), sentence=_("A project starts when an award is decided."),
        action=c.Link(_("See the results"), "/results/"),
    )  # fmt: skip


def _rows(request: HttpRequest) -> Any:
    return queries.projects(reader=reader_of(request), filters=wanted(request))


def _table(rows: Sequence[Any]) -> c.DataTable:
    lang = language_tag()
    columns = [_("Project"), _("Number"), _("Country"), _("State"), _("Lead"), _("Since")]
    made = [
        [
            c.Cell(words(row.challenge.title), f"/projects/{row.number}/"),
            c.Cell(row.number),
            c.Cell(formats.country(row.challenge.country, lang=lang)),
            c.Cell(part=states.stage_stamp(row.challenge.call.rulebook_id, "project", row.stage, lang)),
            c.Cell(_lead(row)),
            c.Cell(day(row.stage_since, book=rulebook(row.challenge.call.rulebook_id))),
        ]
        for row in rows
    ]
    return c.DataTable(columns=[c.Column(label=label) for label in columns], rows=made)


def _lead(row: Any) -> str:
    lead = row.bid.consortium.lead.organisation
    return words(lead.names) or str(lead.name)


def _parts(request: HttpRequest, number: str) -> Mapping[str, Any]:
    found = queries.find_project(number, reader=reader_of(request))
    if found is None:
        raise Http404
    book = rulebook(found.challenge.call.rulebook_id)
    return {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("Projects"), "/projects/")], here=found.number),
        "intro": _intro(found, book),
        "lifecycle": progress(found, kind="project", book=book),
        "milestones": _milestones(found),
        "chain": chain.of_project(found, book),
        "deliverables": deliverables.of_project(found, book),
        "indicators": findings.table(found, promised=findings.public_promises(found, book)),
        "validation": _validation(found, book),
        "diligence": _diligence(found, book),
        "follow_ups": _follow_ups(found),
        **_copies(found, book),
        "facts": _facts(found, book),
        "timeline": timeline(
            found,
            kind="project",
            book=book,
            begin=_("Award decided"),
            began=found.started_at,
            now=now_of(request),
        ),
    }


def _intro(found: Any, book: Rulebook) -> c.Intro:
    return c.Intro(
        title=words(found.challenge.title), kicker=f"{found.number} · {found.challenge.number}",
        stamp=states.stamp(book, "project", found.stage), changed=changed(found, book=book),
        next=next_sentence(found, kind="project", book=book), lang=states.label_language(found.challenge.title),
    )  # fmt: skip


def _milestones(found: Any) -> c.DataTable | None:
    rows = sorted(found.milestones.all(), key=lambda row: row.order)
    columns = [_("Milestone"), _("Due"), _("State")]
    made = [
        [
            c.Cell(f"{row.order}. {saying.plainly(row.title)}"),
            c.Cell(formats.date(row.due_on, lang=language_tag()) if row.due_on else "–"),
            c.Cell(part=_milestone_stamp(row)),
        ]
        for row in rows
    ]
    return c.DataTable(columns=[c.Column(label=label) for label in columns], rows=made) if made else None


def _milestone_stamp(row: Any) -> c.Stamp:
    if row.accepted_at:
        return c.Stamp(_("Accepted"), "done")
    return c.Stamp(_("Reported"), "deciding") if row.reported_at else c.Stamp(_("To come"), "waiting")


def _validation(found: Any, book: Rulebook) -> dict[str, Any] | None:
    kept, form = getattr(found, "validation", None), book.forms.get("validation")
    if kept is None or form is None:
        return None
    return {"when": day(kept.at, book=book), "sections": list(saying.sections(form, kept.content, book=book))}


def _diligence(found: Any, book: Rulebook) -> list[Any]:
    """What was tried and learned, once the project has ended."""
    form, row = book.forms.get("due_diligence"), queries.diligence_of(found) if found.ended_at else None
    return list(saying.sections(form, row.content, book=book)) if form and row else []


def _follow_ups(found: Any) -> c.DataTable | None:
    rows = sorted(found.follow_ups.all(), key=lambda row: row.month)
    made = [
        [
            c.Cell(saying.after_months(row.month)),
            c.Cell(formats.date(row.due_on, lang=language_tag())),
            c.Cell(part=saying.use_stamp(row)),
            c.Cell(saying.use_said(row.content)),
        ]
        for row in rows
    ]
    columns = [
        c.Column(label=label) for label in (_("Follow-up"), _("Due"), _("In use?"), _("What was said"))
    ]
    return c.DataTable(columns=columns, rows=made) if made else None


def _copies(found: Any, book: Rulebook) -> dict[str, Any]:
    """The tree of copies and the way to the whole case, once the result is validated."""
    if not hasattr(found, "validation"):
        return {}
    where, rows = f"/cases/{found.number}/", list(public_replicas([found.pk]))
    made = tree(found, rows, where=lambda row: f"{where}#{row.number}", zone=book.timezone) if rows else None
    return {"case_url": where, "copies": made}


def _facts(found: Any, book: Rulebook) -> c.Facts:
    challenge = found.challenge
    items: list[tuple[str, Any]] = [
        (_("Challenge"), c.EvidenceItem(title=challenge.number, url=f"/challenges/{challenge.number}/")),
        (_("Lead"), party(found.bid.consortium.lead.organisation)),
        (_("Demand owner"), party(challenge.need.owner.organisation)),
    ]
    if found.bid.lead_person:
        items.append((_("Lead researcher"), c.Party(name=person_name(found.bid.lead_person), kind="person")))
    if found.amount is not None:
        items.append((_("Award"), c.Money(text=saying.amount_of(found.amount, found.currency))))
    if found.signed_at:
        items.append((_("Agreement signed"), day(found.signed_at, book=book)))
    return c.Facts(items=items, title=_("At a glance"))


def _file(request: HttpRequest) -> HttpResponse:
    columns = {
        "number": _("Number"), "challenge": _("Challenge"), "title": _("Title"), "state": _("State"), "lead": _("Lead"),
        "country": _("Country"), "amount": _("Award"), "currency": _("Currency"), "since": _("Since"),
    }  # fmt: skip
    return export(request.GET["format"], name="projects", columns=columns, rows=_records(_rows(request)))


def _records(rows: Any) -> Iterator[dict[str, Any]]:
    lang = language_tag()
    for row in rows.iterator(chunk_size=500):
        yield {
            "number": row.number, "challenge": row.challenge.number, "title": words(row.challenge.title),
            "state": states.stage_stamp(row.challenge.call.rulebook_id, "project", row.stage, lang).word, "lead": _lead(row),
            "country": row.challenge.country, "amount": row.amount, "currency": row.currency, "since": row.stage_since,
        }  # fmt: skip
