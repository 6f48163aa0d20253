"""The sample content as the answers of the rulebook's forms."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jiebang.demo.content import Content
from jiebang.demo.content_models import Bid, Milestone, Need, Texts, Translation

SITE = ("operational_scenario", "experimental_environment", "local_data", "infrastructure")
LEAD = ("rd_capability", "research_facilities", "international_network")
OPTIONS = {"en", "zh-Hans", "vi", "th", "id", "ms", "lo", "km", "my", "fil"}


def statement(
    texts: Mapping[str, str], *, lang: str, prevails: str = "", made: Mapping[str, Translation] | None = None
) -> dict[str, Any]:
    """Texts by language as a statement: the original, its translations and who made them, which one governs."""
    first = lang if lang in texts else next(iter(texts))
    others = {
        tag: {"text": text, "by": (made or {}).get(tag, Translation(by="human")).by}
        for tag, text in texts.items()
        if tag != first
    }
    return {
        "lang": first,
        "text": texts[first],
        "prevails": prevails if prevails in texts else first,
        "translations": others,
    }


def need_form(need: Need, *, content: Content) -> dict[str, Any]:
    """A need's content by the fields of the `need` form."""
    owner = content.organisations[need.owners[0]]
    proofs = {item.kind: {"lang": item.language, "text": item.text} for item in owner.evidence}

    def said(texts: Texts) -> dict[str, Any]:
        return statement(texts, lang=need.language, prevails=need.prevails, made=need.translations)

    return {
        "title": said(need.title), "sector": need.sector, "capabilities": list(need.capabilities), "problem": said(need.problem),
        "importance": said(need.importance), "present_practice": said(need.present_practice),
        "site": said(need.site), **{kind: proofs[kind] for kind in SITE}, "local_data": said(need.data_available),
        "indicators": [_indicator(item) for item in need.indicators], "modes": list(need.modes),
        "budget": {"amount": str(need.budget.amount), "currency": need.budget.currency},
        "duration_months": need.deadline_hint_months, "data_leaves": "stays",
        "working_languages": [tag for tag in need.working_languages if tag in OPTIONS],
    }  # fmt: skip


def first_words(form: Mapping[str, Any]) -> dict[str, Any]:
    """What is on the page when somebody has just begun."""
    return {key: form[key] for key in ("title", "sector", "problem", "summary", "modes") if key in form}


def bid_form(bid: Bid, *, content: Content) -> dict[str, Any]:
    """A bid's content by the fields of the `bid` form."""
    lead = content.organisations[bid.lead]
    proofs = {item.kind: {"lang": item.language, "text": item.text} for item in lead.evidence}
    person = content.people[bid.lead_researcher]

    def said(text: str) -> dict[str, Any]:
        return {"lang": bid.language, "text": text}

    return {
        "title": statement(bid.title, lang=bid.language, made=bid.translation),
        "summary": statement(bid.summary, lang=bid.language, made=bid.translation),
        "approach": said(bid.approach), "team": said(bid.team), "lead_person": next(iter(person.names.values())),
        **{kind: proofs.get(kind) or said(bid.team) for kind in LEAD},
        "promises": dict(bid.answers), "modes": list(bid.modes),
        "amount": {"amount": str(bid.amount), "currency": bid.currency},
        "duration_months": max(item.month for item in bid.plan),
        "milestones": [_milestone(item) for item in bid.plan],
    }  # fmt: skip


def _indicator(item: Any) -> dict[str, Any]:
    return {
        "id": item.id, "name": item.name, "unit": item.unit, "operator": item.operator, "threshold": item.threshold,
        "test_method": item.method, "data_place": item.data_place, "tester": item.tester,
        **({} if item.baseline is None else {"baseline": item.baseline}),
    }  # fmt: skip


def _milestone(item: Milestone) -> dict[str, Any]:
    text = {"lang": item.language, "text": item.deliverable}
    share = str(Decimal(item.share_percent) / 100)
    shown = {"indicators": list(item.indicators)} if item.indicators else {}
    return {"id": item.id, "title": text, "month": item.month, "share": share, "deliverable": text, **shown}
