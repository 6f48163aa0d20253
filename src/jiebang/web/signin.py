"""Sign in, sign out, register, confirm the address, set and change the password."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jiebang.adapters import tries
from jiebang.operations.kernel import Done
from jiebang.rules.reasons import reason
from jiebang.web import components as c
from jiebang.web.acting import TOO_MANY, act, bound, done, render_reason, status_of, summary
from jiebang.web.site import reader_of

_PRESENT = {"present": "present_password"}  # what the operation calls it -> the input, kept out of every echo


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """With e-mail and password. After too many failures from one source, a pause."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    fault = _try(request) if request.method == "POST" else ""
    if request.method == "POST" and not fault:
        return HttpResponseRedirect(_next(request))
    errors = c.ErrorSummary(faults=[c.Fault(text=fault, field="id_email")]) if fault else None
    parts = {
        "intro": c.Intro(title=_("Sign in")),
        "errors": errors,
        "fields": bound(_sign_in_fields(), _without_passwords(request)),
        "next": _next(request),
    }
    return render(request, "signin/sign_in.html", parts, status=_status(fault))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect("/")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A new account; the address is confirmed by mail before anyone can sign in with it."""
    outcome = None
    if request.method == "POST":
        outcome = act(request, "register_person", _asked(request))
        if isinstance(outcome, Done):
            return render(request, "signin/sent.html", {"intro": c.Intro(title=_("Look into your mail"))})
    fields = bound(_register_fields(), _without_passwords(request), outcome)
    parts = _register(summary(outcome), fields)
    return render(request, "signin/register.html", parts, status=status_of(outcome))


@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the mail links to: one button, so that a mail scanner that follows links confirms nothing."""
    outcome = act(request, "confirm_email", {"token": token}) if request.method == "POST" else None
    if isinstance(outcome, Done):
        return done(request, outcome, text=_("Your address is confirmed. Sign in."), to=reverse("sign_in"))
    parts = {"intro": c.Intro(title=_("Confirm your e-mail address")), "errors": summary(outcome)}
    return render(request, "signin/confirm.html", parts, status=status_of(outcome))


@never_cache
@sensitive_post_parameters("present_password", "password")
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    outcome = None
    if request.method == "POST":
        params = {
            "present": request.POST.get("present_password", ""),
            "password": request.POST.get("password", ""),
        }
        outcome = act(request, "change_password", params)
    if isinstance(outcome, Done):
        person = reader_of(request).person
        assert person is not None
        person.refresh_from_db()
        update_session_auth_hash(request, person)
        return done(request, outcome, text=_("Your password is changed."), to="/desk/")
    parts = {
        "intro": c.Intro(title=_("Change your password")),
        "errors": summary(outcome, names=_PRESENT),
        "fields": bound(_password_fields(), {}, outcome, names=_PRESENT),
    }
    return render(request, "signin/password.html", parts)


@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link by which one sets a password; the answer tells nobody who is registered."""
    intro = c.Intro(
        title=_("Set a new password"), next=_("We mail you a link that works once, for seven days.")
    )
    outcome = None
    if request.method == "POST":
        outcome = act(request, "ask_password", {"email": request.POST.get("email", "")})
        if isinstance(outcome, Done):
            told = {"intro": c.Intro(title=_("Look into your mail"))}
            return render(request, "signin/link_sent.html", told)
    fields = bound(_sign_in_fields()[:1], request.POST)
    parts = {"intro": intro, "errors": summary(outcome), "fields": fields, "button": _("Send me the link")}
    return render(request, "signin/one_step.html", parts, status=status_of(outcome))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the mailed link opens: choose a password."""
    outcome = None
    if request.method == "POST":
        outcome = act(request, "set_password", {"token": token, "password": request.POST.get("password", "")})
    if isinstance(outcome, Done):
        return done(request, outcome, text=_("Your password is set. Sign in."), to=reverse("sign_in"))
    parts = {
        "intro": c.Intro(title=_("Set your password")), "errors": summary(outcome),
        "fields": bound([_new_password()], {}, outcome), "button": _("Set the password"), "again": outcome is not None,
    }  # fmt: skip
    return render(request, "signin/one_step.html", parts, status=status_of(outcome))


def _try(request: HttpRequest) -> str:
    """Sign in with what was typed; the sentence to show when it fails."""
    email, word = request.POST.get("email", "").strip(), request.POST.get("password", "")
    if not tries.allowed(request, "sign-in", {"email": email}):  # counted first: many at once are many
        return _too_many()
    person = authenticate(request, username=email, password=word)
    if person is None or not person.is_active:
        return _("E-mail address or password is not right. Check both and try again.")
    if person.email_confirmed_at is None:
        return _("Confirm your address first: open the link in the mail we sent you.")
    tries.give_back(request, "sign-in", {"email": email})
    login(request, person)
    return ""


def _asked(request: HttpRequest) -> dict[str, str]:
    given = {name: request.POST.get(name, "") for name in ("email", "name", "password")}
    return {**given, "language": get_language() or "en"}


def _register(errors: c.ErrorSummary | None, fields: list[c.Field]) -> dict[str, object]:
    return {"intro": c.Intro(title=_("Register")), "errors": errors, "fields": fields}


def _without_passwords(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items() if "password" not in name}


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or settings.LOGIN_REDIRECT_URL
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else settings.LOGIN_REDIRECT_URL


def _status(fault: str) -> int:
    return 429 if fault and fault == _too_many() else 200


def _too_many() -> str:
    return render_reason(reason(TOO_MANY, minutes=tries.WINDOW.seconds // 60))


def _sign_in_fields() -> list[c.Field]:
    return [
        c.Field(name="email", label=_("E-mail address"), kind="email", autocomplete="username"),
        c.Field(name="password", label=_("Password"), kind="password", autocomplete="current-password"),
    ]


def _register_fields() -> list[c.Field]:
    return [
        c.Field(
            name="name",
            label=_("Your name"),
            autocomplete="name",
            help=_("As it should stand in the record, in your own script."),
        ),
        c.Field(name="email", label=_("E-mail address"), kind="email", autocomplete="email"),
        _new_password(),
    ]


def _password_fields() -> list[c.Field]:
    present = c.Field(
        name="present_password", label=_("Present password"), kind="password", autocomplete="current-password"
    )
    return [present, _new_password()]


def _new_password() -> c.Field:
    help_text = _("At least 10 characters. Three or four words make a good one.")
    return c.Field(
        name="password", label=_("New password"), kind="password", autocomplete="new-password", help=help_text
    )


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("register/", register, name="register"),
    path("confirm/<str:token>/", confirm, name="confirm"),
    path("forgot-password/", forgot, name="forgot_password"),
    path("set-password/<str:token>/", set_password, name="set_password"),
    path("desk/password/", password, name="password"),
]
