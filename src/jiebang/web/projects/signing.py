"""Under `/projects/<number>/agreement/`: reading a paper, printing it, signing it here or by scan, and letting others sign."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.adapters import files
from jiebang.adapters.papers.agreement import agreement_pdf, pages_of, read_scan
from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.decisions.agreement import language, shown_code
from jiebang.operations.agreements import examined
from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.agreements import queries
from jiebang.records.people.roles import OFFICERS
from jiebang.rules.reasons import Reason
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.desk.gate import only
from jiebang.web.forms import uploads
from jiebang.web.forms.standing import roles
from jiebang.web.office.one_form import OneForm, radios, typed
from jiebang.web.projects.agreement import HERE, unsigned
from jiebang.web.projects.paper import sections
from jiebang.web.projects.room import Room, form, head, page, room_or_404
from jiebang.web.public.frame import moment
from jiebang.web.site import language_tag, reader_of, words


@only()
def paper(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/`: the text that is signed, in the reader's language beside the one that governs."""
    room, row = _paper(request, number, sha256)
    url = f"{room.url}agreement/paper/{sha256}/"
    links = [c.Link(_("As PDF"), f"{url}pdf/")]
    if unsigned(room, row):
        links.insert(0, c.Link(_("Sign"), f"{url}sign/", current=True))
    told = _("Code of this text: %(code)s. The text in %(language)s governs.") % {
        "code": shown_code(sha256),
        "language": language(row.document["prevailing"], lang=language_tag()),
    }
    return page(request, room, HERE, next_=told, sections=sections(row.document), links=links)


