"""What can be read, each list under the disclosure policy: what a caller may not see is neither listed nor counted."""

import json
from collections.abc import Callable
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import NinjaAPI, Query, Router

from jiebang.api import rows, shapes
from jiebang.api.answers import Refusal
from jiebang.api.signing import ANYBODY, SOMEBODY, reader
from jiebang.operations.kernel import Act
from jiebang.operations.things import roles_on
from jiebang.records.awards import queries as awards
from jiebang.records.bids import queries as bids
from jiebang.records.challenges import office as needs
from jiebang.records.challenges import queries as challenges
from jiebang.records.journal import queries as journal
from jiebang.records.journal import reading
from jiebang.records.outbox.queries import inbox as inbox_of
from jiebang.records.people.queries import engagements_of, tokens_of
from jiebang.records.people.roles import STAFF
from jiebang.records.programme import queries as programme
from jiebang.records.projects import own as projects_own
from jiebang.records.projects import queries as projects
from jiebang.rules.forms import form_schema

MOST = 200
Number = Annotated[int, Query(ge=1, le=1_000_000, description="Which part, from 1.")]
Size = Annotated[int, Query(ge=1, le=MOST, description="How many items a part has.")]
Word = Annotated[str, Query(max_length=200)]

public = Router(auth=ANYBODY)
own = Router(auth=SOMEBODY)
_NO = {401: Refusal, 404: Refusal, 422: Refusal}


def install(api: NinjaAPI) -> None:
    """Add the lists to the API."""
    api.add_router("", public)
    api.add_router("", own)


@own.get("/me", response={200: shapes.Me, **_NO}, tags=["me"])
def me(request: HttpRequest) -> Any:
    """The caller, for whom they act, and their tokens."""
    who = reader(request)
    person: Any = who.person
    names = ("email", "name", "language", "timezone", "pseudonym")
    found = [rows.engagement(item) for item in engagements_of(person, at=who.at)]
    tokens = list(tokens_of(person, at=who.at))
    return {**{name: getattr(person, name) for name in names}, "engagements": found, "tokens": tokens}


@own.get("/inbox", response={200: shapes.Page[shapes.Letter], **_NO}, tags=["me"])
def inbox(request: HttpRequest, unread: bool = False, page: Number = 1, size: Size = 50) -> Any:
    """What was written to the caller, newest first."""
    person: Any = reader(request).person
    found = inbox_of(person)
    return _page(found.filter(read_at=None) if unread else found, page, size, lambda item: item)


@public.get("/challenges", response={200: shapes.Page[shapes.ChallengeRow], **_NO}, tags=["challenges"])
def list_challenges(
    request: HttpRequest, q: Word = "", country: Word = "", sector: Word = "", stage: Word = "", mode: Word = "",
    sort: Annotated[str, Query(description=f"One of {', '.join(challenges.SORTS)}.")] = "number",
    page: Number = 1, size: Size = 50,
) -> Any:  # fmt: skip
    """The challenges, narrowed by words, country, sector, stage and mode of cooperation."""
    wanted = challenges.Filters(text=q, country=country, sector=sector, stage=stage, mode=mode, sort=sort)
    found = challenges.board(reader=reader(request), filters=wanted, open_stages=())
    return _page(found, page, size, rows.challenge)


@public.get("/challenges/{number}", response={200: shapes.ChallengeWhole, **_NO}, tags=["challenges"])
def one_challenge(request: HttpRequest, number: str) -> Any:
    """A challenge as posted."""
    return rows.whole_challenge(_found(challenges.find_challenge(number, reader=reader(request))))


@public.get(
    "/challenges/{number}/questions", response={200: shapes.Page[shapes.Asked], **_NO}, tags=["challenges"]
)
def list_questions(request: HttpRequest, number: str, page: Number = 1, size: Size = 50) -> Any:
    """The public question log; who asked is never part of it."""
    posted = _found(challenges.find_challenge(number, reader=reader(request)))
    return _page(challenges.answered_questions(posted), page, size, lambda item: item)


