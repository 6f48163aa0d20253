"""The statement of both sides on the agreement's page, and the pages on which it is written and accepted."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiebang.operations.agreements import aligned, asks_statement, before_negotiation
from jiebang.operations.signatories import ALL, SIDES, own_party, parties_of
from jiebang.operations.statements import texts_of
from jiebang.operations.things import day_of
from jiebang.records.agreements import queries
from jiebang.records.bundles import sent_content
from jiebang.rules.reasons import reason
from jiebang.rules.schema import FormName
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers
from jiebang.web.office.one_form import OneForm
from jiebang.web.projects.room import Room, Section, Written, form, head, room_or_404, table, write
from jiebang.web.public.frame import moment, party
from jiebang.web.site import words


def sections(room: Room) -> Iterator[Section]:
    """What both sides said, each one's own part, and who accepted it; nothing where the rulebook asks for no statement."""
    if not asks_statement(room.row):
        return
    row = queries.alignment_of(room.row)
    links = list(_links(room, row))
    if row is None:
        gates = room.book.gates
        told = [
            render_reason(reason("agreement.check_first", check=gates[item.gate].label))
            for item in _waits(room)
        ] or [_("Nobody has written on it yet.")]
        yield Section(
            heading=words(room.book.forms["alignment"].label), id="statement", texts=told, links=links
        )
        return
    said = list(_said(room, row))
    yield Section(heading=said[0][0], id="statement", parts=said[0][1], links=links)
    yield from (Section(heading=heading, parts=parts) for heading, parts in said[1:])
    accepted = [
        [
            c.Cell(part=party(item.party.organisation)),
            c.Cell(item.by.name),
            c.Cell(moment(item.at, book=room.book)),
        ]
        for item in queries.acceptances(row)
    ]
    told = [] if accepted else [_("Neither side has accepted it as it stands.")]
    heads = (_("For"), _("Accepted by"), _("When"))
    yield Section(heading=_("Who accepted it"), texts=told, parts=[table(heads, accepted)])


@only(*SIDES)
def common(request: HttpRequest, number: str) -> HttpResponse:
    """`statement/`: what both sides say in common; the bid's own words stand there to begin with."""
    room = _open(request, number, SIDES)
    row = queries.alignment_of(room.row)
    said = row.content if row and row.content else _from_bid(room)
    return _write(request, room, "alignment", "write_statement", said)


@only(*ALL)
def part(request: HttpRequest, number: str) -> HttpResponse:
    """`part/`: what one's own organisation brings, gains and bears."""
    room = _open(request, number, ALL)
    row, mine = queries.alignment_of(room.row), own_party(room.reader, room.row)
    said = row.parts.get(mine.slug) if row and mine else None
    return _write(request, room, "contribution", "state_contribution", said or _own_words(room, mine))


@only(*SIDES)
def accept(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`accept/<hash>/`: read it once more, then accept it for one's side; a text that was changed since is shown anew."""
    room = _open(request, number, SIDES)
    row = queries.alignment_of(room.row)
    if row is None:
        raise Http404
    if request.method == "GET" and row.sha256 != sha256:
        return HttpResponseRedirect(f"{room.matter('agreement')}accept/{row.sha256}/")
    title = _("Accept the statement of both sides")
    told = _(
        "You accept it for your organisation, word for word. If anybody changes it, you are asked again."
    )
    above = [
        (heading if not place else "", block)
        for heading, parts in _said(room, row)
        for place, block in enumerate(parts)
    ]
    return form(request, room, "agreement", OneForm(
        operation="accept_statement", params=lambda _post: {"project": number, "sha256": sha256}, fields=[],
        above=above, intro=head(room, title, told), label=title, said=_("Accepted."), to=room.matter("agreement"),
    ))  # fmt: skip


def _said(room: Room, row: Any) -> Iterator[tuple[str, list[c.Answers]]]:
    """What is said in common, then by each party: a heading with its answers."""
    shared, own = room.book.forms["alignment"], room.book.forms.get("contribution")
    yield (
        words(shared.label),
        [block for _head, block in answers.by_step(shared, row.content, book=room.book)],
    )
    for one in parties_of(room.row):
        if own and (said := row.parts.get(one.slug)):
            blocks = [block for _head, block in answers.by_step(own, said, book=room.book)]
            yield f"{words(own.label)}: {party(one.organisation).name}", blocks


def _may(room: Room, roles: tuple[str, ...]) -> bool:
    """Whether the reader may still write on it in these roles."""
    row = room.row
    still = row.signed_at is None and row.ended_at is None and not row.signatures.all()
    return asks_statement(row) and still and room.holds(*roles) and not _waits(room)


def _waits(room: Room) -> list[Any]:
    """Checks that come before any negotiation."""
    return (
        before_negotiation(room.row, day_of(room.reader.at, room.row)) if room.row.signed_at is None else []
    )


def _links(room: Room, row: Any) -> Iterator[c.Link]:
    here = room.matter("agreement")
    if _may(room, SIDES):
        yield c.Link(_("Write the statement"), f"{here}statement/")
    if _may(room, ALL):
        yield c.Link(_("Write our own part"), f"{here}part/")
    if row is not None and _may(room, SIDES) and not aligned(room.row):
        yield c.Link(_("Read and accept it"), f"{here}accept/{row.sha256}/", current=True)


def _open(request: HttpRequest, number: str, roles: tuple[str, ...]) -> Room:
    room = room_or_404(request, number)
    if not _may(room, roles):
        raise Http404
    return room


def _write(
    request: HttpRequest, room: Room, name: FormName, operation: str, said: Mapping[str, Any]
) -> HttpResponse:
    mine = own_party(room.reader, room.row)
    if mine is None:
        raise Http404
    return write(request, room, "agreement", Written(
        name=name, content=said, operation=operation, organisation=mine.slug, button=_("Save it"),
        next_=_("Whoever accepted an earlier text is asked again."), to=room.matter("agreement"),
        said=_("Saved. The other side reads it before both accept it."),
    ))  # fmt: skip


def _from_bid(room: Room) -> dict[str, Any]:
    """What the bid said already, so that nobody writes it twice."""
    content: Mapping[str, Any] = sent_content(room.row.bid)
    return {"data": content["data_handling"]} if texts_of(content.get("data_handling")) else {}


def _own_words(room: Room, mine: Any) -> dict[str, Any]:
    """The owner's site as the need described it; the lead's part as the bid summed it up."""
    bid: Mapping[str, Any] = sent_content(room.row.bid)
    role = parties_of(room.row).get(mine)
    said = {"owner": room.row.challenge.content.get("infrastructure"), "lead": bid.get("summary")}.get(
        role or ""
    )
    return {"brings": said} if texts_of(said) else {}