@only()
def as_pdf(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/pdf/`: to print; signatures given here stand where the seals go."""
    room, row = _paper(request, number, sha256)
    if lacking := missing_fonts(row.document["languages"]):
        return HttpResponse(render_reason(lacking), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(_pdf(room, row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{number}-v{row.version}.pdf"'
    return answer


@only()
def sign(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/sign/`: the password once more, then the signature."""
    room, row = _paper(request, number, sha256)
    if not unsigned(room, row):
        raise Http404
    given = typed("password")
    return form(
        request,
        room,
        HERE,
        OneForm(
            operation="sign",
            params=lambda post: {"project": number, "sha256": sha256, **given(post)},
            fields=_password(room),
            intro=head(
                room,
                _("Sign: %(paper)s") % {"paper": words(row.document["title"])},
                _(
                    "You sign for your organisation, with your name and this moment. A signature cannot be taken back here."
                ),
            ),
            above=[(part.heading, item) for part in sections(row.document) for item in part.parts if item],
            label=_("Sign"),
            said=_("Signed."),
            to=f"{room.url}agreement/",
        ),
    )


@only()
def scan(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/scan/`: the paper that was printed, signed and sealed comes back."""
    room, row = _paper(request, number, sha256)
    if not unsigned(room, row):
        raise Http404
    wrong: list[Reason] = []
    upload = request.FILES.get("scan")
    token = _examined(room, row, upload, wrong) if upload is not None else ""
    fields = [
        c.Field(
            name="code",
            label=_("Code at the foot of its pages"),
            short=True,
            maxlength=20,
            help=_("Eight letters and figures, the same on every page: read them off the paper."),
        ),
        c.Field(name="scan", label=_("The scan, all pages in one PDF"), kind="file", accept=".pdf"),
    ]
    made = OneForm(
        operation="hand_in_scan",
        params=lambda post: {
            "project": number,
            "sha256": sha256,
            "code": post.get("code", ""),
            "scan": token,
        },
        fields=fields,
        label=_("Hand it in"),
        said=_("The office looks at it; then it counts."),
        to=f"{room.url}agreement/",
        intro=head(room, _("Hand in a signed scan"), _("Print the PDF, sign and seal it, scan every page.")),
        why_not=[render_reason(item) for item in wrong],
    )
    if wrong or (request.method == "POST" and upload is None):
        return _shown(request, room, made, wrong)
    return form(request, room, HERE, made)


@only("owner", "lead", "partner")
def delegate(request: HttpRequest, number: str) -> HttpResponse:
    """`delegate/`: let somebody else sign for one's organisation."""
    room = room_or_404(request, number)
    if not room.holds("owner", "lead", "partner") or room.row.signed_at is not None or room.ended:
        raise Http404
    fields = [
        c.Field(
            name="person",
            label=_("Address of the person"),
            kind="email",
            help=_("Somebody with an account here."),
        ),
        c.Field(
            name="why",
            label=_("On which authority"),
            kind="textarea",
            maxlength=500,
            help=_("For example the letter of the legal representative and its date."),
        ),
        c.Field(name="days", label=_("For how many days"), kind="number", short=True, value="30"),
    ]
    given = typed("person", "why", "days")
    return form(
        request,
        room,
        HERE,
        OneForm(
            operation="delegate_signing",
            params=lambda post: {"project": number, **given(post)},
            fields=fields,
            intro=head(
                room,
                _("Let somebody else sign"),
                _("The person gets a letter, and signs for your organisation until then."),
            ),
            label=_("Let them sign"),
            said=_("Recorded; the person was told."),
            to=f"{room.url}agreement/",
        ),
    )


@only(*OFFICERS)
def redraw(request: HttpRequest, number: str) -> HttpResponse:
    """`redraw/`: the office draws the agreement anew."""
    room = room_or_404(request, number)
    if room.row.signed_at is not None or room.ended or queries.agreement_of(room.row) is None:
        raise Http404
    given = typed("why")
    return form(
        request,
        room,
        HERE,
        OneForm(
            operation="redraw_agreement",
            params=lambda post: {"project": number, **given(post)},
            fields=[c.Field(name="why", label=_("Why"), kind="textarea", maxlength=500)],
            intro=head(
                room,
                _("Draw it anew"),
                _("The new version holds what is known now. Signatures under the present one fall away."),
            ),
            label=_("Draw it anew"),
            said=_("Drawn anew."),
            to=f"{room.url}agreement/",
        ),
    )


@only(*OFFICERS)
def judge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """`scans/<id>/`: look at a scan and say whether signature and seal are there."""
    room = room_or_404(request, number)
    row = queries.scan_to_judge(room.row, pk)
    if row is None:
        raise Http404
    link = c.EvidenceItem(title=row.scan["name"], url=f"{room.url}agreement/scans/{pk}/file/")
    choices = {"yes": _("Signature and seal are there"), "no": _("Give it back")}
    why = c.Field(name="why", label=_("What is wrong"), kind="textarea", optional=True, maxlength=500)
    return form(
        request,
        room,
        HERE,
        OneForm(
            operation="judge_scan",
            fields=[radios("agree", _("Your answer"), choices), why],
            above=[("", link)],
            params=lambda post: {
                "project": number,
                "signature": pk,
                "agree": post.get("agree") == "yes",
                "why": post.get("why", ""),
            },
            intro=head(
                room,
                _("Look at the scan"),
                _("%(pages)s pages, code %(code)s, handed in by %(who)s.")
                % {"pages": row.scan["pages"], "code": shown_code(row.paper.sha256), "who": row.by.name},
            ),
            label=_("Send the answer"),
            said=_("Recorded."),
            to=f"{room.url}agreement/",
        ),
    )


@only()
def scan_file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """`scans/<id>/file/`: the scan itself."""
    room = room_or_404(request, number)
    row = next(
        (
            item
            for paper in queries.papers(room.row)
            for item in paper.signatures.all()
            if item.pk == pk and item.scan
        ),
        None,
    )
    if row is None:
        raise Http404
    return uploads.handed_out(row.scan["sha256"], name=row.scan["name"])  # type: ignore[return-value]


def _password(room: Room) -> list[c.Field]:
    """Asked of whoever has one."""
    person: Any = room.reader.person
    if not person.has_usable_password():
        return []
    told = _("So that nobody signs for you at a screen left open.")
    return [
        c.Field(
            name="password",
            label=_("Your password"),
            kind="password",
            autocomplete="current-password",
            help=told,
        )
    ]


def _paper(request: HttpRequest, number: str, sha256: str) -> tuple[Room, Any]:
    """The paper for the project's readers, and for whoever was let sign it."""
    reader = reader_of(request)
    lent = queries.project_to_sign(number, reader.person, at=reader.at) if reader.person else None
    room = _lent(lent, reader) if lent is not None else room_or_404(request, number)
    row = queries.paper_of(room.row, sha256)
    if row is None:
        raise Http404
    return room, row


def _lent(project: Any, reader: Reader) -> Room:
    return Room(project, book_of(project), reader, roles(project, reader=reader))


def _pdf(room: Room, row: Any) -> bytes:
    lines = [
        {"slug": item.party.slug, "line": f"{item.by.name} · {moment(item.at, book=room.book)}"}
        for item in row.signatures.all()
        if item.method == "here"
    ]
    return agreement_pdf(row.document, sha256=row.sha256, signatures=lines)


def _examined(room: Room, row: Any, upload: Any, wrong: list[Reason]) -> str:
    """What was read of the scan, signed; what is wrong with the file is added to `wrong`."""
    kept = files.keep(upload.chunks(), name=upload.name)
    if isinstance(kept, tuple):
        wrong += kept
        return ""
    stored = files.opened(kept.sha256)
    assert stored is not None
    with stored as file:
        read = read_scan(file, printed=pages_of(_pdf(room, row)))
    if isinstance(read, Reason):
        wrong.append(read)
        return ""
    about = {"name": upload.name, "sha256": kept.sha256, "size": kept.size, "media_type": kept.media_type}
    return examined(upload=about, scan=read)


def _shown(request: HttpRequest, room: Room, made: OneForm, wrong: list[Reason]) -> HttpResponse:
    """The form again, without acting: there is no file to act on."""
    request.method = "GET"
    return form(request, room, HERE, made)
