"""`/cases/<project number>/case.pdf` and `.json`: the case on paper, for everybody who may read it."""

from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse

from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.adapters.papers.report import report_pdf
from jiebang.decisions import case
from jiebang.decisions.report import languages_of
from jiebang.operations.case_facts import case_of
from jiebang.operations.things import book_of
from jiebang.records.projects import queries as projects
from jiebang.rules.texts import Texts
from jiebang.trust import canonical
from jiebang.web import formats
from jiebang.web.acting import render_reason
from jiebang.web.cache import SECONDS
from jiebang.web.projects.acceptance import plain
from jiebang.web.site import now_of, reader_of


def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The PDF, or the plain document whose hash stands at its foot."""
    found = projects.find_project(number, reader=reader_of(request))
    if found is None or not hasattr(found, "validation"):
        raise Http404
    document = _document(request, found)
    if kind == "json":
        return plain(document, name=f"case-{number}")
    if lacking := missing_fonts(document["languages"], document):
        return HttpResponse(render_reason(lacking), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(_kept(document), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="case-{number}.pdf"'
    return answer


def _document(request: HttpRequest, found: Any) -> dict[str, Any]:
    book = book_of(found)
    tags = languages_of(book)

    def country(code: str) -> Texts:
        return {lang: formats.country(code, lang=lang) for lang in tags} if code else {}

    return case.report(case_of(found, at=now_of(request), country=country), book)


def _kept(document: dict[str, Any]) -> bytes:
    """Setting a paper takes longer than drawing a page: what has the same hash is set once."""
    sha256 = canonical.digest(document)
    key = f"paper:{sha256}"
    made: bytes | None = cache.get(key)
    if made is None:
        made = report_pdf(document, sha256=sha256)
        cache.set(key, made, SECONDS)
    return made
