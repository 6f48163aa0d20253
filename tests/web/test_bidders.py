"""What a lead and a partner do in a browser: take up a challenge, invite, see the rules, send, keep the receipt."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import factories as f
from acting import done

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


SOLUTION = {
    "title": "Reading machine", "title.lang": "en", "approach": "Learn from the pages.", "approach.lang": "en",
    "promises.I1": "2,5",
}  # fmt: skip
TEAM = dict.fromkeys(
    ("lead_person", "rd_capability", "research_facilities", "international_network"), "Named people."
)
PLAN = {
    "modes": ["collaborative_rd"], "amount": "900 000", "milestones.rows": "2", "milestones.lang": "en",
    "milestones.0.title": "Trial", "milestones.0.month": "4", "milestones.0.share": "40",
    "milestones.1.title": "In use", "milestones.1.month": "10", "milestones.1.share": "60",
}  # fmt: skip


def test_a_lead_takes_up_a_challenge_and_sends_a_bid_with_a_receipt(tmp_path: Path) -> None:
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party)
    client = signed_in(board.lead_person)
    assert b"Take up this challenge" in client.get(f"/bids/new/?challenge={posted.number}").content
    begun = client.post(f"/bids/new/?challenge={posted.number}", {"lead": board.lead.party.slug})
    assert begun.status_code == 303, begun.content.decode()
    where = begun["Location"]
    page = client.get(where).content.decode()
    assert "What the rules say now" in page
    assert "Fail" in page
    assert "Add a document on people and past results." in page
    client.post(f"{where}edit/solution/", SOLUTION)
    wrong = client.get(f"{where}edit/solution/").content.decode()
    assert 'href="#id_promises.I1"' in wrong
    assert 'value="2,5"' in wrong
    client.post(f"{where}edit/solution/", SOLUTION | {"promises.I1": "2.5"})
    client.post(f"{where}edit/team/", TEAM)
    short = client.post(
        f"{where}edit/plan/", PLAN | {"milestones.1.share": "20"}, follow=True
    ).content.decode()
    assert "The shares of the milestones add up to 60%; they must add up to 100 %." in short
    client.post(f"{where}edit/plan/", PLAN)
    assert f'class="btn go" href="{where}check/"' in client.get(where).content.decode(), "all is filled in"
    check = client.get(f"{where}check/").content.decode()
    assert "Before this can be sent" not in check
    assert "Within the budget" not in check
    unsure = client.post(f"{where}check/").content.decode()
    assert '<a href="#id_known">' in unsure
    assert "Check your answers and send" in client.get(where).content.decode()
    assert "sent on" not in client.get(where).content.decode()
    sent = client.post(f"{where}check/", {"known": "1"}, follow=True).content.decode()
    assert "Receipt of your bid" in sent, sent
    assert "As things stand it does not meet this" in sent
    assert "sent on" in client.get(where).content.decode()
    receipt = client.get(f"{where}receipt/?format=json")
    file = tmp_path / "receipt.json"
    file.write_bytes(receipt.content)
    assert json.loads(receipt.content)
    from jiebang.cli.app import run
    from jiebang.records.journal.queries import export_lines

    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(b"".join(export_lines()))
    assert run(["verify", str(journal), "--receipt", str(file)]) == 0


def test_a_promise_below_what_is_wanted_is_said_everywhere_and_may_be_sent() -> None:
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party)
    client = signed_in(board.lead_person)
    begun = client.post(f"/bids/new/?challenge={posted.number}", {"lead": board.lead.party.slug})
    where = begun["Location"]
    client.post(f"{where}edit/solution/", SOLUTION | {"promises.I1": "9"})
    client.post(f"{where}edit/team/", TEAM)
    late = PLAN | {"duration_months": "6"}
    client.post(f"{where}edit/plan/", late)
    assert "Month 10 lies after the end" in client.get(f"{where}edit/plan/").content.decode()
    client.post(f"{where}edit/plan/", PLAN | {"duration_months": "10"})
    assert "9 misses what the challenge asks for" in client.get(f"{where}edit/solution/").content.decode()
    check = client.get(f"{where}check/").content.decode()
    assert "Look at this again" in check
    assert "9 – misses what is wanted" in check
    client.cookies["django_language"] = "zh-hans"
    assert "请再核对" in client.get(f"{where}check/").content.decode()
    assert "未达到榜题要求" in client.get(f"{where}edit/solution/").content.decode()
    client.cookies["django_language"] = "en"
    assert (
        "Receipt of your bid" in client.post(f"{where}check/", {"known": "1"}, follow=True).content.decode()
    )


def test_nobody_else_sees_a_bid_or_learns_that_there_is_one() -> None:
    board = f.board()
    bid = f.bid(f.challenge(call=board.call, owner=board.owner.party), lead=board.lead)
    for person in (board.owner_person, board.officer, f.person(role="lead")):
        client = signed_in(person)
        for place in ("", "check/", "receipt/", "team/", "edit/plan/", "do/withdraw_bid/"):
            there, nowhere = client.get(f"/bids/{bid.number}/{place}"), client.get(f"/bids/B-none/{place}")
            assert (there.status_code, nowhere.status_code) == (404, 404), place


def test_a_partner_accepts_in_one_click_and_then_reads_the_bid() -> None:
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party)
    other = f.organisation("Zebra Laboratory")
    partner = f.person(role="partner", party=other.party)
    lead = signed_in(board.lead_person)
    where = lead.post(f"/bids/new/?challenge={posted.number}", {"lead": board.lead.party.slug})["Location"]
    assert b"Zebra Laboratory" in lead.get(f"{where}team/?find=zebra").content
    lead.post(f"{where}team/", {"organisation": other.party.slug, "part": "Test on site"})
    client = signed_in(partner)
    assert client.get(where).status_code == 404
    listed = client.get("/bids/").content.decode()
    link = "/invitations/" + listed.split("/invitations/")[1].split('"')[0]
    assert b"It binds you only when an agreement is signed" in client.get(link).content
    assert client.post(link, {"answer": "accept"})["Location"] == where
    assert client.get(where).status_code == 200
    assert lead.get(link).status_code == 404
    number = link.split("/")[2]
    lead.post(f"{where}team/", {"cancel": number})  # cancel_invitation
    assert client.get(where).status_code == 404


def test_an_organisation_is_registered_and_shows_evidence_with_a_file(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    board = f.board()
    client = signed_in(f.person())
    asked = {
        "name": "Example Works",
        "type": "enterprise",
        "country": "CN",
        "region": "CN-GX",
        "registered_on": "2019-05-01",
    }
    where = client.post("/organisations/new/", asked)["Location"]
    from django.core.files.uploadedfile import SimpleUploadedFile

    wrong = {
        "kind": "rd_capability",
        "text": "Forty people",
        "lang": "en",
        "file": SimpleUploadedFile("a.pdf", b"not a pdf"),
    }
    assert b"is not what its name says" in client.post(f"{where}evidence/", wrong).content
    right = wrong | {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 text")}  # store_file
    assert client.post(f"{where}evidence/", right).status_code == 303
    page = client.get(where).content.decode()
    link = "/organisations/evidence/" + page.split("/organisations/evidence/")[1].split('"')[0]
    assert b"".join(client.get(link).streaming_content) == b"%PDF-1.4 text"
    assert signed_in(board.lead_person).get(link).status_code == 404
    assert client.get("/inbox/").status_code == 200


def test_an_organisation_is_asked_for_what_the_rules_of_its_place_and_kind_ask() -> None:
    board = f.board()
    asked = {"owner": "Operational scenario", "lead": "R&amp;D capability"}
    for row, part, other in ((board.owner, "owner", "lead"), (board.lead, "lead", "owner")):
        page = (
            signed_in(f.person(role=part, party=row.party))
            .get(f"/organisations/{row.party.slug}/")
            .content.decode()
        )
        assert asked[part] in page
        assert asked[other] not in page
    f.call(rulebook=f.installed(f.ring_sea()), opened_at=f.NOW)
    there = f.organisation("Net Makers", country="XE", type="cooperative")
    person = f.person(role="lead", party=there.party)
    page = signed_in(person).get(f"/organisations/{there.party.slug}/").content.decode()
    assert "Letter that opens the site for trials, Record of earlier work" in page, (
        "a cooperative of the ring may own and lead"
    )


def test_a_file_attached_to_a_bid_is_handed_to_its_own_people_only(settings: Any, tmp_path: Path) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party)
    client = signed_in(board.lead_person)
    where = client.post(f"/bids/new/?challenge={posted.number}", {"lead": board.lead.party.slug})["Location"]
    refused = client.post(f"{where}edit/attachments/", {"attachment": SimpleUploadedFile("a.exe", b"MZ\x00")})
    assert b"is of a kind that is not taken" in refused.content
    client.post(f"{where}edit/attachments/", {"attachment": SimpleUploadedFile("plan.pdf", b"%PDF-1.7 plan")})
    page = client.get(f"{where}edit/attachments/").content.decode()
    assert "plan.pdf" in page
    link = f"{where}files/" + page.split(f"{where}files/")[1].split('"')[0]
    assert b"".join(client.get(link).streaming_content) == b"%PDF-1.7 plan"
    assert signed_in(board.officer).get(link).status_code == 404
    rival = f.person(party=f.organisation().party, role="lead")
    content = {"attachment": {"name": "plan.pdf", "size": 13, "sha256": link.split("/")[-2]}}
    given = {"challenge": posted.number, "lead": rival.engagements.get().party.slug, "content": content}
    theirs = done("start_bid", rival, **given)["number"]  # who only knows the hash gets no file
    assert signed_in(rival).get(f"/bids/{theirs}/files/{link.split('/')[-2]}/").status_code == 404
    client.post(f"{where}edit/attachments/", {"attachment.drop": "1"})
    assert client.get(link).status_code == 404
