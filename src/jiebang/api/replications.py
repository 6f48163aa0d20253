"""`GET /cases` and `GET /cases/<number>` for everybody, `GET /replications/<number>` for the parties of a copy."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import NinjaAPI, Query, Router, Schema
from pydantic import Field

from jiebang.api.answers import Refusal, tag
from jiebang.api.shapes import Page
from jiebang.api.signing import ANYBODY, SOMEBODY, reader
from jiebang.operations.kernel import Act
from jiebang.operations.replica_facts import Standing, origin_values, standing, stands
from jiebang.operations.things import book_of
from jiebang.records.challenges.queries import Filters
from jiebang.records.people.roles import STAFF
from jiebang.records.projects.queries import find_project
from jiebang.records.replications import queries
from jiebang.rules.reasons import render
from jiebang.rules.schema import FormName, Rulebook

MOST = 200
Word = Annotated[str, Query(max_length=200)]


class CaseRow(Schema):
    """A validated project in a list; places and countries count the origin in."""

    number: str
    challenge: str
    title: dict[str, str]
    country: str
    sector: str
    validated_at: datetime
    places: int
    countries: int
    on_the_way: int


class AdaptationRow(Schema):
    """What is otherwise at the new place; decimal text."""

    order: int
    dimension: str
    origin: dict[str, Any]
    here: dict[str, Any]
    change: dict[str, Any] = Field(description="Empty: nothing had to be changed.")
    cost: str | None
    currency: str
    days: int | None


class ComparedRow(Schema):
    """An indicator of the origin beside the copy; decimal text."""

    indicator: str
    origin: str | None
    here: str | None
    measured_on: date | None
    difference: str | None
    relative: str | None = Field(description="Of the origin's value, to four places.")
    better: bool | None
    meets: bool | None
    why_not: str | None = Field(description="Why the two cannot be compared.")


class ValueRow(Schema):
    """A value measured at the copy. What the carrier measured decides nothing."""

    indicator: str
    value: str
    unit: str
    same_method: bool
    side: str = Field(description="owner, independent or carrier.")
    measured_on: date
    how: dict[str, Any]
    counts: bool


class BenefitRow(Schema):
    """Who gains, and how."""

    organisation: str | None
    group: dict[str, Any]
    how: dict[str, Any]
    amount: str | None
    currency: str
    basis: str
    as_of: date


class Copy(Schema):
    """A copy as the public reads it; for its parties its whole content, and what is missing before it is in use."""

    number: str
    parent: str | None
    state: str
    owner: str
    carrier: str
    country: str
    site: str
    proposed_at: datetime
    agreed_at: datetime | None
    confirmed_at: datetime | None
    given_up_at: datetime | None
    sha256: str
    content: dict[str, Any]
    confirmation: dict[str, Any]
    why: dict[str, Any]
    adaptations: list[AdaptationRow]
    compared: list[ComparedRow]
    values: list[ValueRow]
    benefits: list[BenefitRow]
    cost: dict[str, str]
    days_of_work: int
    days_to_use: int | None
    missing: list[str]


class Case(CaseRow):
    """A case with the values that count at its origin and every copy that its owner agreed to."""

    origin: dict[str, str]
    copies: list[Copy]


public = Router(auth=ANYBODY)
own = Router(auth=SOMEBODY)
_NO = {401: Refusal, 404: Refusal, 422: Refusal}


def install(api: NinjaAPI) -> None:
    """Add them to the API."""
    api.add_router("", public)
    api.add_router("", own)


@public.get("/cases", response={200: Page[CaseRow], **_NO}, tags=["cases"])
def list_cases(
    request: HttpRequest, q: Word = "", country: Word = "", sector: Word = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1, size: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Any:  # fmt: skip
    """Validated results, the last validated first; a country is the origin's or a copy's."""
    wanted = Filters(text=q, country=country, sector=sector)
    found = queries.cases(reader=reader(request), filters=wanted)
    start = (page - 1) * size
    rows = list(found[start : start + size])
    counts = queries.spread([row.pk for row in rows])
    items = [_case(row, counts.get(row.pk, [])) for row in rows]
    return {"count": found.count(), "page": page, "size": size, "items": items}


@public.get("/cases/{number}", response={200: Case, **_NO}, tags=["cases"])
def one_case(request: HttpRequest, number: str) -> Any:
    """A case with everything that its public page shows."""
    found = find_project(number, reader=reader(request))
    if found is None or not hasattr(found, "validation"):
        raise Http404
    rows, origin, book = list(queries.public_replicas([found.pk])), origin_values(found), book_of(found)
    for row in rows:
        row.project = found
    copies = [_copy(row, standing(row, origin=origin), book, whole=False) for row in rows]
    told = {key: _text(value) for key, value in origin.items()}
    return {**_case(found, queries.spread([found.pk]).get(found.pk, [])), "origin": told, "copies": copies}


@own.get("/replications/{number}", response={200: Copy, **_NO}, tags=["cases"])
def one_replication(request: HttpRequest, number: str) -> Any:
    """A copy for who owns or carries it, and for who may read its origin whole."""
    found = queries.find_replica(number, reader=reader(request))
    if found is None:
        raise Http404
    who = reader(request)
    whole = bool(stands(Act(who), found) or who.roles & STAFF)
    return _copy(found, standing(found), book_of(found.project), whole=whole)


def _case(project: Any, copies: list[tuple[str, str]]) -> dict[str, Any]:
    posted = project.challenge
    return {
        "number": project.number, "challenge": posted.number, "title": posted.title, "country": posted.country,
        "sector": posted.sector, "validated_at": project.validation.at, **queries.counted(posted.country, copies),
    }  # fmt: skip


def _copy(row: Any, found: Standing, book: Rulebook, *, whole: bool) -> dict[str, Any]:
    names = (
        "number", "state", "country", "site", "proposed_at", "agreed_at", "confirmed_at", "given_up_at", "sha256", "why",
    )  # fmt: skip
    counted = {item.here.key for item in found.compared if item.here}
    return {
        **{name: getattr(row, name) for name in names}, "parent": row.parent.number if row.parent else None,
        "owner": row.owner.slug, "carrier": row.carrier.slug,
        "content": _readable("replication", row.content, book, whole),
        "confirmation": _readable("replica_confirmation", row.confirmation, book, whole),
        "adaptations": [{**vars(item), "cost": _text(item.cost)} for item in row.adaptations.all()],
        "compared": [_compared(item) for item in found.compared],
        "values": [{**vars(item), "value": _text(item.value), "counts": item.pk in counted} for item in row.values.all()],
        "benefits": [
            {**vars(item), "organisation": item.party and item.party.slug, "amount": _text(item.amount)}
            for item in row.benefits.all()
        ],
        "cost": {code: _text(amount) for code, amount in found.took.cost.items()}, "days_of_work": found.took.days,
        "days_to_use": found.days_to_use,
        "missing": [render(item, lang=tag()) for item in found.missing] if whole and row.state != "confirmed" else [],
    }  # fmt: skip


def _compared(item: Any) -> dict[str, Any]:
    return {
        "indicator": item.indicator, "origin": _text(item.origin), "here": item.here and _text(item.here.value),
        "measured_on": item.here and item.here.day, "difference": _text(item.difference), "relative": _text(item.relative),
        "better": item.better, "meets": item.meets, "why_not": render(item.why_not, lang=tag()) if item.why_not else None,
    }  # fmt: skip


def _readable(name: FormName, content: Mapping[str, Any], book: Rulebook, whole: bool) -> dict[str, Any]:
    """The answers that everybody may read, or all of them."""
    fields = book.forms[name].fields if name in book.forms else {}
    return {key: value for key, value in content.items() if whole or (key in fields and fields[key].public)}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
