"""Round bundles: every way to hand one in, and every fault at once with what would be right."""

import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from jiebang.adapters.bundles import read_bundle
from jiebang.decisions.bundle import Bundle

FILES = {
    "bundle.yaml": "format: jiebang-round/1\ntimezone: Asia/Shanghai\ncurrency: CNY\n",
    "challenges.csv": "id,title,budget,closes_at\nC1,One,100,2026-06-30\n",
    "bids.csv": "id,challenge,lead,amount,submitted_at,river\nb1,C1,o1,50,2026-06-01 09:30,Lumen\nb2,C1,,,,\n",
    "organisations.csv": "id,name,country,region,registered_on\no1,Harbour Lab,XB,XB-01,2020/1/31\n",
    "tallies.csv": "bid,name,value\nb1,votes,12\n",
}


def write(folder: Path, **changes: str | bytes | None) -> Path:
    files: dict[str, str | bytes | None] = {**FILES, **{_name(key): value for key, value in changes.items()}}
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def _name(key: str) -> str:
    return "bundle.yaml" if key == "manifest" else f"{key}.csv"


def good(path: Path) -> Bundle:
    found = read_bundle(path)
    assert isinstance(found, Bundle), [str(fault) for fault in found]
    return found


def bad(path: Path) -> list[str]:
    found = read_bundle(path)
    assert isinstance(found, list), "no fault was found"
    return [str(fault).removeprefix(f"{path}/").removeprefix(str(path)) for fault in found]


