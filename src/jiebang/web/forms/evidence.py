"""Evidence that an organisation has shown, against what the rulebook asks of a subject."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions.eligibility import check, organisation_facts
from jiebang.rules.expressions import Truth
from jiebang.rules.schema import Rulebook, Subject
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.public import saying
from jiebang.web.site import language_tag, words


def wanted(book: Rulebook, subject: Subject) -> list[str]:
    """Kinds of evidence that rules on a subject ask for, in the order of the rulebook."""
    kinds = [rule.evidence for rule in book.eligibility.values() if rule.subject == subject and rule.evidence]
    return list(dict.fromkeys(kinds))


def parts_for(organisation: Any, book: Rulebook) -> list[Subject]:
    """The parts, owner or lead, that no rule on its place or kind keeps an organisation from."""
    subjects: tuple[Subject, ...] = ("owner", "lead")
    facts = organisation_facts(
        id=organisation.party.slug, at=None, country=organisation.country or None, region=organisation.region or None,
        type=organisation.type or None, places=book.places,
    )  # fmt: skip
    return [part for part in subjects if not _barred(part, facts, book)]


def _barred(part: Subject, facts: Mapping[str, object], book: Rulebook) -> bool:
    found = check(book, subject=part, facts={part: facts}, subject_id=str(facts["id"]))
    return any(item.outcome is Truth.FAIL for item in found)


def still_to_show(
    book: Rulebook, subject: Subject, rows: Iterable[Any], *, today: date | None = None
) -> list[str]:
    """Labels of the kinds that are asked for and not validly shown."""
    there = {
        row.kind
        for row in rows
        if row.status != "refused" and not (today and row.expires_on and row.expires_on < today)
    }
    return [kind_word(book, kind) for kind in wanted(book, subject) if kind not in there]


def kind_word(book: Rulebook, kind: str) -> str:
    """A kind of evidence in the rulebook's words."""
    term = book.vocabulary.evidence.get(kind)
    return words(term.label) if term else kind


def evidence_part(book: Rulebook, rows: Iterable[Any], *, short: bool = False) -> Any:
    """The evidence as a list with the state of each; a plain sentence when there is none."""
    items = [_item(book, row, short=short) for row in rows]
    return c.Evidence(items=items) if items else _("nothing shown yet")


def _item(book: Rulebook, row: Any, *, short: bool) -> c.EvidenceItem:
    marks: dict[str, c.Stamp] = {
        "given": c.Stamp(_("Given"), "waiting"), "verified": c.Stamp(_("Verified"), "done"),
            "refused": c.Stamp(_("Refused"), "stopped"),
    }  # fmt: skip
    text = saying.plainly(row.text)
    return c.EvidenceItem(
        title=kind_word(book, row.kind), kind="" if short else text, dates="" if short else _dates(row),
            note="" if short else row.remark,
        stamp=marks.get(row.status), url="" if short or not row.file else f"/organisations/evidence/{row.pk}/file/",
    )  # fmt: skip


def _dates(row: Any) -> str:
    lang = language_tag()
    told = []
    if row.issued_on:
        told.append(_("issued %(day)s") % {"day": formats.date(row.issued_on, lang=lang)})
    if row.expires_on:
        told.append(_("valid until %(day)s") % {"day": formats.date(row.expires_on, lang=lang)})
    return ", ".join(told)
