"""What a pilot brings as files: result packages and users' reports in, packages, reports and the protocol out."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.facts import indicators
from jiebang.operations.kernel import Done, Outcome, Refused
from jiebang.operations.pilots import units
from jiebang.operations.things import owners
from jiebang.records.people.roles import OFFICERS
from jiebang.records.pilots.queries import find_package, find_protocol, site_keys
from jiebang.rules.reasons import Reason, reason
from jiebang.trust import package_zip, packages
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, render_reason, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms import uploads
from jiebang.web.office.one_form import typed
from jiebang.web.projects.pilot import HERE
from jiebang.web.projects.pilot_forms import acting
from jiebang.web.projects.room import Room, head, room_or_404
from jiebang.web.site import language_tag

PROTOCOL_FORMAT = "jiebang-protocol/1"


@only("owner", "lead", *OFFICERS)
def package(request: HttpRequest, number: str) -> HttpResponse:
    """`package/`: a package from the stick; it is checked whole before anything is kept."""
    room = acting(request, number, "owner", "lead", *OFFICERS)
    if not site_keys(owners(room.row.challenge.need)).exists():
        raise Http404
    outcome = _taken_in(request, room) if request.method == "POST" else None
    if isinstance(outcome, Done):
        told = _("Package %(n)s is taken in, and its run recorded.") % {"n": outcome.answer["package"]}
        return done(request, outcome, text=told, to=f"{room.url}{HERE}/#packages")
    fields = [
        c.Field(name="package", label=_("Package"), kind="file", accept=".zip",
                help=_("One zip, as “jiebang package make” wrote it.")),
        *([c.Field(name="keep", label=_("Keep the files here as well"), kind="checkbox",
                   help=_("Without the tick they stay where they are: the manifest alone proves them."))]
          if room.holds("owner") else []),
    ]  # fmt: skip
    next_ = _("Every byte of it is checked: signature, files, its place after the package before it.")
    intro = head(room, _("Take in a package"), next_)
    return _page(request, room, intro, fields, _("Take it in"), outcome)


@only("owner")
def report(request: HttpRequest, number: str) -> HttpResponse:
    """`report/`: what a user wrote."""
    room = acting(request, number, "owner")
    outcome = _reported(request, room) if request.method == "POST" else None
    if isinstance(outcome, Done):
        return done(request, outcome, text=_("The report is added."), to=f"{room.url}{HERE}/#reports")
    fields = [
        c.Field(name="author", label=_("Who wrote it"), maxlength=200),
        c.Field(name="position", label=_("In which post"), maxlength=200),
        c.Field(name="written_on", label=_("Written on"), kind="date", short=True),
        c.Field(name="text", label=_("The report"), kind="textarea", optional=True, help=_("In the words of who wrote it.")),
        c.Field(name="file", label=_("Or as a file"), kind="file", optional=True, help=uploads.accepted()),
    ]  # fmt: skip
    next_ = _("Who wrote it and when is kept with it; its hash enters the journal.")
    return _page(request, room, head(room, _("Add a user's report"), next_), fields, _("Add it"), outcome)


@only()
def one_package(request: HttpRequest, number: str, order: int) -> HttpResponse | FileResponse:
    """`package/<order>/`: the archive as it was brought, else its manifest and signature."""
    room = room_or_404(request, number)
    row = find_package(room.row, order)
    if row is None:
        raise Http404
    name = f"{room.number}-{order:03d}.zip"
    if row.archive:
        return uploads.handed_out(row.archive, name=name)
    alone = {packages.MANIFEST: row.manifest.encode(), packages.SIGNATURE: row.signature.encode()}
    answer = HttpResponse(package_zip.pack(alone), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@only()
def file(request: HttpRequest, number: str, sha256: str) -> FileResponse:
    """`files/<sha256>/`: the file of a user's report."""
    room = room_or_404(request, number)
    held = {str(row.pk): row.file for row in room.row.user_reports.all()}
    return uploads.download(held, sha256, parties=owners(room.row.challenge.need))


@only()
def protocol(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """`protocol/<version>/protocol.json`: what the site needs to make packages without this server."""
    room = room_or_404(request, number)
    row = find_protocol(room.row, version)
    if row is None or not row.agreed_at:
        raise Http404
    known = units(room.row)
    told = {
        "format": PROTOCOL_FORMAT, "project": room.number, "version": version, "sha256": row.sha256,
        "measured_by": row.content.get("measured_by", "owner"), "content": row.content,
        "indicators": [{"id": key, "unit": known[key]} for key in (str(item["id"]) for item in indicators(room.row.challenge))],
    }  # fmt: skip
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = 'attachment; filename="protocol.json"'
    return answer


def _taken_in(request: HttpRequest, room: Room) -> Outcome:
    upload = request.FILES.get("package")
    if upload is None or upload.size is None or upload.size > package_zip.MOST_BYTES:
        return Refused((reason("pilot.package_missing", field="package"),))
    found, faults = package_zip.opened(upload.read())
    if faults:
        return Refused(tuple(_located(item.path, item.code, item.params) for item in faults))
    params = {
        "project": room.number, "manifest": found[packages.MANIFEST].decode(),
        "signature": found[packages.SIGNATURE].decode(),
    }  # fmt: skip
    if request.POST.get("keep") and room.holds("owner"):
        upload.seek(0)
        kept = uploads.keep(request, upload, organisation=room.row.challenge.need.owner.slug)
        if isinstance(kept, tuple):
            return Refused(kept)
        params["archive"] = kept["sha256"]
    return act(request, "import_package", params)


def _located(path: str, code: str, params: Any) -> Reason:
    """The fault with the file that it is in, which the sentence alone does not name."""
    told = render_reason(Reason(code, params))
    return reason("pilot.package_fault", field="package", file=path or _("the archive"), problem=told)


def _reported(request: HttpRequest, room: Room) -> Outcome:
    params = {
        "project": room.number,
        "lang": language_tag(),
        **typed("author", "position", "written_on", "text")(request.POST),
    }
    if "file" in request.FILES:
        kept = uploads.keep(request, request.FILES["file"], organisation=room.row.challenge.need.owner.slug)
        if isinstance(kept, tuple):
            return Refused(kept)
        params["file"] = kept["sha256"]
    return act(request, "add_user_report", params)


def _page(
    request: HttpRequest,
    room: Room,
    intro: c.Intro,
    fields: list[c.Field],
    button: str,
    outcome: Outcome | None,
) -> HttpResponse:
    links = [c.Link(room.number, room.overview), c.Link(_("Pilot and validation"), f"{room.url}{HERE}/")]
    parts = {
        "crumbs": c.Breadcrumbs(links=links, here=intro.title), "intro": intro, "errors": summary(outcome, fields=fields),
        "groups": [("", bound(fields, request.POST, outcome))], "button": button, "back": f"{room.url}{HERE}/",
    }  # fmt: skip
    return render(request, "forms/one_page.html", parts)
