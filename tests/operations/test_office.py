"""What the office sets up: rulebooks, calls, organisations, people; and needs before they are listed."""

from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

import pytest
from django.core import signing

import factories as make
from acting import Round, done, refused, run
from jiebang.operations.effects_needs import search_text
from jiebang.operations.registry import Refused
from jiebang.records.challenges.models import Need
from jiebang.records.challenges.queries import normalised
from jiebang.records.journal.models import PrivateValue
from jiebang.records.journal.queries import head
from jiebang.records.people.models import Engagement, Organisation, Party
from jiebang.records.programme.models import Call, RulebookVersion

pytestmark = pytest.mark.django_db
WAITS = {"engagement": None, "waits": True}
TEXT = resources.files("jiebang.rulebooks").joinpath("guangxi-asean-2026.yaml").read_text(encoding="utf-8")


def test_a_rulebook_is_installed_and_a_call_freezes_it() -> None:
    administrator = make.person(role="administrator")
    key = done("install_rulebook", administrator, text=TEXT)["rulebook"]
    given = {"number": "C-1", "title": {"en": "First"}, "rulebook": "guangxi-asean-2026"}
    assert done("open_call", administrator, **given)["rulebook"] == key
    assert refused("open_call", administrator, **given) == ["call.exists"]
    later = TEXT.replace('version: "1"', 'version: "2"', 1)
    newer = done("install_rulebook", administrator, text=later)["rulebook"]
    assert Call.objects.get(number="C-1").rulebook_id == key != newer
    assert RulebookVersion.objects.get(current=True).pk == newer
    assert refused("open_call", administrator, **{**given, "number": "C-2", "rulebook": "none"}) == [
        "access.not_found"
    ]
    calendars = [{"nothing": 1}]
    assert refused("open_call", administrator, **{**given, "number": "C-2"}, calendars=calendars) == [
        "call.calendar"
    ]


def test_a_rulebook_with_faults_is_refused_with_all_of_them() -> None:
    administrator = make.person(role="administrator")
    broken = TEXT.replace("currency: CNY", "currency: yuan").replace("numbering: GX", "nombering: GX")
    assert len(refused("install_rulebook", administrator, text=broken)) >= 2
    assert refused("install_rulebook", make.person(role="officer"), text=TEXT) == ["access.role"]


def test_an_organisation_is_registered_once_and_its_proofs_are_judged() -> None:
    board = make.board()
    person = make.person()
    given = {
        "names": {"en": "New Works"},
        "type": "enterprise",
        "country": "cn",
        "region": "cn-gx",
        "slug": "new-works",
    }
    done("register_organisation", person, **given)
    assert refused("register_organisation", person, **given) == ["organisation.exists"]
    club = {**given, "slug": "other", "type": "club"}
    assert refused("register_organisation", person, **club) == ["organisation.unknown_type"]
    assert Organisation.objects.get(party__slug="new-works").region == "CN-GX"
    assert {item.role for item in Engagement.objects.filter(person=person)} == {"owner", "lead", "partner"}
    proof = {"organisation": "new-works", "kind": "rd_capability", "text": "Shown."}
    assert refused("give_evidence", board.lead_person, **proof) == ["access.not_yours"]
    shown = done("give_evidence", person, **proof)["evidence"]
    assert refused("judge_evidence", person, evidence=shown, valid=True) == ["access.role"]
    assert refused("judge_evidence", board.officer, evidence=shown, valid=False) == [
        "lifecycle.reason_required"
    ]
    assert done("judge_evidence", board.officer, evidence=shown, valid=True)["status"] == "verified"
    changed = {"organisation": "new-works", "registered_on": "2020-02-03", "why": "As the registry shows."}
    done("correct_organisation", person, **changed)
    assert str(Organisation.objects.get(party__slug="new-works").registered_on) == "2020-02-03"
    assert set(refused("correct_organisation", board.lead_person, **changed)) <= {
        "access.not_yours",
        "access.role",
    }


