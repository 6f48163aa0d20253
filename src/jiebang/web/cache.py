"""Rendered pages kept in memory. A key holds the version that every writing transaction bumps, so nothing stale is
shown; the short life is for clocks, which run without anybody writing."""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from jiebang.web.site import language_tag, reader_of, snapshot_of

SECONDS = 60


def key_of(request: HttpRequest, *, kind: str, who: str = "") -> str:
    """Address, language, version of the board, and who reads."""
    parts = (kind, request.get_full_path(), language_tag(), str(snapshot_of(request).board_version), who)
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


def is_anonymous(request: HttpRequest) -> bool:
    """Whether nobody is signed in, asked without reading the session where there is none."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated
