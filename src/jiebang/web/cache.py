"""Rendered pages kept in memory. A key holds the number of the journal's last entry, so that nothing is shown as it was
before somebody acted; clocks run without anybody acting, so what a page says of them may be `SECONDS` old."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe

from jiebang.web.components import Intro, Part
from jiebang.web.site import language_tag, reader_of, snapshot_of

View = Callable[..., HttpResponse]
SECONDS = 60


def key_of(request: HttpRequest, *, kind: str, who: str = "") -> str:
    """Address, language, version of the board, and who reads."""
    parts = (kind, request.get_full_path(), language_tag(), snapshot_of(request).version, who)
    return "page:" + hashlib.blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()


def public_page(request: HttpRequest, render: Callable[[], str]) -> HttpResponse:
    """The page for somebody who is not signed in, from memory when it is there; `render` must not read the session."""
    key = key_of(request, kind="body")
    body = cache.get(key)
    if body is None:
        body = render()
        cache.set(key, body, SECONDS)
    return HttpResponse(body)


def fragment(request: HttpRequest, name: str, render: Callable[[], str]) -> str:
    """A part that is the same for everybody who stands in the same relations to things."""
    reader = reader_of(request)
    who = f"{sorted(reader.roles)}{sorted(reader.parties)}{sorted(reader.countries)}"
    key = key_of(request, kind=name, who=who)
    found = cache.get(key)
    if found is None:
        found = render()
        cache.set(key, found, SECONDS)
    return str(found)


def kept(view: View) -> View:
    """Keep what a list prints for one person until the board changes; the frame around it is made anew.

    For views that answer with a TemplateResponse; files and anything but a GET pass through.
    """

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "GET" or "format" in request.GET:
            return view(request, *args, **kwargs)
        key = key_of(request, kind="kept", who=str(request.user.pk))
        found = cache.get(key)
        if found is None:
            response = view(request, *args, **kwargs)
            if not isinstance(response, TemplateResponse):
                return response
            found = (
                response.template_name,
                {name: _printed(part) for name, part in (response.context_data or {}).items()},
            )
            cache.set(key, found, SECONDS)
        return render(request, *found)

    return respond


def is_anonymous(request: HttpRequest) -> bool:
    """Whether nobody is signed in, asked without reading the session where there is none."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated


def _printed(part: Any) -> Any:
    """A part as its HTML; the head of the page stays a part, since its title is also the window's."""
    if not isinstance(part, Part) or isinstance(part, Intro):
        return part
    return mark_safe(render_to_string(part.template, {"c": part}).strip())  # noqa: S308 - made by our templates