def test_a_file_is_kept_for_an_organisation_one_acts_for() -> None:
    board = make.board()
    given = {"upload": make.upload("plan.pdf")}
    done("store_file", board.lead_person, organisation=board.lead.party.slug, **given)
    assert refused("store_file", board.lead_person, organisation=board.owner.party.slug, **given) == [
        "access.not_yours"
    ]
    forged = signing.dumps({"name": "plan.pdf", "sha256": "a" * 64, "size": 12}, key="guessed")
    for claimed in (forged, "", "a" * 64):
        told = refused("store_file", board.lead_person, organisation=board.lead.party.slug, upload=claimed)
        assert told == ["file.not_uploaded"]


def test_a_country_desk_gives_proofs_and_files_for_its_own_country_alone() -> None:
    board = make.board()
    slug = board.owner.party.slug
    file = {"organisation": slug, "upload": make.upload("deed.txt")}
    proof = {"organisation": slug, "kind": "infrastructure", "text": "The deed."}
    here = make.person(role="country_desk", party=board.office.party, scope=board.owner.country)
    there = make.person(role="country_desk", party=board.office.party, scope="LA")
    for name, given in (("store_file", file), ("give_evidence", proof)):
        done(name, here, **given)
        assert refused(name, there, **given) == ["access.not_yours"]


def test_an_officer_appoints_experts_and_only_an_administrator_officers() -> None:
    board = make.board()
    person, office = make.person(), board.office.party.slug
    expert = done(
        "appoint", board.officer, person=person.email, organisation=office, role="expert", months=12
    )
    for role in ("officer", "second_officer", "auditor", "administrator"):
        assert refused(
            "appoint", board.officer, person=board.officer.email, organisation=office, role=role
        ) == ["access.role"]
    mine = board.second.engagements.get().pk
    assert refused("end_engagement", board.officer, engagement=mine) == ["access.role"]
    done("end_engagement", board.officer, engagement=expert["engagement"])
    assert refused("declare_conflict", person, organisation=office, kind="kin") == ["access.role"]
    assert refused("appoint", board.lead_person, person=person.email, organisation=office, role="expert") == [
        "access.role"
    ]


@pytest.mark.parametrize(
    ("role", "scope", "code"),
    [("country_desk", "", "person.desk_needs_country"), ("country_desk", "Laos", "person.desk_needs_country"),
     ("department", "", "person.department_needs_opinion"), ("department", "weather", "person.department_needs_opinion"),
     ("expert", "LA", "person.no_scope")],
)  # fmt: skip
def test_a_desk_has_its_country_a_department_its_opinion_and_nobody_else_a_limit(
    role: str, scope: str, code: str
) -> None:
    board = make.board()
    given = {
        "person": make.person().email,
        "organisation": board.office.party.slug,
        "role": role,
        "scope": scope,
    }
    assert refused("appoint", board.officer, **given) == [code]


def test_no_official_lets_themselves_or_a_colleague_act_for_a_party() -> None:
    board = make.board()
    lead, office = board.lead.party.slug, board.office.party.slug
    mine = {"person": board.officer.email, "organisation": lead, "role": "lead"}
    assert refused("appoint", board.officer, **mine) == ["person.appoints_self"]
    assert refused("appoint", board.officer, **{**mine, "role": "expert"}) == ["person.appoints_self"]
    for colleague in (board.second, make.person(role="auditor", party=board.office.party)):
        assert refused("appoint", board.officer, **{**mine, "person": colleague.email}) == ["person.official"]
    alone = make.person(role="administrator", party=board.office.party)
    done("appoint", alone, person=alone.email, organisation=office, role="officer")


