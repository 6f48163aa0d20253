"""The office's spreadsheets: upload, look at every row and every fault, confirm; templates and rosters to download."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from jiebang.adapters import files, sheet_files, spreadsheets
from jiebang.operations.imports import rehearse
from jiebang.operations.kernel import Done
from jiebang.records import rosters
from jiebang.records.people.queries import engagements_of
from jiebang.records.programme.queries import calls, current_rulebook
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import Reason
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, done, render_reason
from jiebang.web.desk.gate import only
from jiebang.web.forms import languages, uploads
from jiebang.web.office.one_form import radios
from jiebang.web.site import language_tag, now_of, reader_of

MOST_BYTES = 10_000_000
MOST_FAULTS, MOST_ROWS = 500, 20
KINDS = (".csv", ".xlsx")
LANGUAGES = {"zh-Hans": "中文", "en": "English"}
SALT, VALID = "office.sheets", 24 * 3600
Imported = Literal["organisations", "needs"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the officer asked for: a table, the language of texts that name none, whether known rows are passed over."""

    table: Imported
    lang: str = ""
    skip_known: bool = False

    @property
    def more(self) -> dict[str, Any]:
        """The parameters of the import besides its rows."""
        return {
            "lang": self.lang,
            **({"skip_known": self.skip_known} if self.table == "organisations" else {}),
        }


@only("officer")
def sheets(request: HttpRequest) -> HttpResponse:
    """`/office/sheets/`: the form and the downloads; a POST looks at an upload and saves nothing of its rows."""
    return _look(request) if request.method == "POST" else _form(request)


@only("officer")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """`/office/sheets/import/`: the sheet that was looked at enters, whole or not at all."""
    given = _unsigned(request)
    stored = files.opened(given["sha256"])
    if stored is None:
        raise Http404
    with stored:
        sheet = _read(Path(stored.name), given["table"], name=given["name"])
    chosen = Chosen(given["table"], given["lang"], given["skip_known"])
    outcome = act(
        request, f"import_{chosen.table}", {"rows": [dict(row) for row in sheet.rows], **chosen.more}
    )
    if not isinstance(outcome, Done):
        return _preview(request, sheet, outcome.reasons, count=0, skipped=0)
    return done(request, outcome, text=_imported(outcome.answer["count"]), to=f"/office/{chosen.table}/")


@only("officer")
@require_GET
def download(request: HttpRequest, lang: str, table: str, kind: str) -> HttpResponse:
    """`/office/sheets/zh-Hans/results.xlsx?call=`: a table as its reader may see it, of one call or of all."""
    if lang not in LANGUAGES or table not in spreadsheets.TABLES or kind not in sheet_files.KINDS:
        raise Http404
    reader, book = reader_of(request), current_rulebook()
    call = calls().filter(number=request.GET["call"]).first() if request.GET.get("call") else None
    if call is None and request.GET.get("call"):
        raise Http404
    extra = rosters.extra_columns(reader=reader) if table == "organisations" else []
    headings = spreadsheets.headings_of(table, book=book, lang=lang, extra=extra)
    rows = rosters.rows(table, reader=reader, call=call, lang=lang)
    return _file(sheet_files.write_sheet(kind, headings=headings, rows=rows), f"{table}-{lang}.{kind}", kind)


@only("officer")
@require_GET
def template(request: HttpRequest, lang: str, table: str) -> HttpResponse:
    """`/office/sheets/zh-Hans/needs-template.xlsx`: an empty sheet to hand out."""
    if lang not in LANGUAGES or table not in ("organisations", "needs"):
        raise Http404
    data = sheet_files.blank(cast(Imported, table), book=current_rulebook(), lang=lang)
    return _file(data, f"{table}-template-{lang}.xlsx", "xlsx")


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=sheet_files.KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _look(request: HttpRequest) -> HttpResponse:
    table, upload = request.POST.get("table", ""), request.FILES.get("file")
    if table not in ("organisations", "needs"):
        return _form(request, {"table": _("Say what the sheet holds.")})
    if wrong := _refused(upload):
        return _form(request, {"file": wrong})
    assert upload is not None
    chosen = Chosen(
        cast(Imported, table), _language(request.POST.get("lang", "")), bool(request.POST.get("skip_known"))
    )
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        sheet = _read(Path(copy.name), chosen.table, name=str(upload.name))
    if not sheet.whole:
        return _preview(request, sheet, (), count=0, skipped=0)
    found = rehearse(chosen.table, sheet.rows, now=now_of(request), **chosen.more)
    if found.reasons or sheet.faults:
        return _preview(request, sheet, found.reasons, count=0, skipped=found.skipped)
    return _kept(request, upload, sheet, chosen, count=found.count, skipped=found.skipped)


