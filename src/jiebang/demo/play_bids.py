"""Playing consortia, bids, the formal check, reviews, awards, publicity, objections."""

from decimal import Decimal

from jiebang.demo.acts import Act
from jiebang.demo.content_models import Event, Review
from jiebang.demo.forms import bid_form, first_words
from jiebang.demo.play_needs import words
from jiebang.demo.stage import Stage, Stuck, plays
from jiebang.operations.upkeep import lapse_invitations
from jiebang.records.awards.models import Decision
from jiebang.records.reviews.models import Assignment

SET = "The sample round has this expert's scores."
OUTCOMES = {"partly_upheld": "partly"}


@plays(Act.DRAFT_BID)
def draft_bid(stage: Stage, event: Event) -> None:
    """Begin a bid with its first words."""
    bid = stage.content.bids[event.subject]
    form = first_words(bid_form(bid, content=stage.content))
    made = stage.do(
        "start_bid", by=event.by, challenge=stage.challenge(bid.challenge), lead=bid.lead,
        lead_person=stage.email(bid.lead_researcher), content=form,
    )  # fmt: skip
    stage.numbers[bid.id] = made["number"]


@plays(Act.INVITE_PARTNER)
def invite_partner(stage: Stage, event: Event) -> None:
    """Invite an organisation."""
    partner, number = event.data["organisation"], stage.number(event.subject)
    made = stage.do("invite_partner", by=event.by, number=number, partner=partner, part=event.data["role"])
    stage.rows["invitation", event.subject, partner] = made["invitation"]


@plays(Act.ACCEPT_INVITATION, Act.DECLINE_INVITATION)
def answer_invitation(stage: Stage, event: Event) -> None:
    """Accept or decline an invitation."""
    asked = stage.rows["invitation", event.subject, event.data["organisation"]]
    accept = event.act is Act.ACCEPT_INVITATION
    stage.do("answer_invitation", by=event.by, invitation=asked, accept=accept)


@plays(Act.SUBMIT_BID)
def submit_bid(stage: Stage, event: Event) -> None:
    """Complete the bid and send it."""
    form = bid_form(stage.content.bids[event.subject], content=stage.content)
    stage.do("save_bid", by=event.by, number=stage.number(event.subject), content=form)
    stage.move("bid", event.subject, "submit_bid", by=event.by)


@plays(Act.WITHDRAW_BID)
def withdraw_bid(stage: Stage, event: Event) -> None:
    """The lead takes the bid back."""
    stage.move("bid", event.subject, "withdraw_bid", by=event.by, why=words(event, "reason"))


@plays(Act.EXPIRE_INVITATION)
def expire_invitation(_: Stage, event: Event) -> None:
    """Time passes: what a worker notes of itself."""
    lapse_invitations(now=event.at)


@plays(Act.PROPOSE_EXTENSION)
def propose_extension(stage: Stage, event: Event) -> None:
    """An officer proposes a later closing time; it stands when a second officer agrees."""
    params, why = {"closes_at": event.data["closes_at"]}, words(event, "reason")
    stage.move("challenge", stage.challenge(event.subject), "extend", by=event.by, params=params, why=why)


@plays(Act.OPEN_BIDS)
def open_bids(stage: Stage, event: Event) -> None:
    """Open the bids after closing."""
    stage.move("challenge", stage.challenge(event.subject), "close", by=event.by)


@plays(Act.CHECK_BID)
def check_bid(stage: Stage, event: Event) -> None:
    """The formal check; a bid passes or fails by the rules, whatever the course expects."""
    command = "pass_check" if event.data["expected"] == "eligible" else "fail_check"
    stage.move("bid", event.subject, command, by=event.by)


@plays(Act.DECLARE_CONFLICT)
def declare_conflict(stage: Stage, event: Event) -> None:
    """An expert declares a standing interest."""
    stage.do(
        "declare_conflict", by=event.by, organisation=event.data["organisation"], kind=event.data["kind"],
        text=words(event, "text"),
    )  # fmt: skip


@plays(Act.START_REVIEW)
def start_review(stage: Stage, event: Event) -> None:
    """Start the review."""
    stage.move("challenge", stage.challenge(event.subject), "start_review", by=event.by)


@plays(Act.ASSIGN_EXPERTS)
def assign_experts(stage: Stage, event: Event) -> None:
    """Appoint the experts of all bids of a challenge at once; those of the course are set, since the course has their scores."""
    wanted = [(bid, expert) for bid, experts in event.data["slate"].items() for expert in experts]
    pins = [{"bid": stage.number(bid), "expert": stage.email(expert), "why": SET} for bid, expert in wanted]
    made = stage.do("appoint_experts", by=event.by, challenge=stage.challenge(event.subject), pins=pins)
    asked = {(item["bid"], item["expert"]) for item in made["pairs"]}
    if asked != {(pin["bid"], pin["expert"]) for pin in pins}:
        raise Stuck(f"{event.subject}: the slate asks others than the course")
    rows = Assignment.objects.filter(bid__challenge__number=stage.challenge(event.subject))
    known = {(number, one): pk for pk, number, one in rows.values_list("pk", "bid__number", "expert")}
    for bid, expert in wanted:
        stage.rows["assignment", bid, expert] = known[stage.number(bid), stage.people[expert].pk]


@plays(Act.REPLACE_EXPERT)
def replace_expert(stage: Stage, event: Event) -> None:
    """Ask another expert instead of one who stepped aside."""
    _assign(stage, event, event.data["into"])


