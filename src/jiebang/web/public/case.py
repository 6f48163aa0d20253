"""`/cases/<project number>/`: a result from the need to its use, there and elsewhere; every figure leads to its rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.decisions.replication import CONFIRMED, GIVEN_UP
from jiebang.operations.facts import indicators, result_of
from jiebang.operations.replica_facts import origin_values
from jiebang.operations.things import day_of
from jiebang.records.programme.queries import rulebook
from jiebang.records.projects import queries as projects
from jiebang.records.replications.queries import public_replicas
from jiebang.rules.schema import FormName, Rulebook
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.exports import export
from jiebang.web.office import cells
from jiebang.web.projects.room import Section, table
from jiebang.web.public import findings, saying, states
from jiebang.web.public.frame import day, page, party
from jiebang.web.replications import tables, trees
from jiebang.web.replications.tables import Shown, shown
from jiebang.web.site import language_tag, reader_of, words


def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page, or every value behind it as a file."""
    if request.GET.get("format") in listing.FORMATS:
        return _file(request, number)
    return page(request, "public/case.html", lambda: _parts(request, number))


def _parts(request: HttpRequest, number: str) -> Mapping[str, Any]:
    found, book = _found(request, number)
    copies = _copies(found, book)
    sections = [
        _need(found, book), _result(found, book), _validation(found, book), _where(found, book, copies),
        *(_copy(one) for one in copies), _gains(copies), _use(found), _rows(found, book, copies),
    ]  # fmt: skip
    lang = states.label_language(found.challenge.title)
    return {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("Cases"), "/cases/")], here=found.number),
        "intro": c.Intro(
            title=words(found.challenge.title), kicker=f"{found.number} · {found.challenge.number}",
            stamp=states.stamp(book, "project", found.stage), next=_in_short(found, copies), lang=lang,
        ),
        "head": listing.list_head(request, _("Every value behind this page")),
        "facts": _facts(found, book, copies), "sections": [item for item in sections if item],
    }  # fmt: skip


def _found(request: HttpRequest, number: str) -> tuple[Any, Rulebook]:
    """A validated project that the reader may see."""
    found = projects.find_project(number, reader=reader_of(request))
    if found is None or not hasattr(found, "validation"):
        raise Http404
    return found, rulebook(found.challenge.call.rulebook_id)


def _copies(project: Any, book: Rulebook) -> list[Shown]:
    rows = list(public_replicas([project.pk]))
    origin = origin_values(project) if rows else {}
    for row in rows:
        row.project = project  # read once, with all that hangs on it
    return [shown(row, book, origin=origin) for row in rows]


def _in_short(project: Any, copies: list[Shown]) -> str:
    used = [one for one in copies if one.row.state == CONFIRMED]
    lang = language_tag()
    codes = dict.fromkeys([project.challenge.country, *(one.row.country for one in used)])
    places = formats.listed([formats.country(code, lang=lang) for code in codes], lang=lang)
    count = 1 + len(used)
    said = ngettext("In use at %(n)s place, in %(where)s.", "In use at %(n)s places, in %(where)s.", count)
    return said % {"n": count, "where": places}


def _need(project: Any, book: Rulebook) -> Section | None:
    """What was asked for, as far as the rulebook publishes it."""
    content, form = project.challenge.content, book.forms.get("need")
    fields = form.fields if form else {}
    parts = [
        saying.say(content.get(name)) for name in ("problem", "statement", "summary")
        if name in fields and fields[name].public and fields[name].kind in ("text", "line")
    ]  # fmt: skip
    link = c.Link(_("The whole notice"), f"/challenges/{project.challenge.number}/")
    return Section(heading=_("The need"), id="need", parts=parts[:1], links=[link])


