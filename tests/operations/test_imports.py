"""Whole sheets as operations: all rows or none, every fault with its row, one entry of the journal for the batch."""

import hashlib
from typing import Any

import pytest

import factories as f
from jiebang.operations.imports import rehearse
from jiebang.operations.registry import Done, Refused, perform
from jiebang.records.challenges.models import Need
from jiebang.records.journal.models import JournalEntry
from jiebang.records.people.models import Organisation, Party
from jiebang.records.programme.queries import next_number
from jiebang.trust.canonical import canonical_bytes
from jiebang.trust.merkle import merkle_root

pytestmark = pytest.mark.django_db
LEI = "5493001KJTIIGC8Y1R12"
ORGANISATIONS: list[dict[str, Any]] = [
    {"line": 2, "id": "la-lumen", "name": "Lumen Institute (fictional)", "name [lo]": "ສະຖາບັນ", "type": "科研机构",
     "country": "老挝", "registered_on": "2015年4月8日", "legal_status": "独立法人", "facts.sectors": "fishery",
     "fictional": "是"},
    {"line": 3, "name": "Basalt Works (fictional)", "type": "Enterprise", "country": "cn", "region": "广西", "lei": LEI,
     "registered_on": "20190131"},
]  # fmt: skip
NEED: dict[str, Any] = {
    "line": 2, "owner": "la-lumen", "title": "[lo] ປາ\n[zh-Hans, machine] 鱼病识别", "sector": "渔业", "budget": "12.5万",
    "modes": "联合研发；Personnel training", "duration_months": "10", "problem": "Fish die.",
    "indicators": "I1 | [en] Error rate [zh-Hans] 错误率 | ≤ | 3.5 | % | 500 pages | on site | owner",
}  # fmt: skip


def act(name: str, who: Any, rows: list[dict[str, Any]], key: str = "once", **more: Any) -> Done | Refused:
    return perform(name, by=who, now=f.NOW, key=key, params={"rows": rows, **more})


def faults(outcome: Done | Refused) -> list[tuple[Any, Any, str]]:
    assert isinstance(outcome, Refused), outcome
    return [(item.params.get("row"), item.params.get("field"), item.code) for item in outcome.reasons]


@pytest.fixture
def board() -> f.Board:
    return f.board()


def test_import_organisations_reads_the_offices_words(board: f.Board) -> None:
    done = act("import_organisations", board.officer, ORGANISATIONS)
    assert isinstance(done, Done), done
    first, second = (Organisation.objects.get(party__slug=slug) for slug in ("la-lumen", LEI.lower()))
    assert (first.names, first.name) == ({"en": first.name, "lo": "ສະຖາບັນ"}, "Lumen Institute (fictional)")
    assert (first.type, first.country, str(first.registered_on)) == ("research_institute", "LA", "2015-04-08")
    assert (first.legal_status, first.facts, first.fictional) == ("independent", {"sectors": "fishery"}, True)
    assert (second.type, second.country, second.region, second.lei) == ("enterprise", "CN", "CN-GX", LEI)
    assert str(second.registered_on) == "2019-01-31"


def test_a_batch_is_one_entry_whose_root_the_rows_give_again(board: f.Board) -> None:
    done = act("import_organisations", board.officer, ORGANISATIONS)
    assert isinstance(done, Done)
    entry = JournalEntry.objects.get(event="organisation:imported")
    names = (
        "names",
        "name",
        "type",
        "country",
        "region",
        "registry_number",
        "lei",
        "legal_status",
        "timezone",
        "facts",
        "fictional",
    )
    leaves = [
        {
            **{name: getattr(row, name) for name in names},
            "slug": row.party.slug,
            "registered_on": str(row.registered_on),
        }
        for row in Organisation.objects.filter(party__slug__in=["la-lumen", LEI.lower()]).order_by("party_id")
    ]
    assert done.answer["root"] == merkle_root(map(canonical_bytes, leaves))
    assert done.entry == entry.seq
    assert JournalEntry.objects.count() == 1