def test_two_of_the_office_let_somebody_act_for_a_party_that_has_people() -> None:
    board, fresh = make.board(), make.person()
    given = {"person": fresh.email, "organisation": board.lead.party.slug, "role": "lead"}
    for _ in range(2):
        assert done("appoint", board.officer, **given) == {**WAITS, "entry": head()[0]}
    administrator = make.person(role="administrator", party=board.office.party)
    other = done("appoint", administrator, **{**given, "role": "partner"})
    assert other["waits"], "another appointment was asked for"
    assert not fresh.engagements.exists()
    made = done("appoint", administrator, **given)["engagement"]
    assert fresh.engagements.get().pk == made
    assert done("end_engagement", board.officer, engagement=made, why="Left.")["waits"]
    assert not done("end_engagement", administrator, engagement=made, why="As told.")["waits"]
    assert done("appoint", administrator, **given)["waits"], "what was asked once is used up"


def test_one_of_the_office_lets_the_first_people_act_for_a_party() -> None:
    board, fresh, empty = make.board(), make.person(), make.organisation()
    for role in ("owner", "lead"):
        done("appoint", board.officer, person=fresh.email, organisation=empty.party.slug, role=role)
    engagements = list(fresh.engagements.all())
    administrator = make.person(role="administrator", party=board.office.party)
    for item in engagements:
        for official in (board.officer, administrator):
            done("end_engagement", official, engagement=item.pk, why="They left.")
    other = {"person": make.person().email, "organisation": empty.party.slug, "role": "lead"}
    assert done("appoint", board.officer, **other)["waits"], "ending everybody opens no door"


def test_the_end_of_an_appointment_is_part_of_what_two_agree_on() -> None:
    board, fresh = make.board(), make.person()
    administrator = make.person(role="administrator", party=board.office.party)
    given = {"person": fresh.email, "organisation": board.lead.party.slug, "role": "lead"}
    assert done("appoint", board.officer, **given, months=1)["waits"]
    later = make.NOW + timedelta(days=10)
    for other in ({}, {"months": 120}):
        assert done("appoint", administrator, at=later, **given, **other)["waits"]
    assert not fresh.engagements.exists()
    assert done("appoint", board.officer, **given, months=2)["waits"]
    done("appoint", administrator, at=later, **given, months=2)
    assert fresh.engagements.get().until == make.NOW.replace(month=8), "counted from when the first asked"
    assert done("appoint", board.officer, **given, months=3)["waits"]
    past = make.NOW + timedelta(days=365)
    assert done("appoint", administrator, at=past, **given, months=3)["waits"], "its end has come already"


@pytest.mark.parametrize(
    ("months", "code"),
    [(0, "request.too_small"), (-1, "request.too_small"), (1_000_000_000, "request.too_large")],
)
def test_an_appointment_lasts_some_months(months: int, code: str) -> None:
    board = make.board()
    given = {"person": make.person().email, "organisation": board.office.party.slug, "role": "expert"}
    assert refused("appoint", board.officer, **given, months=months) == [code]


def test_no_one_official_ends_what_somebody_may_do_for_a_party() -> None:
    board = make.board()
    administrator = make.person(role="administrator", party=board.office.party)
    held = board.lead_person.engagements.get()
    ending = {"engagement": held.pk, "why": "They asked."}
    assert refused("end_engagement", board.officer, engagement=held.pk) == ["lifecycle.reason_required"]
    assert refused("end_engagement", board.owner_person, **ending) == ["access.not_found"]
    for _ in range(2):
        assert done("end_engagement", board.officer, **ending)["waits"]
    held.refresh_from_db()
    assert held.until is None
    tied = make.person(role="administrator", party=board.office.party)
    make.engaged(tied, role="lead", party=make.organisation().party)
    assert refused("end_engagement", tied, **ending) == ["four_eyes.interested"]
    assert not done("end_engagement", administrator, **{**ending, "why": "So I was told too."})["waits"]
    held.refresh_from_db()
    assert held.until == make.NOW
    assert refused("end_engagement", board.officer, **ending) == ["person.ended"]


