"""Under `/projects/<number>/agreement/`: reading the paper, printing it, signing it, and letting others sign."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.decisions.agreement import shown_code
from jiebang.records.agreements import queries
from jiebang.records.people.roles import OFFICERS
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.forms.standing import roles
from jiebang.web.office.one_form import OneForm, typed
from jiebang.web.projects.agreement import HERE, may_pledge, may_sign, prevails
from jiebang.web.projects.paper import promise, sections
from jiebang.web.projects.printing import handed_out, password_field, printed
from jiebang.web.projects.room import Room, form, head, page, room_or_404
from jiebang.web.site import reader_of, words


@only()
def paper(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/`: the text that is signed, in the reader's language beside the one that governs."""
    room, row = paper_or_404(request, number, sha256)
    url = f"{room.url}agreement/paper/{sha256}/"
    links = [c.Link(_("As PDF"), f"{url}pdf/")]
    if may_pledge(room, row):
        links.insert(0, c.Link(_("Give the pledge"), f"{url}pledge/", current=True))
    if may_sign(room, row):
        links.insert(0, c.Link(_("Sign"), f"{url}sign/", current=True))
        if room.book.agreement and room.book.agreement.on_paper:
            links.append(c.Link(_("Hand in a signed scan"), f"{url}scan/"))
    code = _("Code of this text: %(code)s.") % {"code": shown_code(sha256)}
    told = f"{code} {prevails(row.document)}".strip()
    title = f"{words(row.document['title'])}, {_('Version %(n)s') % {'n': row.version}}"
    return page(request, room, HERE, next_=told, sections=sections(row.document), links=links, under=title)


@only()
def as_pdf(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/pdf/`: to print; signatures given here stand where the seals go."""
    room, row = paper_or_404(request, number, sha256)
    back = f"{room.url}agreement/paper/{sha256}/"
    return handed_out(
        request, row.document, lambda: paper_pdf(room, row), name=f"{number}-v{row.version}", back=back
    )


@only()
def sign(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/sign/`: the password once more, then the signature."""
    room, row = paper_or_404(request, number, sha256)
    if not may_sign(room, row):
        raise Http404
    title = _("Sign: %(paper)s") % {"paper": words(row.document["title"])}
    told = _(
        "You sign for your organisation, with your name and this moment. A signature cannot be taken back here."
    )
    given = typed("password")
    return form(request, room, HERE, OneForm(
        operation="sign", params=lambda post: {"project": number, "sha256": sha256, **given(post)},
        fields=password_field(room), intro=head(room, title, told), label=_("Sign"), said=_("Signed."), to=room.matter(HERE),
        above=[(part.heading, item) for part in sections(row.document) for item in part.parts if item],
    ))  # fmt: skip


@only()
def pledge(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/pledge/`: the lead researcher promises in person."""
    room, row = paper_or_404(request, number, sha256)
    if not may_pledge(room, row):
        raise Http404
    told = _("You promise this yourself, not for your organisation, with your name and this moment.")
    given = typed("password")
    return form(request, room, HERE, OneForm(
        operation="give_pledge", params=lambda post: {"project": number, "sha256": sha256, **given(post)},
        fields=password_field(room), intro=head(room, _("Pledge of the lead researcher"), told), label=_("Give the pledge"),
        said=_("The pledge is given."), to=room.matter(HERE), above=[("", promise(row.document))],
    ))  # fmt: skip


@only("owner", "lead", "partner")
def delegate(request: HttpRequest, number: str) -> HttpResponse:
    """`delegate/`: let somebody else sign for one's organisation."""
    room = _unsigned(request, number)
    if not room.holds("owner", "lead", "partner"):
        raise Http404
    authority = _("For example the letter of the legal representative and its date.")
    fields = [
        c.Field(name="person", label=_("Address of the person"), kind="email", help=_("Somebody with an account here.")),
        c.Field(name="why", label=_("On which authority"), kind="textarea", maxlength=500, help=authority),
        c.Field(name="days", label=_("For how many days"), kind="number", short=True, value="30"),
    ]  # fmt: skip
    told = _("The person gets a letter, and signs for your organisation until then.")
    given = typed("person", "why", "days")
    return form(request, room, HERE, OneForm(
        operation="delegate_signing", params=lambda post: {"project": number, **given(post)}, fields=fields,
        intro=head(room, _("Let somebody else sign"), told), label=_("Let them sign"),
        said=_("Recorded; the person was told."), to=room.matter(HERE),
    ))  # fmt: skip


@only(*OFFICERS)
def redraw(request: HttpRequest, number: str) -> HttpResponse:
    """`redraw/`: the office draws the agreement anew."""
    room = _unsigned(request, number)
    told = _("The new version holds what is known now. Signatures under the present one fall away.")
    given = typed("why")
    return form(request, room, HERE, OneForm(
        operation="redraw_agreement", params=lambda post: {"project": number, **given(post)}, label=_("Draw it anew"),
        fields=[c.Field(name="why", label=_("Why"), kind="textarea", maxlength=500)],
        intro=head(room, _("Draw it anew"), told), said=_("Drawn anew."), to=room.matter(HERE),
    ))  # fmt: skip


def paper_or_404(request: HttpRequest, number: str, sha256: str) -> tuple[Room, Any]:
    """The paper for the project's readers, and for whoever was let sign it: to them nothing else is open."""
    reader = reader_of(request)
    lent = queries.project_to_sign(number, reader.person, at=reader.at) if reader.person else None
    room = room_or_404(request, number) if lent is None else Room(
        row=lent, reader=reader, held=roles(lent, reader=reader), only=f"/projects/{number}/agreement/paper/{sha256}/",
    )  # fmt: skip
    row = queries.paper_of(room.row, sha256)
    if row is None:
        raise Http404
    return room, row


def paper_pdf(room: Room, row: Any) -> bytes:
    """The PDF of a version of the agreement."""
    signed = (item for item in row.signatures.all() if item.method == "here")
    pledge = getattr(row, "pledge", None)
    return printed(room, row.document, sha256=row.sha256, drawn=row.drawn_at, signed=signed, pledge=pledge)


def _unsigned(request: HttpRequest, number: str) -> Room:
    """The project while its agreement waits for signatures."""
    room = room_or_404(request, number)
    row = room.row
    if row.signed_at is not None or row.ended_at is not None or queries.agreement_of(row) is None:
        raise Http404
    return room