def test_one_wrong_row_saves_none_and_every_fault_is_told(board: f.Board) -> None:
    f.organisation(slug="taken", registry_number="R-7")
    rows = [
        ORGANISATIONS[0],
        {
            "line": 3,
            "id": "taken",
            "name": "=HYPERLINK(1)",
            "type": "circus",
            "country": "Atlantis",
            "registered_on": "2026-13-01",
        },
        {
            "line": 4,
            "id": "LA LUMEN",
            "type": "other",
            "country": "LA",
            "region": "VN-HN",
            "registered_on": "2031-01-01",
        },
        {
            "line": 5,
            "id": "中文",
            "name": "x\x07",
            "type": "other",
            "country": "LA",
            "lei": LEI[:-1] + "3",
            "registry_number": "R-7",
        },
        {
            "line": 6,
            "id": "ok",
            "name": "Fine",
            "type": "other",
            "country": "LA",
            "mascot": "cat",
            "registered_on": "Easter",
        },
    ]
    refused = act("import_organisations", board.officer, rows)
    assert sorted(faults(refused), key=str) == sorted([
        (1, "mascot", "sheet.unknown_column"), (3, "name", "sheet.formula"), (3, "type", "form.not_an_option"),
        (3, "country", "organisation.country_unknown"), (3, "registered_on", "sheet.not_a_day"),
        (3, "id", "sheet.known_already"),
        (4, "name", "sheet.blank"), (4, "region", "organisation.region_wrong"), (4, "registered_on", "organisation.future_day"),
        (4, "id", "sheet.twice"), (5, "name", "sheet.broken_text"), (5, "id", "sheet.no_id"),
        (5, "lei", "organisation.lei_wrong"), (5, "registry_number", "sheet.known_already"),
        (6, "registered_on", "sheet.not_a_day"),
    ], key=str)  # fmt: skip
    assert not Party.objects.filter(slug__in=["la-lumen", "ok"]).exists()
    assert not JournalEntry.objects.exists()


def test_known_organisations_are_refused_or_skipped(board: f.Board) -> None:
    assert isinstance(act("import_organisations", board.officer, ORGANISATIONS[:1]), Done)
    again = act("import_organisations", board.officer, ORGANISATIONS, key="again")
    assert faults(again) == [(2, "id", "sheet.known_already")]
    skipped = act("import_organisations", board.officer, ORGANISATIONS, key="skip", skip_known=True)
    assert isinstance(skipped, Done)
    assert (skipped.answer["count"], skipped.answer["skipped"]) == (1, 1)


def test_what_else_a_known_row_says_is_not_judged_when_it_is_skipped(board: f.Board) -> None:
    f.organisation(slug="odd", country="TH", region="Bangkok", legal_status="x" * 30, timezone="nowhere")
    odd = {"id": "odd", "name": "Odd", "country": "TH", "region": "Bangkok", "lei": "1", "type": "club"}
    rehearsed = rehearse("organisations", [{"line": 2, **odd}], now=f.NOW, skip_known=True)
    assert (rehearsed.skipped, rehearsed.reasons) == (1, ())
    assert len(rehearse("organisations", [{"line": 2, **odd}], now=f.NOW).reasons) == 4
    fresh = {"line": 2, "id": "isle", "name": "Isle", "country": "SG", "region": "SG", "type": "other"}
    assert rehearse("organisations", [fresh], now=f.NOW).reasons == ()


@pytest.mark.parametrize("operation", ["import_organisations", "import_needs"])
@pytest.mark.parametrize("who", ["second", "owner_person", "lead_person"])
def test_only_officers_import(board: f.Board, operation: str, who: str) -> None:
    assert [code for _, _, code in faults(act(operation, getattr(board, who), ORGANISATIONS))] == [
        "access.role"
    ]
    assert faults(act(operation, None, ORGANISATIONS)) == [(None, None, "access.sign_in")]


