"""`/projects/<number>/acceptance.pdf` and `.json`: how the result was accepted, for whoever may read the project whole."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiebang.adapters.papers.report import report_pdf
from jiebang.decisions import accepted
from jiebang.operations.acceptance_facts import accepted as found_of
from jiebang.rules.reasons import Reason
from jiebang.trust import canonical
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.desk.gate import only
from jiebang.web.projects.printing import handed_out
from jiebang.web.projects.room import Room, room_or_404


@only()
def acceptance(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The report as PDF, or the plain document whose hash stands at its foot; before acceptance, why there is none."""
    room = room_or_404(request, number)
    found = found_of(room.row)
    if isinstance(found, Reason):
        messages.error(request, render_reason(found))
        return HttpResponseRedirect(room.matter("indicators"))
    document = accepted.report(found, room.book)
    if kind == "json":
        return plain(document, name=f"{number}-acceptance")
    return handed_out(
        request, document, lambda: report_pdf(document, sha256=canonical.digest(document)),
        name=f"{number}-acceptance", back=room.matter("indicators"),
    )  # fmt: skip


def plain(document: object, *, name: str) -> HttpResponse:
    """A drawn document byte for byte as it was hashed."""
    answer = HttpResponse(canonical.canonical_bytes(document), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer


def link(room: Room) -> c.Link:
    """Where a page leads to it."""
    return c.Link(_("Acceptance report (PDF)"), f"{room.url}acceptance.pdf")