def zipped(path: Path, files: dict[str, str], prefix: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(prefix + name, text)
    return path


def workbook(path: Path, files: dict[str, str] = FILES) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, text in files.items():
        sheet = book.create_sheet(name.removesuffix(".csv").removesuffix(".yaml"))
        for line in text.splitlines():
            sheet.append(line.split(": ") if name == "bundle.yaml" else line.split(","))
    book.save(path)
    return path


def test_a_folder_a_zip_and_a_workbook_hold_the_same_round(tmp_path: Path) -> None:
    folder = good(write(tmp_path / "round"))
    packed = good(zipped(tmp_path / "a.zip", dict(reversed(FILES.items()))))
    wrapped = good(zipped(tmp_path / "b.zip", FILES, prefix="my round/"))
    sheets = good(workbook(tmp_path / "c.xlsx"))
    assert folder.digest == packed.digest == wrapped.digest == sheets.digest
    assert folder.bids == packed.bids == wrapped.bids == sheets.bids


def test_what_is_read(tmp_path: Path) -> None:
    bundle = good(write(tmp_path / "round", bids=b"\xef\xbb\xbf" + FILES["bids.csv"].encode()))
    first, second = bundle.bids
    assert first.amount == Decimal(50)
    assert first.submitted_at is not None
    assert first.submitted_at.isoformat() == "2026-06-01T09:30:00+08:00"
    assert first.facts == {"river": "Lumen", "votes": Decimal(12)}
    assert (second.lead, second.amount, second.facts) == (None, None, {})
    assert bundle.challenges[0].currency == "CNY"
    assert bundle.latest is not None
    assert bundle.latest.isoformat() == "2026-07-01T00:00:00+08:00"
    assert {"bids.river", "organisations.registered_on", "tallies"} <= bundle.carried


def test_an_offices_own_headings_and_file_names_work_unchanged(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "round",
        manifest=FILES["bundle.yaml"]
        + "files: {bids: 揭榜书.csv}\n"
        + "columns:\n  bids: {编号: id, 榜题: challenge, lead: 牵头单位, 金额: amount}\n",
        bids=None, tallies=None,
    )  # fmt: skip
    (folder / "揭榜书.csv").write_text(
        "编号,榜题,牵头单位,金额,备注\nb1,C1,o1,12.5万,急\n", encoding="utf-8-sig"
    )
    (found,) = good(folder).bids
    assert (found.id, found.lead, found.amount, found.facts) == ("b1", "o1", Decimal(125000), {"备注": "急"})


def test_own_columns_are_numbers_only_where_every_cell_is_one(tmp_path: Path) -> None:
    bids = "id,challenge,votes,code,mixed,ready\nb1,C1,12,007,3,true\nb2,C1,1.5,008,x,false\n"
    first, second = good(write(tmp_path / "round", bids=bids, tallies=None)).bids
    assert first.facts == {"votes": Decimal(12), "code": "007", "mixed": "3", "ready": True}
    assert second.facts["mixed"] == "x"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31", "9999年12月31日"])
def test_a_day_that_no_round_has_is_a_fault(tmp_path: Path, day: str) -> None:
    files = {
        "bids": f"id,challenge,submitted_at\nb1,C1,{day}\n", "challenges": f"id,opens_at,closes_at\nC1,{day},{day}\n",
    }  # fmt: skip
    found = bad(write(tmp_path / "round", reviews=None, tallies=None, members=None, **files))
    places = ("bids.csv:2: submitted_at:", "challenges.csv:2: opens_at:", "challenges.csv:2: closes_at:")
    assert all(
        any(line.startswith(place) and "is not a time" in line for line in found) for place in places
    ), found


def test_all_faults_come_at_once_with_line_field_and_remedy(tmp_path: Path) -> None:
    bids = (
        "id,challenge,lead,amount,submitted_at\n"
        "b1,C1,o1,-5,2026-06-01\n"
        "b1,C9,o9,NaN,31/02/2026\n"
        '"b3",C1,o1,"1,25",2026-02-30\n'
        ",C1,o1,1e9,\n"
        "b5 ,C1,o1,5,\n"
        "b6,C1,=HYPERLINK(1),5,\n"
        "b7,C1\n"
    )
    tallies = "bid,name,value\nb1,votes,12\nb1,votes,13\nb99,votes,x\n"
    found = bad(write(tmp_path / "round", bids=bids, tallies=tallies))
    expected = [
        ("bids.csv:2: amount:", "negative"), ("bids.csv:3: amount:", "not an amount"),
        ("bids.csv:3: id:", "already stands in line 2"),
        ("bids.csv:3: challenge:", "`C9` is not in"), ("bids.csv:3: lead:", "`o9` is not in"),
        ("tallies.csv:4: bid:", "`b99` is not in"),
        ("bids.csv:3: submitted_at:", "is not a time"), ("bids.csv:4: amount:", "separators"),
        ("bids.csv:4: submitted_at:", "is not a day"), ("bids.csv:5: id:", "is blank"),
        ("bids.csv:5: amount:", "exponent"), ("bids.csv:6: id:", "write 'b5'"), ("bids.csv:7: lead:", "formula"),
        ("bids.csv:8: row:", "2 cells under 5 headings"), ("tallies.csv:3: name:", "already stands in line 2"),
        ("tallies.csv:4: value:", "is not a number"),
    ]  # fmt: skip
    for where, what in expected:
        assert any(line.startswith(where) and what in line for line in found), (where, what, found)
    assert len(found) == len(expected)


def test_references_lead_somewhere_and_a_row_with_another_fault_still_counts_as_there(tmp_path: Path) -> None:
    bids = "id,challenge,lead,amount\nb1,C2,o1,5\nb2,C1,oo1,5\nb3,C1,o1,-1\n"
    members = "bid,organisation\nb3,o1\nb4,o7\n"
    found = bad(write(tmp_path / "round", bids=bids, members=members, tallies=None))
    assert [line.split(": `")[0] for line in found if "is not in" in line] == [
        "bids.csv:2: challenge", "bids.csv:3: lead", "members.csv:3: bid", "members.csv:3: organisation",
    ]  # fmt: skip
    assert any("did you mean `o1`" in line for line in found)
    unchecked = "id,challenge,lead\nb1,C1,anybody\n"
    assert good(write(tmp_path / "free", bids=unchecked, organisations=None)).organisations is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"bids": "标题,编号\n揭榜,1\n".encode("gb18030")},
            "bids.csv:1: encoding: is not UTF-8 (it reads as GB18030",
        ),
        ({"bids": "id,challenge\n".encode("utf-16")}, "bids.csv:1: encoding: is UTF-16"),
        ({"bids": b"id,challenge\nb1,C1\nb\xff2,C1\n"}, "bids.csv:3: encoding: is not UTF-8; save"),
        ({"bids": b"PK\x03\x04rest"}, "bids.csv:1: file: is a workbook or an archive"),
        ({"bids": b"id,challenge\nb\x001,C1\n"}, "bids.csv:2: file: contains a zero byte"),
        ({"bids": ""}, "bids.csv:1: file: is empty"),
        ({"bids": "id,challenge\n"}, "bids.csv:1: file: has headings and no row"),
        ({"bids": "id;challenge\nb1;C1\n"}, "separate the columns with commas"),
        ({"bids": "id,challenge,id\nb1,C1,b1\n"}, "bids.csv:1: id: stands twice"),
        ({"bids": "id,challenge,,x\nb1,C1,1,2\n"}, "bids.csv:1: column 3: has no heading"),
        ({"bids": 'id,challenge\n"b1,C1\n'}, "file: is not valid CSV here"),
        ({"bids": None}, "bids.csv:1: file: is missing"),
        ({"manifest": None}, "bundle.yaml:1: file: is missing"),
        ({"manifest": ""}, "bundle.yaml:1: format: is missing"),
        ({"manifest": "format: other/1\n"}, "bundle.yaml:1: format: is `other/1`"),
        ({"manifest": "format: jiebang-round/1\ntimezone: Nowhere/City\n"}, "bundle.yaml:2: timezone:"),
        ({"manifest": "format: jiebang-round/1\ncolums: {}\n"}, "bundle.yaml:2: colums: is not a key"),
        ({"manifest": "format: [\n"}, "YAML"),
        (
            {"manifest": "format: jiebang-round/1\ncolumns: {bids: {id: 编号}}\n"},
            "is mapped in bundle.yaml, and no column",
        ),
        (
            {"memebrs": "bid,organisation\nb1,o1\n"},
            "memebrs.csv:1: file: is not read; did you mean `members.csv`?",
        ),
        ({"challenges": "id,opens_at,closes_at\nC1,2026-07-02,2026-06-30\n"}, "challenges.csv:2: closes_at:"),
        (
            {"organisations": "id,country\no1,Atlantis\n"},
            "organisations.csv:2: country: 'Atlantis' is not a country",
        ),
        ({"reviews": "bid,expert,criterion,score\nb1,e1,fit,1e999\n"}, "reviews.csv:2: score:"),
        ({"bids": "id,challenge,votes\nb1,C1,5\n"}, "tallies.csv:2: name: `votes` is also a column of bids"),
    ],
)
def test_each_kind_of_malformed_input_says_what_would_be_right(
    tmp_path: Path, change: dict[str, str | bytes | None], expected: str
) -> None:
    found = bad(write(tmp_path / "round", **change))
    assert any(expected in line for line in found), found


