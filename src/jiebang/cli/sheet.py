"""`jiebang sheet`: the office's spreadsheets of needs, organisations and results, in and out."""

import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from jiebang.cli.faults import THEIRS, Malformed
from jiebang.cli.opening import open_home
from jiebang.cli.options import AsJson, Home
from jiebang.cli.output import print_json
from jiebang.rules.faults import Fault

if TYPE_CHECKING:
    from jiebang.adapters.spreadsheets import Sheet, TableName
    from jiebang.records.people.models import User
    from jiebang.records.programme.models import Call

Lang = Annotated[str, typer.Option(help="Language of headings and labels: zh-Hans or en.")]
Out = Annotated[Path, typer.Option(help="The file to write; it ends in .xlsx or .csv.")]
IMPORTED = ("organisations", "needs")
LANGUAGES = ("zh-Hans", "en")


def import_(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="organisations or needs")],
    file: Annotated[
        Path, typer.Argument(help="A .csv (UTF-8) or .xlsx with headings in Chinese or English.")
    ],
    person: Annotated[str, typer.Option("--as", help="E-mail address of the officer who imports.")],
    home: Home = None,
    mapping: Annotated[Path | None, typer.Option(help="YAML that maps other headings to ours.")] = None,
    text_lang: Annotated[str, typer.Option(help="Language of texts that name none, such as zh-Hans.")] = "",
    skip_known: Annotated[
        bool, typer.Option(help="Pass over organisations that are registered already.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    json: AsJson = False,
) -> int:
    """Import a whole sheet, or nothing of it: every fault is told at once as `file:line: field: ...` with exit 2.

    Example: jiebang sheet import organisations register.xlsx --home DIR --as officer@example.org --dry-run
    """
    _one_of("TABLE", table, IMPORTED)
    _language("--text-lang", text_lang)
    open_home(home)
    from jiebang.adapters import spreadsheets
    from jiebang.records.programme.queries import current_call

    who, call = _person(person), current_call()
    sheet = _read(spreadsheets, table, file, mapping, call)
    more = {"skip_known": True} if skip_known and table == "organisations" else {}
    outcome = _perform(table, sheet, who, text_lang, dry_run, more)
    if isinstance(outcome, tuple):
        return _wrong(spreadsheets.told(sheet, outcome), json=json)
    _tell(table, sheet, outcome, dry_run=dry_run, json=json)
    return 0


def _tell(table: str, sheet: "Sheet", outcome: dict[str, Any], *, dry_run: bool, json: bool) -> None:
    for heading in sheet.unread:
        print(
            f"{sheet.file}:1: {heading}: is no column of this sheet and was not read; map it to keep it",
            file=sys.stderr,
        )
    if json:
        print_json(
            {"done": True, "table": table, "dry_run": dry_run, "not_read": list(sheet.unread), **outcome}
        )
        return
    skipped = f", {outcome['skipped']} known already" if outcome.get("skipped") else ""
    print(f"{sheet.file}: {outcome['count']} {table} {'could be' if dry_run else 'were'} imported{skipped}")


def export(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="needs, organisations, bids, results or projects")
    ],
    out: Out,
    lang: Lang = "zh-Hans",
    home: Home = None,
    person: Annotated[
        str, typer.Option("--as", help="Who reads, by e-mail address; the public if left out.")
    ] = "",
    call: Annotated[str, typer.Option(help="Number of the call; every call if left out.")] = "",
    json: AsJson = False,
) -> None:
    """Write what a person may read as a sheet with the office's headings: needs, organisations, bids, results, projects.

    Example: jiebang sheet export results --out roster.xlsx --lang zh-Hans --home DIR --as officer@example.org
    """
    from jiebang.adapters.spreadsheets import TABLES, headings_of

    _one_of("TABLE", table, TABLES)
    _one_of("--lang", lang, LANGUAGES)
    kind = _kind(out)
    open_home(home)
    from jiebang.adapters import sheet_files
    from jiebang.records import rosters
    from jiebang.records.access import Reader
    from jiebang.records.people.roles import STAFF
    from jiebang.records.programme.queries import current_rulebook, now, rulebook

    reader = Reader(person=_person(person) if person else None, at=now())
    opened = _call(call) if call else None
    if table == "organisations" and not reader.roles & STAFF:
        raise _fault("--as", "only the office reads the register of organisations; name an officer")
    rows = list(rosters.rows(table, reader=reader, call=opened, lang=lang))
    book = rulebook(opened.rulebook_id) if opened else current_rulebook()
    extra = rosters.extra_columns(reader=reader) if table == "organisations" else []
    names = headings_of(cast("TableName", table), book=book, lang=lang, extra=extra)
    data = sheet_files.write_sheet(kind, headings=names, rows=rows)
    _write(out, data)
    print_json({"out": str(out), "rows": len(rows)}) if json else print(f"{out}: {len(rows)} {table}")