def test_a_person_or_another_of_the_same_party_ends_it_alone() -> None:
    board = make.board()
    colleague = make.person(role="partner", party=board.lead.party)
    theirs, own = board.lead_person.engagements.get(), colleague.engagements.get()
    assert not done("end_engagement", colleague, engagement=theirs.pk)["waits"]
    assert not done("end_engagement", colleague, engagement=own.pk)["waits"]


def test_who_acts_for_a_party_becomes_no_official_and_an_official_registers_for_others() -> None:
    board = make.board()
    administrator = make.person(role="administrator", party=board.office.party)
    wanted = {"person": board.lead_person.email, "organisation": board.office.party.slug}
    for role in ("officer", "second_officer", "auditor", "administrator"):
        assert refused("appoint", administrator, **wanted, role=role) == ["person.acts_for_party"]
    given = {"names": {"en": "New Works"}, "type": "enterprise", "country": "CN"}
    for official in (board.officer, board.second, administrator):
        assert refused("register_organisation", official, **given, act_for=True) == ["person.official"]
    done("register_organisation", board.officer, **given)
    assert not Engagement.objects.filter(party__slug="new-works").exists()


def test_nobody_judges_a_proof_that_they_gave() -> None:
    board = make.board()
    proof = {"organisation": board.owner.party.slug, "kind": "infrastructure", "text": "The deed."}
    shown = done("give_evidence", board.officer, **proof)["evidence"]
    for valid in (True, False):
        told = refused("judge_evidence", board.officer, evidence=shown, valid=valid, remark="Seen.")
        assert told == ["four_eyes.same_person"]
    done("judge_evidence", board.second, evidence=shown, valid=True)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"names": {"en": "x" * 301}}, "request.too_long", "names"),
        ({"names": {"en": "New\nWorks"}}, "request.hidden_sign", "names"),
        ({"names": {"en": "New \u202eskroW"}}, "request.hidden_sign", "names"),
        ({"names": {"en": "New", "lo": "\u2066x"}}, "request.hidden_sign", "names"),
        ({"names": {"en": "New", "<b>": "Works"}}, "organisation.name_language", "names"),
        ({"slug": "../New"}, "organisation.slug_wrong", "slug"),
        ({"country": "XX"}, "organisation.country_unknown", "country"),
        ({"country": ""}, "request.missing", "country"),
        ({"region": "Bangkok"}, "organisation.region_wrong", "region"),
        ({"region": "TH-10"}, "organisation.region_wrong", "region"),
        ({"lei": "5493001KJTIIGC8Y1R13"}, "organisation.lei_wrong", "lei"),
        ({"legal_status": "splendid"}, "form.not_an_option", "legal_status"),
        ({"timezone": "Asia/Atlantis"}, "form.not_an_option", "timezone"),
        ({"registered_on": "2099-01-01"}, "organisation.future_day", "registered_on"),
        ({"registry_number": "9" * 61}, "request.too_long", "registry_number"),
    ],
)
def test_what_a_registry_cannot_say_is_refused(change: dict[str, Any], code: str, field: str) -> None:
    make.board()
    given = {"names": {"en": "New Works"}, "type": "enterprise", "country": "CN", **change}
    outcome = run("register_organisation", make.person(), **given)
    assert isinstance(outcome, Refused)
    assert [(item.code, item.params["field"]) for item in outcome.reasons] == [(code, field)]