def _kept(
    request: HttpRequest, upload: Any, sheet: spreadsheets.Sheet, chosen: Chosen, *, count: int, skipped: int
) -> HttpResponse:
    """Keep the faultless file for the office and offer to import it; the signature lets nobody name another file."""
    person = reader_of(request).person
    assert person is not None
    engaged = engagements_of(person, at=now_of(request)).filter(role="officer").first()
    assert engaged is not None
    upload.seek(0)
    stored = uploads.keep(request, upload, organisation=engaged.party.slug)
    if isinstance(stored, tuple):
        return _form(request, {"file": " ".join(map(render_reason, stored))})
    said = {
        "sha256": stored["sha256"], "name": str(upload.name), "table": chosen.table, "lang": chosen.lang,
        "skip_known": chosen.skip_known, "by": person.pk,
    }  # fmt: skip
    token = signing.dumps(said, salt=SALT)
    return _preview(request, sheet, (), count=count, skipped=skipped, token=token)


def _unsigned(request: HttpRequest) -> dict[str, Any]:
    try:
        given: dict[str, Any] = signing.loads(request.POST.get("sheet", ""), salt=SALT, max_age=VALID)
    except signing.BadSignature:
        raise Http404 from None
    person = reader_of(request).person
    if person is None or given["by"] != person.pk:
        raise Http404
    return given


def _refused(upload: Any) -> str:
    if upload is None:
        return _("Choose a file.")
    if Path(str(upload.name)).suffix.lower() not in KINDS:
        return _("Only .csv and .xlsx are read. Save the sheet as one of them.")
    if upload.size > MOST_BYTES:
        return _("The file is larger than %(mb)s MB. Split the sheet.") % {"mb": MOST_BYTES // 1_000_000}
    return ""


def _read(path: Path, table: Imported, *, name: str) -> spreadsheets.Sheet:
    return spreadsheets.read_sheet(path, table=table, book=current_rulebook(), name=name)


def _language(tag: str) -> str:
    book = current_rulebook()
    known = {option.value for option in languages.options(book, chosen="")} if book else set()
    return tag if tag in known else ""


def _form(request: HttpRequest, errors: Mapping[str, str] | None = None) -> HttpResponse:
    book, wrong = current_rulebook(), errors or {}
    tables = {"needs": _("Needs"), "organisations": _("Organisations")}
    tongues = [
        c.Option(value="", label=_("Not stated")),
        *(languages.options(book, chosen="") if book else []),
    ]
    fields = [
        radios("table", _("What the sheet holds"), tables, chosen=request.POST.get("table", "needs")),
        c.Field(name="file", label=_("The sheet"), kind="file", accept=",".join(KINDS), error=wrong.get("file", ""),
                help=_("An .xlsx or a .csv in UTF-8, with Chinese or English headings, up to 10 MB.")),
        c.Field(name="lang", label=_("Language of texts that name none"), kind="select", options=tongues, optional=True),
        c.Field(name="skip_known", label=_("Pass over organisations that are registered already"), kind="checkbox"),
    ]  # fmt: skip
    faults = [c.Fault(text=text, field=f"id_{name}") for name, text in wrong.items()]
    parts = {
        "intro": c.Intro(title=_("Spreadsheets"), next=_("Bring in needs and organisations by the sheet; take rosters home.")),
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=_("Spreadsheets")),
        "fields": fields, "errors": c.ErrorSummary(faults=faults) if faults else None,
        "templates": _downloads(tables, "-template.xlsx"), "rosters": _rosters(),
    }  # fmt: skip
    return render(request, "office/sheets.html", parts, status=422 if faults else 200)


