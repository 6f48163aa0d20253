"""Consortia and bids: invitations with their end, drafts, what stays sealed, what the check says."""

import re
from datetime import timedelta

import pytest

import factories as make
from acting import MILLISECOND, Round, bid_content, done, refused
from jiebang.records.bids.models import Bid, BidContent, Invitation
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal.models import JournalEntry
from jiebang.records.outbox.models import Message
from jiebang.records.outbox.words import shown
from jiebang.records.people.models import Organisation, User
from jiebang.rules.texts import pick

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Round:
    """A bid that was started."""
    return Round().started()


def partner(name: str = "Sample Partner") -> tuple[Organisation, User]:
    organisation = make.organisation(name)
    return organisation, make.person(role="partner", party=organisation.party)


def test_the_number_of_a_bid_does_not_tell_how_many_there_are(course: Round) -> None:
    given = {"challenge": course.challenge, "lead": course.board.lead.party.slug}
    numbers = [
        course.bid,
        *(done("start_bid", course.board.lead_person, **given)["number"] for _ in range(2)),
    ]
    assert all(re.fullmatch(r"B-\d{4}-[A-Z]{6}", number) for number in numbers)
    assert len({number[-6:-2] for number in numbers}) == 3


def test_the_lead_person_is_one_of_the_leads_own_and_nobody_else_is_told_of(course: Round) -> None:
    board = course.board
    start = {"challenge": course.challenge, "lead": board.lead.party.slug}
    past = make.person(role="lead", party=board.lead.party)
    past.engagements.update(until=make.NOW)
    for email in (board.owner_person.email, past.email, "nobody@people.example"):
        named = {"lead_person": email}
        for name, given in (("start_bid", start), ("save_bid", {"number": course.bid, "content": {}})):
            assert refused(name, board.lead_person, **given, **named) == ["bid.lead_person_elsewhere"]
    researcher = make.person("researcher@people.example", role="lead", party=board.lead.party)
    done(
        "save_bid", board.lead_person, number=course.bid, content={}, lead_person="Researcher@People.example"
    )
    assert Bid.objects.get(number=course.bid).lead_person == researcher


def test_an_invitation_is_accepted_before_it_lapses(course: Round) -> None:
    organisation, person = partner()
    given = {"number": course.bid, "partner": organisation.party.slug, "part": "Letters."}
    asked = done("invite_partner", course.board.lead_person, **given)
    assert refused("invite_partner", course.board.lead_person, **given) == ["invitation.exists"]
    letter = Message.objects.get(to_user=person, code="mail.invited")
    lead = course.board.lead.called()
    assert pick(lead, lang="zh-Hans") in shown(letter, lang="zh-Hans")[0], "in the language it is read in"
    assert shown(letter, lang=letter.language) == (letter.subject, letter.body)
    until = Invitation.objects.get(pk=asked["invitation"]).expires_at
    answer = {"invitation": asked["invitation"], "accept": True}
    assert refused("answer_invitation", course.board.owner_person, **answer) == ["access.not_found"]
    for late in (until, until + MILLISECOND):
        assert refused("answer_invitation", person, at=late, **answer) == ["invitation.lapsed"]
    assert done("answer_invitation", person, at=until - MILLISECOND, **answer)["status"] == "accepted"
    assert refused("answer_invitation", person, at=until - MILLISECOND, **answer) == ["invitation.not_open"]


def test_who_declined_or_let_it_lapse_may_be_asked_again(course: Round) -> None:
    organisation, person = partner()
    given = {"number": course.bid, "partner": organisation.party.slug}
    asked = done("invite_partner", course.board.lead_person, **given)
    done("answer_invitation", person, invitation=asked["invitation"], accept=False)
    again = done("invite_partner", course.board.lead_person, **given)
    assert again["invitation"] == asked["invitation"]
    later = make.NOW + timedelta(days=11)
    third = done("invite_partner", course.board.lead_person, at=later, **given)
    assert (
        done("answer_invitation", person, at=later, invitation=third["invitation"], accept=True)["bid"]
        == course.bid
    )
    assert refused("invite_partner", course.board.lead_person, at=later, **given) == ["invitation.exists"]


def test_an_invitation_ends_with_the_challenge_at_the_latest(course: Round) -> None:
    organisation, _ = partner()
    closes = Challenge.objects.get(number=course.challenge).closes_at
    given = {"number": course.bid, "partner": organisation.party.slug}
    asked = done("invite_partner", course.board.lead_person, at=closes - timedelta(days=1), **given)
    assert asked["until"] == closes.isoformat()
    assert refused("invite_partner", course.board.lead_person, at=closes, **given) == ["bid.not_editable"]


def test_a_lead_does_not_invite_itself_nor_somebody_who_is_nobody(course: Round) -> None:
    lead = course.board.lead_person
    assert refused("invite_partner", lead, number=course.bid, partner=course.board.lead.party.slug) == [
        "invitation.self"
    ]
    assert refused("invite_partner", lead, number=course.bid, partner="nobody") == ["access.not_found"]
    assert refused("invite_partner", lead, number=course.bid, partner=course.bid.lower()) == [
        "access.not_found"
    ]


def test_an_invitation_can_be_taken_back(course: Round) -> None:
    organisation, person = partner()
    asked = done(
        "invite_partner", course.board.lead_person, number=course.bid, partner=organisation.party.slug
    )
    number = asked["invitation"]
    assert refused("cancel_invitation", person, invitation=number) in (["access.role"], ["access.not_found"])
    done("cancel_invitation", course.board.lead_person, invitation=number)
    assert refused("answer_invitation", person, invitation=number, accept=True) == ["invitation.not_open"]