def test_while_a_bid_is_judged_its_people_fill_blanks_and_the_office_corrects_by_two() -> None:
    course = Round().opened()
    board, slug = course.board, course.board.lead.party.slug
    changed = {"organisation": slug, "registered_on": "2001-02-03"}
    assert refused("correct_organisation", board.lead_person, at=course.at, **changed) == [
        "organisation.bid_judged"
    ]
    blank = {"organisation": slug, "registry_number": "SAMPLE-1"}
    Organisation.objects.filter(party__slug=slug).update(registry_number="")
    done("correct_organisation", board.lead_person, at=course.at, **blank)
    assert refused("correct_organisation", board.officer, at=course.at, **changed) == [
        "lifecycle.reason_required"
    ]
    told = {**changed, "why": "The registry shows another day."}
    for _ in range(2):
        assert done("correct_organisation", board.officer, at=course.at, **told)["waits"], (
            "one alone never does"
        )
    assert str(Organisation.objects.get(party__slug=slug).registered_on) != "2001-02-03"
    assert not done("correct_organisation", board.second, at=course.at, **told)["waits"]
    assert str(Organisation.objects.get(party__slug=slug).registered_on) == "2001-02-03"


def test_a_correction_is_held_to_the_same() -> None:
    board = make.board()
    fixing = {"organisation": board.lead.party.slug, "why": "As the registry shows."}
    assert refused("correct_organisation", board.officer, **fixing, region="Bangkok") == [
        "organisation.region_wrong"
    ]
    done("correct_organisation", board.officer, **fixing, region="cn-gx", legal_status="independent")
    board.lead.refresh_from_db()
    assert board.lead.region == "CN-GX"


def test_a_country_is_no_region_of_itself() -> None:
    make.board()
    given = {"names": {"en": "Island Works"}, "type": "enterprise", "country": "sg", "region": "SG"}
    done("register_organisation", make.person(), **given)
    made = Organisation.objects.get(party__slug="island-works")
    assert (made.country, made.region) == ("SG", "")


def test_a_private_value_is_about_the_person_it_names_not_about_who_typed_it() -> None:
    administrator = make.person(role="administrator")
    pseudonym = done("enrol_person", administrator, email="x@people.example", name="X")["person"]
    assert set(PrivateValue.objects.values_list("person", flat=True)) == {pseudonym}


def test_a_need_belongs_to_its_owner_who_may_share_it() -> None:
    course = Round().stated()
    board = course.board
    other = make.organisation("Other Owner")
    stranger = make.person(role="owner", party=other.party)
    save = {"number": course.need, "content": make.content(sector="health")}
    assert refused("save_need", stranger, **save) == ["access.not_found"]
    done("share_need", board.owner_person, number=course.need, owner=other.party.slug)
    done("save_need", stranger, **save)
    assert Need.objects.get(number=course.need).sector == "health"
    course.move("need", "submit", board.owner_person)
    assert refused("save_need", board.owner_person, **save) == ["need.not_editable"]
    start = {"call": board.call.number, "owner": board.owner.party.slug}
    assert refused("start_need", stranger, **start) == ["access.not_yours"]


def test_a_country_desk_files_for_an_owner_of_its_country_who_confirms() -> None:
    board = make.board()
    here = make.person(role="country_desk", party=board.office.party, scope="VN")
    there = make.person(role="country_desk", party=board.office.party, scope="LA")
    start = {"call": board.call.number, "owner": board.owner.party.slug, "content": make.content()}
    assert refused("start_need", there, **start) == ["access.not_yours"]
    number = done("start_need", here, **start)["number"]
    assert refused("move", here, kind="need", number=number, command="submit") == ["lifecycle.not_yours"]
    done("move", here, kind="need", number=number, command="hand_to_owner")
    done("move", board.owner_person, kind="need", number=number, command="submit")
    assert refused("move", there, kind="need", number=number, command="withdraw_need") == ["access.not_found"]
    row = here.engagements.get()
    row.until = make.NOW
    row.save()
    assert refused("start_need", here, **start) == ["access.role"]


