"""From a form to one operation and back: the key, the refusal beside its field, the receipt.

    outcome = act(request, "ask_question", {"challenge": number, "text": ...})
    if isinstance(outcome, Done):
        return done(request, outcome, text=gettext("Your question was sent."), to=page)
    return render(request, "x.html", {"errors": summary(outcome), "fields": bound(FIELDS, request.POST, outcome)})

The template puts `{% load acting %}{% once %}` into its form.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from jiebang.adapters import tries
from jiebang.operations.registry import Done, Outcome, Refused, perform
from jiebang.records.programme.queries import programme_zone
from jiebang.rules.reasons import Reason, reason, render
from jiebang.web import formats
from jiebang.web.components import ErrorSummary, Fault, Field, Option
from jiebang.web.site import language_tag, now_of, reader_of

ONCE = "once"
TOO_MANY = "request.too_many"
_LIMITS = {"closed", "closes", "deadline"}  # exclusive: one at midnight is the end of the day before
_KEY = re.compile(r"[A-Za-z0-9-]{16,64}")


def act(request: HttpRequest, name: str, params: Mapping[str, Any], *, key: str | None = None) -> Outcome:
    """Perform an operation for the reader of this request; sending the same form twice acts once."""
    person = reader_of(request).person
    if not tries.allowed(request, name, params, person=person):
        return Refused((reason(TOO_MANY, minutes=tries.WINDOW.seconds // 60),))
    outcome = perform(name, by=person, now=now_of(request), key=key or key_of(request), params=params)
    if isinstance(outcome, Refused) and any(item.code == "request.key_reused" for item in outcome.reasons):
        # sent once, then changed with the back button: the page that comes back may be sent as a new act
        request.jiebang_key_spent = True  # type: ignore[attr-defined]
    return outcome


def status_of(outcome: Outcome | None) -> int:
    """429 for who has to wait."""
    waits = isinstance(outcome, Refused) and any(item.code == TOO_MANY for item in outcome.reasons)
    return 429 if waits else 200


def key_of(request: HttpRequest) -> str:
    """The key that `{% once %}` put into the form; a new one where there is none."""
    given = request.POST.get(ONCE, "")
    return given if _KEY.fullmatch(given) else new_key()


def new_key() -> str:
    """A key nobody has used."""
    return str(uuid.uuid4())


def render_reason(said: Reason, lang: str | None = None, *, zone: str | None = None) -> str:
    """The sentence of a reason in the reader's language, its moments on the programme's clock (or in `zone`)."""
    tag = lang or language_tag()
    moments = {name: at for name, value in said.params.items() if (at := formats.moment_in(value))}
    if moments:
        place = zone or str(said.params.get("zone") or "") or programme_zone()
        told = {
            name: (formats.until if name in _LIMITS else formats.date_time)(at, lang=tag, zone=place)
            for name, at in moments.items()
        }
        said = Reason(said.code, {**said.params, **told})
    return render(said, lang=tag)


def summary(
    refused: Outcome | None, *, names: Mapping[str, str] | None = None, fields: Sequence[Field] = ()
) -> ErrorSummary | None:
    """Every reason of a refusal, each linked to its field; None when nothing was refused.

    `names` maps a parameter or field to the id-less name of the input that asks for it. A reason at one of
    `fields` begins with the question that it is about.
    """
    if not isinstance(refused, Refused):
        return None
    labels = {item.name: item.label for item in fields}
    faults = [
        Fault(text=_about(item, labels.get(_place(item, names or {}), "")), field=_input(item, names or {}))
        for item in refused.reasons
    ]
    return ErrorSummary(faults=faults)


def _about(item: Reason, label: str) -> str:
    return f"{label}: {render_reason(item)}" if label else render_reason(item)


def errors_of(refused: Outcome | None, *, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """Input name -> what is wrong there."""
    if not isinstance(refused, Refused):
        return {}
    named = {_place(item, names or {}): render_reason(item) for item in refused.reasons}
    return {name: text for name, text in named.items() if name}


def bound(
    fields: Sequence[Field],
    typed: QueryDict | Mapping[str, Any],
    refused: Outcome | None = None,
    *,
    names: Mapping[str, str] | None = None,
) -> list[Field]:
    """The fields with what was typed in them and what is wrong with it; nothing typed is lost."""
    errors = errors_of(refused, names=names)
    return [_bound(field, typed, errors.get(field.name, "")) for field in fields]


def done(request: HttpRequest, outcome: Done, *, text: str, to: str) -> HttpResponse:
    """Say that it happened, with its receipt, and go on to a page (POST, redirect, GET)."""
    receipt = (
        " " + _("Receipt: entry %(entry)s of the journal.") % {"entry": outcome.entry}
        if outcome.entry
        else ""
    )
    messages.success(request, text + receipt)
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def _bound(field: Field, typed: Any, error: str) -> Field:
    many = typed.getlist(field.name) if hasattr(typed, "getlist") else typed.get(field.name, [])
    chosen = {many} if isinstance(many, str) else {str(item) for item in many or ()}
    # an unticked box sends nothing, so after a form was sent its absence is an answer
    told = field.name in typed or (bool(typed) and field.kind in ("checkbox", "checkboxes"))
    options: Sequence[Option] = field.options
    if options and told:
        options = [replace(option, chosen=option.value in chosen) for option in options]
    value = str(typed.get(field.name) or "") if told else field.value
    return replace(field, value=value, options=options, error=error or field.error)


def _place(item: Reason, names: Mapping[str, str]) -> str:
    where = str(item.params.get("field") or "")
    return names.get(where, where)


def _input(item: Reason, names: Mapping[str, str]) -> str:
    place = _place(item, names)
    return f"id_{place}" if place else ""