def _rosters() -> c.DataTable:
    names = {
        "needs": _("Needs"), "organisations": _("Organisations"), "bids": _("Bids"), "results": _("Roster of awards"),
        "projects": _("Projects"),
    }  # fmt: skip
    return _downloads(names, ".xlsx", ".csv")


def _downloads(names: Mapping[str, str], *endings: str) -> c.DataTable:
    ways = [(lang, word, ending) for lang, word in LANGUAGES.items() for ending in endings]
    columns = [
        c.Column(label=_("Table")),
        *(c.Column(label=f"{word} .{end.rpartition('.')[2]}") for _lang, word, end in ways),
    ]
    rows = [
        [
            c.Cell(name),
            *(c.Cell(_("Download"), f"/office/sheets/{lang}/{table}{end}") for lang, _word, end in ways),
        ]
        for table, name in names.items()
    ]
    return c.DataTable(columns=columns, rows=rows)


def _preview(
    request: HttpRequest, sheet: spreadsheets.Sheet, reasons: Sequence[Reason], *, count: int,
    skipped: int, token: str = "",
) -> HttpResponse:  # fmt: skip
    faults = spreadsheets.told(sheet, reasons, lang=language_tag())
    parts = {
        "intro": c.Intro(title=sheet.file, next=_next(faults, skipped)),
        "crumbs": c.Breadcrumbs(
            links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Spreadsheets"), "/office/sheets/")], here=sheet.file
        ),
        "notes": _notes(sheet, faults), "faults": _faults(faults) if faults else None,
        "rows": _rows(sheet) if sheet.rows else None, "token": token if count else "", "label": _import(count),
    }  # fmt: skip
    return render(request, "office/sheet_preview.html", parts, status=422 if faults else 200)


def _next(faults: Sequence[Fault], skipped: int) -> str:
    if faults:
        text = ngettext(
            "%(n)s fault: nothing was imported.", "%(n)s faults: nothing was imported.", len(faults)
        )
        return text % {"n": formats.number(len(faults), lang=language_tag())}
    known = _(" %(n)s are registered already and stay as they are.") % {"n": skipped} if skipped else ""
    return _("Nothing is saved yet.") + known


def _notes(sheet: spreadsheets.Sheet, faults: Sequence[Fault]) -> list[c.Part]:
    notes: list[c.Part] = []
    if sheet.unread:
        text = _("These columns are not ours and are left out: %(names)s") % {
            "names": ", ".join(sheet.unread)
        }
        notes.append(c.Banner(text=text, tone="warning"))
    if len(faults) > MOST_FAULTS:
        text = _("The first %(most)s of %(n)s faults are shown.") % {"most": MOST_FAULTS, "n": len(faults)}
        notes.append(c.Banner(text=text, tone="warning"))
    return notes


def _faults(faults: Sequence[Fault]) -> c.DataTable:
    return c.DataTable(
        caption=_("What is wrong, and what would be right"),
        columns=[
            c.Column(label=_("Line"), number=True),
            c.Column(label=_("Column")),
            c.Column(label=_("Fault")),
        ],
        rows=[
            [c.Cell(str(item.line or 1)), c.Cell(item.field), c.Cell(item.message)]
            for item in faults[:MOST_FAULTS]
        ],
    )


def _rows(sheet: spreadsheets.Sheet) -> c.DataTable:
    """The first rows as they stand in the file."""
    names = list(dict.fromkeys(name for row in sheet.rows[:MOST_ROWS] for name in row if name != "line"))
    shown = sheet.rows[:MOST_ROWS]
    return c.DataTable(
        caption=_("The first %(n)s of %(all)s rows") % {"n": len(shown), "all": len(sheet.rows)},
        columns=[
            c.Column(label=_("Line"), number=True),
            *(c.Column(label=sheet.headings.get(n, n)) for n in names),
        ],
        rows=[
            [c.Cell(str(row["line"])), *(c.Cell(str(row.get(n, ""))[:200]) for n in names)] for row in shown
        ],
    )


def _import(count: int) -> str:
    number = formats.number(count, lang=language_tag())
    return ngettext("Import %(n)s row", "Import %(n)s rows", count) % {"n": number}


def _imported(count: int) -> str:
    number = formats.number(count, lang=language_tag())
    return ngettext("%(n)s row was imported.", "%(n)s rows were imported.", count) % {"n": number}