def test_an_argument_is_given_once_by_an_expert_without_a_stake() -> None:
    course = Round().stated()
    board = course.board
    course.move("need", "submit", board.owner_person)
    course.move("need", "verify", board.officer)
    expert, member = make.person(role="expert"), make.person(role="expert")
    make.engaged(member, role="owner", party=board.owner.party)
    asked = {"number": course.need, "expert": expert.email}
    done("ask_argument", board.officer, **asked)
    assert refused("ask_argument", board.officer, **asked) == ["review.assigned"]
    assert refused("ask_argument", board.officer, number=course.need, expert=member.email) == [
        "review.conflict"
    ]
    assert refused("ask_argument", board.officer, number=course.need, expert=board.lead_person.email) == [
        "review.not_an_expert"
    ]
    given = {"number": course.need, "favourable": True, "text": "Real."}
    done("give_argument", expert, **given)
    assert refused("give_argument", expert, **given) == ["argument.given"]
    assert refused("give_argument", member, **given) == ["access.not_found"]


def test_an_answer_is_public_and_given_once_without_the_askers_name() -> None:
    board = make.board()
    posted = make.challenge(call=board.call, owner=board.owner.party)
    asked = done("ask_question", board.lead_person, challenge=posted.number, text="May data leave?")[
        "question"
    ]
    given = {"question": asked, "text": "No.", "translations": {"zh-Hans": "不可。"}}
    assert refused("answer_question", make.person(role="owner"), **given) == ["access.not_yours"]
    done("answer_question", board.owner_person, **given)
    for officer in (board.officer, board.second):
        assert refused("answer_question", officer, **given) == ["question.answered"]
    kept = posted.questions.get().answer
    assert kept["translations"]["zh-Hans"]["text"] == "不可。"
    assert board.owner_person.name not in str(kept)


def test_a_consortium_is_no_organisation_one_can_register_over() -> None:
    Party.objects.create(kind=Party.Kind.CONSORTIUM, slug="b-2026-001")
    make.board()
    given = {"names": {"en": "X"}, "type": "enterprise", "country": "CN", "slug": "b-2026-001"}
    assert refused("register_organisation", make.person(), **given) == ["organisation.exists"]


def test_an_appointment_lasts_calendar_months_at_the_programmes_place() -> None:
    board = make.board()
    person, evening = make.person(), datetime(2027, 1, 30, 17, 0, tzinfo=UTC)  # the 31st in Nanning
    given = {"person": person.email, "organisation": board.lead.party.slug, "role": "lead", "months": 1}
    assert done("appoint", board.officer, at=evening, **given)["waits"]
    other = make.person(role="officer", party=board.office.party)
    done("appoint", other, at=evening, **given)
    assert person.engagements.get().until == datetime(2027, 2, 27, 17, 0, tzinfo=UTC)


def test_what_is_searched_is_kept_as_it_is_looked_for() -> None:
    title = {"en": "Leaf  blast\nin Ｒice", "zh-Hans": "稻瘟"}
    assert search_text(title) == normalised("leaf blast in rice 稻瘟")
    assert normalised("blast\n in") in search_text(title)


def test_a_call_takes_needs_until_its_day_and_no_longer() -> None:
    board = make.board()
    administrator = make.person(role="administrator", party=board.office.party)
    version = board.call.rulebook_id
    opened = {"number": "C-9", "title": {"en": "A call"}, "rulebook": version}
    assert set(refused("open_call", administrator, **{**opened, "number": "no number!"})) == {
        "request.not_its_form"
    }
    assert refused("open_call", administrator, **{**opened, "title": {}}) == ["form.required"]
    past = (make.NOW - timedelta(days=1)).isoformat()
    assert refused("open_call", administrator, **opened, needs_until=past) == ["call.until_past"]
    done("open_call", administrator, **opened)
    start = {"call": "C-9", "owner": board.owner.party.slug}
    drafted = done("start_need", board.owner_person, **start)["number"]
    assert refused("change_call", administrator, number="C-9", why="Enough.", needs_until=past) == [
        "call.until_past"
    ]
    done("change_call", administrator, number="C-9", why="Enough needs came.")
    assert refused("start_need", board.owner_person, **start) == ["call.closed"]
    send = {"kind": "need", "number": drafted, "command": "submit"}
    assert refused("move", board.owner_person, **send) == ["call.closed"]
