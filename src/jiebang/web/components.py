"""View models of the page components: frozen, already worded and formatted, ready to print.

Templates compute nothing. A page builds these from rows (with `jiebang.web.formats`), puts them in its
context and writes `{% load jb %}{% component part %}`; a list or tuple of parts prints one after the other,
None prints nothing. All texts are plain strings in the reader's language and are escaped; `svg` alone is
trusted markup of our own charts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from django.utils.translation import gettext

from jiebang.adapters.charts import Plot
from jiebang.web.controls import Answer as Answer
from jiebang.web.controls import Answers as Answers
from jiebang.web.controls import Cell as Cell
from jiebang.web.controls import Column as Column
from jiebang.web.controls import DataTable as DataTable
from jiebang.web.controls import ErrorSummary as ErrorSummary
from jiebang.web.controls import Fault as Fault
from jiebang.web.controls import Field as Field
from jiebang.web.controls import FilterForm as FilterForm
from jiebang.web.controls import ListHead as ListHead
from jiebang.web.controls import Option as Option
from jiebang.web.controls import Paging as Paging
from jiebang.web.controls import Task as Task
from jiebang.web.controls import TaskList as TaskList
from jiebang.web.controls import TaskStatus as TaskStatus
from jiebang.web.parts import Figures as Figures
from jiebang.web.parts import Link as Link
from jiebang.web.parts import Part as Part
from jiebang.web.parts import Stamp as Stamp
from jiebang.web.parts import Tone as Tone
from jiebang.web.tiles import TileMap as TileMap
from jiebang.web.trees import Branch as Branch
from jiebang.web.trees import Tree as Tree

Phase = Literal["was", "is", "comes", "skipped"]
Outcome = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Site:
    """What base.html knows of the instance and the reader. `here` is challenges, results, cases, about or desk."""

    programme_title: str
    programme_subtitle: str = ""
    organiser: str = ""
    languages: Sequence[tuple[str, str, str]] = ()
    user: str | None = None
    here: str = ""
    is_demo: bool = False
    now_text: str = ""
    journal_head: str = ""
    search_text: str = ""
    home_url: str = "/"
    desk_url: str = "/desk/"
    sign_in_url: str = "/sign-in/"
    sign_out_url: str = "/sign-out/"
    demo_url: str = "/demo/"
    challenges_url: str = "/challenges/"
    results_url: str = "/results/"
    about_url: str = "/about/"
    sources_url: str = "/about/sources/"
    search_url: str = "/challenges/"
    log_url: str = ""
    rooms: Sequence[Link] = ()
    api_url: str = "/api/v1/openapi.json"


@dataclass(frozen=True, kw_only=True)
class Breadcrumbs(Part):
    links: Sequence[Link]
    here: str
    template: ClassVar[str] = "components/breadcrumbs.html"


@dataclass(frozen=True, kw_only=True)
class Intro(Part):
    """Head of a page: where one is, its state, one sentence on what happens next, who changed it last."""

    title: str
    kicker: str = ""
    stamp: Stamp | None = None
    next: str = ""
    changed: str = ""
    lang: str = ""
    template: ClassVar[str] = "components/intro.html"


@dataclass(frozen=True, kw_only=True)
class NoticeCard(Part):
    """A challenge on the board.

    `facts` are short phrases; the first is printed strong (usually the clock).
    """

    title: str
    url: str
    stamp: Stamp
    kicker: str = ""
    summary: str = ""
    facts: Sequence[str] = ()
    lang: str = ""
    template: ClassVar[str] = "components/notice.html"


@dataclass(frozen=True, kw_only=True)
class NoticeBoard(Part):
    cards: Sequence[NoticeCard]
    template: ClassVar[str] = "components/board.html"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a timeline: what, when, who must act, by when. `iso` is the machine-readable time."""

    what: str
    phase: Phase
    when: str = ""
    iso: str = ""
    who: str = ""
    due: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Timeline(Part):
    events: Sequence[Event]
    label: str = ""
    template: ClassVar[str] = "components/timeline.html"


@dataclass(frozen=True, kw_only=True)
class Station:
    name: str
    phase: Phase
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Lifecycle(Part):
    """The lifecycle as a line of stations (4 to 9 read well), one of them `is`."""

    stations: Sequence[Station]
    label: str
    template: ClassVar[str] = "components/lifecycle.html"


