"""Journal, explained decisions, opinions, calls, people, health: pages of auditor, department and administrator."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

import factories as f
from jiebang.records.challenges.models import DepartmentOpinion
from jiebang.records.journal import write as journal
from jiebang.records.journal.queries import head, receipt_for
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import Engagement, Organisation
from jiebang.records.programme.models import Call
from jiebang.trust.canonical import rfc3339
from jiebang.trust.chain import verify_chain, walk_chain
from jiebang.trust.receipts import verify_receipt
from office_samples import reviewed

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def auditor(board: f.Board) -> Client:
    return signed_in(f.person("audit@people.example", role="auditor", party=board.office.party))


def administrator(board: f.Board) -> Client:
    return signed_in(f.person("admin@people.example", role="administrator", party=board.office.party))


def written(count: int = 3) -> None:
    for place in range(count):
        journal.append(
            at=f.NOW,
            event="stage:moved",
            rulebook=None,
            actor="system",
            subject=f"need:N-{place}",
            body={"to": "verified"},
        )


def test_the_journal_is_listed_filtered_and_closed_to_others() -> None:
    board = f.board()
    written()
    client = auditor(board)
    page = client.get("/log/", {"subject": "need:N-1"}).content.decode()
    assert "1 row" in page
    assert "stage:moved" in page
    assert "3 rows" in client.get("/log/", {"event": "stage:"}).content.decode()
    assert "Nothing fits" in client.get("/log/", {"since": "2027-01-01"}).content.decode()
    assert signed_in(board.lead_person).get("/log/").status_code == 404


def test_an_entry_gives_its_receipt_and_the_whole_is_exported() -> None:
    board = f.board()
    written()
    client = auditor(board)
    page = client.get("/log/2/").content.decode()
    assert "verified" in page
    assert rfc3339(f.NOW)[:10] in page
    assert json.loads(client.get("/log/2/receipt.json").content)
    assert len(file_of(client)) == 3
    assert client.get("/log/99/").status_code == client.get("/log/99/receipt.json").status_code == 404
    assert "The journal holds" in client.get("/log/verify/").content.decode()


def test_a_sealed_bid_is_not_betrayed_by_its_journal_entries() -> None:
    """Until the bids are opened the office reads nothing of them: not in a list, a count, a file, an entry or a receipt."""
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="open")
    sealed = f.bid(posted, lead=board.lead, stage="submitted")
    seq = journal.append(
        at=f.NOW, event="bid:submitted", rulebook=None, actor="lead", subject=f"bid:{sealed.number}", body={}
    ).seq
    posted_seq = journal.append(
        at=f.NOW,
        event="stage:moved",
        rulebook=None,
        actor="system",
        subject=f"challenge:{posted.number}",
        body={},
    ).seq
    for person in (board.officer, board.second, f.person(role="administrator", party=board.office.party)):
        client = signed_in(person)
        for form in ("", "csv", "json"):
            answer = client.get("/log/", {"format": form})
            assert answer.status_code == 200
            assert sealed.number not in answer.content.decode()
            assert posted.number in answer.content.decode()
        for address in (f"/log/{seq}/", f"/log/{seq}/receipt.json", "/log/journal.jsonl"):
            assert client.get(address).status_code == 404
        assert f'"/log/{seq}/"' not in client.get(f"/log/{posted_seq}/").content.decode()
    posted.stage = "reviewing"
    posted.save()
    assert sealed.number in signed_in(board.officer).get("/log/").content.decode()


def test_the_published_file_tells_nothing_of_a_sealed_bid_and_still_verifies() -> None:
    """Nor of what its people did on the way: one line that joins a pseudonym to an organisation would name the bidder."""
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="open")
    sealed = f.bid(posted, lead=board.lead, stage="submitted")
    written(2)
    who, place = board.lead_person.pseudonym, f"organisation:{board.lead.party.slug}"
    for event, subject in (
        ("file:stored", place), ("evidence:given", place), ("question:asked", f"challenge:{posted.number}"),
        ("bid:submitted", f"bid:{sealed.number}"),
    ):  # fmt: skip
        journal.append(at=f.NOW, event=event, rulebook=None, actor=who, subject=subject, body={})
    written(1)
    client = auditor(board)
    lines = file_of(client)
    assert [b"subject" in line for line in lines] == [True, True, False, False, False, False, True]
    assert who.encode() not in b"".join(lines)
    assert who not in client.get("/log/?format=csv").content.decode()
    assert [step.faults for step in walk_chain(lines, withheld=True)] == [()] * 7
    for seq in (6, 7):
        assert verify_receipt(receipt_for(seq), journal=lines) == []
    posted.stage = "closed"
    posted.save()
    assert verify_chain(file_of(client), head=head()[1]) == []


def file_of(client: Client) -> list[bytes]:
    answer: Any = client.get("/log/journal.jsonl")
    return b"".join(answer.streaming_content).splitlines()


def test_who_acted_and_what_an_entry_says_is_for_the_actor_and_auditors() -> None:
    """Who asks about an open challenge is likely to bid: neither page, list, order, file nor filter tells an officer."""
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="open")
    asker, officer = board.lead_person, signed_in(board.officer)
    seq = journal.append(
        at=f.NOW, event="question:asked", rulebook=None, actor=asker.pseudonym,
        subject=f"challenge:{posted.number}", body={"question": 77001},
    ).seq  # fmt: skip
    mine = journal.append(
        at=f.NOW, event="stage:moved", rulebook=None, actor=board.officer.pseudonym,
        subject=f"challenge:{posted.number}", body={"to": "open"},
    ).seq  # fmt: skip
    for address in (f"/log/{seq}/", "/log/", "/log/?format=csv"):
        page = officer.get(address).content.decode()
        assert "question:asked" in page
        assert not [word for word in (asker.name, asker.pseudonym[:12], "77001") if word in page]
    assert "sort=actor" not in officer.get("/log/").content.decode()
    for guess in (asker.email, asker.pseudonym):
        assert "Nothing fits" in officer.get("/log/", {"actor": guess}).content.decode()
    assert "1 row" in officer.get("/log/", {"actor": board.officer.email}).content.decode()
    assert officer.get(f"/log/{seq}/receipt.json").status_code == 404
    assert officer.get(f"/log/{mine}/receipt.json").status_code == 200
    posted.stage = "closed"
    posted.save()
    reads_all = auditor(board)
    assert asker.name in reads_all.get(f"/log/{seq}/").content.decode()
    assert "1 row" in reads_all.get("/log/", {"actor": asker.email}).content.decode()


def test_a_day_that_no_clock_reaches_narrows_nothing() -> None:
    board = f.board()
    written()
    assert (
        "3 rows"
        in auditor(board).get("/log/", {"since": "0001-01-01", "until": "9999-12-31"}).content.decode()
    )


def test_an_outcome_is_explained_back_to_its_rule() -> None:
    board = f.board()
    reviewed(board)
    officer = signed_in(board.officer)
    officer.post("/office/challenges/GX-1/do/propose_award/", {})
    client = auditor(board)
    assert "B-1" in client.get("/log/decisions/").content.decode()
    page = client.get("/log/explain/B-1/").content.decode()
    for part in (
        "bid.score &gt;= 70",
        "gives the same outcome",
        "All together",
        "Rulebook in force",
        "Expert 0",
        "Assumed: ",
    ):
        assert part in page
    assert client.get("/log/explain/B-9/").status_code == 404
    assert signed_in(board.lead_person).get("/log/explain/B-1/").status_code == 404


def test_a_department_gives_its_named_opinion() -> None:
    board = f.board()
    need = f.need(call=board.call, number="N-1", stage="verified")
    asked = DepartmentOpinion.objects.create(opinion="external_affairs", need=need, asked_at=f.NOW)
    person = f.person(role="department", scope="external_affairs", party=board.office.party)
    client = signed_in(person)
    assert f'href="/office/opinions/{asked.pk}/"' in client.get("/desk/").content.decode()
    page = client.get(f"/office/opinions/{asked.pk}/").content.decode()
    assert "Opinion of the foreign affairs office" in page
    assert "List as a challenge" in page
    assert "secret-contact" not in page
    client.post(f"/office/opinions/{asked.pk}/", {"favourable": "1", "text": "No reservations."})
    assert "No reservations." in client.get(f"/office/opinions/{asked.pk}/").content.decode()
    other = f.person(role="department", scope="commerce", party=board.office.party)
    assert signed_in(other).get(f"/office/opinions/{asked.pk}/").status_code == 404


def test_people_are_appointed_and_appointments_end() -> None:
    board = f.board()
    person = f.person("new@people.example")
    client = signed_in(board.officer)
    given = {
        "person": person.email,
        "organisation": board.office.party.slug,
        "role": "expert",
        "scope": "",
        "months": "6",
    }
    client.post("/office/people/appoint/", given)
    made = Engagement.objects.get(person=person)
    assert made.role == "expert"
    page = client.post(
        "/office/people/appoint/", {**given, "person": "nobody@people.example"}
    ).content.decode()
    assert "There is a problem" in page
    client.post(f"/office/people/{made.pk}/end/", {})
    made.refresh_from_db()
    assert made.until is not None


def test_the_office_enrols_a_person_who_gets_a_letter_and_is_then_appointed() -> None:
    board = f.board()
    client = signed_in(board.officer)
    given = {
        "email": "new.expert@people.example",
        "name": "New Expert",
        "language": "en",
        "timezone": "Asia/Vientiane",
    }
    answer = client.post("/office/people/new/", given)
    assert answer["Location"] == "/office/people/appoint/?person=new.expert%40people.example"
    assert 'value="new.expert@people.example"' in client.get(answer["Location"]).content.decode()
    letter = Message.objects.get(to_user__email="new.expert@people.example")
    assert letter.code == "person.enrolled"
    again = client.post("/office/people/new/", {**given, "once": "y" * 36}).content.decode()
    assert "There is a problem" in again


def test_a_new_instance_tells_its_administrator_whom_to_appoint() -> None:
    office = f.organisation()
    admin = f.person(role="administrator", party=office.party)
    f.installed()
    first = signed_in(admin).get("/desk/").content.decode()
    for step in ("Appoint an officer", "Appoint a second officer", "Appoint experts"):
        assert step in first
    for role in ("officer", "second_officer", "expert"):
        f.person(role=role, party=office.party)
    assert "Appoint" not in signed_in(admin).get("/desk/").content.decode()


def test_an_organisation_is_registered_and_shown() -> None:
    board = f.board()
    client = signed_in(board.officer)
    given = {
        "name": "Sample Rice Institute",
        "type": "research_institute",
        "country": "VN",
        "registered_on": "2015-01-02",
    }
    answer = client.post("/office/organisations/new/", given)
    assert Organisation.objects.filter(name="Sample Rice Institute").exists()
    assert "Sample Rice Institute" in client.get(answer["Location"]).content.decode()
    assert "There is a problem" in client.post("/office/organisations/new/", {"name": ""}).content.decode()
    assert client.get("/office/organisations/nothing/").status_code == 404


def test_a_call_is_opened_from_a_rulebook_and_its_guidelines_print_in_two_languages() -> None:
    board = f.board()
    client = signed_in(board.officer)
    version = f.installed()
    answer = client.post(
        "/office/calls/new/",
        {
            "number": "GX-2027",
            "title": "Second call",
            "title_other": "第二批",
            "rulebook": version.pk,
            "needs_until": "2026-12-31",
        },
    )
    assert Call.objects.get(number="GX-2027").needs_until == datetime(2026, 12, 31, 16, tzinfo=UTC), (
        "the day's end there"
    )
    assert "31 December 2026" in client.get("/office/calls/GX-2027/").content.decode()
    assert answer["Location"] == "/office/calls/GX-2027/"
    assert Call.objects.get(number="GX-2027").calendars.document
    assert "Calendars it counts by" in client.get("/office/calls/GX-2027/").content.decode()
    page = client.get("/office/calls/GX-2027/guidelines/").content.decode()
    assert 'lang="zh-Hans"' in page
    assert "需求方在本区域依法注册" in page
    assert "GX-2027" in client.get("/office/calls/").content.decode()


def test_a_broken_rulebook_tells_every_fault() -> None:
    board = f.board()
    client = administrator(board)
    page = client.post(
        "/office/rulebooks/new/", {"text": "format: jiebang-rulebook/1\nid: X"}
    ).content.decode()
    assert "There is a problem" in page
    assert signed_in(board.officer).get("/office/rulebooks/new/").status_code == 404


def test_health_says_what_is_in_order() -> None:
    board = f.board()
    written()
    page = administrator(board).get("/office/health/").content.decode()
    for part in ("Database", "Outbox", "Journal", "Disk", "3 entries verified"):
        assert part in page
    assert signed_in(board.lead_person).get("/office/health/").status_code == 404
