"""Forms of any rulebook: what is shown and sent back unchanged is the same content; what is typed wrong is kept."""

from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

import factories as f
from jiebang.decisions.cells import read_answer
from jiebang.rules.forms import check_content
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.acting import bound
from jiebang.web.forms.faults import at_inputs, wrong
from jiebang.web.forms.parts import Group, Upload, Words
from jiebang.web.forms.reading import number, read
from jiebang.web.forms.showing import Sheet, questions

SHIPPED = sorted(
    path.name for path in resources.files("jiebang.rulebooks").iterdir() if path.name.endswith(".yaml")
)
BID: dict[str, Any] = {
    "title": f.statement("Máy đọc", lang="vi", en="A reading machine", zh="识别机"),
    "approach": "Plain text without a language",
    "promises": {"I1": 2.5},
    "lead_person": f.statement("Person"),
    "modes": ["collaborative_rd", "personnel_training"],
    "amount": {"amount": "900000.50", "currency": "CNY"},
    "duration_months": 11,
    "milestones": [
        {"id": "M1", "title": {"lang": "zh-Hans", "text": "试验"}, "month": 3, "share": 0.35},
        {
            "id": "M2",
            "title": {"lang": "zh-Hans", "text": "应用"},
            "month": 9,
            "share": 0.65,
            "deliverable": "报告",
        },
    ],
}


def inputs(parts: Any) -> Iterator[tuple[str, str]]:
    """What a browser sends of these parts when nothing is touched."""
    for part in parts:
        if isinstance(part, Words):
            yield from inputs([part.field, *part.extras])
        elif isinstance(part, Upload):
            continue
        elif isinstance(part, Group):
            yield from inputs([*part.before, *part.fields])
            if part.add:
                yield f"{part.name}.rows", str(len(part.entries))
            for place, entry in enumerate(part.entries):
                yield f"{part.name}.{place}.id", entry.key
                yield from inputs(entry.fields)
        elif isinstance(part, c.Field):
            if part.options:
                chosen = [option.value for option in part.options if option.chosen]
                first = [part.options[0].value] if part.kind == "select" else []
                yield from ((part.name, value) for value in chosen or first)
            else:
                yield part.name, part.value


def sent(parts: Any) -> QueryDict:
    """The same as Django reads it."""
    query = QueryDict(mutable=True)
    for name, value in inputs(parts):
        query.appendlist(name, value)
    return query


def again(form: str, content: dict[str, Any], book: Rulebook) -> dict[str, Any]:
    fields = book.forms[form].fields  # type: ignore[index]
    parts = questions(fields, Sheet(book=book, content=content, indicators=f.INDICATORS))
    return read(fields, sent(parts), old=content, book=book)


def plain(value: Any) -> Any:
    """Without empty translations, which mean the same as none."""
    if isinstance(value, dict):
        return {
            key: plain(item)
            for key, item in value.items()
            if not (key == "translations" and not item) and key != "prevails"
        }
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("form", "content"), [("need", f.content()), ("bid", BID), ("need", {}), ("bid", {})]
)
def test_a_page_that_is_sent_back_untouched_changes_nothing(form: str, content: dict[str, Any]) -> None:
    back = plain(again(form, content, f.guangxi()))
    for name in content:
        if isinstance(content[name], str) and isinstance(back[name], dict):
            back[name] = back[name]["text"]  # a text without a language gets one
    assert back == plain(content)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_form_of_every_shipped_rulebook_can_be_shown_and_read(name: str) -> None:
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in resources.files("jiebang.rulebooks").iterdir()
        if path.name in SHIPPED
    }
    parents = {path.removesuffix(".yaml"): text for path, text in texts.items()}
    book = load(texts[name], parents=parents)
    assert isinstance(book, Rulebook), book
    for form in book.forms:
        assert again(form, {}, book) == {}


def test_what_cannot_be_understood_is_kept_and_told_at_its_input() -> None:
    book = f.guangxi()
    fields = book.forms["need"].fields
    typed = QueryDict(mutable=True)
    typed.update(
        {"duration_months": "twelve", "budget": "-5", "indicators.rows": "1", "indicators.0.name": "Errors"}
    )
    typed.update({"indicators.0.threshold": "about 3", "title": "x" * 130, "title.lang": "en"})
    content = read(fields, typed, old={}, book=book)
    assert content["duration_months"] == "twelve"
    assert content["indicators"][0]["threshold"] == "about 3"
    found = wrong(book.forms["need"], content, book=book, complete=False)
    parts = questions(fields, Sheet(book=book, content=content))
    assert {"duration_months", "budget", "indicators.0.threshold", "title"} <= set(at_inputs(found, parts))


