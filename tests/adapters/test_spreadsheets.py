"""Spreadsheets in and out with the office's headings, and organisations out of public registries."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from jiebang.adapters.spreadsheets import Sheet, headings, lei_is_valid, read_sheet, write_csv, write_xlsx
from jiebang.rules.faults import Fault

REGISTRY = Path(__file__).parents[3] / "shared" / "data" / "registry"
NEEDS = [
    {"id": "N1", "title": "=cmd()", "owner": "流明港务局", "country": "LA", "sector": "logistics",
     "indicators": ["a", "b"], "budget": Decimal("125000.50"), "currency": "CNY", "deadline": date(2027, 1, 31)},
    {"id": "007", "title": "-- second", "owner": "Lumen Port", "budget": None},
]  # fmt: skip


def read(path: Path, data: bytes | str, **more: object) -> Sheet | list[Fault]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_sheet(path, table="needs", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_a_workbook_comes_back_as_it_went_out_in_either_language(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "needs.xlsx"
    path.write_bytes(write_xlsx("needs", NEEDS, lang=lang))
    sheet = load_workbook(path).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(headings("needs", lang=lang).values())
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", "=cmd()")
    assert sheet["A3"].value == "007"
    assert sheet["H2"].value == pytest.approx(125000.5)


def test_a_csv_comes_back_and_holds_no_formula(tmp_path: Path) -> None:
    data = write_csv("needs", NEEDS, lang="zh-Hans")
    assert data.startswith(b"\xef\xbb\xbf\xe7\xbc\x96")
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert [row[1] for row in rows[1:]] == ["'=cmd()", "'-- second"]
    found = read(tmp_path / "needs.csv", data)
    assert isinstance(found, Sheet), found
    assert found.rows[0]["budget"] == Decimal("125000.50")
    assert found.rows[0]["deadline"] == date(2027, 1, 31)
    assert (found.rows[1]["id"], found.rows[1]["title"]) == ("007", "'-- second")


def test_own_headings_and_own_columns(tmp_path: Path) -> None:
    found = read(tmp_path / "n.csv", "课题名称,出题方,金额,Sea level\n潮汐,流明,12.5万,3\n")
    assert isinstance(found, Sheet), found
    assert found.rows == (
        {"title": "潮汐", "owner": "流明", "budget": Decimal(125000), "facts": {"Sea level": "3"}},
    )
    assert found.unread == ("Sea level",)
    mapped = read(
        tmp_path / "m.csv", "Subject,Who\nTides,Lumen\n", mapping={"Subject": "title", "Who": "owner"}
    )
    assert isinstance(mapped, Sheet), mapped
    assert mapped.rows[0]["owner"] == "Lumen"


def test_every_fault_at_once(tmp_path: Path) -> None:
    text = "id,title,owner,budget,country,deadline\nN1,,o,-1,Atlantis,soon\nN1,=x,o,1,LA,2027-01-01\nN2,a,o,1,LA,2027-01-01,9\n"
    found = read(tmp_path / "n.csv", text)
    assert isinstance(found, list)
    assert [(fault.line, fault.field) for fault in found] == [
        (2, "budget"), (2, "country"), (2, "deadline"), (2, "title"), (3, "title"), (3, "id"), (4, "row"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty"), ("标题,需求方\n".encode("gb18030"), "GB18030"), (b"PK\x03\x04broken", "not a round bundle"),
        ("id\nN1\n", "is required"), ("title,Title,owner\na,b,c\n", "two headings"), ('title,owner\n"a,b\n', "valid CSV"),
    ],
)  # fmt: skip
def test_files_of_the_wrong_kind_are_told(tmp_path: Path, data: bytes | str, expected: str) -> None:
    found = read(tmp_path / "n.csv", data)
    assert isinstance(found, list)
    assert any(expected in str(fault) for fault in found), found


def test_a_formula_in_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "needs.xlsx"
    path.write_bytes(write_xlsx("needs", NEEDS[1:], lang="en"))
    book = load_workbook(path)
    assert book.active is not None
    book.active["H2"] = "=1+1"
    book.save(path)
    found = read_sheet(path, table="needs")
    assert isinstance(found, list)
    assert [(fault.line, fault.field) for fault in found] == [(2, "Budget")]


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


@pytest.mark.skipif(
    not REGISTRY.is_dir(), reason="the registries are not beside the repository (../shared/data)"
)
def test_organisations_come_in_from_public_registries() -> None:
    companies = read_sheet(
        REGISTRY / "lei_cn_asean.csv", table="organisations", defaults={"type": "enterprise"}
    )
    assert isinstance(companies, Sheet), companies[:5]
    assert len(companies.rows) == 5329
    assert Counter(lei_is_valid(str(row["id"])) for row in companies.rows)[False] == 0
    universities = read_sheet(
        REGISTRY / "universities_cn_asean.csv", table="organisations", defaults={"type": "university"}
    )
    assert isinstance(universities, Sheet), universities[:5]
    assert len(universities.rows) == 2235
    assert {row["type"] for row in universities.rows} == {"university"}
    assert [row["id"] for row in universities.rows if "name" not in row] == ["ispsc.edu.ph"]