def template(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="needs or organisations")],
    out: Annotated[Path, typer.Option(help="The file to write; it ends in .xlsx.")],
    lang: Lang = "zh-Hans",
    home: Home = None,
) -> None:
    """Write an empty sheet to hand out: headings, a row of help, and lists to choose from.

    Example: jiebang sheet template needs --lang zh-Hans --out needs.xlsx --home DIR
    """
    _one_of("TABLE", table, IMPORTED)
    _one_of("--lang", lang, LANGUAGES)
    if _kind(out) != "xlsx":
        raise _fault("--out", "a template is an .xlsx; only that holds lists to choose from")
    open_home(home)
    from jiebang.adapters import sheet_files
    from jiebang.records.programme.queries import current_rulebook

    _write(out, sheet_files.blank(cast("TableName", table), book=current_rulebook(), lang=lang))
    print(out)


def _read(spreadsheets: Any, table: str, file: Path, mapping: Path | None, call: "Call | None") -> "Sheet":
    from jiebang.adapters.sheet_mapping import Mapping, read_mapping
    from jiebang.records.programme.queries import rulebook

    chosen = read_mapping(mapping) if mapping else Mapping()
    if isinstance(chosen, list):
        raise Malformed(chosen)
    book = rulebook(call.rulebook_id) if call else None
    sheet: Sheet = spreadsheets.read_sheet(file, table=table, book=book, mapping=chosen)
    if not sheet.whole:
        raise Malformed(sheet.faults)
    return sheet


def _perform(table: str, sheet: "Sheet", who: "User", lang: str, dry_run: bool, more: dict[str, Any]) -> Any:
    """What the import answers, or the reasons against it; nothing is tried when the file itself is faulty."""
    from jiebang.operations.imports import rehearse
    from jiebang.operations.registry import Refused, perform
    from jiebang.records.programme.queries import now

    rows = [dict(row) for row in sheet.rows]
    if dry_run or sheet.faults:
        found = rehearse(table, rows, now=now(), lang=lang, **more)
        if found.reasons or sheet.faults:
            return found.reasons
        return {"count": found.count, "skipped": found.skipped}
    params = {"rows": rows, "lang": lang, **more}
    outcome = perform(f"import_{table}", by=who, now=now(), key=str(uuid.uuid4()), params=params)
    return outcome.reasons if isinstance(outcome, Refused) else dict(outcome.answer)


def _wrong(faults: list[Fault], *, json: bool) -> int:
    if not json:
        raise Malformed(faults)
    said = [{"file": f.file, "line": f.line, "field": f.field, "message": f.message} for f in faults]
    print_json({"done": False, "faults": said})
    return THEIRS


def _person(email: str) -> "User":
    from jiebang.records.people.queries import person_by_email

    found = person_by_email(email)
    if found is None:
        raise _fault("--as", f"nobody here has the address {email}")
    return found


def _call(number: str) -> "Call":
    from jiebang.records.programme.queries import calls

    found = calls().filter(number=number).first()
    if found is None:
        known = ", ".join(calls().values_list("number", flat=True)) or "none"
        raise _fault("--call", f"there is no call `{number}`; there are: {known}")
    return found


def _kind(out: Path) -> str:
    kind = out.suffix.lower().removeprefix(".")
    if kind not in ("xlsx", "csv"):
        raise _fault("--out", f"{out} ends in neither .xlsx nor .csv")
    return kind


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        raise _fault("--out", f"{out} cannot be written ({error.strerror})") from None


def _one_of(field: str, value: str, known: Any) -> None:
    if value not in known:
        raise _fault(field, f"`{value}` is none of: {', '.join(known)}")


def _language(field: str, tag: str) -> None:
    import re

    from jiebang.rules.form_values import LANGUAGE

    if tag and not re.fullmatch(LANGUAGE, tag):
        raise _fault(field, f"`{tag}` is no language tag; write such as zh-Hans, en or lo")


def _fault(field: str, message: str) -> Malformed:
    return Malformed([Fault("sheet", None, field, message)])