def test_a_removed_row_is_gone_and_the_others_keep_their_ids_and_translations() -> None:
    book, rows = f.guangxi(), [*f.INDICATORS, {**f.INDICATORS[0], "id": "I2", "name": "Speed"}]
    fields = {"indicators": book.forms["need"].fields["indicators"]}
    typed = sent(questions(fields, Sheet(book=book, content={"indicators": rows})))
    typed["remove"] = "indicators.1"
    assert read(fields, typed, old={"indicators": rows}, book=book) == {"indicators": f.INDICATORS}


def test_translations_typed_stand_beside_the_original() -> None:
    book = f.guangxi()
    fields = {"title": book.forms["need"].fields["title"]}
    typed = QueryDict(mutable=True)
    typed.update({"title": "ກ້ວຍ", "title.lang": "lo", "title.newlang": "en", "title.new": "Banana"})
    content = read(fields, typed, old={}, book=book)
    assert content == {
        "title": {"lang": "lo", "text": "ກ້ວຍ", "translations": {"en": {"text": "Banana", "by": "human"}}}
    }
    assert check_content("need", content, rulebook=book, complete=False) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1,000,000", 1000000), ("１２", 12), ("๑๒.๕", 12.5), ("900 000", 900000), ("2,5", "2,5"), ("", ""), ("1e9", "1e9"),
     ("125 万", 1250000), ("1.2亿", 120000000), ("1'000", 1000), ("nan", "nan"), ("-3", -3), ("0.1", 0.1),
     ("123456789012345.123456789", "123456789012345.123456789")],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed: str, meant: object) -> None:
    assert number(typed) == meant


@given(st.from_regex(r"-?[0-9๑๒.,' 万亿]{1,12}", fullmatch=True))
def test_a_page_reads_a_number_as_a_sheet_does(typed: str) -> None:
    book = f.guangxi()
    field = book.forms["need"].fields["duration_months"]
    assert number(typed) == read_answer(typed, field, rulebook=book)


def test_an_amount_in_units_of_ten_thousand_is_taken() -> None:
    book = f.guangxi()
    typed = QueryDict("budget=125 万")
    fields = {"budget": book.forms["need"].fields["budget"]}
    assert read(fields, typed, old={}, book=book) == {"budget": {"amount": "1250000", "currency": "CNY"}}


@given(st.text(max_size=40))
def test_no_typed_number_breaks_the_reading(typed: str) -> None:
    value = number(typed)
    assert (
        isinstance(value, int | float)
        or value == typed.strip()
        or value.strip("+-").replace(".", "").isdecimal()
    )


@pytest.mark.django_db
def test_a_change_saves_itself_and_a_row_is_added_without_javascript() -> None:
    board = f.board()
    need = f.need(call=board.call, owner=board.owner.party, stage="draft", content={})
    client = Client()
    client.force_login(board.owner_person)
    where = f"/needs/{need.number}/edit/problem/"
    answer = client.post(where, {"title": "Wilt", "title.lang": "en"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert b'id="saved"' in answer.content
    row = {
        "indicators.rows": "1",
        "indicators.lang": "en",
        "indicators.0.name": "Errors",
        "add": "indicators",
    }
    added = client.post(where, row)
    assert added["Location"].endswith("?add=indicators#id_indicators.1")
    page = client.get(added["Location"].split("#")[0]).content.decode()
    assert 'name="indicators.1.name"' in page
    need.refresh_from_db()
    assert need.content["title"]["text"] == "Wilt"
    assert need.content["indicators"][0]["name"] == {"lang": "en", "text": "Errors"}


@pytest.mark.parametrize(
    ("typed", "box", "ticked"), [("", "1", ["a"]), ("name=x", "", []), ("name=x&box=1&some=b", "1", ["b"])]
)
def test_a_box_that_was_unticked_stays_so_after_a_refusal(typed: str, box: str, ticked: list[str]) -> None:
    options = [c.Option(value="a", label="A", chosen=True), c.Option(value="b", label="B")]
    fields = [
        c.Field(name="box", label="Box", kind="checkbox", value="1"),
        c.Field(name="some", label="Some", kind="checkboxes", options=options),
    ]
    one, many = bound(fields, QueryDict(typed))
    assert (one.value, [item.value for item in many.options if item.chosen]) == (box, ticked)