@plays(Act.SCORE)
def score(stage: Stage, event: Event) -> None:
    """Declare no interest, then save the sheet."""
    asked = stage.rows["assignment", event.subject, event.by]
    if (declared := ("declared", event.subject, event.by)) not in stage.rows:
        stage.do("declare", by=event.by, assignment=asked, conflict=False)
        stage.rows[declared] = 1
    drafts = {item.draft.bid: item.draft.scores for item in stage.content.reviews.recusals}
    if draft := event.data.get("scores") or (event.data.get("draft") and drafts[event.subject]):
        stage.do("save_review", by=event.by, assignment=asked, scores=_scores(draft))
        return
    _save(stage, event, stage.content.review_of[event.subject, event.by])


@plays(Act.SIGN_REVIEW)
def sign_review(stage: Stage, event: Event) -> None:
    """Sign the sheet."""
    stage.do("sign_review", by=event.by, assignment=stage.rows["assignment", event.subject, event.by])


@plays(Act.RECUSE)
def recuse(stage: Stage, event: Event) -> None:
    """Step aside in the middle."""
    why = next(item.text["en"] for item in stage.content.reviews.recusals if item.expert == event.by)
    for bid in event.data["bids"]:
        stage.do("recuse", by=event.by, assignment=stage.rows["assignment", bid, event.by], why=why)


@plays(Act.PROPOSE_AWARD, Act.PROPOSE_NO_AWARD)
def propose_award(stage: Stage, event: Event) -> None:
    """Compute the result by the rule and propose it; what the course expects must come out of it."""
    number = stage.challenge(event.subject)
    stage.move("challenge", number, "propose_award", by=event.by)
    for outcome, key in (("awarded", "bids"), ("reserve", "reserve")):
        expected = {stage.number(bid) for bid in event.data.get(key, ())}
        rows = Decision.objects.filter(challenge__number=number, current=True, outcome=outcome)
        found = {row.bid.number for row in rows.select_related("bid") if row.bid}
        if found != expected:
            raise Stuck(
                f"{event.subject}: {outcome} by rule {sorted(found)}, by the course {sorted(expected)}"
            )


@plays(Act.OPEN_PUBLICITY)
def open_publicity(stage: Stage, event: Event) -> None:
    """The second officer confirms and publishes."""
    stage.move("challenge", stage.challenge(event.subject), "publish_result", by=event.by)


@plays(Act.OBJECT)
def raise_objection(stage: Stage, event: Event) -> None:
    """Object in writing."""
    text = words(event, "text")
    made = stage.do("raise_objection", by=event.by, challenge=stage.challenge(event.subject), text=text)
    stage.numbers[event.data["id"]] = made["number"]


@plays(Act.ANSWER_OBJECTION)
def answer_objection(stage: Stage, event: Event) -> None:
    """Answer with reasons."""
    outcome = OUTCOMES.get(event.data["outcome"], event.data["outcome"])
    number, text = stage.number(event.subject), words(event, "text")
    stage.do("answer_objection", by=event.by, number=number, outcome=outcome, text=text)


@plays(Act.DECIDE_AWARD)
def decide_award(stage: Stage, event: Event) -> None:
    """Decide; the winners' projects begin."""
    number = stage.challenge(event.subject)
    stage.move("challenge", number, "decide", by=event.by)
    awarded = Decision.objects.filter(challenge__number=number, current=True, outcome="awarded")
    projects = {row.bid.number: row.bid.project.number for row in awarded if row.bid}
    for project in stage.content.course.projects:
        if stage.numbers.get(project.bid) in projects:
            stage.numbers[project.id] = projects[stage.numbers[project.bid]]


@plays(Act.DECLARE_NO_AWARD)
def declare_no_award(stage: Stage, event: Event) -> None:
    """Nobody is appointed."""
    why = words(event, "reason")
    stage.move("challenge", stage.challenge(event.subject), "declare_no_award", by=event.by, why=why)


@plays(Act.PROPOSE_RELIST)
def propose_relist(stage: Stage, event: Event) -> None:
    """An officer proposes to list again."""
    number, params = stage.challenge(event.subject), {"closes_at": event.data["closes_at"]}
    made = stage.move("challenge", number, "relist", by=event.by, params=params, why=words(event, "change"))
    stage.rows["proposal", event.subject] = made["proposal"]


@plays(Act.RELIST)
def relist(stage: Stage, event: Event) -> None:
    """The second officer agrees; the challenge has a new number."""
    asked = stage.rows.pop(("proposal", event.subject))
    made = stage.do("answer_proposal", by=event.by, proposal=asked, agree=True)
    stage.numbers[f"challenge:{event.subject}"] = made["challenge"]


def _assign(stage: Stage, event: Event, expert: str) -> None:
    bid = stage.number(event.subject)
    made = stage.do("assign_expert", by=event.by, bid=bid, expert=stage.email(expert))
    stage.rows["assignment", event.subject, expert] = made["assignment"]


def _save(stage: Stage, event: Event, review: Review) -> None:
    asked = stage.rows["assignment", event.subject, event.by]
    comments = {key: item.text for item in review.comments for key in item.criteria[:1]}
    text = " ".join(item.text for item in review.comments)
    stage.do(
        "save_review", by=event.by, assignment=asked, scores=_scores(review.scores), comments=comments, comment=text,
        lang=review.language,
    )  # fmt: skip


def _scores(scores: dict[str, float]) -> dict[str, str]:
    return {key: str(Decimal(str(value))) for key, value in scores.items()}
