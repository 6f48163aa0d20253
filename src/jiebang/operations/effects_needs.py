"""What happens around a need's moves: checked forms and owners, and the challenge that a listing posts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from jiebang.operations.answers import require
from jiebang.operations.calls import takes_needs
from jiebang.operations.deadlines import due
from jiebang.operations.judging import judge_need
from jiebang.operations.kernel import Act, Stop
from jiebang.operations.statements import prevailing, texts_of
from jiebang.operations.things import book_of
from jiebang.records.challenges.models import Challenge, Need, NeedRevision
from jiebang.records.challenges.queries import normalised
from jiebang.records.programme.queries import next_number
from jiebang.rules.reasons import reason
from jiebang.trust import canonical

Params = Mapping[str, Any]


def submitted(act: Act, need: Need, **_: Any) -> Params:
    """Freeze this version, index what lists show, and ask the rules about the owner."""
    need.revision += 1
    need.submitted_at = act.now
    digest = canonical.digest(need.content)
    NeedRevision.objects.create(
        need=need, revision=need.revision, content=need.content, sha256=digest, at=act.now, by=act.person
    )
    judge_need(need, now=act.now)
    return {"journal": {"revision": need.revision, "content": digest}}


def refresh(act: Act, need: Need) -> None:
    """Ask the rules again before a guard reads their answers: evidence may have come since."""
    judge_need(need, now=act.now)


def ready(act: Act, need: Need) -> None:
    """A need is sent only when its form is complete, for the first time while the call takes needs."""
    if need.submitted_at is None and not takes_needs(need.call, now=act.now):
        raise Stop(reason("call.closed", number=need.call.number))
    require("need", need.content, on=need)


def rehearse_listing(act: Act, need: Need, *, params: Params) -> None:
    """The budget, the number of leads and the closing time must be possible."""
    _listing(act, need, params)


def listed(act: Act, need: Need, *, params: Params, **_: Any) -> Params:
    """Post the challenge."""
    challenge = post(act, need, params)
    return {
        "challenge": challenge.number,
        "journal": {"challenge": challenge.number, "closes_at": challenge.closes_at},
    }


def post(act: Act, need: Need, params: Params, *, relisted_from: Challenge | None = None) -> Challenge:
    """A new challenge from a need: numbered, with its clocks set and its texts indexed."""
    book, terms = book_of(need), _listing(act, need, params)
    content = public_content(need)
    lang = book.languages[0]
    title, summary = (
        texts_of(need.content.get("title"), default=lang),
        texts_of(need.content.get("problem"), default=lang),
    )
    questions = due(need.call, "question_period", start=act.now, owner_country=need.country)
    year = act.now.year
    start = book.lifecycles["challenge"].start
    return Challenge.objects.create(
        number=next_number(f"{book.numbering}-{year}-"), need=need, call=need.call, relisted_from=relisted_from,
        title=title, summary=summary, content=content, country=need.country, sector=need.sector,
        currency=book.currency, listed_at=act.now, stage=start, stage_since=act.now, due_clock="bidding",
        due_at=terms["closes_at"], questions_until=min(questions.at, terms["closes_at"]) if questions else None,
        updated_at=act.now, updated_by=act.who, search=search_text(title, summary), **terms,
    )  # fmt: skip


def public_content(need: Need) -> dict[str, Any]:
    """The answers of the need form that the rulebook marks as public."""
    form = book_of(need).forms.get("need")
    hidden = {name for name, field in form.fields.items() if not field.public} if form else set()
    return {name: value for name, value in need.content.items() if name not in hidden}


def search_text(*texts: Mapping[str, str]) -> str:
    """Texts in all languages as one searchable line, in the form in which they are looked for."""
    return normalised(" ".join(text for versions in texts for text in versions.values()))


def index(need: Need) -> None:
    """Copy from the content what lists filter by."""
    need.title = prevailing(need.content.get("title"))[:300]
    need.sector = str(need.content.get("sector") or "")[:60]


LONGEST = timedelta(days=5 * 365)  # a closing time beyond is a slip of the hand


def _listing(act: Act, need: Need, params: Params) -> dict[str, Any]:
    book = book_of(need)
    closing = due(need.call, "bidding", start=act.now, owner_country=need.country)
    closes_at = moment_of(params.get("closes_at")) or (closing.at if closing else None)
    if closes_at is None:
        raise Stop(reason("listing.time_wrong", field="closes_at"))
    leads = int(params.get("max_leads") or 1)
    most = book.racing.max_leads if book.racing and book.racing.allowed else 1
    faults = [reason("listing.closes_past", field="closes_at")] if closes_at <= act.now else []
    if closes_at > act.now + LONGEST:
        faults.append(reason("listing.too_far", field="closes_at", years=LONGEST.days // 365))
    faults += (
        [reason("listing.too_many_leads", field="max_leads", limit=most)] if not 1 <= leads <= most else []
    )
    budget = _budget(params.get("budget", need.content.get("budget")))
    if budget is None and book.award and (book.award.within_budget or book.award.rule == "budget_fill"):
        faults.append(reason("listing.no_budget", field="budget"))
    if faults:
        raise Stop(*faults)
    return {"closes_at": closes_at, "max_leads": leads, "budget": budget}


def _budget(value: object) -> Decimal | None:
    given = value.get("amount") if isinstance(value, Mapping) else value
    try:
        amount = None if given in (None, "") else Decimal(str(given))
    except InvalidOperation:
        raise Stop(reason("listing.budget_wrong", field="budget")) from None
    if amount is not None and (not amount.is_finite() or amount < 0):
        raise Stop(reason("listing.budget_wrong", field="budget"))
    return amount


def moment_of(value: object) -> datetime | None:
    """The instant that a parameter names, with its zone; None for a blank one. Stops for anything else."""
    if value in (None, ""):
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise Stop(reason("listing.time_wrong", field="closes_at")) from None
    if moment.tzinfo is None:
        raise Stop(reason("listing.time_wrong", field="closes_at"))
    return moment


BEFORE = {
    ("need", "submit"): ready,
    ("need", "hand_to_owner"): ready,
    ("need", "verify"): refresh,
}
AFTER = {("need", "submit"): submitted, ("need", "list_challenge"): listed}
REHEARSE = {("need", "list_challenge"): rehearse_listing}
