"""A full board for measurements: many challenges and bids written at once, without the acts that would lead to them.

Everything follows from the place in the row, so two runs give the same board. Never load it into a real instance:
nothing of it stands in the journal.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import resources
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiebang.adapters import calendars
from jiebang.decisions import lifecycle
from jiebang.operations.calls import kept_calendars
from jiebang.records.awards.models import Decision
from jiebang.records.bids.models import Bid, Consortium
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.challenges.queries import normalised
from jiebang.records.people.models import Engagement, Organisation, Party, User
from jiebang.records.programme.models import Call, Instance, RulebookVersion
from jiebang.rules.load import digest, dump, load
from jiebang.rules.schema import Rulebook

COUNTRIES = ("VN", "LA", "TH", "KH", "MM", "MY", "SG", "ID", "PH", "BN", "TL")
OFFICER = "bulk-officer@people.example"
LEADS = 100
BATCH = 500
_SUBJECTS = (
    ("agriculture", "Reading leaf diseases of irrigated rice from telephone pictures", "用手机照片识别灌溉稻田的叶部病害"),
    ("fishery", "Counting juvenile fish in hatchery tanks without touching them", "无接触清点育苗池中的鱼苗"),
    ("language", "Searching handwritten land papers in a script without spaces", "检索无空格文字的手写地契"),
    ("translation", "Checking the sense of machine translations of court notices", "核查法院公告机器译文的含义"),
    ("health", "Sorting chest pictures at district clinics without a specialist", "无专科医生的县级诊所胸片分诊"),
    ("trade", "Matching customs descriptions across three tariff languages", "三种语言税则品名的对照匹配"),
    ("logistics", "Foreseeing the queue of lorries at a land crossing", "预测陆路口岸的货车排队"),
    ("flood", "Telling a village the height of tomorrow's river", "告知村庄次日河水高度"),
)  # fmt: skip


def load_board(*, challenges: int = 200, bids: int = 5000) -> None:
    """Write the board into an empty, migrated database: one call, its needs, challenges, bids and results."""
    now = timezone.now().astimezone(UTC)
    book = guangxi()
    with transaction.atomic():
        call = new_call(book, now)
        owners = new_organisations("bulk-owner", len(COUNTRIES), abroad=True)
        leads = new_organisations("bulk-lead", LEADS, abroad=False)
        new_officer(now)
        posted = _challenges(book, call, owners, challenges, now)
        _results(book, _bids(posted, leads, bids, now), now)


def guangxi() -> Rulebook:
    """The shipped rulebook."""
    text = (
        resources.files("jiebang.rulebooks").joinpath("guangxi-asean-2026.yaml").read_text(encoding="utf-8")
    )
    loaded = load(text)
    if not isinstance(loaded, Rulebook):
        raise ValueError("; ".join(map(str, loaded)))
    return loaded


def new_call(book: Rulebook, now: datetime) -> Call:
    """A call under a rulebook."""
    known = calendars.load(["CN", *COUNTRIES], range(now.year - 1, now.year + 3))
    version, _ = RulebookVersion.objects.get_or_create(
        digest=digest(book),
        defaults={"slug": book.id, "version": book.version, "document": dump(book), "installed_at": now},
    )
    return Call.objects.create(
        number="BULK-1",
        title={"en": "Measurement"},
        rulebook=version,
        calendars=kept_calendars(known),
        opened_at=now,
    )


def new_parties(prefix: str, count: int, kind: Party.Kind) -> list[Party]:
    """So many parties, named by a prefix."""
    Party.objects.bulk_create(
        (Party(kind=kind, slug=f"{prefix}-{n}") for n in range(count)), batch_size=BATCH
    )
    return list(Party.objects.filter(slug__startswith=f"{prefix}-").order_by("pk"))


def new_organisations(prefix: str, count: int, *, abroad: bool) -> list[Party]:
    """So many organisations, in Guangxi or abroad."""
    parties = new_parties(prefix, count, Party.Kind.ORGANISATION)
    Organisation.objects.bulk_create(
        Organisation(
            party=party, name=f"Measured Organisation {prefix} {n}", names={"en": f"Measured Organisation {prefix} {n}"},
            type="enterprise", country=COUNTRIES[n % len(COUNTRIES)] if abroad else "CN",
            region="" if abroad else "CN-GX", registered_on=date(2015, 1, 1), legal_status="independent", fictional=True,
        )
        for n, party in enumerate(parties)
    )  # fmt: skip
    return parties


def new_officer(now: datetime) -> None:
    """An officer, who is a second officer too."""
    office = new_organisations("bulk-office", 1, abroad=False)[0]
    person = User.objects.create(email=OFFICER, name="Measured Officer", email_confirmed_at=now)
    for role in ("officer", "second_officer"):
        Engagement.objects.create(person=person, party=office, role=role, since=now - timedelta(days=1))
    Instance.objects.update_or_create(pk=1, defaults={"office": office})


def _challenges(
    book: Rulebook, call: Call, owners: list[Party], count: int, now: datetime
) -> list[Challenge]:
    rows = [_described(n) for n in range(count)]
    staged = {"stage_since": now, "updated_at": now}
    Need.objects.bulk_create(
        [
            Need(number=f"BN-{n:05d}", call=call, owner=owners[n % len(owners)], content=row["content"],
                 title=row["title"]["en"], country=row["country"], sector=row["sector"], stage="listed",
                 created_at=now, submitted_at=now, **staged)
            for n, row in enumerate(rows)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    needs = Need.objects.filter(number__startswith="BN-").order_by("number")
    stages = _stages(book)
    Challenge.objects.bulk_create(
        [
            _challenge(n, row, need, call, stages[n % len(stages)], now)
            for n, (row, need) in enumerate(zip(rows, needs, strict=True))
        ],
        batch_size=BATCH,
    )
    return list(Challenge.objects.filter(call=call).order_by("pk"))


def _stages(book: Rulebook) -> list[str]:
    """Half of the board open, the rest spread over the other public stages."""
    known = [name for name, stage in book.lifecycles["challenge"].stages.items() if "public" in stage.flags]
    is_open = lifecycle.stages_with(book, kind="challenge", flag="takes_bids")
    rest = [name for name in known if name not in is_open]
    return [name for other in rest for name in (is_open[0], other)]


def _described(n: int) -> dict[str, Any]:
    sector, english, chinese = _SUBJECTS[n % len(_SUBJECTS)]
    title = {"en": f"{english}, site {n + 1}", "zh-Hans": f"{chinese}（{n + 1}号点）"}
    said = {
        "lang": "en",
        "text": title["en"] + ". " + "What happens now, how often, and what it costs. " * 12,
    }
    translated = {"zh-Hans": {"text": title["zh-Hans"] + "。" + "现状、频率与损失。" * 12, "by": "human"}}
    content = {
        "title": said,
        "problem": {**said, "translations": translated},
        "modes": ["collaborative_rd"],
        "indicators": [],
    }
    return {"sector": sector, "title": title, "content": content, "country": COUNTRIES[n % len(COUNTRIES)]}


def _challenge(n: int, row: dict[str, Any], need: Need, call: Call, stage: str, now: datetime) -> Challenge:
    closes = now + timedelta(days=10 + n % 50) if stage == "open" else now - timedelta(days=n % 50 + 1)
    return Challenge(
        number=f"BX-2026-{n + 1:04d}", need=need, call=call, title=row["title"], content=row["content"],
        country=row["country"], sector=row["sector"], budget=Decimal(300_000 + 10_000 * (n % 90)), currency="CNY",
        listed_at=now - timedelta(days=60 - n % 50), closes_at=closes, questions_until=closes, due_at=closes,
        due_clock="bidding", search=normalised(" ".join(row["title"].values())), stage=stage, stage_since=now,
        updated_at=now,
    )  # fmt: skip


def _bids(posted: list[Challenge], leads: list[Party], count: int, now: datetime) -> list[Bid]:
    parties = new_parties("bulk-consortium", count, Party.Kind.CONSORTIUM)
    for batch in _batches(enumerate(parties)):
        Consortium.objects.bulk_create(
            Consortium(party=party, lead=leads[n % len(leads)]) for n, party in batch
        )
    made = (
        Bid(number=f"BB-{n + 1:05d}", challenge=posted[n % len(posted)], consortium_id=party.pk, created_at=now,
            submitted_at=now, stage="submitted", stage_since=now, updated_at=now)
        for n, party in enumerate(parties)
    )  # fmt: skip
    Bid.objects.bulk_create(made, batch_size=BATCH)
    return list(Bid.objects.filter(number__startswith="BB-").select_related("challenge").order_by("pk"))


def _results(book: Rulebook, bids: list[Bid], now: datetime) -> None:
    public = lifecycle.stages_with(book, kind="challenge", flag="results_public")
    ranks: dict[int, int] = {}
    rows = []
    for bid in bids:
        if bid.challenge.stage in public:
            rank = ranks[bid.challenge_id] = ranks.get(bid.challenge_id, 0) + 1
            rows.append(_decision(bid, rank, now))
    Decision.objects.bulk_create(rows, batch_size=BATCH)


def _decision(bid: Bid, rank: int, now: datetime) -> Decision:
    outcome = "awarded" if rank == 1 else "not_awarded"
    return Decision(
        challenge=bid.challenge, bid=bid, outcome=outcome, rank=rank, score=90.0 - rank,
        code="award.awarded" if rank == 1 else "award.no_place", rule="award", rulebook="bulk", proposed_at=now,
        published_at=now,
    )  # fmt: skip


def _batches(rows: Any) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch
