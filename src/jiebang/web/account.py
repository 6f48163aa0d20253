"""`/desk/account/`: one's own language and time zone, and the tokens by which programs act for one."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from jiebang.operations.kernel import Done, Outcome
from jiebang.records.people.queries import tokens_of
from jiebang.records.programme.queries import programme_zone
from jiebang.rules.texts import language_tag as tag_of
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk import acts_for
from jiebang.web.desk.gate import only
from jiebang.web.people import registering
from jiebang.web.site import language_tag, now_of, reader_of

HERE = "/desk/account/"
DAYS = ("30", "90", "366")
# What a form of this page does: its operation, and its parameters from what was sent.
_FORMS: Mapping[str, Callable[[QueryDict], dict[str, Any]]] = {
    "change_account": lambda sent: {name: sent.get(name, "") for name in ("language", "timezone")},
    "create_token": lambda sent: {"name": sent.get("name", ""), "days": sent.get("days", "")},
    "revoke_token": lambda sent: {"token": sent.get("token", "")},
}


@never_cache  # the secret of a new token stands on it once
@only()
def account(request: HttpRequest) -> HttpResponse:
    """Three small forms on one page; each performs its operation."""
    asked = request.POST.get("do", "")
    outcome = act(request, asked, _FORMS[asked](request.POST)) if asked in _FORMS else None
    if isinstance(outcome, Done) and asked != "create_token":
        text = _("Kept.") if asked == "change_account" else _("The token no longer works.")
        return done(request, outcome, text=text, to=HERE)
    return render(request, "people/account.html", _parts(request, asked, outcome))


def _parts(request: HttpRequest, asked: str, outcome: Outcome | None) -> dict[str, Any]:
    person: Any = reader_of(request).person
    made = outcome if isinstance(outcome, Done) else None
    typed = {} if made else request.POST
    given = {name: bound(fields, typed if asked == name else {}, outcome if asked == name else None)
             for name, fields in (("change_account", _own_fields(person)), ("create_token", _token_fields()))}  # fmt: skip
    tokens = list(tokens_of(person, at=now_of(request)))
    return {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=_("My account")),
        "intro": c.Intro(title=_("My account"), kicker=f"{person.name} · {person.email}"),
        "acts_for": acts_for.organisations(reader_of(request)),
        "errors": summary(outcome), "own": given["change_account"], "token": given["create_token"],
        "made": made is not None, "secret": made.once.get("secret", "") if made else "",
        "tokens": [{"pk": row.pk, "name": row.name, "until": _until(row, person)} for row in tokens],
    }  # fmt: skip


def _own_fields(person: Any) -> list[c.Field]:
    lang = language_tag()
    return [
        c.Field(name="language", label=_("Language in which we write to you"), kind="select", options=[
            c.Option(value=tag, label=formats.language(tag, lang=lang), chosen=tag == person.language)
            for tag in _written(person)
        ], help=_("The language of these pages is chosen at the top of each.")),
        c.Field(name="timezone", label=_("Your time zone"), kind="select", options=[
            c.Option(value=zone, label=zone, chosen=zone == person.timezone) for zone in registering.zones(person.timezone)
        ], help=_("Deadlines always show the programme's time beside it: %(zone)s.") % {"zone": programme_zone()}),
    ]  # fmt: skip


def _written(person: Any) -> list[str]:
    return list(dict.fromkeys([*(tag_of(code) for code, _name in settings.LANGUAGES), person.language]))


def _token_fields() -> list[c.Field]:
    lasting = [
        c.Option(value=days, label=_("%(n)s days") % {"n": days}, chosen=days == "90") for days in DAYS
    ]
    return [
        c.Field(name="name", label=_("Name of the token"), maxlength=60,
                help=_("Which program, on which machine: so that you know it when you revoke it.")),
        c.Field(name="days", label=_("Works for"), kind="select", options=lasting),
    ]  # fmt: skip


def _until(row: Any, person: Any) -> str:
    return formats.date_time(row.expires_at, lang=language_tag(), zone=person.timezone)


urlpatterns = [path("desk/account/", account, name="account")]
