"""Papers of a project as PDF, and the password asked once more of whoever signs one."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiebang.adapters.papers.agreement import agreement_pdf
from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.projects.room import Room
from jiebang.web.public.frame import moment


def printed(
    room: Room, document: Any, *, sha256: str, drawn: datetime, signed: Iterable[Any], pledge: Any = None
) -> bytes:
    """The PDF of a drawn document, dated by the day it was drawn, with who signed it here (`party`, `by`, `at`)."""
    lines = [{"slug": item.party.slug, "line": _line(room, item)} for item in signed]
    pledged = _line(room, pledge) if pledge else ""
    return agreement_pdf(
        document, sha256=sha256, drawn=drawn.astimezone(UTC), signatures=lines, pledged=pledged
    )


def handed_out(
    request: HttpRequest, document: Any, made: Callable[[], bytes], *, name: str, back: str
) -> HttpResponse:
    """The PDF; or the way back, with which fonts lack."""
    if lacking := missing_fonts(document["languages"], document):
        messages.error(request, render_reason(lacking))
        return HttpResponseRedirect(back)
    answer = HttpResponse(made(), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def password_field(room: Room) -> list[c.Field]:
    """Asked of whoever has one."""
    person: Any = room.reader.person
    if not person.has_usable_password():
        return []
    told = _("So that nobody signs for you at a screen left open.")
    return [
        c.Field(name="password", label=_("Your password"), kind="password", autocomplete="current-password", help=told)
    ]  # fmt: skip


def _line(room: Room, item: Any) -> str:
    return f"{item.by.name} · {moment(item.at, book=room.book)}"
