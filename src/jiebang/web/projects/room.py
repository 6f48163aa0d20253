"""What the pages of the project room share: the project for its readers, its tabs, and the way a page is put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiebang.operations.kernel import Done
from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects import own
from jiebang.rules.schema import FormName, Rulebook
from jiebang.web import components as c
from jiebang.web.acting import act, done
from jiebang.web.forms import steps
from jiebang.web.forms.standing import roles
from jiebang.web.office.one_form import OneForm, serve
from jiebang.web.site import reader_of, words

# The matters of a project, each a page under /projects/<number>/; the order of the tabs.
MATTERS: tuple[tuple[str, str], ...] = (
    ("chain", gettext_noop("Chain")),
    ("agreement", gettext_noop("Agreement")),
    ("indicators", gettext_noop("Indicators")),
    ("money", gettext_noop("Money")),
    ("pilot", gettext_noop("Pilot and validation")),
    ("deliverables", gettext_noop("Laboratories and training")),
    ("replication", gettext_noop("Replication")),
)


@dataclass(frozen=True, kw_only=True)
class Room:
    """A project, its rulebook, and how the reader stands to it; `only` is the one page open to who reads nothing else."""

    row: Any
    reader: Reader
    held: frozenset[str]
    only: str = ""

    @property
    def book(self) -> Rulebook:
        """The rulebook that rules the project."""
        return book_of(self.row)

    @property
    def number(self) -> str:
        """`P-2026-001`."""
        return str(self.row.number)

    @property
    def url(self) -> str:
        """Under which the matters stand."""
        return f"/projects/{self.number}/"

    @property
    def overview(self) -> str:
        """The page of the whole project: the office's own, or that of its people."""
        return f"/office/projects/{self.number}/" if self.reader.roles & OFFICERS else f"{self.url}work/"

    @property
    def title(self) -> str:
        """The title of its challenge."""
        return words(self.row.challenge.title)

    @property
    def ended(self) -> bool:
        """Nothing follows any more."""
        return self.row.ended_at is not None

    def holds(self, *wanted: str) -> bool:
        """Whether the reader stands to the project in one of these roles."""
        return bool(self.held & set(wanted))

    def matter(self, name: str) -> str:
        """The page of a matter, or the only one that the reader may open."""
        return self.only or f"{self.url}{name}/"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a page: a heading, sentences, components, and what may be done there."""

    heading: str
    id: str = ""
    texts: Sequence[str] = ()
    parts: Sequence[c.Part | None] = ()
    links: Sequence[c.Link] = ()


def room_or_404(request: HttpRequest, number: str) -> Room:
    """The project for those who may read it whole; the same 404 for all others."""
    reader = reader_of(request)
    found = own.find_project(number, reader=reader)
    if found is None:
        raise Http404
    return Room(row=found, reader=reader, held=roles(found, reader=reader))


def tabs(room: Room, here: str = "") -> c.Tabs | None:
    """The overview and every matter; `here` is the one that is open."""
    if room.only:
        return None
    links = [c.Link(_("Overview"), room.overview, current=not here)]
    links += [c.Link(_(label), room.matter(name), current=name == here) for name, label in MATTERS]
    return c.Tabs(links=links, label=_("The project's pages"))


def table(heads: Sequence[str], rows: Sequence[Sequence[c.Cell]]) -> c.DataTable | None:
    """A table under these heads; nothing where it would have no row."""
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows) if rows else None


def page(
    request: HttpRequest, room: Room, here: str, *, next_: str, sections: Sequence[Section],
    links: Sequence[c.Link] = (), under: str = "", facts: c.Facts | None = None, banner: c.Banner | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of one matter, or of something `under` it: what happens next, the acts open to the reader, its sections."""
    label = dict(MATTERS)[here]
    back = [] if room.only else [c.Link(room.number, room.overview)]
    back += [c.Link(_(label), room.matter(here))] if under and not room.only else []
    parts = {
        "crumbs": c.Breadcrumbs(links=back, here=under or _(label)),
        "intro": c.Intro(title=under or _(label), kicker=f"{room.number} · {room.title}", next=next_),
        "tabs": tabs(room, here), "banner": banner, "links": links, "facts": facts, "sections": sections,
    }  # fmt: skip
    return render(request, "projects/page.html", parts)


def form(request: HttpRequest, room: Room, here: str, made: OneForm) -> HttpResponse:
    """The page of one act under a matter: the form, then back to the matter."""
    links = [c.Link(_(dict(MATTERS)[here]), room.matter(here))]
    links = links if room.only else [c.Link(room.number, room.overview), *links]
    return serve(request, replace(made, crumbs=c.Breadcrumbs(links=links, here=made.intro.title)))


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody writes under a form of the rulebook: its name, the answers so far, what is done with them, and its words."""

    name: FormName
    content: Mapping[str, Any]
    operation: str
    organisation: str = ""
    next_: str
    button: str
    said: str
    to: str


def write(request: HttpRequest, room: Room, here: str, made: Written) -> HttpResponse:
    """The page on which the answers to a form are written, checked and sent."""
    rule = room.book.forms.get(made.name)
    if rule is None:
        raise Http404
    sheet = steps.Paper(
        form=rule, content=made.content, book=room.book, address=made.to, title=words(rule.label),
        organisation=made.organisation, kicker=f"{room.number} · {room.title}",
        crumbs=[c.Link(room.number, room.overview), c.Link(_(dict(MATTERS)[here]), room.matter(here))],
    )  # fmt: skip
    outcome = None
    if request.method == "POST":
        sheet = steps.posted(request, sheet)
    if steps.is_sent(request, sheet):
        outcome = act(request, made.operation, {"project": room.number, "content": sheet.content})
    if isinstance(outcome, Done):
        return done(request, outcome, text=made.said, to=made.to)
    return steps.one_page(request, sheet, next_=made.next_, button=made.button, outcome=outcome)


def head(room: Room, title: str, next_: str = "") -> c.Intro:
    """The head of such a form."""
    return c.Intro(title=title, kicker=f"{room.number} · {room.title}", next=next_)
