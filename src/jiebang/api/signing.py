"""Who calls: a person by a personal token, by the session of the pages, or nobody."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from jiebang.records.access import Reader
from jiebang.records.people.queries import person_by_token
from jiebang.records.programme.queries import now


class Token(HttpBearer):
    """`Authorization: Bearer jb_...`, made on the page of one's account or by `create_token`."""

    def authenticate(self, request: HttpRequest, token: str) -> Reader | None:
        """The token's person at this moment."""
        at = now()
        person = person_by_token(token, at=at)
        return Reader(person=person, at=at) if person else None


class Session(APIKeyCookie):
    """The session of somebody signed in on the pages; a write needs the page's CSRF token too."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        """A token that does not work never falls back to a session."""
        return None if _bears(request) else super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Reader | None:
        """The person signed in."""
        person: Any = request.user
        return Reader(person=person, at=now()) if person.is_authenticated and person.is_active else None


def nobody(request: HttpRequest) -> Reader | None:
    """The public; not for those who sent a token that does not work."""
    return None if _bears(request) else Reader(person=None, at=now())


def _bears(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer")


SOMEBODY: list[Any] = [Token(), Session()]
ANYBODY: list[Any] = [*SOMEBODY, nobody]


def reader(request: Any) -> Reader:
    """Who calls, as `auth` found."""
    found: Reader = request.auth
    return found
