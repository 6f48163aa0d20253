"""Under `/projects/<number>/work/`, for the owner: validate in use, say later how it stands."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.operations.follow_ups import says_in_use
from jiebang.operations.kernel import Done, Outcome
from jiebang.operations.things import book_of
from jiebang.rules.form_values import decimal_of
from jiebang.web.acting import act, done, key_of
from jiebang.web.bidders import tables
from jiebang.web.bidders.project import address, project_or_404
from jiebang.web.bidders.reporting import paper
from jiebang.web.desk.gate import only
from jiebang.web.forms import last_look, steps
from jiebang.web.forms.standing import offer, roles
from jiebang.web.site import reader_of, words


@only("owner")
def validate(request: HttpRequest, number: str) -> HttpResponse:
    """`validate/`: the owner's measured values and statement; sending it is the signature."""
    row = project_or_404(request, number)
    found = offer(row, "validate", reader=reader_of(request))
    if found is None:
        raise Http404
    sheet = paper(
        row, book_of(row).forms.get("validation"), content={}, heading=words(found.move.label), where=address(row),
        organisation=row.challenge.need.owner.slug,
    )  # fmt: skip
    read = last_look.read(request, sheet)
    if read is not None and "change" not in request.POST:
        outcome = _validated(request, number, read.content)
        if isinstance(outcome, Done):
            return done(
                request,
                outcome,
                text=_("Your validation is signed and kept in the journal."),
                to=address(row),
            )
        return last_look.page(request, read, button=words(found.move.label), next_=_final(), outcome=outcome)
    if read is None and request.method == "POST":
        sheet = steps.posted(request, sheet)
        if steps.is_sent(request, sheet):
            return last_look.page(request, sheet, button=words(found.move.label), next_=_final())
    next_ = _("You see it all once more before you sign it.")
    button = _("Check your answers")
    return steps.one_page(request, read or sheet, next_=next_, button=button, before=tables.indicators(row))


@only("owner")
def follow_up(request: HttpRequest, number: str, month: int) -> HttpResponse:
    """`follow-up/<month>/`."""
    row = project_or_404(request, number)
    planned = next((item for item in row.follow_ups.all() if item.month == month), None)
    if planned is None or planned.at or "owner" not in roles(row, reader=reader_of(request)):
        raise Http404
    book = book_of(row)
    heading = _("How it stands after %(n)s months") % {"n": month}
    sheet = paper(
        row,
        book.forms.get("follow_up"),
        content={},
        heading=heading,
        where=address(row),
        organisation=row.challenge.need.owner.slug,
    )
    outcome: Outcome | None = None
    if request.method == "POST":
        sheet = steps.posted(request, sheet)
    if steps.is_sent(request, sheet):
        params = {
            "project": number,
            "month": month,
            "in_use": bool(says_in_use(sheet.content)),
            "content": sheet.content,
        }
        outcome = act(request, "give_follow_up", params)
    if isinstance(outcome, Done):
        return done(
            request, outcome, text=_("Thank you. Your answer is kept with the project."), to=address(row)
        )
    next_ = words(book.follow_up.questions) if book.follow_up else ""
    return steps.one_page(request, sheet, next_=next_, button=_("Send the answer"), outcome=outcome)


def _final() -> str:
    return _(
        "You sign with your name and this moment. It cannot be changed afterwards; it is published with the project."
    )


def _validated(request: HttpRequest, number: str, content: Any) -> Outcome:
    """Measured values enter the record first, then the signed statement; each once, whatever is sent twice."""
    key, given = key_of(request), content.get("measured")
    for name, value in (given if isinstance(given, dict) else {}).items():
        if decimal_of(value) is not None:
            params = {"project": number, "indicator": name, "value": str(value), "occasion": "validation"}
            act(request, "measure", params, key=f"{key}/{name}"[:80])
    params = {"kind": "project", "number": number, "command": "validate", "params": {"content": content}}
    return act(request, "move", params, key=key)
