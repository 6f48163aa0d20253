"""The models of the sample round: what a file under `guangxi/` may say. See `content` for the loader."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from jiebang.demo.acts import Act

OrgType = Literal["university", "research_institute", "enterprise", "government_agency"]
Mode = Literal[
    "technology_transfer",
    "collaborative_rd",
    "personnel_training",
    "technology_licensing",
    "technology_investment",
]
Score = Annotated[float, Field(ge=0, le=100)]


def _english_and_chinese(value: dict[str, str]) -> dict[str, str]:
    if not {"en", "zh-Hans"} <= value.keys() or not all(text.strip() for text in value.values()):
        raise ValueError("needs non-empty texts in en and zh-Hans")
    return value


Texts = Annotated[dict[str, str], AfterValidator(_english_and_chinese)]


class Model(BaseModel):
    """Frozen, and loud about fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Model):
    """One proof of an organisation; `text` becomes a small file when played."""

    id: str
    kind: str
    status: Literal["valid", "expired", "pending"]
    issued_on: date
    language: str
    text: str


class Organisation(Model):
    """A fictional organisation; `language` is the tag of its own name in `names`.

    `registration_shown`: whether `registered_on` is known from the start, or told by an event of the course.
    """

    id: str
    side: Literal["demand", "lead", "partner", "office", "expert"]
    fictional: Literal[True]
    names: Texts
    language: str
    type: OrgType
    country: str
    region: str
    registered_on: date
    registry_number: Annotated[str, Field(pattern=r"^SAMPLE-")]
    timezone: str
    legal_status: str | None = None
    registration_shown: Literal["at_start", "in_course"] = "at_start"
    capabilities: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Engagement(Model):
    """A person acts for an organisation in a role, for a time."""

    role: str
    organisation: str
    since: date
    until: date | None


class Expert(Model):
    """What an expert knows and how many bids at most the expert takes."""

    sectors: tuple[str, ...]
    expertise: tuple[str, ...]
    max_load: int


class Person(Model):
    """A fictional person; `names` has the own script under its language, Latin letters under `Latn`."""

    id: str
    fictional: Literal[True]
    names: dict[str, str]
    email: Annotated[str, Field(pattern=r"^[^@]+@[^@]+\.example$")]
    languages: tuple[str, ...]
    engagements: tuple[Engagement, ...]
    expert: Expert | None = None


class Indicator(Model):
    """How a need is measured: met when `measured operator threshold` holds."""

    id: str
    name: Texts
    unit: str
    operator: Literal[">=", "<=", "="]
    threshold: float
    baseline: float | None = None
    method: Texts
    data_place: str
    tester: str


class Translation(Model):
    """Who made a translation, and whether a person checked it."""

    by: Literal["human", "machine"]
    checked: bool = True


class Budget(Model):
    """An announced amount."""

    amount: Annotated[Decimal, Field(gt=0)]
    currency: str


class ExpectedMilestone(Model):
    """What the owner expects by which month after the start."""

    month: int
    text: Texts


class Opinion(Model):
    """An expert's opinion in the argumentation of a need."""

    expert: str
    opinion: Literal["suitable", "suitable_with_changes", "not_suitable"]
    language: str
    text: str


class Need(Model):
    """A need in its owner's language with translations; `prevails` names the version that governs."""

    id: str
    owners: Annotated[tuple[str, ...], Field(min_length=1)]
    country: str
    sector: str
    capabilities: tuple[str, ...] = ()
    language: str
    prevails: str
    fate: Literal["listed", "rejected", "ineligible", "withdrawn"]
    translations: dict[str, Translation]
    title: Texts
    problem: Texts
    importance: Texts
    present_practice: Texts
    site: Texts
    evidence: tuple[str, ...]
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=3, max_length=5)]
    budget: Budget
    modes: Annotated[tuple[Mode, ...], Field(min_length=1)]
    milestones_expected: tuple[ExpectedMilestone, ...]
    data_available: Texts
    working_languages: tuple[str, ...]
    deadline_hint_months: int
    based_on: str
    argumentation: tuple[Opinion, ...]


