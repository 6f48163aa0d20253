"""What happens around every page: the language in the address, and headers that keep browsers safe."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from jiebang.web import errors

Next = Callable[[HttpRequest], HttpResponse]

# No inline script or style anywhere: what is not in our own files does not run.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def language(get_response: Next) -> Next:
    """`?lang=zh-hans` shows this page in that language and remembers the choice; the address stays."""
    known = {code.lower(): code for code, _ in settings.LANGUAGES}

    def respond(request: HttpRequest) -> HttpResponse:
        code = known.get(request.GET.get("lang", "").lower())
        if code is None:
            return get_response(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = get_response(request)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS
        )
        return response

    return respond


def typed(get_response: Next) -> Next:
    """A form sent after the session ended is not thrown away by the way to sign-in: it is shown again, unsent."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        to_sign_in = response.status_code == 302 and response.headers.get("Location", "").startswith(
            settings.LOGIN_URL
        )
        if request.method == "POST" and to_sign_in and request.path != settings.LOGIN_URL:
            return errors.signed_out(request)
        return response

    return respond


def headers(get_response: Next) -> Next:
    """Content security policy and permissions, unless a view has set its own."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not response.has_header("Cache-Control") and request.path.startswith("/static/") is False:
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    return respond