def test_a_workbook_with_formulas_is_refused_and_its_numbers_are_read_as_typed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    from openpyxl import load_workbook

    book = load_workbook(path)
    book["bids"]["D2"] = 50
    book["bids"]["A2"] = 101
    book["tallies"]["A2"] = 101
    book.save(path)
    first = good(path).bids[0]
    assert (first.id, first.amount) == ("101", Decimal(50))
    book["bids"]["D2"] = "=1+1"
    book["challenges"]["C2"] = "#REF!"
    book.save(path)
    found = bad(path)
    assert any(line.startswith("bids:2: amount: holds a formula") for line in found), found
    assert any(line.startswith("challenges:2: budget: holds the error") for line in found), found


def test_unsafe_and_broken_archives_are_refused(tmp_path: Path) -> None:
    assert "leads out of the archive" in bad(zipped(tmp_path / "a.zip", {"../evil.csv": "x", **FILES}))[0]
    assert "leads out of the archive" in bad(zipped(tmp_path / "b.zip", {"/evil.csv": "x", **FILES}))[0]
    assert "more than is safe" in bad(zipped(tmp_path / "c.zip", {**FILES, "bids.csv": "0" * 30_000_000}))[0]
    assert "100" in bad(zipped(tmp_path / "d.zip", {**FILES, **{f"{n}.txt": "" for n in range(101)}}))[0]
    broken = tmp_path / "e.zip"
    broken.write_bytes(zipped(tmp_path / "f.zip", FILES).read_bytes()[:-40])
    assert "is not a round bundle" in bad(broken)[0]
    assert "neither a folder" in bad(tmp_path / "nothing")[0]


def test_a_zip_that_lies_about_its_content_gets_an_answer(tmp_path: Path) -> None:
    buffer = io.BytesIO(zipped(tmp_path / "a.zip", FILES).read_bytes())
    data = bytearray(buffer.getvalue())
    at = data.index(b"bids.csv") + len("bids.csv") + 3
    data[at] ^= 0xFF
    path = tmp_path / "b.zip"
    path.write_bytes(data)
    assert any("cannot be read" in line for line in bad(path))


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", FILES)
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("members.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in bad(path)[0]


def test_a_lone_cell_at_the_far_end_of_a_sheet_is_told_at_once(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "challenges"
    book.active.append(["id"])
    book.active.cell(row=900_000, column=1, value="C1")
    book.save(tmp_path / "far.xlsx")
    read = read_bundle(tmp_path / "far.xlsx", timezone="UTC")
    assert isinstance(read, list)
    assert any("empty rows" in str(fault) for fault in read)


def test_a_status_of_which_nobody_could_tell_whether_it_counts_is_a_fault(tmp_path: Path) -> None:
    rows = "organisation,kind,status\no1,lab,已撤销\no1,network,Verified\no1,capability,\n"
    good(write(tmp_path / "known", evidence=rows))
    found = bad(write(tmp_path / "strange", evidence=f"{rows}o1,site,perhaps\n"))
    assert len(found) == 1
    assert found[0].startswith("evidence.csv:5: status: `perhaps`")
