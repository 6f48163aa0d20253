"""Records as the API shows them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jiebang.api.answers import tag
from jiebang.operations.deliverables import tallies_of
from jiebang.operations.statements import texts_of
from jiebang.records.access import Reader
from jiebang.records.awards.queries import partners_of
from jiebang.records.bids import own as bids_own
from jiebang.records.bids import queries as bids
from jiebang.records.bundles import sent_content
from jiebang.records.deliverables.queries import standing_in
from jiebang.records.journal.queries import entry_of
from jiebang.records.journal.reading import may_open
from jiebang.records.projects.chain import parts_of
from jiebang.rules.reasons import Reason, render

Row = dict[str, Any]


def staged(item: Any) -> Row:
    """What needs, challenges, bids and projects share."""
    names = ("number", "stage", "stage_since", "due_at", "due_clock", "due_provisional")
    return {name: getattr(item, name) for name in names}


def challenge(item: Any) -> Row:
    """A challenge in a list."""
    names = ("title", "country", "sector", "currency", "max_leads", "listed_at", "closes_at")
    return {
        **staged(item), **{name: getattr(item, name) for name in names}, "call": item.call.number,
        "budget": _money(item.budget),
    }  # fmt: skip


def whole_challenge(item: Any) -> Row:
    """A challenge as posted."""
    names = ("summary", "content", "questions_until", "publicity_until")
    return {
        **challenge(item), **{name: getattr(item, name) for name in names}, "rulebook": item.call.rulebook_id,
        "owner": item.need.owner.slug, "relisted_from": item.relisted_from and item.relisted_from.number,
    }  # fmt: skip


def need(item: Any) -> Row:
    """A need in a list."""
    names = ("title", "country", "sector", "revision", "submitted_at")
    return {
        **staged(item), **{name: getattr(item, name) for name in names}, "call": item.call.number, "owner": item.owner.slug,
    }  # fmt: skip


def bid(item: Any) -> Row:
    """A bid in a list."""
    lead = item.consortium.lead
    return {
        **staged(item), "challenge": item.challenge.number, "lead": lead.slug, "lead_name": lead.organisation.name,
        "lead_person": item.lead_person.name if item.lead_person else None, "submitted_at": item.submitted_at,
        "content_sha256": item.content_sha256,
    }  # fmt: skip


def whole_bid(item: Any, *, reader: Reader) -> Row:
    """A bid with what this reader may read of it: its people see the draft they work on, others what was sent."""
    opened = bids.may_read_content(item, reader=reader)
    closed: Row = {"partners": None, "content": None, "verdicts": None, "scores": None}
    if not opened:
        return {**bid(item), **closed}
    partners = [row.partner.slug for row in partners_of([item.pk]).get(item.pk, [])]
    scores = bids_own.scores_of(item, reader=reader)
    return {
        **bid(item), "partners": partners, "content": sent_content(item),
        "verdicts": [_verdict(row) for row in bids_own.verdicts_of(item)],
        "scores": {key: [str(value) for value, _ in given] for key, given in scores.items()} or None,
    }  # fmt: skip


def result(item: Any) -> Row:
    """A published outcome."""
    names = (
        "outcome",
        "rank",
        "tie",
        "score",
        "rule",
        "code",
        "rulebook",
        "inputs",
        "published_at",
        "final_at",
    )
    found = item.bid
    return {
        **{name: getattr(item, name) for name in names}, "text": _said(item), "challenge": item.challenge.number,
        "bid": found and found.number, "lead": found and found.consortium.lead.slug,
        "lead_person": found.lead_person.name if found and found.lead_person else None,
    }  # fmt: skip


def amendment(item: Any) -> Row:
    """A change of a public result."""
    names = ("kind", "ground", "why", "changes", "at")
    about = item.objection.number if item.objection else None
    return {
        **{name: getattr(item, name) for name in names},
        "challenge": item.challenge.number,
        "objection": about,
    }


def questioned(item: Any) -> Row:
    """An award in question; nobody's name."""
    names = (
        "ground", "why", "evidence", "asked_at", "answer_until", "answer", "answered_at", "status", "breach", "decision",
        "decided_at",
    )  # fmt: skip
    return {name: getattr(item, name) for name in names}


def project(item: Any) -> Row:
    """A project in a list."""
    names = ("currency", "started_at", "signed_at", "ended_at")
    return {
        **staged(item), **{name: getattr(item, name) for name in names}, "challenge": item.challenge.number,
        "bid": item.bid.number, "lead": item.bid.consortium.lead.slug, "amount": _money(item.amount),
    }  # fmt: skip


def whole_project(item: Any) -> Row:
    """A project with its steps."""
    measured = [
        {
            "indicator": m.indicator, "occasion": m.occasion, "value": str(m.value), "met": m.met, "at": m.at,
            "reported": m.reported,
        }
        for m in item.measurements.all()
    ]  # fmt: skip
    chain = [
        {
            "part": row.pk, "organisation": row.party.slug, "link": row.link, "country": row.country, "region": row.region,
            "place": row.place, "does": texts_of(row.does), "share": None if row.share is None else str(row.share),
            "share_of": row.share_of, "since": row.since,
        }
        for row in parts_of(item)
    ]  # fmt: skip
    made = [_deliverable(row, item) for row in standing_in(item)]
    steps = {
        "milestones": list(item.milestones.all()),
        "measurements": measured,
        "chain": chain,
        "deliverables": made,
    }
    return {**project(item), **steps}


def _deliverable(row: Any, project: Any) -> Row:
    """What a project plans beside its result; the project is read already."""
    row.project = project
    names = ("kind", "country", "place", "since")
    return {
        **{name: getattr(row, name) for name in names}, "deliverable": row.pk, "name": texts_of(row.name),
        "host": row.host.slug, "measures": [_tally(told) for told in tallies_of(row)],
    }  # fmt: skip


def _tally(told: Any) -> Row:
    planned = None if told.planned is None else f"{told.planned.normalize():f}"
    return {"measure": told.measure, "planned": planned, "confirmed": f"{told.confirmed.normalize():f}"}


def call(item: Any) -> Row:
    """A call."""
    names = ("number", "title", "opened_at", "needs_until")
    return {
        **{name: getattr(item, name) for name in names}, "rulebook": item.rulebook_id, "calendars": item.calendars_id,
    }  # fmt: skip


def rulebook(item: Any) -> Row:
    """A rulebook version."""
    return {
        "digest": item.pk,
        "id": item.slug,
        **{n: getattr(item, n) for n in ("version", "current", "installed_at")},
    }


def entry(item: Any, *, reader: Reader) -> Row:
    """A journal entry: that it happened, and for its actor and auditors what it says."""
    head = {name: getattr(item, name) for name in ("seq", "at", "event", "subject", "rulebook", "leaf")}
    return (
        {**head, "actor": item.actor, "body": entry_of(item).body} if may_open(item, reader=reader) else head
    )


def engagement(item: Any) -> Row:
    """For whom somebody acts."""
    organisation = getattr(item.party, "organisation", None)
    names = ("role", "scope", "since", "until")
    return {
        **{name: getattr(item, name) for name in names}, "party": item.party.slug,
        "organisation": organisation and organisation.name,
    }  # fmt: skip


def _verdict(item: Any) -> Row:
    names = ("rule", "subject", "outcome", "code", "facts", "as_of")
    return {**{name: getattr(item, name) for name in names}, "text": _said(item)}


def _said(item: Any) -> str:
    params: Mapping[str, Any] = item.params
    return render(Reason(item.code, params), lang=tag())


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