def test_import_needs_reads_answers_by_the_rulebooks_form(board: f.Board) -> None:
    act("import_organisations", board.officer, ORGANISATIONS)
    done = act("import_needs", board.officer, [NEED], key="needs")
    assert isinstance(done, Done), done
    need = Need.objects.get(number=done.answer["numbers"][0])
    assert need.content == {
        "title": {"lang": "lo", "text": "ປາ", "translations": {"zh-Hans": {"text": "鱼病识别", "by": "machine"}}},
        "sector": "fishery", "budget": {"amount": "125000", "currency": "CNY"}, "problem": "Fish die.",
        "modes": ["collaborative_rd", "personnel_training"], "duration_months": 10,
        "indicators": [{
            "id": "I1", "name": {"en": "Error rate", "zh-Hans": "错误率"}, "operator": "<=", "threshold": 3.5, "unit": "%",
            "test_method": "500 pages", "data_place": "on site", "tester": "owner",
        }],
    }  # fmt: skip
    assert (need.stage, need.country, need.title, need.sector) == ("draft", "LA", "ປາ", "fishery")
    assert need.owner.slug == "la-lumen"
    digest = hashlib.sha256(canonical_bytes(need.content)).hexdigest()
    leaf = canonical_bytes({"number": need.number, "owner": "la-lumen", "content": digest})
    assert (done.answer["count"], done.answer["root"]) == (1, merkle_root([leaf]))
    assert JournalEntry.objects.get(event="need:imported").subject == f"call:{board.call.number}"


def test_every_fault_of_every_need(board: f.Board) -> None:
    f.need(number="N-9", call=board.call)
    f.organisation("Twin")
    f.organisation("Twin")
    rows = [
        {"line": 2, "id": "N-9", "owner": "nobody", "title": "a\nb", "budget": "-5", "sector": "magic"},
        {"line": 3, "id": "a b", "owner": "Twin", "budget": "1e3", "duration_months": "99", "modes": "dance"},
        {"line": 4, "id": "N-1", "title": "x", "owner": "Sample Owner", "indicators": "too | few"},
        {
            "line": 5,
            "id": "N-1",
            "title": "[en, odd] x",
            "owner": "Sample Owner",
            "budget": "5000 USD",
            "importance": "@SUM(A1)",
        },
    ]
    refused = act("import_needs", board.officer, rows)
    assert sorted(faults(refused), key=str) == sorted([
        (2, "id", "sheet.need_known"), (2, "owner", "sheet.owner_unknown"), (2, "title", "form.several_lines"),
        (2, "budget", "money.negative"), (2, "sector", "form.not_an_option"), (3, "id", "sheet.number_wrong"),
        (3, "owner", "sheet.owner_ambiguous"), (3, "title", "sheet.blank"), (3, "budget", "money.exponent"),
        (3, "duration_months", "form.too_large"), (3, "modes", "form.not_an_option"), (4, "indicators", "sheet.indicator_line"),
        (5, "id", "sheet.twice"), (5, "title", "sheet.mark_unknown"), (5, "budget.currency", "form.currency"),
        (5, "importance", "sheet.formula"),
    ], key=str)  # fmt: skip
    assert Need.objects.count() == 1


def test_numbers_that_came_with_a_sheet_are_never_given_out_again(board: f.Board) -> None:
    rows = [
        {"owner": "Sample Owner", "title": "a", "id": "N-2026-004"},
        {"owner": "Sample Owner", "title": "b"},
    ]
    done = act("import_needs", board.officer, rows, lang="en")
    assert isinstance(done, Done), done
    assert done.answer["numbers"] == ["N-2026-004", "N-2026-005"]
    assert Need.objects.get(number="N-2026-005").content["title"] == {"lang": "en", "text": "b"}
    assert next_number("N-2026-") == "N-2026-006"


def test_a_rehearsal_says_the_same_and_saves_nothing(board: f.Board) -> None:
    before = Party.objects.count()
    found = rehearse("organisations", ORGANISATIONS, now=f.NOW)
    assert (found.count, found.skipped, found.reasons) == (2, 0, ())
    assert [item.code for item in rehearse("needs", [NEED], now=f.NOW).reasons] == ["sheet.owner_unknown"]
    assert [item.code for item in rehearse("needs", [], now=f.NOW).reasons] == ["sheet.no_rows"]
    assert Party.objects.count() == before


def test_a_sheet_has_a_limit(board: f.Board) -> None:
    refused = act("import_organisations", board.officer, [{"id": str(n)} for n in range(20_001)])
    assert faults(refused) == [(None, "file", "sheet.too_many_rows")]


def test_without_a_call_there_is_no_form(board: f.Board) -> None:
    Need.objects.all().delete()
    board.call.delete()
    assert faults(act("import_needs", board.officer, [NEED])) == [(None, "file", "sheet.no_programme")]