def _result(project: Any, book: Rulebook) -> Section:
    """The value of each indicator that counts at the origin, against what was wanted and promised; it leads to its row."""
    promised, known = findings.public_promises(project, book), _known(project)
    heads = [_("Indicator"), _("Wanted"), _("Promised"), _("Measured"), _("As wanted"), _("As promised")]
    rows = [
        [
            c.Cell(saying.plainly(known[item.indicator].get("name")) or item.indicator),
            c.Cell(saying.threshold(known[item.indicator])), c.Cell(saying.figure(promised.get(item.indicator)) or "–"),
            c.Cell(tables.with_unit(item.value.value.normalize(), saying.unit(known[item.indicator])), "#rows")
            if item.value else c.Cell("–"),
            _reached(item.met), _reached(item.kept if item.indicator in promised else None),
        ]
        for item in result_of(project)
    ]  # fmt: skip
    columns = [c.Column(label=label, number=place in (1, 2, 3)) for place, label in enumerate(heads)]
    link = c.Link(_("The project"), f"/projects/{project.number}/")
    made = c.DataTable(columns=columns, rows=rows)
    return Section(
        heading=_("What was wanted and what was measured"), id="origin", parts=[made], links=[link]
    )


def _reached(yes: bool | None) -> c.Cell:
    return c.Cell("–") if yes is None else c.Cell(part=findings.reached(yes))


def _known(project: Any) -> dict[str, Mapping[str, Any]]:
    """The indicators of the challenge by their ids."""
    return {str(item["id"]): item for item in indicators(project.challenge)}


def _validation(project: Any, book: Rulebook) -> Section:
    parts = _answers("validation", project.validation.content, book)
    said = _("Signed by the demand owner on %(day)s.") % {"day": day(project.validation.at, book=book)}
    return Section(heading=_("What its owner says"), id="validation", texts=[said], parts=parts)


def _answers(name: FormName, content: Mapping[str, Any], book: Rulebook) -> list[c.Part]:
    """What may be read of the answers to a form, step by step."""
    form = book.forms.get(name)
    return [
        c.Answers(rows=[c.Answer(question=label, answer=told) for label, told in rows])  # type: ignore[arg-type]
        for _label, rows in (saying.sections(form, content, book=book) if form else ())
    ]


def _where(project: Any, book: Rulebook, copies: list[Shown]) -> Section:
    rows = [one.row for one in copies]
    if not rows:
        return Section(heading=_("Where else"), id="copies", texts=[_("No copy has been agreed yet.")])
    parts = [
        trees.tree(project, rows, where=_anchor, zone=book.timezone, origin="#origin"),
        trees.tiles(project, rows, book, where=_anchor),
    ]
    return Section(heading=_("Where else"), id="copies", parts=parts)


def _anchor(row: Any) -> str:
    return f"#{row.number}"


def _copy(one: Shown) -> Section:
    """One copy beside its origin."""
    row = one.row
    heading = f"{one.owner}, {one.country}"
    texts = [f"{row.number} · {tables.state_words()[row.state]} · {tables.since(row, one.book.timezone)}"]
    if row.state == GIVEN_UP:
        texts.append(saying.plainly(row.why))
    if one.standing.days_to_use is not None:
        days = one.standing.days_to_use
        texts.append(_("Days from the origin's validation to the confirmed use here: %(n)s.") % {"n": days})
    parts = _answers("replica_confirmation", row.confirmation, one.book)
    measured = bool(row.values.all())
    shown_here = [tables.comparison(one, rows_at="#rows"), tables.plot(one)] if measured else []
    return Section(
        heading=heading, id=row.number, texts=texts, parts=[*parts, *shown_here, tables.adaptations(one)]
    )


def _gains(copies: list[Shown]) -> Section | None:
    rows = [(one.country, row) for one in copies for row in one.row.benefits.all()]
    return (
        Section(heading=_("Who gains from it"), id="gains", parts=[tables.benefits(rows)]) if rows else None
    )


def _use(project: Any) -> Section | None:
    rows = [
        [
            c.Cell(saying.after_months(row.month)), c.Cell(cells.day(row.due_on)), c.Cell(part=saying.use_stamp(row)),
            c.Cell(saying.use_said(row.content)),
        ]
        for row in sorted(project.follow_ups.all(), key=lambda row: row.month)
    ]  # fmt: skip
    made = table([_("Follow-up"), _("Due"), _("In use?"), _("What was said")], rows)
    return Section(heading=_("Is it still in use?"), id="follow-up", parts=[made]) if made else None


