"""Verdicts as pages show them: the answer, the rule with its source, the facts it read, the evidence."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions.quotas import in_words as quotas_in_words
from jiebang.rules.expression_words import in_words
from jiebang.rules.facts import dictionary
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.office import cells
from jiebang.web.public import saying
from jiebang.web.site import language_tag, words

Names = Mapping[str, str]
NOBODY: Names = {}
_OUTCOMES: Mapping[str, c.Outcome] = {"pass": "pass", "fail": "fail"}


def verdict(row: Any, book: Rulebook) -> c.Verdict:
    """One stored verdict: its sentence, with rule, facts and evidence one click away."""
    rule = book.eligibility.get(row.rule)
    text = words(rule.text) if rule else why(row.code, row.params, book)
    said = "" if row.outcome == "pass" else why(row.code, row.params, book)
    remedy = words(rule.remedy) if rule and row.outcome != "pass" else ""
    sentence = " ".join(part for part in (text, said if said != text else "", remedy) if part)
    return c.Verdict(
        outcome=_OUTCOMES.get(row.outcome, "unknown"), sentence=sentence, rule="" if rule else row.rule,
        machine=c.Machine(rule.require) if rule else None,
        source=source(rule, book) if rule else "", evidence=[*facts_of(row.facts), *(str(item) for item in row.evidence)],
    )  # fmt: skip


def facts_of(facts: Mapping[str, Any]) -> list[str]:
    """The facts that a verdict read, in words."""
    known, said = dictionary(), []
    for name, value in facts.items():
        label = words(known[name].meaning) if name in known else name
        said.append(f"{label}: {_plain(value)}")
    return said


def evidence(row: Any, book: Rulebook, *, judge: bool, back: str = "") -> c.EvidenceItem:
    """One proof with where it stands; `judge` links to the page that verifies or refuses it."""
    tones: Mapping[str, tuple[str, c.Tone]] = {
        "given": (_("Given"), "waiting"), "verified": (_("Verified"), "done"), "refused": (_("Refused"), "stopped"),
    }  # fmt: skip
    term = book.vocabulary.evidence.get(row.kind)
    dates = []
    if row.issued_on:
        dates.append(_("issued %(day)s") % {"day": cells.day(row.issued_on)})
    if row.expires_on:
        dates.append(_("until %(day)s") % {"day": cells.day(row.expires_on)})
    return c.EvidenceItem(
        title=words(term.label) if term else row.kind,
        kind=saying.plainly(row.text)[:300],
        dates=", ".join(dates),
        url=f"/office/evidence/{row.pk}/{back and f'?back={back}'}" if judge else "",
        stamp=c.Stamp(*tones[row.status]),
        note=row.remark,
    )


def table(rows: Iterable[Any], book: Rulebook) -> list[c.Verdict]:
    """Verdicts with what fails first, then what cannot be told."""
    order = {"fail": 0, "unknown": 1, "pass": 2}
    return [verdict(row, book) for row in sorted(rows, key=lambda r: (order.get(r.outcome, 1), r.pk))]


def rule_words(key: str, book: Rulebook) -> str:
    """A rule as the applicant reads it; of the limits of a consortium, their name."""
    rule = book.eligibility.get(key)
    return words(rule.text) if rule else _own_rules().get(key, key)


def why(code: str, params: Mapping[str, Any], book: Rulebook, names: Names = NOBODY) -> str:
    """A reason whose rules and quotas stand in words instead of keys; `names` are those of institutions by their ids."""
    if code == "award.not_approved":
        params = {
            **params,
            "rule": in_words(str(params["rule"]), lang=language_tag(), rulebook=book) or params["rule"],
        }
        return render_reason(Reason(code, params), zone=book.timezone)
    said = {
        name: "; ".join(rule_words(key.strip(), book) for key in str(value).replace(",", ";").split(";"))
        if name in ("rule", "rules")
        else value
        for name, value in params.items()
    }
    if "quota" in said and "value" in said:
        said["value"] = counted(str(said["quota"]), str(said["value"]), book, names)
    worded = quotas_in_words(Reason(code, said), rulebook=book, lang=language_tag())
    return render_reason(worded, zone=book.timezone)


def counted(quota: str, value: str, book: Rulebook, names: Names = NOBODY) -> str:
    """What a quota counts, as a reader calls it: countries, sectors and known institutions by their names."""
    rule = book.award.quotas.get(quota) if book.award else None
    last = (rule.by or "").rpartition(".")[2] if rule else ""
    if last == "country":
        return cells.country(value)
    term = book.vocabulary.sectors.get(value) if last == "sector" else None
    return words(term.label) if term else names.get(value, value)


def _own_rules() -> dict[str, str]:
    return {
        "consortium.max_partners": _("Number of partners"), "consortium.one_bid_per_lead": _("One bid a lead"),
        "money.bid_within_budget": _("Within the budget"), "consortium.partner_place": _("Place of the partners"),
        "bid.in_time": _("Sent in time"), "consortium.one_lead": _("One lead"), "bid.modes_known": _("Known modes"),
        "consortium.lead_not_partner": _("The lead is not its own partner"),
        "consortium.no_duplicates": _("Each partner once"), "consortium.owner_may_be_partner": _("The owner is not a member"),
    }  # fmt: skip


def tally(rows: Iterable[Any]) -> str:
    """`12 pass, 1 fails`; what did not happen is left out."""
    outcomes = [row.outcome for row in rows]
    values = {"yes": outcomes.count("pass"), "no": outcomes.count("fail")}
    values["open"] = len(outcomes) - values["yes"] - values["no"]
    said = {"yes": _("%(n)s pass"), "no": _("%(n)s fail"), "open": _("%(n)s cannot be told")}
    comma = "，" if language_tag().startswith("zh") else ", "
    return comma.join(said[name] % {"n": count} for name, count in values.items() if count)


def source(rule: Any, book: Rulebook) -> str:
    """Reported with its source, assumed with its reason, or local."""
    if rule.status == "reported":
        known = book.sources.get(rule.source or "")
        return _("Reported: %(source)s") % {"source": words(known.title) if known else rule.source}
    said = _("Assumed: %(why)s") if rule.status == "assumed" else _("Decided by this office. %(why)s")
    return said % {"why": words(rule.why or {})}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return _("not known") if value is None else f"{value:g}" if isinstance(value, float) else str(value)
