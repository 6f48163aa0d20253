"""Spreadsheets in and out with the office's headings: what is understood, what is refused, what no program can run."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

import factories as f
from jiebang.adapters.sheet_files import blank, write_sheet
from jiebang.adapters.sheet_mapping import Mapping, read_mapping
from jiebang.adapters.spreadsheets import Sheet, columns_of, headings_of, read_sheet, told
from jiebang.decisions.cells import harmless, is_formula, lei_is_valid, plain_text
from jiebang.rules.reasons import Reason

ROWS = [
    {"id": "N1", "title": "=cmd()", "owner": "流明港务局", "budget": Decimal("125000.50"), "duration_months": 3},
    {"id": "007", "title": "-- second", "owner": "Lumen Port", "budget": None},
]  # fmt: skip


def read(path: Path, data: bytes | str, *, table: str = "needs", **more: object) -> Sheet:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_sheet(path, table=table, book=f.guangxi(), **more)  # type: ignore[arg-type]


def names(lang: str) -> dict[str, str]:
    return headings_of("needs", book=f.guangxi(), lang=lang)


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_comes_back_as_it_went_out_in_either_language(tmp_path: Path, lang: str, kind: str) -> None:
    sheet = read(tmp_path / f"n.{kind}", write_sheet(kind, headings=names(lang), rows=ROWS))
    assert sheet.whole
    assert (sheet.faults, sheet.unread) == ((), (names(lang)["owner_name"], names(lang)["state"]))
    assert [row["line"] for row in sheet.rows] == [2, 3]
    assert [row["id"] for row in sheet.rows] == ["N1", "007"]
    assert Decimal(str(sheet.rows[0]["budget"])) == Decimal("125000.5")
    assert [plain_text(str(row["title"])) for row in sheet.rows] == ["=cmd()", "-- second"]


def test_nothing_in_a_file_can_run() -> None:
    evil = ["=1+1", "+1", "-1", "@A", "\t=1", "\r=1", "'=1", "@SUM(A1)"]
    data = write_sheet("csv", headings={"a": "=A()"}, rows=[{"a": text} for text in evil])
    cells = [row[0] for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    assert all(cell.startswith("'") for cell in cells), cells
    book = load_workbook(
        io.BytesIO(write_sheet("xlsx", headings={"a": "A"}, rows=[{"a": text} for text in evil]))
    )
    assert book.active is not None
    assert {cell.data_type for cell in book.active["A"]} == {"s"}
    assert book.active["A2"].value == "'=1+1"


@given(st.text(max_size=20), st.booleans())
def test_a_text_made_harmless_is_no_formula_and_comes_back(text: str, typed: bool) -> None:
    cell = harmless(text, typed=typed)
    assert not is_formula(cell)
    if not typed:
        assert plain_text(cell) == text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_characters_that_no_sheet_holds_are_left_out(kind: str) -> None:
    assert write_sheet(kind, headings={"a": "A"}, rows=[{"a": "x\x0by\x07"}])


def test_own_headings_other_names_and_facts(tmp_path: Path) -> None:
    sheet = read(tmp_path / "n.csv", "课题名称,出题方,金额,Sea level\n潮汐,流明,12.5万,3\n")
    assert sheet.rows == ({"line": 2, "title": "潮汐", "owner": "流明", "budget": "12.5万"},)
    assert sheet.unread == ("Sea level",)
    text = "单位名称,单位名称 [th],类型,Country,facts.sectors\nLumen,ลูเมน,高校,TH,port\n"
    sheet = read(tmp_path / "o.csv", text, table="organisations")
    assert sheet.rows == (
        {
            "line": 2,
            "name": "Lumen",
            "name [th]": "ลูเมน",
            "type": "高校",
            "country": "TH",
            "facts.sectors": "port",
        },
    )


def test_a_mapping_reads_another_table(tmp_path: Path) -> None:
    mapping = Mapping(
        columns={"who": "owner"}, first_of={"title": ["long", "short"]}, constants={"sector": "渔业"}
    )
    sheet = read(tmp_path / "n.csv", "short,long,who\na,,L\nb,bb,L\n", mapping=mapping)
    assert [(row["title"], row["owner"], row["sector"]) for row in sheet.rows] == [
        ("a", "L", "渔业"),
        ("bb", "L", "渔业"),
    ]
    assert sheet.unread == ()
    absent = read(tmp_path / "m.csv", "short,who\na,L\n", mapping=mapping)
    assert [fault.field for fault in absent.faults] == ["long"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("columns: {a: b}", "format"), ("[1", "YAML"), ("format: other/1", "sheet-mapping/1"),
        ("format: jiebang-sheet-mapping/1\ncolumns: {a: name}\nconstants: {name: x}", "given twice"),
        ("format: jiebang-sheet-mapping/1\nrename: {}", "rename"),
    ],
)  # fmt: skip
def test_a_faulty_mapping_is_told(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    found = read_mapping(path)
    assert isinstance(found, list)
    assert any(expected in str(fault) for fault in found), found
    assert isinstance(read_mapping(tmp_path / "absent.yaml"), list)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty"), ("标题,需求方\n".encode("gb18030"), "GB18030"), ("a,b".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04broken", "not a spreadsheet"), (b"%PDF-1.7", "a PDF"), (b"\xd0\xcf\x11\xe0old", "workbook"),
        ("id\nN1\n", "is required"), ("title,Title,owner\na,b,c\n", "two headings"), ('title,owner\n"a,b\n', "valid CSV"),
        ("title,,owner\na,b,c\n", "no heading"), (b"title,owner\na,\0\n", "zero byte"),
    ],
)  # fmt: skip
def test_files_of_the_wrong_kind_are_told(tmp_path: Path, data: bytes | str, expected: str) -> None:
    sheet = read(tmp_path / "n.csv", data)
    assert not sheet.whole
    assert any(expected in str(fault) for fault in sheet.faults), sheet.faults


def test_a_formula_is_told_once_beside_what_else_is_wrong(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (
        ["编号", "需求名称", "需求单位", "预算金额"],
        ["N1", "x", "o", "=1+1"],
        ["N2", "x", "o", "-3"],
    ):
        book.active.append(row)
    path = tmp_path / "n.xlsx"
    book.save(path)
    sheet = read_sheet(path, table="needs", book=f.guangxi())
    said = [
        Reason("sheet.formula", {"row": 2, "field": "budget"}),
        Reason("money.negative", {"row": 3, "field": "budget", "text": "-3"}),
    ]
    found = told(sheet, said)
    assert [(fault.line, fault.field) for fault in found] == [(2, "预算金额"), (3, "预算金额")]
    assert "formula" in found[0].message
    assert "“-3”" in found[1].message


def test_too_many_cells_and_the_row_of_help(tmp_path: Path) -> None:
    sheet = read(tmp_path / "n.csv", "title,owner\n※ help,me\na,b\nc,d,e\n")
    assert [row["title"] for row in sheet.rows] == ["a", "c"]
    assert [(fault.line, fault.field) for fault in sheet.faults] == [(4, "row")]


@pytest.mark.parametrize(
    ("lang", "heading", "label"), [("zh-Hans", "需求单位", "渔业"), ("en", "Demand owner", "Fishery")]
)
def test_a_template_has_headings_help_and_lists(tmp_path: Path, lang: str, heading: str, label: str) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(blank("needs", book=f.guangxi(), lang=lang))
    book = load_workbook(path)
    sheet = book["needs"]
    assert heading in [cell.value for cell in sheet[1]]
    assert sheet["A2"].value.startswith("※ ")
    labels = {cell.value for row in book["options"].iter_rows() for cell in row}
    assert label in labels
    assert book["options"].sheet_state == "hidden"
    assert len(sheet.data_validations.dataValidation) == 5
    empty = read_sheet(path, table="needs", book=f.guangxi())
    assert (empty.whole, empty.rows, empty.unread, empty.faults) == (True, (), (), ())


def test_every_question_of_the_form_is_a_column() -> None:
    form = f.guangxi().forms["need"].fields
    assert set(form) <= set(columns_of("needs", book=f.guangxi()))
    assert "title" in columns_of("needs")


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=18, max_size=18), st.integers(0, 17))
def test_check_digits_find_every_digit_or_letter_that_is_another(body: str, at: int) -> None:
    rest = int("".join(str(int(sign, 36)) for sign in body + "00")) % 97
    code = f"{body}{98 - rest:02d}"
    assert lei_is_valid(code)
    wrong = "0123456789"[int(code[at]) - 1] if code[at].isdigit() else "AB"[code[at] == "A"]
    assert not lei_is_valid(code[:at] + wrong + code[at + 1 :])


def test_what_is_no_lei() -> None:
    assert not any(
        map(lei_is_valid, ("", "ABC", "5493001kjtiigc8y1r12", "5493001KJTIIGC8Y1RÄ2", "5493001KJTIIGC8Y1RXX"))
    )