@public.get("/results", response={200: shapes.Page[shapes.Result], **_NO}, tags=["results"])
def list_results(request: HttpRequest, challenge: Word = "", page: Number = 1, size: Size = 50) -> Any:
    """Published outcomes with the rule, the reason and the hash of what they rest on."""
    opened = awards.challenges_with_results(reader=reader(request))
    opened = opened.filter(number=challenge) if challenge else opened
    found = awards.decisions_of(list(opened.values_list("pk", flat=True))).select_related(
        "bid__consortium__lead", "bid__lead_person", "challenge"
    )
    return _page(found, page, size, rows.result)


@public.get("/amendments", response={200: shapes.Page[shapes.Amended], **_NO}, tags=["results"])
def list_amendments(request: HttpRequest, challenge: Word = "", page: Number = 1, size: Size = 50) -> Any:
    """What was changed in public results after the fact, the latest first: what was, what is, on which ground."""
    opened = awards.challenges_with_results(reader=reader(request))
    opened = opened.filter(number=challenge) if challenge else opened
    found = awards.amendments_of(list(opened.values_list("pk", flat=True)))
    return _page(found, page, size, rows.amendment)


@public.get("/needs", response={200: shapes.Page[shapes.NeedRow], **_NO}, tags=["needs"])
def list_needs(
    request: HttpRequest, stage: Word = "", country: Word = "", page: Number = 1, size: Size = 50
) -> Any:
    """The needs whose content the caller may read: one's own, those of one's desk, all for the office."""
    found = needs.needs(reader=reader(request)).defer("content").order_by("number")
    wanted = {"stage": stage, "country": country}
    return _page(
        found.filter(**{key: value for key, value in wanted.items() if value}), page, size, rows.need
    )


@public.get("/needs/{number}", response={200: shapes.NeedWhole, **_NO}, tags=["needs"])
def one_need(request: HttpRequest, number: str) -> Any:
    """A need with its content."""
    found = _found(needs.find_need(number, reader=reader(request)))
    return {**rows.need(found), "content": found.content, "remark": found.remark}


@public.get("/bids", response={200: shapes.Page[shapes.BidRow], **_NO}, tags=["bids"])
def list_bids(
    request: HttpRequest, challenge: Word = "", stage: Word = "", page: Number = 1, size: Size = 50
) -> Any:
    """The bids of which the caller may know; before opening, only one's own."""
    return _page(bids.bids(reader=reader(request), challenge=challenge, stage=stage), page, size, rows.bid)


@public.get("/bids/{number}", response={200: shapes.BidWhole, **_NO}, tags=["bids"])
def one_bid(request: HttpRequest, number: str) -> Any:
    """A bid with what the caller may read of it."""
    who = reader(request)
    return rows.whole_bid(_found(bids.find_bid(number, reader=who)), reader=who)


@public.get("/projects", response={200: shapes.Page[shapes.ProjectRow], **_NO}, tags=["projects"])
def list_projects(request: HttpRequest, stage: Word = "", page: Number = 1, size: Size = 50) -> Any:
    """Projects, the last changed first."""
    return _page(
        projects.projects(reader=reader(request), filters=challenges.Filters(stage=stage)),
        page,
        size,
        rows.project,
    )


@public.get("/projects/{number}", response={200: shapes.ProjectWhole, **_NO}, tags=["projects"])
def one_project(request: HttpRequest, number: str) -> Any:
    """A project with its milestones and measured values."""
    return rows.whole_project(_found(projects.find_project(number, reader=reader(request))))


@own.get("/projects/{number}/revocations", response={200: list[shapes.Questioned], **_NO}, tags=["projects"])
def list_revocations(request: HttpRequest, number: str) -> Any:
    """Each time that an award was in question, for its consortium and the office: why, what was answered, how it ended."""
    who = reader(request)
    found = _found(projects_own.find_project(number, reader=who))
    if not (roles_on(Act(who), found) & {"lead", "partner"} or who.roles & STAFF):
        raise Http404
    return [rows.questioned(row) for row in awards.revocations_of(found)]


