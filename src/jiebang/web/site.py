"""What every page shares: the reader, the moment, the language, and the frame around the page."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from jiebang.records.access import Reader
from jiebang.records.journal.queries import head
from jiebang.records.people.roles import STAFF
from jiebang.records.programme.queries import Snapshot, current_rulebook, snapshot
from jiebang.rules import texts
from jiebang.rules.schema import Rulebook
from jiebang.web import formats
from jiebang.web.components import Link, Site

_OFFICE = {"office", "log"}
_ROOMS = {
    "challenges": "challenges",
    "results": "results",
    "projects": "results",
    "cases": "cases",
    "programme": "about",
    "desk": "desk",
}


def language_tag() -> str:
    """The reader's language as rulebooks and records name it: `en`, `zh-Hans`."""
    return texts.language_tag(get_language() or "en")


def words(said: Any) -> str:
    """A `{language: text}` of the rulebook or a record, in the reader's language."""
    return texts.pick(said or {}, lang=language_tag())


def snapshot_of(request: HttpRequest) -> Snapshot:
    """The instance as this request found it; read once."""
    if not hasattr(request, "jiebang_snapshot"):
        request.jiebang_snapshot = snapshot()  # type: ignore[attr-defined]
    return request.jiebang_snapshot  # type: ignore[attr-defined,no-any-return]


def now_of(request: HttpRequest) -> datetime:
    """The moment of this request on the instance's clock."""
    return snapshot_of(request).now


def reader_of(request: HttpRequest) -> Reader:
    """Who reads, at what moment; the same object all through the request."""
    if not hasattr(request, "jiebang_reader"):
        person = request.user if request.user.is_authenticated else None
        request.jiebang_reader = Reader(person=person, at=now_of(request))  # type: ignore[attr-defined]
    return request.jiebang_reader  # type: ignore[attr-defined,no-any-return]


def context(request: HttpRequest) -> dict[str, Site]:
    """Django's context processor: the frame of every page."""
    return {"site": site_of(request)}


def site_of(request: HttpRequest) -> Site:
    """The frame: programme, languages, reader, moment, head of the journal."""
    taken, book, lang = snapshot_of(request), current_rulebook(), language_tag()
    entry, leaf = head()
    person = getattr(request, "user", None)
    return Site(
        **_programme(book),
        languages=[(code, name, language_url(request, code)) for code, name in settings.LANGUAGES],
        user=str(person) if person is not None and person.is_authenticated else None,
        here=_ROOMS.get(request.path.split("/")[1], ""),
        is_demo=bool(settings.DEMO),
        now_text=formats.date_time(taken.now, lang=lang, zone=book.timezone if book else "UTC"),
        journal_head=f"{entry} · {leaf[:12]}" if entry else "",
        search_text=request.GET.get("q", "")[:100],
        about_url="/programme/",
        log_url="/log/" if reader_of(request).roles & STAFF else "",
        sources_url="/programme/#sources",
        rooms=_rooms(request),
    )


def _rooms(request: HttpRequest) -> list[Link]:
    """On the office's pages its lists, as on the desk, with where one is."""
    if request.path.split("/")[1] not in _OFFICE:
        return []
    from jiebang.web.desk.home import places  # the desk stands on this frame

    here = request.path
    return [replace(link, current=here.startswith(link.url)) for link in places(reader_of(request))]


def language_url(request: HttpRequest, code: str) -> str:
    """This same address in another language."""
    query = request.GET.copy()
    query["lang"] = code
    return f"{request.path}?{query.urlencode()}"


def _programme(book: Rulebook | None) -> dict[str, str]:
    if book is None:
        return {"programme_title": "jiebang"}
    slogan = next((words(principle.text) for principle in book.principles.values()), "")
    return {
        "programme_title": words(book.title),
        "programme_subtitle": slogan,
        "organiser": words(book.office),
    }
