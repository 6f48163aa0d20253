"""A whole call under review for measurements: challenges, bids and experts, then reviews, written at once.

Everything follows from the place in the row, so two runs give the same call. Never load it into a real instance: nothing
of it stands in the journal.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiebang.decisions.slate import Slate
from jiebang.demo.bulk import (
    BATCH,
    COUNTRIES,
    OFFICER,
    guangxi,
    new_call,
    new_officer,
    new_organisations,
    new_parties,
)
from jiebang.operations.proposing import propose, scope_of_call
from jiebang.records.access import Reader
from jiebang.records.bids.models import Bid, BidContent, Consortium
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.challenges.queries import normalised
from jiebang.records.people.models import Engagement, Evidence, ExpertProfile, Party, User
from jiebang.records.programme.models import Call
from jiebang.records.reviews.models import Assignment, Block, Score
from jiebang.rules.schema import Rulebook

LEADS, DUE = 25, timedelta(days=30)
SECTORS = ("agriculture", "fishery", "language", "health", "trade")
PHRASES = (
    "crop health",
    "image recognition",
    "irrigated rice",
    "water level",
    "sensors",
    "control",
    "privacy",
    "statistics",
)
NOTICE = "Sensors and image recognition tell crop health and the water level of {n} fields of irrigated rice"
EVIDENCE = ("rd_capability", "research_facilities", "international_network")


def _quota(label: str, chinese: str, **rule: Any) -> dict[str, Any]:
    return {"label": {"en": label, "zh-Hans": chinese}, "over": "call", **rule}


# at most so many of a sector, of an institution and of a kind of institution in the whole call
QUOTAS = {
    "sector": _quota("Of one sector", "同一领域", by="need.sector", most=3),
    "institution": _quota("Of one institution", "同一单位", by="lead.id", most=1),
    "kind": _quota("Of enterprises", "企业", where="lead.type == 'enterprise'", most=8),
}


def rules() -> Rulebook:
    """The Guangxi rulebook, its challenges awarded together."""
    plain = guangxi().model_dump(by_alias=True, mode="json")
    plain["award"] |= {"quotas": QUOTAS, "max_awards": 2, "approve": None}
    plain["racing"]["allowed"] = False
    return Rulebook.model_validate(plain)


def load_call(*, challenges: int = 10, bids: int = 200, experts: int = 60) -> Call:
    """Write the call into an empty, migrated database: every bid passed the check, and nobody is asked to judge it yet."""
    now, book = timezone.now().astimezone(UTC), rules()
    with transaction.atomic():
        call = new_call(book, now)
        new_officer(now)
        owners = new_organisations("bulk-owner", len(COUNTRIES), abroad=True)
        leads = _leads(now)
        posted = _challenges(call, owners, challenges, now)
        judged, people = _bids(posted, leads, bids, now), _experts(experts, now)
        _conflicts(judged, people, now)
    return call


def review(call: Call) -> None:
    """Every bid of the call gets the experts that are proposed for it, and each has signed."""
    now = timezone.now().astimezone(UTC)
    officer = User.objects.get(email=OFFICER)
    made = propose(scope_of_call(call, reader=Reader(person=officer, at=now)), at=now)
    if not isinstance(made.found, Slate):
        raise ValueError("nobody can be proposed for the measured call")
    pairs = [(made.bids[bid], made.people[one]) for bid, one in made.found.pairs]
    with transaction.atomic():
        _reviews(rules(), pairs, officer, now)


def _leads(now: datetime) -> list[Party]:
    made = new_organisations("bulk-lead", LEADS, abroad=False)
    Evidence.objects.bulk_create(
        Evidence(
            organisation=party.organisation, kind=kind, status="verified", given_at=now - timedelta(days=90)
        )
        for party in Party.objects.filter(pk__in=[one.pk for one in made]).select_related("organisation")
        for kind in EVIDENCE
    )
    return made


def _challenges(call: Call, owners: list[Party], count: int, now: datetime) -> list[Challenge]:
    staged = {"stage_since": now, "updated_at": now}
    needs = Need.objects.bulk_create(
        Need(number=f"BN-{n:05d}", call=call, owner=owners[n % len(owners)], content={}, title=f"Need {n}",
             country=COUNTRIES[n % len(COUNTRIES)], sector=SECTORS[n % len(SECTORS)], stage="listed",
             created_at=now, submitted_at=now, **staged)
        for n in range(count)
    )  # fmt: skip
    return Challenge.objects.bulk_create(
        _challenge(n, need, call, now, **staged) for n, need in enumerate(needs)
    )


def _challenge(n: int, need: Need, call: Call, now: datetime, **staged: Any) -> Challenge:
    title = {"en": f"Telling crop health, site {n + 1}", "zh-Hans": f"作物长势识别（{n + 1}号点）"}
    notice = NOTICE.format(n=n + 1)
    return Challenge(
        number=f"BX-2026-{n + 1:04d}", need=need, call=call, title=title, content={}, country=need.country,
        sector=need.sector, budget=Decimal(900_000), currency="CNY", listed_at=now - timedelta(days=60),
        closes_at=now - timedelta(days=5), due_at=now + DUE, stage="reviewing",
        search=normalised(" ".join([*title.values(), notice])), **staged,
    )  # fmt: skip


def _bids(posted: list[Challenge], leads: list[Party], count: int, now: datetime) -> list[Bid]:
    parties = new_parties("bulk-consortium", count, Party.Kind.CONSORTIUM)
    Consortium.objects.bulk_create(
        (
            Consortium(party=party, lead=leads[(n // len(posted) + n % len(posted) * 3) % len(leads)])
            for n, party in enumerate(parties)
        ),
        batch_size=BATCH,
    )
    sent = now - timedelta(days=6)
    Bid.objects.bulk_create(
        (
            Bid(number=f"BB-{n + 1:05d}", challenge=posted[n % len(posted)], consortium_id=party.pk, created_at=sent,
                submitted_at=sent, stage="eligible", stage_since=now, updated_at=now)
            for n, party in enumerate(parties)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    made = list(Bid.objects.filter(number__startswith="BB-").select_related("challenge").order_by("number"))
    BidContent.objects.bulk_create(
        (BidContent(bid=bid, content=_content(n), saved_at=sent, sent_at=sent) for n, bid in enumerate(made)),
        batch_size=BATCH,
    )
    return made


def _content(n: int) -> dict[str, Any]:
    written = ("en", "zh-Hans")[n % 2]
    other = "zh-Hans" if written == "en" else "en"
    title = {
        "lang": written,
        "text": f"Bid {n}",
        "translations": {other: {"text": f"标书{n}", "by": "human"}},
    }
    return {"title": title, "modes": ["collaborative_rd"], "amount": str(300_000 + 10_000 * (n % 50))}


def _experts(count: int, now: datetime) -> list[User]:
    """Two of each institution, from a third as many countries as there are; each knows two sectors and three phrases."""
    homes = new_organisations("bulk-institute", (count + 1) // 2, abroad=True)
    people = User.objects.bulk_create(
        User(email=f"bulk-expert-{n}@people.example", name=f"Measured Expert {n}", email_confirmed_at=now)
        for n in range(count)
    )
    Engagement.objects.bulk_create(
        Engagement(person=one, party=homes[n // 2], role="expert", since=now - timedelta(days=90))
        for n, one in enumerate(people)
    )
    ExpertProfile.objects.bulk_create(
        ExpertProfile(
            person=one, sectors=[SECTORS[n % 5], SECTORS[(n + 1 + n // 5 % 3) % 5]], max_load=12,
            languages=["en", "zh-Hans"][: 1 + n % 2] if n % 3 else ["zh-Hans"],
            expertise=[PHRASES[(n + step * (1 + n % 3)) % len(PHRASES)] for step in range(3)],
        )
        for n, one in enumerate(people)
    )  # fmt: skip
    return people


def _conflicts(bids: list[Bid], people: list[User], now: datetime) -> None:
    """One pair in twenty has a declared link."""
    pairs = (
        (bid, one)
        for n, bid in enumerate(bids)
        for place, one in enumerate(people)
        if (n * 7 + place * 3) % 20 == 1
    )
    rows = (Block(expert=one, bid=bid, kind="declared", stake="member", found_at=now) for bid, one in pairs)
    Block.objects.bulk_create(rows, batch_size=BATCH)


def _reviews(book: Rulebook, pairs: list[tuple[Bid, User]], officer: User, now: datetime) -> None:
    signed = now - timedelta(days=1)
    rows = Assignment.objects.bulk_create(
        (
            Assignment(bid=bid, expert=one, status="signed", assigned_at=now, assigned_by=officer, due_at=now + DUE,
                       signed_at=signed)
            for bid, one in pairs
        ),
        batch_size=BATCH,
    )  # fmt: skip
    Score.objects.bulk_create(
        (
            Score(assignment=row, criterion=key, value=Decimal(60 + (n * 7 + place * 11) % 37))
            for n, row in enumerate(rows)
            for place, key in enumerate(book.criteria)
        ),
        batch_size=BATCH,
    )