def test_only_the_leads_people_work_on_a_bid(course: Round) -> None:
    rival = make.person(role="lead", party=make.guangxi_organisation().party)
    for person, codes in ((rival, ["access.not_found"]), (course.board.owner_person, ["access.role"])):
        assert refused("save_bid", person, number=course.bid, content={}) == codes
    own = {"challenge": course.challenge, "lead": course.board.lead.party.slug}
    assert refused("start_bid", rival, **own) == ["access.not_yours"]


def test_a_draft_keeps_what_is_wrong_and_says_so_but_is_not_sent(course: Round) -> None:
    lead = course.board.lead_person
    saved = done("save_bid", lead, number=course.bid, content={"amount": -5, "title": ""})
    assert {item["field"] for item in saved["faults"]} >= {"amount"}
    codes = refused("move", lead, kind="bid", number=course.bid, command="submit_bid")
    assert len(codes) > 3
    assert BidContent.objects.get(bid__number=course.bid).content["amount"] == -5


def test_a_draft_no_page_could_show_is_refused_and_the_last_one_stays(course: Round) -> None:
    lead, owner = course.board.lead_person, course.board.owner_person
    before = course.do("save_bid", lead, number=course.bid, content=bid_content())
    for wrong in (
        {"milestones": 5},
        {"title": {"lang": "en", "text": "x", "translations": 5}},
        {"modes": [{"a": 1}]},
    ):
        content = bid_content() | wrong
        assert refused("save_bid", lead, at=course.at, number=course.bid, content=content) == [
            "form.misshapen"
        ]
        given = {"challenge": course.challenge, "lead": course.board.lead.party.slug, "content": wrong}
        assert refused("start_bid", lead, at=course.at, **given) == ["form.misshapen"]
    assert course.do("save_bid", lead, number=course.bid, content=bid_content())["faults"] == before["faults"]
    given = {"call": course.board.call.number, "owner": course.board.owner.party.slug}
    number = course.do("start_need", owner, **given, content={"title": "A need"})["number"]
    for content in ({"indicators": 5}, {"sector": {"a": 1}}):
        assert refused("save_need", owner, at=course.at, number=number, content=content) == ["form.misshapen"]
        assert refused("start_need", owner, at=course.at, **given, content=content) == ["form.misshapen"]


def test_the_version_sent_last_counts_and_a_later_draft_does_not(course: Round) -> None:
    from jiebang.records.bundles import amount_of, sent_content

    lead = course.board.lead_person
    for amount in (800_000, 700_000):
        done("save_bid", lead, number=course.bid, content=bid_content(amount))
        course.move("bid", "submit_bid", lead)
    done("save_bid", lead, number=course.bid, content=bid_content(1))
    bid = Bid.objects.get(number=course.bid)
    assert amount_of(sent_content(bid)) == 700_000
    assert bid.contents.exclude(sent_at=None).count() == 2


def test_before_opening_neither_letter_nor_journal_names_challenge_or_lead(course: Round) -> None:
    Message.objects.all().delete()
    course.move("bid", "submit_bid", course.board.lead_person)
    told = set(Message.objects.values_list("to_user__email", flat=True))
    assert not told & {
        person.email for person in (course.board.owner_person, course.board.officer, course.board.second)
    }
    lines = "".join(JournalEntry.objects.filter(subject=f"bid:{course.bid}").values_list("line", flat=True))
    assert course.challenge not in lines
    assert course.board.lead.party.slug not in lines


def test_an_officer_cannot_check_a_bid_before_it_is_opened(course: Round) -> None:
    course.move("bid", "submit_bid", course.board.lead_person)
    officer = course.board.officer
    for command in ("pass_check", "fail_check", "withdraw_bid"):
        given = {"kind": "bid", "number": course.bid, "command": command}
        assert refused("move", officer, **given) == ["access.not_found"]
    expert = course.experts[0]
    assert refused("assign_expert", officer, bid=course.bid, expert=expert.email) == ["access.not_found"]
    assert refused("give_view", course.board.owner_person, bid=course.bid, favourable=True, text="?") == [
        "access.not_found"
    ]


def test_what_fails_a_rule_is_ineligible_with_the_rule() -> None:
    course = Round()
    course.board.lead.registered_on = make.NOW.date() - timedelta(days=364)
    course.board.lead.save()
    course.opened()
    outcome = course.do("check_bids", course.board.officer, challenge=course.challenge)
    assert outcome["bids"] == {course.bid: "ineligible"}
    failed = Bid.objects.get(number=course.bid).verdicts.filter(current=True, outcome="fail")
    assert [item.rule for item in failed] == ["lead_age"]
    assert refused("check_bids", course.board.lead_person, at=course.at, challenge=course.challenge) == [
        "access.role"
    ]


def test_a_withdrawn_bid_is_gone_for_good(course: Round) -> None:
    course.move("bid", "withdraw_bid", course.board.lead_person)
    given = {"kind": "bid", "number": course.bid, "command": "submit_bid"}
    assert refused("move", course.board.lead_person, **given) == ["lifecycle.not_from_here"]
    assert refused("save_bid", course.board.lead_person, number=course.bid, content={}) == [
        "bid.not_editable"
    ]
