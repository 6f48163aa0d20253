"""A round as data: what an office hands in, read and cross-checked, before any rule is asked.

None is "unknown" throughout. `line` says where a record stands in its file and takes no part in comparing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A party by name; country and region in ISO 3166."""

    id: str
    name: str | None = None
    country: str | None = None
    region: str | None = None
    type: str | None = None
    registered_on: date | None = None
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an organisation showed."""

    organisation: str
    kind: str
    issued_on: date | None = None
    expires_on: date | None = None
    status: str | None = None
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A listed challenge; the budget in `currency`."""

    id: str
    title: str | None = None
    owner: str | None = None
    budget: Decimal | None = None
    currency: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A bid on a challenge, with its tallies among its facts; the amount in the challenge's currency."""

    id: str
    challenge: str
    lead: str | None = None
    lead_person: str | None = None
    title: str | None = None
    amount: Decimal | None = None
    submitted_at: datetime | None = None
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An organisation in a bid's consortium."""

    bid: str
    organisation: str
    role: str | None = None
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A cooperation mode of a bid."""

    bid: str
    mode: str
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """A reviewer."""

    id: str
    organisation: str | None = None
    languages: str | None = None
    max_load: Decimal | None = None
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Why an expert may not score a bid, or any bid with an organisation in it."""

    expert: str
    organisation: str | None = None
    bid: str | None = None
    kind: str | None = None
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One score."""

    bid: str
    expert: str
    criterion: str
    score: Decimal
    confidence: str | None = None
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Something counted about a bid."""

    bid: str
    name: str
    value: Decimal
    facts: Facts = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A whole round. `carried` holds each column that was handed in (`bids.amount`), a file as `bids`.

    A file that was not handed in leaves its field None: what nobody carried is not checked.
    `calibration` are reviews of other bids of the same call, which only tell what its experts are like.
    """

    name: str
    digest: str
    timezone: str | None
    currency: str | None
    as_of: datetime | None
    carried: frozenset[str]
    files: Mapping[str, str]
    challenges: tuple[Challenge, ...]
    bids: tuple[Bid, ...]
    organisations: tuple[Organisation, ...] | None = None
    evidence: tuple[Evidence, ...] | None = None
    members: tuple[Member, ...] | None = None
    modes: tuple[Mode, ...] | None = None
    experts: tuple[Expert, ...] | None = None
    conflicts: tuple[Conflict, ...] | None = None
    reviews: tuple[Review, ...] | None = None
    tallies: tuple[Tally, ...] | None = None
    calibration: tuple[Review, ...] | None = None

    @property
    def latest(self) -> datetime | None:
        """The latest time in the bundle, which a round counts as its now."""
        times = [bid.submitted_at for bid in self.bids]
        times += [time for challenge in self.challenges for time in (challenge.opens_at, challenge.closes_at)]
        return max((time for time in [self.as_of, *times] if time is not None), default=None)
