"""Organisations in the pages: how one comes to act for one, where its page is, and how its registration is corrected."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

import factories as f
from jiebang.records.journal.models import JournalEntry
from jiebang.records.journal.queries import entry_of
from jiebang.records.people.models import Organisation

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_who_acts_for_nobody_is_led_to_register_an_organisation() -> None:
    f.board()
    page = signed_in(f.person()).get("/desk/").content.decode()
    assert 'class="btn" href="/organisations/new/"' in page
    assert 'class="btn" href="/challenges/"' in page


def test_desk_and_account_lead_to_the_organisations_one_acts_for() -> None:
    board = f.board()
    client = signed_in(board.lead_person)
    for address in ("/desk/", "/desk/account/"):
        assert f'href="/organisations/{board.lead.party.slug}/"' in client.get(address).content.decode()


def test_its_own_people_correct_its_registration() -> None:
    board = f.board()
    where, client = f"/organisations/{board.lead.party.slug}/", signed_in(board.lead_person)
    assert f'href="{where}change/"' in client.get(where).content.decode()
    known = Organisation.objects.get(pk=board.lead.pk)
    given = {
        "registered_on": known.registered_on.isoformat() if known.registered_on else "",
        "registry_number": known.registry_number, "legal_status": known.legal_status, "region": known.region,
    }  # fmt: skip
    assert "Nothing was changed." in client.post(f"{where}change/", given).content.decode()
    client.post(f"{where}change/", {**given, "registered_on": "2019-03-04", "region": "cn-gx"})
    found = Organisation.objects.get(pk=board.lead.pk)
    assert (found.registered_on, found.region) == (date(2019, 3, 4), "CN-GX")
    entry = entry_of(JournalEntry.objects.filter(event="organisation:changed").latest("pk"))
    assert "registry_number" not in str(entry.body), "only what was changed"
    assert signed_in(f.person(role="lead")).get(f"{where}change/").status_code == 404


def test_the_office_says_why_it_corrects_a_registration() -> None:
    board = f.board()
    where, client = f"/office/organisations/{board.lead.party.slug}/", signed_in(board.officer)
    assert f'href="{where}change/"' in client.get(where).content.decode()
    page = client.post(f"{where}change/", {"registry_number": "R-9"}).content.decode()
    assert "Say why" in page
    assert 'value="R-9"' in page, "what was typed stays"
    client.post(
        f"{where}change/",
        {"registered_on": "2019-03-04", "registry_number": "R-9", "why": "As the register shows."},
    )
    assert Organisation.objects.get(pk=board.lead.pk).registry_number == "R-9"
    assert signed_in(board.owner_person).get(f"{where}change/").status_code == 404
