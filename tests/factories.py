"""Saved records for tests, one plain function each. Everything has a default; give what the test is about.

`board()` makes a whole small instance: the Guangxi rulebook, a call, an office, an owner, a lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from jiebang.adapters import calendars as holidays
from jiebang.decisions.clock import Calendars
from jiebang.operations.calls import kept_calendars
from jiebang.operations.files import uploaded
from jiebang.records.agreements.models import Paper
from jiebang.records.awards.models import Decision
from jiebang.records.bids.models import Bid, Consortium, Invitation
from jiebang.records.challenges.models import Challenge, Need, Question
from jiebang.records.people.models import Engagement, Organisation, Party, User
from jiebang.records.pilots.models import Handover, Protocol, ResultPackage, Run, SiteKey
from jiebang.records.programme.models import Call, Instance, RulebookVersion
from jiebang.records.projects.models import Project
from jiebang.rules.load import digest, dump, load
from jiebang.rules.schema import Rulebook

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
_serial = count(1)


@cache
def guangxi() -> Rulebook:
    """The shipped rulebook."""
    return _shipped("guangxi-asean-2026.yaml")


@cache
def ring_sea() -> Rulebook:
    """The shipped rulebook of another region: other stages, criteria, languages, and a clock an hour behind."""
    return _shipped("ring-sea-2027.yaml")


def _shipped(name: str) -> Rulebook:
    loaded = load(resources.files("jiebang.rulebooks").joinpath(name).read_text(encoding="utf-8"))
    assert isinstance(loaded, Rulebook), loaded
    return loaded


@cache
def _hashed(password: str) -> str:
    return make_password(password)  # slow on purpose: once a run is enough


@cache
def _calendars() -> Calendars:
    return holidays.load(["CN", "VN", "LA"], range(2025, 2028))


def installed(book: Rulebook | None = None) -> RulebookVersion:
    """A rulebook in force."""
    book = book or guangxi()
    row, _ = RulebookVersion.objects.get_or_create(
        digest=digest(book),
        defaults={"slug": book.id, "version": book.version, "document": dump(book), "installed_at": NOW},
    )
    return row


def call(**given: Any) -> Call:
    """An open call under the Guangxi rulebook with calendars of China, Viet Nam and Laos."""
    fields: dict[str, Any] = {
        "number": f"CALL-{next(_serial)}",
        "title": {"en": "Call of 2026", "zh-Hans": "2026年度"},
        "calendars": kept_calendars(_calendars()),
        "opened_at": NOW - timedelta(days=30),
    }
    return Call.objects.create(**{"rulebook": given.pop("rulebook", None) or installed(), **fields, **given})


def organisation(name: str = "", **given: Any) -> Organisation:
    """An organisation with its party; Vietnamese research institute unless told otherwise."""
    serial = next(_serial)
    name = name or f"Sample Institute {serial}"
    party = Party.objects.create(kind=Party.Kind.ORGANISATION, slug=given.pop("slug", f"org-{serial}"))
    fields: dict[str, Any] = {
        "names": {"en": name},
        "type": "research_institute",
        "country": "VN",
        "registered_on": date(2015, 3, 2),
        "legal_status": "independent",
        "fictional": True,
    }
    return Organisation.objects.create(party=party, name=name, **{**fields, **given})


def guangxi_organisation(name: str = "", **given: Any) -> Organisation:
    """An organisation that may lead."""
    return organisation(name, **{"country": "CN", "region": "CN-GX", "type": "enterprise", **given})


def person(
    email: str = "", *, role: str = "", party: Party | None = None, scope: str = "", **given: Any
) -> User:
    """A confirmed person with PASSWORD who may act in `role` for `party` (a new one when none is given)."""
    serial = next(_serial)
    email = email or f"person{serial}@people.example"
    fields: dict[str, Any] = {"name": f"Person {serial}", "email_confirmed_at": NOW - timedelta(days=90)}
    user = User(email=email, password=_hashed(given.pop("password", PASSWORD)), **{**fields, **given})
    user.save()
    if role:
        engaged(user, role=role, party=party or organisation().party, scope=scope)
    return user


def engaged(user: User, *, role: str, party: Party, scope: str = "") -> Engagement:
    """The person acts for the party since long before NOW."""
    return Engagement.objects.create(
        person=user, party=party, role=role, scope=scope, since=NOW - timedelta(days=90)
    )


def statement(text: str, *, lang: str = "en", **translations: str) -> dict[str, Any]:
    """A statement as records keep it: original, its language, translations by tag (zh for zh-Hans)."""
    made = {
        {"zh": "zh-Hans"}.get(tag, tag): {"text": words, "by": "human"} for tag, words in translations.items()
    }
    return {"lang": lang, "text": text, "translations": made}


INDICATORS: list[dict[str, Any]] = [
    {
        "id": "I1",
        "name": {"en": "Character error rate", "zh-Hans": "字符错误率"},
        "unit": "%",
        "operator": "<=",
        "threshold": 3.0,
        "test_method": {"en": "500 pages drawn by lot", "zh-Hans": "抽签取500页"},
        "data_place": "owner's closed network",
        "tester": "owner",
    }
]


def content(**given: Any) -> dict[str, Any]:
    """What a need says, after the rulebook's `need` form."""
    return {
        "title": statement("Reading handwritten papers", zh="手写公文识别"),
        "sector": "language",
        "problem": statement("Forty thousand pages wait to be read.", zh="四万页文件待识别。"),
        "operational_scenario": statement("Six reading rooms.", zh="六间阅览室。"),
        "experimental_environment": statement("One test room.", zh="一间试验室。"),
        "local_data": statement("6,200 typed pages, on site only.", zh="6200页已录入文本，仅限现场。"),
        "infrastructure": statement("Power, a server, two technicians.", zh="供电、服务器、两名技术员。"),
        "indicators": INDICATORS,
        "modes": ["collaborative_rd", "personnel_training"],
        "duration_months": 11,
        "contact": "secret-contact@owner.example",
        **given,
    }


