"""What experts say of themselves: expertise, sectors, languages, how much and when; the form is the office's too."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from jiebang.records.people.queries import organisations
from jiebang.records.reviews.experts import profile_of
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, select, serve
from jiebang.web.site import reader_of

MOST = 1000


@only("expert")
def profile(request: HttpRequest) -> HttpResponse:
    """One's own profile."""
    return serve(
        request,
        OneForm(
            operation="change_expert",
            params=typed_profile,
            fields=profile_fields(profile_of(reader_of(request).person)),
            label=_("Save"),
            said=_("Saved."),
            to="/reviews/",
            intro=c.Intro(
                title=_("What I can judge"), next=_("The office proposes you for bids that this fits.")
            ),
            crumbs=c.Breadcrumbs(
                links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Reviews"), "/reviews/")],
                here=_("What I can judge"),
            ),
        ),
    )


def typed_profile(post: QueryDict) -> dict[str, Any]:
    """The form as `change_expert` takes it; lists are typed with commas or a line each."""
    found: dict[str, Any] = {name: _list(post.get(name, "")) for name in ("expertise", "languages")}
    given = {
        name: text
        for name in ("max_load", "available_from", "available_until")
        if (text := post.get(name, "").strip())
    }
    return {**found, "sectors": post.getlist("sectors"), **given}


def profile_fields(row: Any) -> list[c.Field]:
    """The questions, filled with what is known; `row` is a profile or None."""
    chosen = set(row.sectors) if row else set()
    options = [c.Option(value=key, label=text, chosen=key in chosen) for key, text in cells.sectors().items()]
    return [
        c.Field(name="sectors", label=_("Sectors"), kind="checkboxes", options=options, optional=True),
        c.Field(name="expertise", label=_("Expertise"), kind="textarea", optional=True,
                value="\n".join(row.expertise) if row else "",
                help=_("A few words each, one a line, as a notice would use them: image recognition, irrigation.")),
        c.Field(name="languages", label=_("Languages you can judge in"), optional=True,
                value=", ".join(row.languages) if row else "", help=_("As tags, with commas: en, zh-Hans, vi.")),
        c.Field(name="max_load", label=_("Bids at a time, at most"), kind="number", short=True, optional=True,
                value=str(row.max_load) if row and row.max_load is not None else "",
                help=_("Left empty: as many as the programme says.")),
        c.Field(name="available_from", label=_("Available from"), kind="date", short=True, optional=True,
                value=_day(row and row.available_from)),
        c.Field(name="available_until", label=_("Available until"), kind="date", short=True, optional=True,
                value=_day(row and row.available_until), help=_("The last day.")),
    ]  # fmt: skip


def link_fields() -> list[c.Field]:
    """The questions about a link to an organisation or a person."""
    options = {row.party.slug: cells.organisation(row) for row in organisations()[:MOST]}
    return [
        select("organisation", _("Organisation"), {"": _("None of these"), **options}),
        c.Field(name="person", label=_("Or a person"), kind="email", optional=True,
                help=_("By e-mail address. The organisations that this person acts for count too.")),
        radios("kind", _("Which interest"), kinds()),
        c.Field(name="since", label=_("Since"), kind="date", short=True, optional=True),
        c.Field(name="until", label=_("Until"), kind="date", short=True, optional=True,
                help=_("Left empty while it lasts. What has ended counts as long as the rules say.")),
    ]  # fmt: skip


def kinds() -> dict[str, str]:
    """The kinds of link that can be declared."""
    return {
        "employment": _("Works or worked there"), "ownership": _("Owns a part of it, or invested together"),
        "family": _("Family"), "adviser": _("Advises or advised it"), "co_author": _("Published or invented together"),
        "other": _("Something else"),
    }  # fmt: skip


def typed_link(post: QueryDict) -> dict[str, str]:
    """The form as `declare_conflict` takes it."""
    names = ("organisation", "person", "since", "until", "text")
    return {"kind": post.get("kind", "").strip()} | {
        name: text for name in names if (text := post.get(name, "").strip())
    }


def links_table(rows: Any, *, lift: bool = False) -> c.DataTable | None:
    """Declared links: to whom, which, from when to when, who said so; `lift` leads the office on."""
    heads = [_("Link to"), _("Which interest"), _("From"), _("Until"), _("Declared by"), _("State")]
    known = {
        **kinds(),
        "same_organisation": kinds()["employment"],
        "recused": _("Stepped aside"),
        "declared": _("Declared on the bid"),
    }
    made = []
    for row in rows:
        end = row.bid.number if row.bid else row.other.name if row.other else cells.party(row.party)
        by = row.declared_by.name if row.declared_by else _("the expert")
        state = (
            c.Cell(_("Lifted: %(why)s") % {"why": row.lifted_why}) if row.lifted_at else c.Cell(_("counts"))
        )
        if lift and not row.lifted_at:
            state = c.Cell(_("Lift it"), f"/office/conflicts/{row.pk}/lift/")
        made.append([c.Cell(end), c.Cell(known.get(row.kind, row.kind)), c.Cell(cells.day(row.since) or "–"),
                     c.Cell(cells.day(row.until) or "–"), c.Cell(by), state])  # fmt: skip
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=made) if made else None


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _list(text: str) -> list[str]:
    parts = text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    return [word for part in parts if (word := part.strip())]
