"""`/programme/`: the rulebook explained, each rule with its source and status; guidelines to print."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jiebang.adapters.lifecycle_picture import lifecycle_picture
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.rules import explain
from jiebang.rules.explain_words import heading, phrase
from jiebang.rules.lint_words import rules
from jiebang.rules.load import digest
from jiebang.rules.schema import Kind, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.public.frame import page
from jiebang.web.public.home import way
from jiebang.web.site import language_tag, words

KINDS: tuple[Kind, ...] = ("need", "challenge", "bid", "project")
_MACHINE = re.compile(
    "<li>("
    + "|".join(phrase("machine", lang=tag) for tag in ("en", "zh-Hans"))
    + "): <code>([^<]*)</code></li>"
)
_MARK = re.compile(r" \[([^\[\]<>]+)\]")


def programme(request: HttpRequest) -> HttpResponse:
    """How it works: the stages as pictures, then every rule."""
    return page(request, "public/programme.html", _programme)


def guidelines(request: HttpRequest) -> HttpResponse:
    """The guidelines in the reader's language, made to be printed."""
    return page(request, "public/guidelines.html", _guidelines)


@lru_cache(maxsize=32)
def chapters(book_digest: str, lang: str) -> tuple[tuple[str, str, SafeString], ...]:
    """The explained rulebook: anchor, heading and text (HTML of our own making) of each chapter."""
    return tuple(_chapters(rulebook(book_digest), lang, paper=False))


@lru_cache(maxsize=32)
def printed(book_digest: str, lang: str) -> tuple[tuple[str, str, SafeString], ...]:
    """The same for paper: without what only the machine reads."""
    return tuple(_chapters(rulebook(book_digest), lang, paper=True))


def statuses(book: Rulebook) -> dict[str, int]:
    """How many rules are reported, assumed and local."""
    found = {"reported": 0, "assumed": 0, "local": 0}
    for _path, rule in rules(book):
        found[rule.status] += 1
    return found


def _current() -> Rulebook:
    books = rulebooks_in_use()
    if not books:
        raise Http404
    return books[0]


def _programme() -> Mapping[str, Any]:
    book = _current()
    lang = language_tag()
    return {
        "intro": c.Intro(
            title=_("How it works"), kicker=f"{words(book.title)}, {book.version}", next=words(book.summary)
        ),
        "way": way(book),
        "principles": [words(rule.text) for rule in book.principles.values() if rule.status == "reported"],
        "counts": statuses(book),
        "pictures": [
            c.Figure(plot=lifecycle_picture(book, kind, lang=lang, title=phrase(kind, lang=lang)))
            for kind in KINDS
            if kind in book.lifecycles
        ],
        "chapters": chapters(digest(book), lang),
        "seal": digest(book),
    }


def _guidelines() -> Mapping[str, Any]:
    book = _current()
    return {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("How it works"), "/programme/")], here=_("Guidelines")),
        "intro": c.Intro(
            title=_("Guidelines"), kicker=f"{words(book.title)}, {book.version}", next=words(book.summary)
        ),
        "chapters": printed(digest(book), language_tag()),
        "office": words(book.office),
        "seal": digest(book),
    }


def _chapters(book: Rulebook, lang: str, *, paper: bool) -> Iterator[tuple[str, str, SafeString]]:
    named = partial(formats.country, lang=lang)
    for place, (name, text) in enumerate(explain.chapters(book, lang, paper=paper, country=named), 1):
        yield name if name == "sources" else f"part-{place}", heading(name, lang=lang), _html(text)


def _html(text: str) -> SafeString:
    from markdown_it import MarkdownIt  # only this page needs it

    made = MarkdownIt("commonmark", {"html": False}).render(text)
    made = _MACHINE.sub(r"<li><details><summary>\1</summary><code>\2</code></details></li>", made)
    return mark_safe(_MARK.sub(r' <small class="q">[\1]</small>', made))  # noqa: S308 - html is off above