def need(**given: Any) -> Need:
    """A listed need unless told otherwise."""
    fields: dict[str, Any] = {
        "number": f"N-{next(_serial):04d}",
        "content": content(),
        "title": "Reading handwritten papers",
        "country": "VN",
        "sector": "language",
        "stage": "listed",
        **_staged(),
        "created_at": NOW - timedelta(days=40),
        "submitted_at": NOW - timedelta(days=35),
    }
    chosen = {**fields, **given}
    chosen["call"] = chosen.get("call") or call()
    chosen["owner"] = chosen.get("owner") or organisation(country=chosen["country"]).party
    return Need.objects.create(**chosen)


def challenge(**given: Any) -> Challenge:
    """An open challenge that closes in 20 days; `need`, `call` and `owner` are made when not given."""
    call_row = given.pop("call", None) or call()
    owner = given.pop("owner", None)
    country, sector = given.get("country", "VN"), given.get("sector", "language")
    its_need = given.pop("need", None) or need(call=call_row, country=country, sector=sector, owner=owner)
    fields: dict[str, Any] = {
        "number": f"GX-2026-{next(_serial):03d}",
        "title": {"en": "Reading handwritten papers", "zh-Hans": "手写公文识别"},
        "summary": {"en": "Forty thousand pages wait to be read.", "zh-Hans": "四万页文件待识别。"},
        "content": its_need.content,
        "country": country,
        "sector": sector,
        "budget": Decimal("1000000"),
        "currency": "CNY",
        "listed_at": NOW - timedelta(days=10),
        "closes_at": NOW + timedelta(days=20),
        "questions_until": NOW + timedelta(days=10),
        "stage": "open",
        **_staged(),
        **given,
    }
    fields.setdefault("search", _search(fields["title"], fields["summary"], fields["number"]))
    return Challenge.objects.create(need=its_need, call=call_row, **fields)


def question(
    of: Challenge, text: str = "May data leave the site?", *, answer: str = "", **given: Any
) -> Question:
    """A question on a challenge, answered when an answer is given."""
    fields: dict[str, Any] = {"text": statement(text), "asked_at": NOW - timedelta(days=5)}
    if answer:
        fields |= {"answer": statement(answer), "answered_at": NOW - timedelta(days=2)}
    return Question.objects.create(challenge=of, **{**fields, **given})


def bid(
    of: Challenge, *, lead: Organisation | None = None, partners: tuple[Organisation, ...] = (), **given: Any
) -> Bid:
    """A submitted bid of a consortium; partners have accepted."""
    serial = next(_serial)
    lead = lead or guangxi_organisation()
    party = Party.objects.create(kind=Party.Kind.CONSORTIUM, slug=f"consortium-{serial}")
    consortium = Consortium.objects.create(party=party, lead=lead.party)
    for partner in partners:
        _invited(consortium, partner, status="accepted")
    fields: dict[str, Any] = {
        "number": f"B-{serial:04d}",
        "created_at": NOW - timedelta(days=8),
        "submitted_at": NOW - timedelta(days=3),
        "stage": "submitted",
        **_staged(),
        **given,
    }
    return Bid.objects.create(challenge=of, consortium=consortium, **fields)


def _invited(consortium: Consortium, partner: Organisation, *, status: str) -> Invitation:
    at = NOW - timedelta(days=7)
    return Invitation.objects.create(
        consortium=consortium,
        partner=partner.party,
        status=status,
        invited_at=at,
        expires_at=at + timedelta(days=10),
    )


