"""How often one source, or one address, may be tried: counted by all workers together, over a window from the first try."""

import fcntl
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

from jiebang.records.people.models import User

MOST_TRIES = 10  # of one source
MOST_AT_ONE = 30  # at one address, from all sources: more than a person mistypes, too few to guess
WINDOW = timedelta(minutes=10)
SHARED = "shared"
# what sends a letter to the address that is given, or tells whether a secret is right: counted whoever does it
COUNTED = frozenset({
    "agree_to_change", "ask_password", "change_password", "confirm_email", "delegate_signing", "give_pledge", "register_person",
    "set_password", "sign",
})  # fmt: skip
_LONGEST = 100  # characters of a source; a header holds what it is given


def take(what: str, who: str, *, most: int = MOST_TRIES) -> bool:
    """Count one more try of `who` at `what` before it is made; whether it may be made. Of many at once none slips by."""
    key, now = _key(what, who), timezone.now().timestamp()
    with _alone():
        number, end = caches[SHARED].get(key) or (0, 0.0)
        if end <= now:
            number, end = 0, now + WINDOW.total_seconds()
        if number >= most:
            return False
        caches[SHARED].set(key, (number + 1, end), max(1, end - now))
        return True


def allowed(request: HttpRequest, what: str, given: Mapping[str, Any], *, person: User | None = None) -> bool:
    """Whether `what` may be done now: by one source, or one signed-in person, and to the `email` given, so many times.

    Of a signed-in person nothing is counted but what is COUNTED. Raises OSError where the count cannot be written:
    what cannot be counted is not tried.
    """
    if person is not None and what not in COUNTED:
        return True
    who = f"person:{person.pk}" if person else source(request)
    email = given.get("email")
    return take(what, who) and (not email or take(what, address(str(email)), most=MOST_AT_ONE))


def give_back(request: HttpRequest, what: str, given: Mapping[str, Any]) -> None:
    """A try that succeeded was none: neither of its source nor at its address. On a full disk it stays counted."""
    for who in (source(request), address(str(given["email"]))):
        key = _key(what, who)
        with suppress(OSError), _alone():
            number, end = caches[SHARED].get(key) or (0, 0.0)
            if number:
                caches[SHARED].set(key, (number - 1, end), max(1, end - timezone.now().timestamp()))


def address(email: str) -> str:
    """An e-mail address as it is counted: never itself the name of anything."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def source(request: HttpRequest) -> str:
    """The address that the request came from.

    With `proxies: N` it is the Nth from the right of X-Forwarded-For, which the outermost of our own proxies wrote;
    whatever stands left of it the visitor may have made up. A shorter header did not come through them all.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted: int = settings.PROXIES
    direct = str(request.META.get("REMOTE_ADDR", ""))
    return hops[-trusted][:_LONGEST] if 0 < trusted <= len(hops) else direct


def _key(what: str, who: str) -> str:
    return f"tries:{what}:{who}".replace(" ", "")


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time, over all threads and processes of the home."""
    place = Path(str(settings.CACHES[SHARED]["LOCATION"]))
    place.mkdir(parents=True, exist_ok=True)
    with (place / "tries.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
