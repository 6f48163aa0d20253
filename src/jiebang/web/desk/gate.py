"""Who may open a page: the signed-in in a role; for everybody else the page is not there."""

from collections.abc import Callable, Collection
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from jiebang.web.components import Link
from jiebang.web.site import reader_of

View = Callable[..., HttpResponseBase]


def for_roles(request: HttpRequest, roles: Collection[str], *links: Link) -> list[Link]:
    """Links to pages that only some roles may open; none for the others."""
    return list(links) if reader_of(request).roles & set(roles) else []


def only(*roles: str) -> Callable[[View], View]:
    """Open to those who hold one of `roles` (none given: everyone signed in).

    A visitor signs in first, whatever the address; to anyone else the page does not exist.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: object, **given: object) -> HttpResponseBase:
            reader = reader_of(request)
            if reader.person is None:
                return redirect_to_login(request.get_full_path())
            if roles and not reader.roles & set(roles):
                raise Http404
            return view(request, *args, **given)

        return gated

    return wrap