def decision(of: Bid, *, outcome: str = "awarded", **given: Any) -> Decision:
    """A published decision on a bid."""
    fields: dict[str, Any] = {
        "rank": 1,
        "score": 86.5,
        "code": f"award.{outcome}",
        "rule": "award",
        "rulebook": of.challenge.call.rulebook_id,
        "proposed_at": NOW - timedelta(days=4),
        "published_at": NOW - timedelta(days=2),
        **given,
    }
    return Decision.objects.create(challenge=of.challenge, bid=of, outcome=outcome, **fields)


def project(of: Bid, **given: Any) -> Project:
    """A running project of an awarded bid."""
    fields: dict[str, Any] = {
        "number": f"P-{next(_serial):04d}",
        "amount": Decimal("900000"),
        "currency": "CNY",
        "started_at": NOW - timedelta(days=2),
        "stage": "running",
        **_staged(),
        **given,
    }
    return Project.objects.create(bid=of, challenge=of.challenge, **fields)


def protocol(of: Project, by: User, **given: Any) -> Protocol:
    """An agreed protocol: one run of 14 days by the owner, proved by a package, and 14 days without the lead."""
    texts = ("site", "users", "hardware", "power_network", "data_stays", "method", "failure_means")
    said = {
        **{name: statement("As both sides agreed.") for name in texts},
        "targets": {"I1": 3.0}, "measured_by": "owner", "runs": 1, "days": 14, "failure_from": "serious",
        "failures_allowed": 1, "handover_days": 14, **given,
    }  # fmt: skip
    at = NOW - timedelta(days=20)
    Project.objects.filter(pk=of.pk).update(signed_at=of.signed_at or at)
    return Protocol.objects.create(
        project=of, version=of.protocols.count() + 1, content=said, sha256=sha256(repr(said).encode()).hexdigest(),
        side="owner", proposed_by=by, proposed_at=at, agreed_by=by, agreed_at=at,
    )  # fmt: skip


def piloted(of: Project, by: User) -> Project:
    """A project whose protocol is fulfilled: a run proved by a package, a handover that was passed."""
    agreed, at = protocol(of, by), NOW - timedelta(days=1)
    key = SiteKey.objects.create(
        party=of.challenge.need.owner,
        key=sha256(of.number.encode()).hexdigest(),
        label="Laptop",
        by=by,
        at=at,
    )
    package = ResultPackage.objects.create(
        project=of,
        number=1,
        sha256=key.key,
        manifest="{}",
        signature="",
        key=key,
        received_by=by,
        received_at=at,
    )
    values = [{"indicator": "I1", "value": "2.4", "unit": "%"}]
    Run.objects.create(
        project=of, order=1, protocol=agreed, began_at=at - timedelta(days=15), ended_at=at, place="Room 3", side="owner",
        measurer="Sample Clerk", values=values, package=package, by=by, at=at,
    )  # fmt: skip
    Handover.objects.create(
        project=of, began_on=at.date() - timedelta(days=15), staff="Two clerks", begun_by=by, ended_on=at.date(),
        passed=True, lead_helped=False, result=statement("They run it."), ended_by=by,
    )  # fmt: skip
    return of


@dataclass(frozen=True)
class Board:
    """A small instance: what most tests start from."""

    call: Call
    office: Organisation
    officer: User
    second: User
    owner: Organisation
    owner_person: User
    lead: Organisation
    lead_person: User


def board() -> Board:
    """An instance at NOW (its clock stands there) with two officers, an owner and a lead."""
    office = organisation(
        "Programme Office", type="government_agency", country="CN", region="CN-GX", slug="office"
    )
    offset = int((NOW - datetime.now(UTC)).total_seconds())
    Instance.objects.update_or_create(pk=1, defaults={"office": office.party, "clock_offset": offset})
    owner, lead = organisation("Sample Owner"), guangxi_organisation("Sample Lead")
    return Board(
        call=call(),
        office=office,
        officer=person("officer@people.example", role="officer", party=office.party),
        second=person("second@people.example", role="second_officer", party=office.party),
        owner=owner,
        owner_person=person("owner@people.example", role="owner", party=owner.party),
        lead=lead,
        lead_person=person("lead@people.example", role="lead", party=lead.party),
    )


def _staged() -> dict[str, Any]:
    return {"stage_since": NOW - timedelta(days=10), "updated_at": NOW - timedelta(days=1)}


def _search(title: Mapping[str, str], summary: Mapping[str, str], number: str) -> str:
    return " ".join([number, *title.values(), *summary.values()]).casefold()


def upload(name: str, *, sha256: str = "a" * 64) -> str:
    """What the instance signs when it takes a file's bytes."""
    return uploaded(name=name, sha256=sha256, size=12, media_type="application/pdf")


def paper(project: Project, *, at: datetime) -> Paper:
    """An agreement that waits to be signed."""
    return Paper.objects.create(
        project=project,
        version=1,
        document={"title": {}, "parties": []},
        sha256="0" * 64,
        drawn_at=at,
    )
