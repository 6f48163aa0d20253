"""Carrying a result on, in a browser: who proposes, what the new owner sees and does, what everybody may read."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import copied
import factories as make
from jiebang.records.replications.models import Adaptation, Benefit, Replica

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, where: str) -> str:
    got = client.get(where)
    assert got.status_code == 200, (where, got.status_code)
    return str(got.content.decode()).replace("\xa0", " ")


def sent(client: Client, where: str, **typed: Any) -> str:
    got = client.post(where, typed)
    assert got.status_code == 303, got.content.decode()
    return str(got["Location"])


@pytest.fixture
def board() -> make.Board:
    return make.board()


@pytest.fixture
def there() -> Any:
    return make.organisation("Yonder College", country="KH")


def test_a_lead_finds_an_owner_and_proposes_with_every_fault_beside_its_field(
    board: make.Board, there: Any
) -> None:
    project = copied.validated(board)
    room = f"/projects/{project.number}/replication/"
    lead = signed_in(board.lead_person)
    assert "No copy was proposed yet." in page(lead, room)
    found = page(lead, f"{room}new/?find=yonder")
    slug = found.split('name="organisation" value="')[1].split('"')[0]
    onward = sent(lead, f"{room}new/?find=yonder", organisation=slug)
    assert onward == f"{room}new/?owner={slug}"
    assert "Yonder College" in page(lead, onward)
    typed = {
        "country": "KH", "site": "Hall 2", "carrier": board.lead.party.slug, "lang": "en", "power.origin": "Mains.",
        "power.here": "Sun.", "price.origin": "Free.", "price.here": "Free.", "price.cost": "10.5", "price.currency": "vnd",
    }  # fmt: skip
    refused = lead.post(onward, typed).content.decode()
    assert 'href="#id_price.cost"' in refused, "the fault leads to where it was typed"
    assert "write 10 or 11" in refused or "11" in refused
    assert 'href="#id_plan"' in refused
    assert "Sun.</textarea>" in refused, "nothing typed is lost"
    whole = {**typed, "plan": "Bring it there.", "plan.lang": "en", "price.cost": "10", "price.days": "3"}
    to = sent(lead, onward, **whole)
    made = Replica.objects.get()
    assert to == f"/replications/{made.number}/"
    assert [row.dimension for row in made.adaptations.all()] == ["power", "price"]
    assert (made.owner, made.carrier, made.country) == (there.party, board.lead.party, "KH")
    assert made.number in page(lead, room)


def test_another_organisation_may_carry_it_over(board: make.Board, there: Any) -> None:
    project, firm = copied.validated(board), make.guangxi_organisation("Sample Carrier")
    where = f"/projects/{project.number}/replication/new/?owner={there.party.slug}"
    typed = {
        "country": "KH",
        "site": "Hall",
        "carrier": board.lead.party.slug,
        "lang": "en",
        "plan": "Bring it.",
        "plan.lang": "en",
    }
    sent(signed_in(board.officer), where, **typed, other_carrier=firm.party.slug)
    made = Replica.objects.get()
    assert made.carrier == firm.party
    carrier = signed_in(make.person(role="partner", party=firm.party))
    assert "Sample Carrier" in page(carrier, f"/replications/{made.number}/")
    assert carrier.get(f"/projects/{project.number}/replication/").status_code == 404


def test_a_new_place_starts_from_what_is_known_of_the_origin(board: make.Board, there: Any) -> None:
    project = copied.validated(board)
    copied.replica(project, there, state="confirmed")
    other = make.organisation("Sample Farm", country="LA")
    shown = page(
        signed_in(board.lead_person), f"/projects/{project.number}/replication/new/?owner={other.party.slug}"
    )
    assert shown.count("Alike there.</textarea>") == len(copied.DIMENSIONS)
    assert "R-2027-001, Yonder College" in shown, "it may be taken from the copy"
    typed = {
        "country": "LA", "site": "Field", "parent": "R-2027-001", "carrier": board.lead.party.slug, "lang": "en",
        "plan": "Go.", "plan.lang": "en", "data.origin": "Alike there.", "power.origin": "Alike there.", "power.here": "Sun.",
    }  # fmt: skip
    where = f"/projects/{project.number}/replication/new/?owner={other.party.slug}"
    sent(signed_in(board.lead_person), where, **typed)
    made = Replica.objects.get(owner=other.party)
    assert made.parent is not None
    assert [row.dimension for row in made.adaptations.all()] == ["power"], (
        "what only the origin says is no answer"
    )


def test_nothing_is_proposed_before_the_result_is_validated(board: make.Board) -> None:
    posted = make.challenge(call=board.call, owner=board.owner.party, stage="decided")
    project = make.project(make.bid(posted, lead=board.lead, stage="awarded"), stage="running")
    room = f"/projects/{project.number}/replication/"
    lead = signed_in(board.lead_person)
    assert "Once its owner has validated the result" in page(lead, room)
    assert lead.get(f"{room}new/").status_code == 404
    assert Client().get(f"/cases/{project.number}/").status_code == 404


def test_the_new_owner_agrees_measures_and_confirms_without_entering_the_origins_room(
    board: make.Board, there: Any
) -> None:
    project = copied.validated(board)
    copy = copied.replica(project, there)
    person = make.person(role="owner", party=there.party)
    owner, at = signed_in(person), f"/replications/{copy.number}/"
    assert f"{at}agree/" in page(owner, "/desk/")
    shown = page(owner, at)
    assert "A secret price." in shown, "the parties read the terms"
    for matter in ("replication", "agreement", "money", "pilot", "work"):
        assert owner.get(f"/projects/{project.number}/{matter}/").status_code == 404
    read = owner.get(f"{at}agree/")["Location"]
    assert read.startswith(f"{at}agree/")
    stale = owner.post(f"{at}agree/{'0' * 64}/")
    assert stale.status_code == 200, "a text that was not read is not agreed to"
    assert sent(owner, read) == at
    assert owner.get(f"{at}agree/").status_code == 404, "answered once"
    assert owner.get(f"{at}confirm/").status_code == 404, "nothing is measured yet"
    typed = {
        "indicator": "I1",
        "value": "2.6",
        "measured_on": make.NOW.date().isoformat(),
        "how": "Counted.",
        "same_method": "yes",
    }
    evidence = SimpleUploadedFile("log.csv", b"page,errors\n1,0\n", content_type="text/csv")
    sent(owner, f"{at}value/", **typed, file=evidence)
    row = copy.values.get()
    assert (row.side, row.unit, row.evidence["name"]) == ("owner", "%", "log.csv")
    handed = owner.get(f"{at}files/{row.evidence['sha256']}/")
    assert b"".join(handed.streaming_content) == b"page,errors\n1,0\n"  # type: ignore[attr-defined]
    assert signed_in(make.person(role="owner")).get(f"{at}files/{row.evidence['sha256']}/").status_code == 404
    told = page(owner, at)
    assert "+0.2 points" in told
    assert "Worse" in told
    answered = {
        "in_use": "in_use", "used_for": "អាន", "used_for.lang": "km", "users": "7", "statement": "វាមានប្រយោជន៍",
        "statement.lang": "km",
    }  # fmt: skip
    assert "There is a problem" in owner.post(f"{at}confirm/", {"in_use": "in_use"}).content.decode()
    sent(owner, f"{at}confirm/", **answered)
    copy.refresh_from_db()
    assert (copy.state, copy.confirmed_by) == ("confirmed", person)
    case = page(Client(), f"/cases/{project.number}/")
    assert "វាមានប្រយោជន៍" in case
    assert "In use at 2 places, in Viet Nam and Cambodia." in case


def test_an_owner_is_asked_in_the_language_of_its_country_where_the_page_has_it(board: make.Board) -> None:
    there = make.organisation("Vườn mẫu", country="VN")
    copy = copied.replica(copied.validated(board), there, state="measured")
    person = make.person(role="owner", party=there.party)
    shown = page(signed_in(person), f"/replications/{copy.number}/confirm/")
    assert "Kết quả có đang được sử dụng tại đơn vị của quý vị không?" in shown
    assert "Đang dùng một phần" in shown or "Dùng một phần" in shown
    assert "Is it in use at your place?" in page(
        signed_in(person), f"/replications/{copy.number}/confirm/?lang=en"
    )


def test_each_side_is_offered_only_what_it_may_do(board: make.Board, there: Any) -> None:
    copy = copied.replica(copied.validated(board), there, state="agreed")
    at = f"/replications/{copy.number}/"
    owner, lead = signed_in(make.person(role="owner", party=there.party)), signed_in(board.lead_person)
    assert f"{at}value/" in page(owner, at)
    assert "What the carrier measures is shown and decides nothing." in page(lead, f"{at}value/")
    assert "Body that measured" in page(signed_in(board.officer), f"{at}value/")
    origin = signed_in(board.owner_person)
    assert f"{at}value/" not in page(origin, at)
    assert origin.get(f"{at}value/").status_code == 404
    stranger = signed_in(make.person(role="owner"))
    for part in ("", "agree/", "value/", "adaptation/", "benefit/", "confirm/", "give-up/"):
        assert stranger.get(f"{at}{part}").status_code == 404, part
        assert Client().get(f"{at}{part}").status_code == 302, part


def test_an_adaptation_is_put_right_and_adds_up(board: make.Board, there: Any) -> None:
    copy = copied.replica(copied.validated(board), there, state="agreed")
    at, lead = f"/replications/{copy.number}/", signed_in(board.lead_person)
    assert "?row=4" in page(lead, f"{at}adaptation/")
    row = f"{at}adaptation/?row=4"
    assert "Alike here." in page(lead, row)
    typed = {"dimension": "power", "origin": "Mains.", "here": "Sun.", "change": "A battery.", "days": "3"}
    refused = lead.post(row, {**typed, "cost": "200"}).content.decode()
    assert 'href="#id_currency"' in refused
    sent(lead, row, **typed, cost="200", currency="cny")
    assert Adaptation.objects.filter(replica=copy).count() == len(copied.DIMENSIONS)
    assert "The adaptation took: CNY 200, 3 days of work." in page(lead, at)


def test_who_gains_is_named_and_published(board: make.Board, there: Any) -> None:
    project = copied.validated(board)
    copy = copied.replica(project, there, state="confirmed")
    at, lead = f"/replications/{copy.number}/", signed_in(board.lead_person)
    typed = {"group": "Clerks of two offices", "how": "An hour a day.", "as_of": make.NOW.date().isoformat()}
    refused = lead.post(f"{at}benefit/", {**typed, "amount": "5", "currency": "CNY"}).content.decode()
    assert 'href="#id_basis"' in refused
    sent(lead, f"{at}benefit/", **typed, amount="5", currency="CNY", basis="signed")
    assert Benefit.objects.get().basis == "signed"
    case = page(Client(), f"/cases/{project.number}/")
    assert "Clerks of two offices" in case
    assert "CNY 5" in case


def test_a_copy_that_was_given_up_says_why(board: make.Board, there: Any) -> None:
    project = copied.validated(board)
    copy = copied.replica(project, there, state="agreed")
    owner = signed_in(make.person(role="owner", party=there.party))
    sent(owner, f"/replications/{copy.number}/give-up/", why="The hall was flooded.")
    assert "The hall was flooded." in page(owner, f"/replications/{copy.number}/")
    assert "The hall was flooded." in page(Client(), f"/cases/{project.number}/")


def test_the_public_reads_nothing_confidential_and_no_private_person(board: make.Board, there: Any) -> None:
    project = copied.validated(board)
    copy = copied.replica(project, there, state="confirmed")
    copied.value(copy, "1", by=board.lead_person, side="carrier")
    waiting = copied.replica(project, make.organisation("Unasked Farm", country="LA"))
    case = page(Client(), f"/cases/{project.number}/")
    assert "Shown; decides nothing" in case
    people = [copy.proposed_by, copy.confirmed_by, board.lead_person, board.owner_person]
    for told in ("A secret price.", "Unasked Farm", waiting.number, *(one.name for one in people if one)):
        assert told not in case, told
    public = page(Client(), f"/projects/{project.number}/")
    assert f"/cases/{project.number}/" in public
    assert "Unasked Farm" not in public
    for form in ("csv", "json", "xlsx"):
        got = Client().get(f"/cases/{project.number}/?format={form}")
        assert got.status_code == 200
        assert b"Unasked" not in got.content
    rows = Client().get(f"/cases/{project.number}/?format=json").json()
    assert [(row["place"], row["value"], row["counts"]) for row in rows] == [
        (project.number, "2.4", True), (copy.number, "2.6", True), (copy.number, "1", False),
    ]  # fmt: skip


def test_cases_are_found_by_words_sector_and_the_country_of_a_copy(board: make.Board, there: Any) -> None:
    assert "No case here yet" in page(Client(), "/cases/")
    project = copied.validated(board)
    copied.replica(project, there, state="confirmed")
    copied.replica(project, make.organisation("Waits", country="LA"))
    assert project.number in page(Client(), "/cases/?country=KH")
    assert "No case matches these filters" in page(Client(), "/cases/?country=LA")
    assert project.number in page(Client(), f"/cases/?sector={project.challenge.sector}")
    assert "No case matches these filters" in page(Client(), "/cases/?text=nowhere")
    (row,) = Client().get("/cases/?format=json").json()
    assert (row["number"], row["places"], row["countries"], row["on_the_way"]) == (project.number, 2, 2, 0)


def test_the_list_of_cases_has_a_constant_number_of_queries_and_stays_small(board: make.Board) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            copied.replica(copied.validated(board), make.organisation(country="KH"), state="confirmed")

    def counted() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as found:
            size = len(Client().get(f"/cases/?lang=en&x={Replica.objects.count()}").content)
        return len(found), size

    add(1)
    one, _size = counted()
    add(51)
    many, size = counted()
    assert many == one
    assert many <= 10
    assert size <= 30_000


def test_a_tree_of_copies_is_a_nested_list(board: make.Board, there: Any) -> None:
    project = copied.validated(board)
    first = copied.replica(project, there, state="confirmed")
    copied.replica(project, make.organisation("Sample Farm", country="LA"), state="agreed", parent=first)
    case = page(Client(), f"/cases/{project.number}/")
    tree = case.split('class="tree"', 1)[1]
    assert (
        tree.index("Yonder College")
        < tree.index('aria-label="Copies"', tree.index("Yonder College"))
        < tree.index("Sample Farm")
    )
    assert 'href="#R-2027-002"' in case
    assert 'id="R-2027-002"' in case
    assert "Copies: 2, in use: 1, countries: 2" in case


def test_the_desk_of_the_new_country_reads_the_copy_without_the_terms_between_its_parties(
    board: make.Board, there: Any
) -> None:
    copy = copied.replica(copied.validated(board), there)
    desk = signed_in(make.person(role="country_desk", party=board.office.party, scope="KH"))
    shown = page(desk, f"/replications/{copy.number}/")
    assert "Bring it." in shown
    assert "A secret price." not in shown
    assert f"/replications/{copy.number}/give-up/" not in shown
    other = signed_in(make.person(role="country_desk", party=board.office.party, scope="LA"))
    assert other.get(f"/replications/{copy.number}/").status_code == 404