@dataclass(frozen=True, kw_only=True)
class EvidenceItem(Part):
    title: str
    kind: str = ""
    url: str = ""
    dates: str = ""
    stamp: Stamp | None = None
    note: str = ""
    template: ClassVar[str] = "components/evidence.html"


@dataclass(frozen=True, kw_only=True)
class Evidence(Part):
    items: Sequence[EvidenceItem]
    template: ClassVar[str] = "components/evidence_list.html"


@dataclass(frozen=True)
class Machine(Part):
    """An expression as the machine reads it, one click away from the words that say the same."""

    text: str
    template: ClassVar[str] = "components/machine.html"


@dataclass(frozen=True, kw_only=True)
class Verdict(Part):
    """Pass, fail or cannot tell; the rule, its source and the evidence are one click away."""

    outcome: Outcome
    sentence: str
    rule: str = ""
    machine: Machine | None = None
    source: str = ""
    evidence: Sequence[str | EvidenceItem] = ()
    template: ClassVar[str] = "components/verdict.html"


@dataclass(frozen=True, kw_only=True)
class Party(Part):
    """A person, an organisation or a group (consortium) with its role and place; `sample` marks the invented."""

    name: str
    kind: Literal["person", "organisation", "group"] = "organisation"
    url: str = ""
    role: str = ""
    place: str = ""
    lang: str = ""
    sample: bool = False
    template: ClassVar[str] = "components/party.html"

    def marked(self) -> bool:
        """Whether to say that it is invented: not where its name does."""
        return self.sample and gettext("sample") not in self.name


@dataclass(frozen=True, kw_only=True)
class Money(Part):
    """`text` from formats.money.

    `basis` says announced, signed or paid and when; `other` the same in another currency.
    """

    text: str
    basis: str = ""
    other: str = ""
    template: ClassVar[str] = "components/money.html"


@dataclass(frozen=True, kw_only=True)
class Clock(Part):
    """A time limit.

    `left` (formats.working_days_left) and the countries `worked` whose calendars count it, by code and by name;
    the moment in two zones; provisional while a holiday calendar is.
    """

    left: str
    first: str
    iso: str
    second: str = ""
    worked: tuple[str, str] = ("", "")
    urgency: Literal["", "soon", "late"] = ""
    provisional: bool = False
    template: ClassVar[str] = "components/clock.html"


@dataclass(frozen=True, kw_only=True)
class Version:
    """One language version of a statement. `note` says who or what translated it and when."""

    lang: str
    lang_name: str
    text: str
    original: bool = False
    prevails: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Statement(Part):
    """A text in the reader's language (`shown`) with every other version one click away."""

    shown: Version
    others: Sequence[Version] = ()
    template: ClassVar[str] = "components/statement.html"


@dataclass(frozen=True, kw_only=True)
class Figure(Part):
    """A plot: the sentence it proves, the picture, the numbers beneath."""

    plot: Plot
    note: str = ""
    template: ClassVar[str] = "components/figure.html"


@dataclass(frozen=True, kw_only=True)
class DecisionSheet(Part):
    """A sealed decision: outcome, reasons in order, the rule, who signed, the journal entry that seals it."""

    title: str
    stamp: Stamp
    number: str = ""
    decided: str = ""
    reasons: Sequence[str] = ()
    rule: str = ""
    machine: Machine | None = None
    signers: Sequence[Party] = ()
    seal: str = ""
    seal_url: str = ""
    remedy: str = ""
    template: ClassVar[str] = "components/decision.html"


@dataclass(frozen=True, kw_only=True)
class EmptyState(Part):
    title: str
    sentence: str = ""
    action: Link | None = None
    more: Sequence[Link] = ()
    template: ClassVar[str] = "components/empty.html"


@dataclass(frozen=True, kw_only=True)
class Facts(Part):
    items: Sequence[tuple[str, str | Part | Sequence[Part]]]
    title: str = ""
    template: ClassVar[str] = "components/facts.html"


@dataclass(frozen=True, kw_only=True)
class Tabs(Part):
    links: Sequence[Link]
    label: str
    template: ClassVar[str] = "components/tabs.html"


@dataclass(frozen=True, kw_only=True)
class Progress(Part):
    value: int
    maximum: int
    text: str
    template: ClassVar[str] = "components/progress.html"


@dataclass(frozen=True, kw_only=True)
class Banner(Part):
    text: str
    tone: Literal["", "warning", "error"] = ""
    link: Link | None = None
    template: ClassVar[str] = "components/banner.html"
