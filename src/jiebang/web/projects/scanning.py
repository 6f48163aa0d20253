"""Under `/projects/<number>/agreement/`: the paper that was printed, signed and sealed comes back as a scan."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from jiebang.adapters import files
from jiebang.adapters.papers.agreement import pages_of, read_scan
from jiebang.decisions.agreement import shown_code
from jiebang.operations.kernel import Refused
from jiebang.operations.scans import examined
from jiebang.records.agreements import queries
from jiebang.records.people.roles import OFFICERS
from jiebang.rules.reasons import Reason
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.forms import uploads
from jiebang.web.office.one_form import OneForm, radios
from jiebang.web.projects.agreement import HERE, may_sign
from jiebang.web.projects.room import Room, form, head, room_or_404
from jiebang.web.projects.signing import paper_or_404, paper_pdf
from jiebang.web.site import language_tag


@only()
def scan(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`paper/<hash>/scan/`: hand it in with the code that stands at the foot of its pages."""
    room, row = paper_or_404(request, number, sha256)
    if not may_sign(room, row):
        raise Http404
    token, wrong = _read(room, row, request.FILES.get("scan"))

    def params(post: QueryDict) -> Mapping[str, Any]:
        return {"project": number, "sha256": sha256, "code": post.get("code", ""), "scan": token}

    told = _("Print the PDF, sign and seal it, scan every page.")
    return form(request, room, HERE, OneForm(
        operation="hand_in_scan", params=params, fields=_fields(), label=_("Hand it in"),
        refused=Refused(tuple(wrong)) if wrong else None,
        said=_("The office looks at it; then it counts."), to=room.matter(HERE),
        intro=head(room, _("Hand in a signed scan"), told),
    ))  # fmt: skip


@only(*OFFICERS)
def judge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """`scans/<id>/`: look at a scan and say whether signature and seal are there."""
    room = room_or_404(request, number)
    row = queries.scan_to_judge(room.row, pk)
    if row is None:
        raise Http404
    link = c.EvidenceItem(title=row.scan["name"], url=f"{room.matter(HERE)}scans/{pk}/file/")
    told = {"pages": row.scan["pages"], "code": shown_code(row.paper.sha256), "who": row.by.name}
    choices = {"yes": _("Signature and seal are there"), "no": _("Give it back")}
    why = c.Field(name="why", label=_("What is wrong"), kind="textarea", optional=True, maxlength=500)

    def params(post: QueryDict) -> Mapping[str, Any]:
        answer = {"agree": post["agree"] == "yes"} if "agree" in post else {}
        return {"project": number, "signature": pk, "why": post.get("why", ""), **answer}

    return form(request, room, HERE, OneForm(
        operation="judge_scan", params=params, fields=[radios("agree", _("Your answer"), choices), why],
        above=[("", link)], label=_("Send the answer"), said=_("Recorded."), to=room.matter(HERE),
        intro=head(room, _("Look at the scan"), _("%(pages)s pages, code %(code)s, handed in by %(who)s.") % told),
    ))  # fmt: skip


@only()
def file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """`scans/<id>/file/`: the scan itself."""
    row = queries.scan_of(room_or_404(request, number).row, pk)
    if row is None:
        raise Http404
    return uploads.handed_out(row.scan["sha256"], name=row.scan["name"])  # type: ignore[return-value]


def _fields() -> list[c.Field]:
    size = formats.file_size(settings.MAX_FILE_BYTES, lang=language_tag())
    most = _("One PDF, up to %(size)s.") % {"size": size}
    code = _("Eight letters and figures, the same on every page: read them off the paper.")
    return [
        c.Field(name="code", label=_("Code at the foot of its pages"), short=True, maxlength=20, help=code),
        c.Field(name="scan", label=_("The scan, all pages in one PDF"), kind="file", accept=".pdf", help=most),
    ]  # fmt: skip


def _read(room: Room, row: Any, upload: Any) -> tuple[str, list[Reason]]:
    """What was read of the file, signed; "" where none came, or with what is wrong with it."""
    if upload is None:
        return "", []
    kept = files.keep(upload.chunks(), name=upload.name)
    if isinstance(kept, tuple):
        return "", [Reason(item.code, {**item.params, "field": "scan"}) for item in kept]
    stored = files.opened(kept.sha256)
    assert stored is not None
    with stored as taken:
        read = read_scan(taken, printed=pages_of(paper_pdf(room, row)))
    if isinstance(read, Reason):
        return "", [read]
    about = {
        "name": upload.name[:255],
        "sha256": kept.sha256,
        "size": kept.size,
        "media_type": kept.media_type,
    }
    return examined(file=about, scan=read), []
