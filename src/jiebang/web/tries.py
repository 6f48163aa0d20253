"""How often one source may try at the door: counted by all workers together, over a window that starts with the first."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

MOST_TRIES = 10
WINDOW = timedelta(minutes=10)
SHARED = "shared"
_LONGEST = 100  # characters of an address; a header holds what it is given


def spent(request: HttpRequest, what: str) -> bool:
    """Whether this source has used up its tries at `what` for now."""
    return _counted(request, what)[0] >= MOST_TRIES


def count(request: HttpRequest, what: str) -> None:
    """One more try of this source at `what`; the window ends ten minutes after its first."""
    number, end = _counted(request, what)
    left = end - timezone.now().timestamp()
    caches[SHARED].set(_key(request, what), (number + 1, end), max(1, left))


def source(request: HttpRequest) -> str:
    """The address that the request came from.

    With `proxies: N` it is the Nth from the right of X-Forwarded-For, which the outermost of our own proxies wrote;
    whatever stands left of it the visitor may have made up. A shorter header did not come through them all.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted: int = settings.PROXIES
    direct = str(request.META.get("REMOTE_ADDR", ""))
    return hops[-trusted][:_LONGEST] if 0 < trusted <= len(hops) else direct


def _counted(request: HttpRequest, what: str) -> tuple[int, float]:
    """Tries so far, and the second at which they are forgotten."""
    fresh = (0, timezone.now().timestamp() + WINDOW.total_seconds())
    number, end = caches[SHARED].get(_key(request, what)) or fresh
    return int(number), float(end)


def _key(request: HttpRequest, what: str) -> str:
    return f"tries:{what}:{source(request)}".replace(" ", "")
