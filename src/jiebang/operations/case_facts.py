"""What the case of a validated project is drawn from: only what everybody may read of it, its copies and its use."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from jiebang.decisions import case
from jiebang.decisions.agreement import Cell, Texts
from jiebang.decisions.case import Beside, Case, Copy, Gain, Place, Shown, Use
from jiebang.decisions.replication import Compared
from jiebang.decisions.report import NONE, Statement, Version, figure, languages_of, told, with_unit
from jiebang.operations.facts import indicators, result_of
from jiebang.operations.replica_facts import origin_values, standing
from jiebang.operations.statements import texts_of
from jiebang.operations.terms import names_of, threshold
from jiebang.operations.things import book_of, day_of
from jiebang.records.bundles import sent_content
from jiebang.records.people.models import Party
from jiebang.records.projects.models import FollowUp, Project
from jiebang.records.replications.models import Benefit, Replica
from jiebang.records.replications.queries import public_replicas
from jiebang.rules.form_values import decimal_of
from jiebang.rules.forms import empty, options_of
from jiebang.rules.reasons import render
from jiebang.rules.schema import FormField, FormName, Rulebook

Named = Callable[[str], Texts]


def case_of(project: Project, *, at: datetime, country: Named) -> Case:
    """The case at a moment; `country` gives the name of an ISO 3166 code by language."""
    book, challenge, validation = book_of(project), project.challenge, project.validation
    need = challenge.need
    copies = list(public_replicas([project.pk]))
    origin = origin_values(project) if copies else {}
    asked, kept = need.submitted_at, validation.content
    days = (day_of(validation.at, project) - day_of(asked, project)).days if asked else None
    for row in copies:
        row.project = project  # read once, with all that hangs on it
    return Case(
        number=project.number, challenge=challenge.number, title=challenge.title, on=_day(at, project),
        owner=Place(names=names_of(need.owner), country=country(need.owner.organisation.country)),
        lead=_place(project.bid.consortium.lead, country), need=_need(project, book), needed_on=_day(asked, project),
        validated_on=_day(validation.at, project), days=days,
        sha256=validation.sha256, shown=list(_shown(project, book)), rows=list(rows_of("validation", kept, book)),
        statements=list(statements_of("validation", kept, book)),
        copies=[_copy(row, book, origin=origin, country=country) for row in copies],
        gains=[_gain(item, row, country) for row in copies for item in row.benefits.all()],
        uses=[_use(row, project) for row in sorted(project.follow_ups.all(), key=lambda row: row.month)],
    )  # fmt: skip


def statement_of(label: Texts, value: object) -> Statement:
    """What was said, the original first, then its translations with who made them."""
    texts = texts_of(value)
    about: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    original = str(about.get("lang") or "") if "text" in about else ""
    made = about.get("translations") or {}
    order = sorted(texts, key=lambda lang: lang != original)
    return Statement(label=label, versions=[
        Version(lang=lang, text=texts[lang], by="" if lang == original or not original else _by(made.get(lang)))
        for lang in order
    ])  # fmt: skip


def statements_of(form: FormName, content: Mapping[str, Any], book: Rulebook) -> Iterator[Statement]:
    """The public texts among the answers to a form."""
    for field, value in _public(form, content, book):
        if field.kind in ("line", "text"):
            yield statement_of(field.label, value)


def rows_of(form: FormName, content: Mapping[str, Any], book: Rulebook) -> Iterator[case.Row]:
    """The public answers to a form that are no texts: choices, numbers, amounts, yes or no."""
    for field, value in _public(form, content, book):
        shown = _answer(field, value, book)
        if shown:
            yield field.label, shown


def _public(form: FormName, content: Mapping[str, Any], book: Rulebook) -> Iterator[tuple[FormField, Any]]:
    rule = book.forms.get(form)
    for name, field in (rule.fields if rule else {}).items():
        if field.public and not empty(content.get(name)):
            yield field, content[name]


def _answer(field: FormField, value: Any, book: Rulebook) -> Cell:
    tags = languages_of(book)
    if field.kind in ("choice", "choices"):
        known = options_of(field, rulebook=book)
        chosen = [
            known.get(str(item), {"en": str(item)})
            for item in (value if isinstance(value, list) else [value])
        ]
        return {lang: ", ".join(item.get(lang) or item.get("en", "") for item in chosen) for lang in tags}  # fmt: skip
    if field.kind == "yes_no":
        return told("report.yes" if value else "report.no_", tags)
    if field.kind == "money":
        about = value if isinstance(value, Mapping) else {"amount": value}
        amount = decimal_of(about.get("amount"))
        return "" if amount is None else _money(amount, str(about.get("currency") or book.currency))
    return str(value) if field.kind in ("number", "date") else ""


def _need(project: Project, book: Rulebook) -> list[Statement]:
    """What was asked for, as far as the rulebook publishes it."""
    form, content = book.forms.get("need"), project.challenge.content
    for name in ("problem", "statement", "summary"):
        field = form.fields.get(name) if form else None
        if field and field.public and field.kind in ("text", "line") and not empty(content.get(name)):
            return [statement_of(field.label, content[name])]
    return []


def _shown(project: Project, book: Rulebook) -> Iterator[Shown]:
    form, given = book.forms.get("bid"), sent_content(project.bid).get("promises")
    asked = form.fields.get("promises") if form else None
    promised: Mapping[str, Any] = given if asked and asked.public and isinstance(given, Mapping) else {}
    for item, found in zip(indicators(project.challenge), result_of(project), strict=True):
        value, promise = found.value, decimal_of(promised.get(found.indicator))
        yield Shown(
            name=texts_of(item.get("name")) or {"en": found.indicator}, unit=texts_of(item.get("unit")),
            wanted=threshold(item), promised=figure(promise), value=figure(value.value if value else None), met=found.met,
            kept=found.kept if promise is not None else None, role=value.role if value else "",
            on=_day(value.at if value else None, project), method=texts_of(item.get("test_method") or item.get("method")),
        )  # fmt: skip


def _copy(row: Replica, book: Rulebook, *, origin: dict[str, Decimal], country: Named) -> Copy:
    found, project = standing(row, origin=origin), row.project
    known = {str(item["id"]): item for item in indicators(project.challenge)}
    said = list(statements_of("replica_confirmation", row.confirmation, book))
    if row.why:
        said.append(statement_of(told("report.given_up_why", languages_of(book)), row.why))
    at = {
        "agreed": row.agreed_at, "measured": row.measured_at, "confirmed": row.confirmed_at, "given_up": row.given_up_at,
    }  # fmt: skip
    return Copy(
        number=row.number, owner=Place(names=names_of(row.owner), country=country(row.country)), state=row.state,
        since=_day(at.get(row.state), project), days_to_use=found.days_to_use,
        rows=list(rows_of("replica_confirmation", row.confirmation, book)), statements=said,
        compared=[_beside(item, known[item.indicator], book) for item in found.compared] if row.values.all() else [],
        cost=" + ".join(_money(amount, code) for code, amount in found.took.cost.items()), work=found.took.days,
    )  # fmt: skip


def _beside(item: Compared, rule: Mapping[str, Any], book: Rulebook) -> Beside:
    tags, unit, here = languages_of(book), texts_of(rule.get("unit")), item.here
    own = unit if here is None or here.unit in unit.values() else {"en": here.unit}
    gap = told("report.points", tags) if "%" in unit.values() else unit
    verdict: Cell = _compared(item, tags)
    if item.why_not is not None:
        verdict = {lang: render(item.why_not, lang=lang) for lang in tags}
    return Beside(
        name=texts_of(rule.get("name")) or {"en": item.indicator}, origin=with_unit(figure(item.origin), unit, tags),
        here=with_unit(figure(here.value if here else None), own, tags),
        difference=with_unit(_signed(item.difference), gap, tags),
        relative=NONE if item.relative is None else f"{_signed(item.relative * 100)} %", verdict=verdict,
        side=here.side if here else "", on=here.day.isoformat() if here else NONE,
    )  # fmt: skip


def _compared(item: Compared, tags: list[str]) -> Cell:
    if item.better is None:
        return told("report.neither" if item.difference else "report.same", tags)
    return told("report.better" if item.better else "report.worse", tags)


def _gain(item: Benefit, row: Replica, country: Named) -> Gain:
    return Gain(
        who=names_of(item.party) if item.party else texts_of(item.group), how=texts_of(item.how),
        amount=NONE if item.amount is None else _money(item.amount, item.currency), basis=item.basis,
        on=item.as_of.isoformat(), where=country(row.country),
    )  # fmt: skip


def _use(row: FollowUp, project: Project) -> Use:
    status = "to_come" if row.at is None else row.status or ("in_use" if row.in_use else "not_in_use")
    said = texts_of(row.content.get("why")) or texts_of(row.content.get("changes"))
    return Use(month=row.month, due=str(row.due_on), status=status, said=said, on=_day(row.at, project))


def _place(party: Party, country: Named) -> Place:
    return Place(names=names_of(party), country=country(party.organisation.country))


def _by(made: object) -> str:
    return str(made.get("by") or "human") if isinstance(made, Mapping) else "human"


def _money(amount: Decimal, currency: str) -> str:
    return f"{figure(amount)} {currency}"


def _signed(value: Decimal | None) -> str:
    if value is None:
        return NONE
    told_ = figure(abs(value))
    return f"+{told_}" if value > 0 else f"−{told_}" if value < 0 else told_


def _day(at: datetime | None, project: Project) -> str:
    return day_of(at, project).isoformat() if at else NONE