class Question(Model):
    """One public question with its answer."""

    id: str
    challenge: str
    asked_by: str
    asked_at: AwareDatetime
    language: str
    question: Texts
    answered_by: str
    answered_at: AwareDatetime
    answer: Texts


class Partner(Model):
    """A partner that was invited, and what came of the invitation."""

    organisation: str
    role: str
    invitation: Literal["accepted", "declined", "expired"]


class Milestone(Model):
    """A planned milestone: months after the start, share of the amount in per cent."""

    id: str
    month: int
    share_percent: int
    language: str
    deliverable: str
    indicators: tuple[str, ...] = ()


class Expected(Model):
    """What the formal check of a bid is to find."""

    formal: Literal["eligible", "ineligible", "withdrawn"]
    about: str | None = None
    note: str | None = None


class Bid(Model):
    """A bid; `answers` are promised values by indicator id, `round` 2 is the second listing."""

    id: str
    challenge: str
    round: int
    lead: str
    lead_person: str
    lead_researcher: str
    language: str
    translation: dict[str, Translation]
    partners: tuple[Partner, ...]
    modes: Annotated[tuple[Mode, ...], Field(min_length=1)]
    title: Texts
    summary: Texts
    approach: str
    team: str
    plan: tuple[Milestone, ...]
    amount: Annotated[Decimal, Field(gt=0)]
    currency: str
    answers: dict[str, float]
    submitted_at: AwareDatetime
    expected: Expected

    @property
    def members(self) -> tuple[Partner, ...]:
        """The partners that joined."""
        return tuple(partner for partner in self.partners if partner.invitation == "accepted")


class Comment(Model):
    """A comment on a group of criteria."""

    criteria: tuple[str, ...]
    text: str


class Review(Model):
    """One expert's scores (0-100 by criterion) and comments on one bid."""

    bid: str
    expert: str
    language: str
    scores: dict[str, Score]
    comments: tuple[Comment, ...]
    scored_at: AwareDatetime
    signed_at: AwareDatetime


class Criterion(Model):
    """A criterion and its weight in per cent."""

    id: str
    weight: int


class Conflict(Model):
    """A conflict that an expert declared."""

    expert: str
    organisation: str
    bid: str
    kind: str
    declared_at: AwareDatetime
    text: Texts


class Draft(Model):
    """Scores that were saved and never signed."""

    bid: str
    scores: dict[str, Score]


class Recusal(Model):
    """An expert who left in the middle, and who took over."""

    expert: str
    challenge: str
    bids: tuple[str, ...]
    at: AwareDatetime
    replaced_by: str
    replaced_at: AwareDatetime
    draft: Draft
    text: Texts


class Reviews(Model):
    """All that the experts did."""

    criteria: tuple[Criterion, ...]
    threshold: float
    reviews: tuple[Review, ...]
    conflicts: tuple[Conflict, ...]
    recusals: tuple[Recusal, ...]

    def overall(self, review: Review) -> Decimal:
        """The weighted mean of one sheet, exact."""
        weighted = sum((Decimal(str(review.scores[c.id])) * c.weight for c in self.criteria), Decimal(0))
        return weighted / sum(c.weight for c in self.criteria)


class Project(Model):
    """A project that follows from an awarded bid."""

    id: str
    bid: str
    challenge: str
    starts_on: date
    racing: bool


class Event(Model):
    """What someone does at a time; `by` is a person's id, or `clock` for what time itself does."""

    at: AwareDatetime
    act: Act
    by: str
    subject: str
    data: dict[str, Any] = Field(default_factory=dict)


class Call(Model):
    """The call that the round is played in."""

    id: Literal["call"]
    rulebook: str
    timezone: str


class Course(Model):
    """The dated course, in order of time."""

    call: Call
    projects: tuple[Project, ...]
    events: tuple[Event, ...]