def _rows(project: Any, book: Rulebook, copies: list[Shown]) -> Section:
    """The rows behind the figures, each with its day: at the origin, then at every copy."""
    known = {item.indicator: item.value for item in result_of(project) if item.value}
    rules = _known(project)
    rows = [
        [
            c.Cell(saying.plainly(rules[key].get("name")) or key),
            c.Cell(tables.with_unit(value.value.normalize(), saying.unit(rules[key]))), c.Cell(day(value.at, book=book)),
            c.Cell(_("the office") if value.role == "office" else saying_side(value.role)),
        ]
        for key, value in known.items() if key in rules
    ]  # fmt: skip
    heads = [_("Indicator"), _("Value"), _("Measured on"), _("Measured by")]
    parts: list[c.Part | None] = []
    there = [(f"{one.owner}, {one.country}", tables.values(one)) for one in copies]
    for heading, made in [(_("At the origin"), table(heads, rows)), *there]:
        if made:
            parts.append(c.DataTable(columns=made.columns, rows=made.rows, caption=heading))
    return Section(heading=_("The values behind the figures"), id="rows", parts=parts)


def saying_side(role: str) -> str:
    """Who measured at the origin, in words."""
    return {
        "owner": _("the owner"), "tester": _("the independent tester"), "third_party": _("a third party"),
    }.get(role, role)  # fmt: skip


def _facts(project: Any, book: Rulebook, copies: list[Shown]) -> c.Facts:
    challenge = project.challenge
    asked = challenge.need.submitted_at
    items: list[tuple[str, Any]] = [
        (_("Demand owner"), party(challenge.need.owner.organisation)),
        (_("Lead"), party(project.bid.consortium.lead.organisation)),
        (_("Challenge"), c.EvidenceItem(title=challenge.number, url=f"/challenges/{challenge.number}/")),
        (_("Project"), c.EvidenceItem(title=project.number, url=f"/projects/{project.number}/")),
    ]  # fmt: skip
    if asked:
        items.append((_("Need stated"), day(asked, book=book)))
        days = (day_of(project.validation.at, project) - day_of(asked, project)).days
        items.append((_("Days from need to validated use"), formats.number(days, lang=language_tag())))
    items.append(
        (_("Validated"), c.EvidenceItem(title=day(project.validation.at, book=book), url="#validation"))
    )
    used = sum(one.row.state == CONFIRMED for one in copies)
    items.append((_("Copies in use"), c.EvidenceItem(title=str(used), url="#copies")))
    items.append((_("On paper"), c.EvidenceItem(title=_("As PDF"), url=f"/cases/{project.number}/case.pdf")))
    return c.Facts(items=items, title=_("At a glance"))


def _file(request: HttpRequest, number: str) -> HttpResponse:
    found, book = _found(request, number)
    columns = {
        "place": _("Place"), "country": _("Country"), "indicator": _("Indicator"), "value": _("Value"), "unit": _("Unit"),
        "measured_on": _("Measured on"), "measured_by": _("Measured by"), "same_method": _("As at the origin"),
        "counts": _("Counts"),
    }  # fmt: skip
    rows = _records(found, _copies(found, book))
    return export(request.GET["format"], name=f"case-{number}", columns=columns, rows=rows)


def _records(project: Any, copies: list[Shown]) -> Iterator[dict[str, Any]]:
    rules = _known(project)
    for item in result_of(project):
        if item.value:
            yield {
                "place": project.number, "country": project.challenge.country, "indicator": item.indicator,
                "value": item.value.value.normalize(), "unit": saying.plainly(rules[item.indicator].get("unit")),
                "measured_on": day_of(item.value.at, project).isoformat(), "measured_by": item.value.role, "same_method": True,
                "counts": True,
            }  # fmt: skip
    for one in copies:
        counted = {item.here.key for item in one.standing.compared if item.here}
        for row in one.row.values.all():
            yield {
                "place": one.row.number, "country": one.row.country, "indicator": row.indicator,
                "value": row.value.normalize(), "unit": row.unit, "measured_on": row.measured_on.isoformat(),
                "measured_by": row.side, "same_method": row.same_method, "counts": row.pk in counted,
            }  # fmt: skip
