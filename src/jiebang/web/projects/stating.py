"""Under `/projects/<number>/agreement/`: writing the statement of both sides, one's own part, and accepting it."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.operations.aligning import party_of
from jiebang.operations.kernel import Act, Done
from jiebang.operations.statements import texts_of
from jiebang.records.agreements import queries
from jiebang.records.bundles import sent_content
from jiebang.rules.schema import FormName
from jiebang.web import components as c
from jiebang.web.acting import act, done
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers, steps
from jiebang.web.office.one_form import OneForm
from jiebang.web.projects.agreement import HERE, may_state
from jiebang.web.projects.room import Room, form, head, room_or_404
from jiebang.web.site import words


@only("owner", "lead")
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """`statement/`: what both sides say in common; the bid's own words stand there to begin with."""
    room = _open(request, number)
    row = queries.alignment_of(room.row)
    said = row.content if row else _from_bid(room)
    return _write(request, room, "alignment", "write_statement", said)


@only("owner", "lead", "partner")
def part(request: HttpRequest, number: str) -> HttpResponse:
    """`part/`: what one's own organisation brings, gains and bears."""
    room = room_or_404(request, number)
    if room.row.signed_at is not None or room.ended or not room.holds("owner", "lead", "partner"):
        raise Http404
    row, mine = queries.alignment_of(room.row), party_of(Act(room.reader), room.row)
    said = row.parts.get(mine.slug) if row else None
    return _write(request, room, "contribution", "state_contribution", said or _own_words(room, mine))


@only("owner", "lead")
def accept(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`accept/<hash>/`: read it once more, then accept it for one's side."""
    room = _open(request, number)
    row = queries.alignment_of(room.row)
    if row is None:
        raise Http404
    common = answers.by_step(room.book.forms["alignment"], row.content, book=room.book)
    own = room.book.forms.get("contribution")
    parts = [
        (slug, block)
        for slug, said in sorted(row.parts.items())
        for _head, block in (answers.by_step(own, said, book=room.book) if own else ())
    ]
    title = _("Accept the statement of both sides")
    return form(
        request,
        room,
        HERE,
        OneForm(
            operation="accept_statement",
            params=lambda _post: {"project": number, "sha256": sha256},
            fields=[],
            above=[*common, *parts],
            intro=head(
                room,
                title,
                _(
                    "You accept it for your organisation, word for word. If anybody changes it, you are asked again."
                ),
            ),
            label=title,
            said=_("Accepted."),
            to=f"{room.url}agreement/",
        ),
    )


def _open(request: HttpRequest, number: str) -> Room:
    room = room_or_404(request, number)
    if not may_state(room):
        raise Http404
    return room


def _write(
    request: HttpRequest, room: Room, name: FormName, operation: str, said: Mapping[str, Any]
) -> HttpResponse:
    rule = room.book.forms.get(name)
    if rule is None:
        raise Http404
    back = f"{room.url}agreement/"
    mine = party_of(Act(room.reader), room.row)
    sheet = steps.Paper(
        form=rule,
        content=said,
        book=room.book,
        address=back,
        title=words(rule.label),
        organisation=mine.slug,
        kicker=f"{room.number} · {room.title}",
        crumbs=[c.Link(room.number, room.overview), c.Link(_("Agreement"), back)],
    )
    outcome = None
    if request.method == "POST":
        sheet = steps.posted(request, sheet)
    if steps.is_sent(request, sheet):
        outcome = act(request, operation, {"project": room.number, "content": sheet.content})
    if isinstance(outcome, Done):
        return done(
            request, outcome, text=_("Saved. The other side reads it before both accept it."), to=back
        )
    next_ = _("Whoever accepted an earlier text is asked again.")
    return steps.one_page(request, sheet, next_=next_, button=_("Save it"), outcome=outcome)


def _from_bid(room: Room) -> dict[str, Any]:
    """What the bid said already, so that nobody writes it twice."""
    content: Mapping[str, Any] = sent_content(room.row.bid)
    return {"data": content["data_handling"]} if texts_of(content.get("data_handling")) else {}


def _own_words(room: Room, mine: Any) -> dict[str, Any]:
    """The owner's site as the need described it; the lead's part as the bid summed it up."""
    if mine.pk == room.row.challenge.need.owner_id:
        said = room.row.challenge.content.get("infrastructure")
    else:
        content: Mapping[str, Any] = sent_content(room.row.bid)
        said = content.get("summary")
    return {"brings": said} if texts_of(said) else {}
