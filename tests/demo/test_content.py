"""The sample content is sound, and its numbers give the outcomes that the course tells."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import resources

import chinese_calendar
import pytest
import yaml

from jiebang.decisions import eligibility
from jiebang.demo.acts import Act
from jiebang.demo.afterwards import with_afterwards
from jiebang.demo.content import Content, faults, load
from jiebang.demo.content_models import Event, Organisation
from jiebang.rules.expressions import Truth
from jiebang.rules.load import load as load_rulebook
from jiebang.rules.schema import Rulebook

FIRST = (Act.PROPOSE_LISTING, Act.PROPOSE_AWARD, Act.PROPOSE_NO_AWARD, Act.PROPOSE_RELIST)
SECOND = (Act.LIST_CHALLENGE, Act.OPEN_PUBLICITY, Act.DECIDE_AWARD, Act.DECLARE_NO_AWARD, Act.RELIST)


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def acts(content: Content, act: Act) -> list[str]:
    return [event.subject for event in content.course.events if event.act is act]


def overall(content: Content, bid: str) -> Decimal:
    sheets = [review for review in content.reviews.reviews if review.bid == bid]
    return sum((content.reviews.overall(sheet) for sheet in sheets), Decimal(0)) / len(sheets)


def test_counts_meet_the_contract(content: Content) -> None:
    assert len(content.needs) == 12
    assert Counter(need.fate for need in content.needs.values())["listed"] == 9
    assert len(content.bids) == 20
    assert len(content.experts) == 12
    assert Counter(acts(content, Act.LIST_CHALLENGE)).total() == 9
    assert acts(content, Act.RELIST) == ["N07"] == acts(content, Act.DECLARE_NO_AWARD)
    assert acts(content, Act.TERMINATE) == ["P08"]
    assert len(acts(content, Act.VALIDATE)) == 2


def test_every_eligible_bid_has_three_experts_within_their_load(content: Content) -> None:
    eligible = {bid.id for bid in content.bids.values() if bid.expected.formal == "eligible"}
    per_bid = Counter(review.bid for review in content.reviews.reviews)
    assert per_bid == dict.fromkeys(eligible, 3)
    load_of = Counter(review.expert for review in content.reviews.reviews)
    assert all(
        load_of[key] <= person.expert.max_load for key, person in content.experts.items() if person.expert
    )


def test_no_expert_reviews_the_own_organisation(content: Content) -> None:
    for review in content.reviews.reviews:
        bid = content.bids[review.bid]
        parties = {bid.lead, *(partner.organisation for partner in bid.partners)}
        parties |= set(content.needs[bid.challenge].owners)
        assert not any(content.acting_for(review.expert, organisation=party) for party in parties)


def test_scores_give_the_proposed_awards(content: Content) -> None:
    scores = {bid: overall(content, bid) for bid in {review.bid for review in content.reviews.reviews}}
    for event in content.course.events:
        if event.act is Act.PROPOSE_AWARD:
            lost = [
                bid.id
                for bid in content.bids.values()
                if bid.challenge == event.subject and bid.id in scores and bid.id not in event.data["bids"]
            ]
            worst = min(scores[bid] for bid in event.data["bids"])
            assert worst >= Decimal(str(content.reviews.threshold))
            assert all(scores[bid] < worst for bid in lost)
    assert scores["B01"] == scores["B02"] == 82
    assert scores["B19"] < 70
    spread = [content.reviews.overall(content.review_of["B09", expert]) for expert in ("x06", "x07", "x08")]
    assert sorted(spread)[1] - min(spread) > 10


def test_edge_cases_are_what_they_claim(content: Content) -> None:
    closing = date(2026, 7, 8)
    assert len(content.bids["B07"].members) == 6
    assert (closing - content.organisations["gx-sprout"].registered_on).days == 364
    first, second = content.bids["B01"], content.bids["B04"]
    assert (first.lead, first.challenge) == (second.lead, second.challenge)
    assert first.submitted_at < second.submitted_at
    assert {item.kind for item in content.organisations["gx-resin"].evidence} == {
        "rd_capability",
        "research_facilities",
    }
    submitted = next(e for e in content.course.events if e.act is Act.SUBMIT_NEED and e.subject == "N11")
    assert (submitted.at.date() - content.organisations["ph-mangga"].registered_on).days == 200


def unmet(content: Content, event: Event, *, measured_by: Act | None = None) -> list[str]:
    holds = {">=": float.__ge__, "<=": float.__le__, "=": float.__eq__}
    if measured_by:
        event = next(e for e in content.course.events if e.act is measured_by and e.subject == event.subject)
    need = content.needs[content.projects[event.subject].challenge]
    return [
        item.id
        for item in need.indicators
        if not holds[item.operator](float(event.data["measured"][item.id]), item.threshold)
    ]


def test_validated_projects_meet_every_indicator_in_the_owners_words(content: Content) -> None:
    for event in content.course.events:
        if event.act is Act.VALIDATE:
            need = content.needs[content.projects[event.subject].challenge]
            assert need.language in event.data["statement"]
            assert unmet(content, event) == []


def test_texts_are_of_a_readable_length(content: Content) -> None:
    for need in content.needs.values():
        parts = (need.problem, need.importance, need.present_practice, need.site)
        assert 80 <= sum(len(part["en"].split()) for part in parts) <= 150, need.id
        assert 100 <= sum(len(part["zh-Hans"]) for part in parts) <= 260, need.id


def test_offices_act_on_working_days_and_two_officers_decide(content: Content) -> None:
    office = {"officer", "officer2", "handler", "commerce", "external", "admin"}
    for event in content.course.events:
        if event.by in office and event.at.year == 2026:
            assert chinese_calendar.is_workday(event.at.date()), event
    for event in content.course.events:
        if event.act in SECOND:
            assert event.by == "officer2"
        if event.act in FIRST:
            assert event.by == "officer"


def test_accepted_results_meet_every_indicator_and_money_stays_within_the_bid(content: Content) -> None:
    paid: Counter[str] = Counter()
    for event in content.course.events:
        if event.act is Act.ACCEPT_RESULT:
            assert unmet(content, event) == []
        if event.act is Act.BACK_TO_WORK:
            assert unmet(content, event, measured_by=Act.ASK_ACCEPTANCE) == ["I2"]
        if event.act is Act.PAY_INSTALMENT:
            paid[event.subject] += int(event.data["amount"])
    for project in content.course.projects:
        assert paid[project.id] <= content.bids[project.bid].amount
    assert paid["P01"] == content.bids["B01"].amount
    assert paid["P08"] == content.bids["B17"].amount * 4 / 10


def test_who_answers_an_objection_has_not_scored(content: Content) -> None:
    answered = [event for event in content.course.events if event.act is Act.ANSWER_OBJECTION]
    assert {event.data["outcome"] for event in answered} == {"not_upheld", "partly_upheld"}
    assert not {event.by for event in answered} & set(content.experts)


def test_accepted_invitations_come_before_the_bid_and_bids_before_closing(content: Content) -> None:
    first_round = next(event for event in content.course.events if event.act is Act.CLOSE_CHALLENGE).at
    for bid in content.bids.values():
        joined = [e for e in content.course.events if e.act is Act.ACCEPT_INVITATION and e.subject == bid.id]
        assert {e.data["organisation"] for e in joined} == {item.organisation for item in bid.members}
        assert all(e.at < bid.submitted_at for e in joined)
        assert all(content.acting_for(e.by, organisation=e.data["organisation"]) for e in joined)
        assert bid.round == 2 or bid.submitted_at < first_round


def test_agreements_wait_for_compliance(content: Content) -> None:
    events = content.course.events
    for project in content.projects:
        cleared = [e.at for e in events if e.subject == project and e.act is Act.CLEAR_COMPLIANCE]
        signed = [e.at for e in events if e.subject == project and e.act is Act.SIGN_AGREEMENT]
        assert cleared
        assert signed
        assert max(cleared) < min(signed)


def test_broken_references_are_named_all_at_once(content: Content) -> None:
    people = dict(content.people)
    gone = people.pop("x01"), people.pop("zheqing")
    found = faults(replace(content, people=people))
    assert all(any(person.id in fault for fault in found) for person in gone)
    assert faults(content) == ()


def test_content_speaks_the_words_of_its_rulebook(content: Content) -> None:
    shipped = resources.files("jiebang").joinpath(f"rulebooks/{content.course.call.rulebook}.yaml")
    rulebook = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    words = rulebook["vocabulary"]
    weights = {key: rule["weight"] for key, rule in rulebook["criteria"].items()}
    assert {item.id: item.weight for item in content.reviews.criteria} == weights
    assert {need.sector for need in content.needs.values()} <= words["sectors"].keys()
    assert {item.kind for org in content.organisations.values() for item in org.evidence} <= words[
        "evidence"
    ].keys()
    roles = {item.role for person in content.people.values() for item in person.engagements}
    assert roles - words["roles"].keys() == {"lead_researcher"}
    gates = {event.data["gate"] for event in content.course.events if event.act is Act.CLEAR_COMPLIANCE}
    assert gates == rulebook["gates"].keys()


def outcomes(
    book: Rulebook, organisation: Organisation, *, as_: str, at: date, known: bool = True
) -> dict[str, Truth]:
    facts = eligibility.organisation_facts(
        id=organisation.id,
        at=at,
        country=organisation.country,
        region=organisation.region,
        type=organisation.type,
        registered_on=organisation.registered_on if known else None,
        evidence=[
            eligibility.Proof(kind=e.kind, issued_on=e.issued_on, status=e.status)
            for e in organisation.evidence
        ],
        places=book.places,
        facts={"legal_status": organisation.legal_status},
    )
    found = eligibility.check(book, subject=as_, facts={as_: facts}, subject_id=organisation.id)  # type: ignore[arg-type]
    return {verdict.rule: verdict.outcome for verdict in found if verdict.outcome is not Truth.PASS}


def test_the_rules_say_of_every_party_what_the_course_expects(content: Content) -> None:
    shipped = resources.files("jiebang").joinpath(f"rulebooks/{content.course.call.rulebook}.yaml")
    book = load_rulebook(shipped.read_text(encoding="utf-8"))
    assert isinstance(book, Rulebook)
    for bid in content.bids.values():
        found = outcomes(book, content.organisations[bid.lead], as_="lead", at=bid.submitted_at.date())
        expected = {"B10": {"lead_age": Truth.FAIL}, "B13": {"lead_network": Truth.FAIL}}
        assert found == expected.get(bid.id, {}), bid.id
    for event in content.course.events:
        if event.act in (Act.SUBMIT_NEED, Act.CONFIRM_NEED):
            for owner in content.needs[event.subject].owners:
                found = outcomes(book, content.organisations[owner], as_="owner", at=event.at.date())
                assert found == ({"owner_age": Truth.FAIL} if event.subject == "N11" else {}), owner
                unknown = content.organisations[owner].registration_shown == "in_course"
                if unknown:
                    found = outcomes(
                        book, content.organisations[owner], as_="owner", at=event.at.date(), known=False
                    )
                    assert found == {"owner_age": Truth.UNKNOWN}
                assert unknown == (event.subject == "N09")


def test_a_result_is_carried_to_a_second_country_and_a_third_is_asked() -> None:
    whole, _ = with_afterwards(load())
    told = [event for event in whole.course.events if event.subject == "P01" and "copy" in event.data]
    owner = whole.needs[whole.projects["P01"].challenge].country
    proposed = [event.data for event in told if event.act is Act.PROPOSE_REPLICATION]
    assert [item["country"] for item in proposed] == ["KH", "LA"]
    assert owner not in {item["country"] for item in proposed}
    assert proposed[1]["parent"] == proposed[0]["copy"], "a copy of a copy"
    confirmed = [event for event in told if event.act is Act.CONFIRM_REPLICATION]
    assert [event.data["copy"] for event in confirmed] == ["R01"]
    words = confirmed[0].data["texts"]["statement"]
    assert whole.organisations[proposed[0]["organisation"]].language in words, (
        "in the new owner's own language"
    )
