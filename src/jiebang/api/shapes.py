"""The shapes of what can be read. Money is decimal text, times are RFC 3339 in UTC, texts `{language: text}`."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from ninja import Schema
from pydantic import Field

Item = TypeVar("Item")
Texts = dict[str, str]


class Page(Schema, Generic[Item]):
    """A part of a list."""

    count: int = Field(description="How many there are in all that the caller may see.")
    page: int
    size: int
    items: list[Item]


class Engagement(Schema):
    """For whom somebody acts, in which role, for how long."""

    role: str
    party: str
    organisation: str | None
    scope: str
    since: datetime
    until: datetime | None


class Token(Schema):
    """A personal token; its secret is never shown again."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime


class Me(Schema):
    """The caller."""

    email: str
    name: str
    language: str
    timezone: str
    pseudonym: str = Field(description="The name under which the journal knows the caller.")
    engagements: list[Engagement]
    tokens: list[Token]


class Letter(Schema):
    """A message to the caller."""

    id: int
    code: str
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None


class Staged(Schema):
    """What moves along a lifecycle."""

    number: str
    stage: str
    stage_since: datetime
    due_at: datetime | None
    due_clock: str
    due_provisional: bool


class ChallengeRow(Staged):
    """A challenge in a list."""

    call: str
    title: Texts
    country: str
    sector: str
    budget: str | None
    currency: str
    max_leads: int
    listed_at: datetime
    closes_at: datetime


class ChallengeWhole(ChallengeRow):
    """A challenge as posted."""

    owner: str
    summary: Texts
    content: dict[str, Any] = Field(description="The public answers of the need form.")
    rulebook: str = Field(description="Hash of the rulebook in force.")
    questions_until: datetime | None
    publicity_until: datetime | None
    relisted_from: str | None


class Asked(Schema):
    """A question and its answer."""

    id: int
    text: dict[str, Any]
    answer: dict[str, Any]
    asked_at: datetime
    answered_at: datetime


class NeedRow(Staged):
    """A need in a list."""

    call: str
    owner: str
    title: str
    country: str
    sector: str
    revision: int
    submitted_at: datetime | None


class NeedWhole(NeedRow):
    """A need with its content."""

    content: dict[str, Any]
    remark: str


class BidRow(Staged):
    """A bid of which the caller may know."""

    challenge: str
    lead: str
    lead_name: str
    lead_person: str | None
    submitted_at: datetime | None
    content_sha256: str


class VerdictSaid(Schema):
    """What a rule says."""

    rule: str
    subject: str
    outcome: str
    code: str
    text: str
    facts: dict[str, Any]
    as_of: datetime


class BidWhole(BidRow):
    """A bid with what the caller may read of it; null is closed to the caller."""

    partners: list[str] | None
    content: dict[str, Any] | None
    verdicts: list[VerdictSaid] | None
    scores: dict[str, list[str]] | None


class Result(Schema):
    """A published outcome."""

    challenge: str
    bid: str | None
    lead: str | None
    lead_person: str | None
    outcome: str
    rank: int | None
    tie: int
    score: float | None
    rule: str
    code: str
    text: str
    rulebook: str
    inputs: str = Field(description="SHA-256 of everything the decision read.")
    published_at: datetime
    final_at: datetime | None


class Changed(Schema):
    """What became of one bid in a result that was changed; `was` is empty for a bid without an outcome."""

    bid: str
    was: str
    was_rank: int | None
    now: str
    now_rank: int | None


class Amended(Schema):
    """A change of a public result: corrected, revoked, promoted or refused (a reserve)."""

    challenge: str
    kind: str
    ground: Texts
    why: str
    objection: str | None
    changes: list[Changed]
    at: datetime


class Questioned(Schema):
    """An award in question: open, revoked or kept."""

    ground: str = Field(description="Key of the rulebook's revocation.grounds.")
    why: str
    evidence: str
    asked_at: datetime
    answer_until: datetime | None
    answer: dict[str, Any]
    answered_at: datetime | None
    status: str
    breach: bool
    decision: str
    decided_at: datetime | None


class ProjectRow(Staged):
    """A project."""

    challenge: str
    bid: str
    lead: str
    amount: str | None
    currency: str
    started_at: datetime
    signed_at: datetime | None
    ended_at: datetime | None


class MilestoneSaid(Schema):
    """A promised step."""

    order: int
    title: Texts
    due_on: date | None
    reported_at: datetime | None
    accepted_at: datetime | None


class MeasuredSaid(Schema):
    """A measured value of an indicator."""

    indicator: str
    occasion: str
    value: str
    met: bool
    at: datetime
    reported: bool = Field(description="The lead says so; no owner and no official has measured it.")


class ChainSaid(Schema):
    """What an organisation does in a project, and where."""

    part: int
    organisation: str
    link: str
    country: str
    region: str
    place: str
    does: Texts
    share: str | None
    share_of: str
    since: date


class TallySaid(Schema):
    """A measure of a deliverable; decimal text. Only what the owner or the office confirmed counts."""

    measure: str
    planned: str | None
    confirmed: str


class DeliverableSaid(Schema):
    """A laboratory, a transfer centre, a training that a project plans, and what it came to."""

    deliverable: int
    kind: str
    name: Texts
    host: str
    country: str
    place: str
    since: date
    measures: list[TallySaid]


class ProjectWhole(ProjectRow):
    """A project with its steps."""

    milestones: list[MilestoneSaid]
    measurements: list[MeasuredSaid]
    chain: list[ChainSaid]
    deliverables: list[DeliverableSaid]


class CallRow(Schema):
    """A call."""

    number: str
    title: Texts
    rulebook: str
    calendars: str = Field(description="Digest of the calendars it counts by.")
    opened_at: datetime
    needs_until: datetime | None


class RulebookRow(Schema):
    """An installed rulebook version."""

    digest: str
    id: str
    version: str
    current: bool
    installed_at: datetime


class RulebookWhole(RulebookRow):
    """A rulebook version with its text."""

    document: dict[str, Any]


class EntryRow(Schema):
    """A journal entry; `body` only for its actor and for auditors."""

    seq: int
    at: datetime
    event: str
    subject: str
    rulebook: str
    leaf: str
    actor: str | None = None
    body: dict[str, Any] | None = None


class Head(Schema):
    """The end of the journal, to note down and compare later."""

    seq: int
    leaf: str
