"""Pages for when something is not there, not allowed or broken. What may not be seen is simply not there."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jiebang.adapters.room import no_room
from jiebang.web.components import Intro


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, and also for what exists but is closed to this reader."""
    intro = Intro(title=_("There is no such page"), next=_("It may have moved, or it is not open to you."))
    return render(request, "errors/missing.html", {"intro": intro}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same answer as for what does not exist, so that nobody learns what does."""
    return not_found(request, exception)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: nothing but plain files, since it may not be known yet who asks, and at which address."""
    return HttpResponse(render_to_string("errors/malformed.html"), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500: nothing but plain files, since anything may be out of order. 503 where the disk is full."""
    if no_room(sys.exc_info()[1]):  # Django asks for this page while it handles the failure
        return HttpResponse(render_to_string("errors/full.html"), status=503)
    return HttpResponse(render_to_string("errors/broken.html"), status=500)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose secret no longer fits, after a sign-in elsewhere or a long pause."""
    return _again(request, _("This form is out of date"))


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form that was sent after the session had ended."""
    return _again(request, _("You were signed out before you sent this"))


def _again(request: HttpRequest, title: str) -> HttpResponse:
    """What was typed, shown so that it can be copied; passwords and keys are left out."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "once") and "password" not in name and value.strip()
    ]
    told = _("Nothing was sent. Open the page again and send the form once more.")
    parts = {"intro": Intro(title=title, next=told), "typed": typed, "back": request.path}
    return render(request, "errors/stale.html", parts, status=403)