@public.get("/calls", response={200: shapes.Page[shapes.CallRow], **_NO}, tags=["programme"])
def list_calls(request: HttpRequest, page: Number = 1, size: Size = 50) -> Any:
    """The calls, the newest first."""
    return _page(programme.calls(), page, size, rows.call)


@public.get("/rulebooks", response={200: shapes.Page[shapes.RulebookRow], **_NO}, tags=["programme"])
def list_rulebooks(request: HttpRequest, page: Number = 1, size: Size = 50) -> Any:
    """The rulebook versions that were installed, the newest first."""
    return _page(programme.versions(), page, size, rows.rulebook)


@public.get("/rulebooks/{digest}", response={200: shapes.RulebookWhole, **_NO}, tags=["programme"])
def one_rulebook(request: HttpRequest, digest: str) -> Any:
    """A rulebook version, whole; its canonical JSON has this hash."""
    found = _found(programme.versions().filter(pk=digest).first())
    return {**rows.rulebook(found), "document": json.loads(found.document)}


@public.get("/rulebooks/{digest}/forms/{name}", response={200: dict[str, Any], **_NO}, tags=["programme"])
def one_form(request: HttpRequest, digest: str, name: str, lang: Word = "en") -> Any:
    """The JSON Schema of a form's content (need, bid, ...), to check a document before it is sent."""
    book = programme.rulebook(_found(programme.versions().filter(pk=digest).first()).pk)
    if name not in book.forms:
        raise Http404
    return form_schema(book.forms[name], book, lang=lang)


@public.get("/journal", response={200: shapes.Page[shapes.EntryRow], **_NO}, tags=["journal"])
def list_entries(
    request: HttpRequest, subject: Word = "",
    event: Annotated[str, Query(description="Such as `bid:saved`; `bid:` for a whole area.", max_length=80)] = "",
    page: Number = 1, size: Size = 50,
) -> Any:  # fmt: skip
    """Entries on things that the caller may see, newest first."""
    who = reader(request)
    found = reading.readable_entries(reader=who, subject=subject, event=event)
    return _page(found, page, size, lambda item: rows.entry(item, reader=who))


@public.get("/journal/head", response={200: shapes.Head, **_NO}, tags=["journal"])
def journal_head(request: HttpRequest) -> Any:
    """The end of the chain."""
    return dict(zip(("seq", "leaf"), journal.head(), strict=True))


@public.get("/journal/{int:seq}", response={200: shapes.EntryRow, **_NO}, tags=["journal"])
def one_entry(request: HttpRequest, seq: int) -> Any:
    """An entry on a thing that the caller may see."""
    who = reader(request)
    return rows.entry(_found(reading.readable_entries(reader=who).filter(pk=seq).first()), reader=who)


@own.get("/journal/{int:seq}/receipt", response={200: dict[str, Any], **_NO}, tags=["journal"])
def one_receipt(request: HttpRequest, seq: int) -> Any:
    """The receipt of one's own entry (for auditors: of any), for `jiebang verify --receipt`."""
    who = reader(request)
    found = _found(reading.readable_entries(reader=who).filter(pk=seq).first())
    if not reading.may_open(found, reader=who):
        raise Http404
    return journal.receipt_for(
        seq, with_private=who.person is not None and found.actor == who.person.pseudonym
    )


def _page(found: Any, page: int, size: int, shape: Callable[[Any], Any]) -> dict[str, Any]:
    start = (page - 1) * size
    return {
        "count": found.count(),
        "page": page,
        "size": size,
        "items": list(map(shape, found[start : start + size])),
    }


def _found(item: Any) -> Any:
    if item is None:
        raise Http404
    return item
