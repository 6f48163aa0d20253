"""A rulebook against its parent: every rule that the child loosens, removes or contradicts.

A child may add, translate and tighten. What cannot be shown to be as strict counts as a contradiction.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jiebang.rules import lint_deliverables, lint_warnings, stricter
from jiebang.rules.lint_words import rules
from jiebang.rules.problems import Problem
from jiebang.rules.schema import Clock, Gate, Move, Part, Rulebook

Path = tuple[str | int, ...]
OUTSIDERS = {"public", "owner", "lead", "partner"}
KEPT = ("eligibility", "clocks", "opinions", "gates", "criteria", "principles", "settings", "places")
SAID_ELSEWHERE = {
    "status",
    "source",
    "effective",
    "why",
    "assumes",
    "label",
    "text",
    "help",
    "remedy",
    "questions",
    "anchors",
}
HANDLED = (
    "eligibility",
    "consortium",
    "conflicts",
    "assignment",
    "award",
    "clocks",
    "places",
    "scoring",
    "panel",
    "racing",
    "money",
    "measuring",
    "lifecycles",
    "gates",
    "opinions",
    "pilot",
    "deliverables",
    "replication",
    "follow_up",
    "warnings",
)

# section, field, and which change is looser
LIMITS: tuple[tuple[str, str, str], ...] = (
    ("consortium", "max_partners", "ceiling"),
    ("consortium", "one_bid_per_lead", "keep_true"),
    ("consortium", "owner_may_be_partner", "keep_false"),
    ("consortium", "owner_counts", "keep_true"),
    ("consortium", "partner_place", "keep"),
    ("conflicts", "years", "span"),
    ("conflicts", "rivals", "keep_true"),
    ("conflicts", "owners", "keep_true"),
    ("conflicts", "steps", "floor"),
    ("conflicts", "links", "all"),
    ("assignment", "most_of_country", "ceiling"),
    ("assignment", "most_of_institution", "ceiling"),
    ("assignment", "least_of_sector", "floor"),
    ("assignment", "no_rings", "keep_true"),
    ("assignment", "cap", "ceiling"),
    ("scoring", "reviews_needed", "floor"),
    ("panel", "change_scores", "keep_false"),
    ("award", "max_awards", "ceiling"),
    ("award", "within_budget", "keep_true"),
    ("racing", "allowed", "keep_false"),
    ("racing", "max_leads", "ceiling"),
    ("money", "bid_within_budget", "keep_true"),
    ("money", "four_eyes", "keep_true"),
    ("measuring", "evidence", "keep_true"),
    ("pilot", "least_runs", "floor"),
    ("pilot", "least_days", "floor"),
    ("pilot", "least_handover_days", "floor"),
    ("pilot", "least_packages", "floor"),
    ("replication", "stages", "few"),
    ("replication", "proposed_by", "few"),
    ("replication", "dimensions", "all"),
    ("replication", "all_dimensions", "keep_true"),
    ("replication", "least_values", "floor"),
    ("replication", "all_indicators", "keep_true"),
    ("replication", "same_country", "keep_false"),
)


def problems(child: Rulebook, parent: Rulebook) -> list[Problem]:
    """Each breach by the child's path, with what the parent says and what would be right."""
    checks = (
        _removed,
        _limits,
        _expressions,
        _awards,
        _clocks,
        _places,
        _moves,
        _gates,
        _changes,
        _disclosure,
        lint_deliverables.looser,
        lint_warnings.looser,
        _reported,
    )
    return [problem for check in checks for problem in check(child, parent)]


def _removed(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    for section in KEPT:
        for key in getattr(parent, section):
            if key not in getattr(child, section):
                said = f"removes what `{parent.id}` sets down; keep it, or make it stricter"
                yield Problem((section, key), said)
    for section in ("consortium", "conflicts", "assignment", "scoring", "award", "follow_up"):
        if getattr(parent, section) is not None and getattr(child, section) is None:
            yield Problem((section,), f"removes what `{parent.id}` sets down; keep it")


def _limits(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    for section, field, rule in LIMITS:
        above, below = getattr(parent, section), getattr(child, section)
        if above is None or below is None:
            continue
        old, new = getattr(above, field), getattr(below, field)
        if _looser(rule, old, new):
            said = f"loosens `{parent.id}`: {_word(old)} there, {_word(new)} here; {_right(rule, old)}"
            yield Problem((section, field), said)


def _looser(rule: str, old: Any, new: Any) -> bool:
    match rule:
        case "ceiling":
            return old is not None and (new is None or new > old)
        case "floor":
            return bool(new < old)
        case "span":
            return new is not None and (old is None or new < old)
        case "all":
            return bool(set(old) - set(new))
        case "few":
            return bool(set(new) - set(old))
        case "keep_true":
            return bool(old and not new)
        case "keep_false":
            return bool(new and not old)
    return old is not None and new != old


def _word(value: Any) -> str:
    words = {True: "yes", False: "no", None: "no limit"}
    if value is None or isinstance(value, bool):
        return words[value]
    return ", ".join(map(str, value)) if isinstance(value, list | dict) else str(value)


def _right(rule: str, old: Any) -> str:
    return {
        "ceiling": f"write {old} or less",
        "floor": f"write {old} or more",
        "all": f"keep {_word(old)}",
        "few": f"write {_word(old)} or fewer",
    }.get(rule, f"write {_word(old)}")


def _expressions(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    for key, rule in parent.eligibility.items():
        below = child.eligibility.get(key)
        if below is None:
            continue
        yield from _compared(("eligibility", key, "require"), rule.require, below.require, parent.id)
        if below.subject != rule.subject:
            yield Problem(
                ("eligibility", key, "subject"), f"asks the {below.subject}, `{parent.id}` the {rule.subject}"
            )
        if rule.evidence and below.evidence != rule.evidence:
            yield Problem(
                ("eligibility", key, "evidence"), f"`{parent.id}` asks for {rule.evidence}; keep it"
            )
    if parent.award and child.award and parent.award.approve:
        yield from _compared(("award", "approve"), parent.award.approve, child.award.approve, parent.id)


def _awards(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    """Quotas and a short list that the parent sets down."""
    old, new = parent.award, child.award
    if old is None or new is None:
        return
    if old.shortlist and (new.shortlist is None or new.shortlist.most > old.shortlist.most):
        said = f"loosens `{parent.id}`, which short-lists {old.shortlist.most}; keep as many or fewer"
        yield Problem(("award", "shortlist"), said)
    for key, quota in old.quotas.items():
        mine = new.quotas.get(key)
        if mine is None or (mine.by, mine.where, mine.over) != (quota.by, quota.where, quota.over):
            said = f"removes or recounts a quota of `{parent.id}`; keep what it counts"
            yield Problem(("award", "quotas", key), said)
        elif _looser("ceiling", quota.most, mine.most) or (mine.least or 0) < (quota.least or 0):
            yield Problem(("award", "quotas", key), f"loosens a quota of `{parent.id}`; keep it as strict")


def _compared(path: Path, old: str, new: str | None, parent: str) -> Iterator[Problem]:
    how = stricter.compare(old, new)
    if how == "looser":
        yield Problem(path, f"loosens `{parent}`, which says `{old}`; ask for as much or more")
    elif how == "other":
        said = f"cannot be shown to be as strict as `{old}` of `{parent}`; write `({old}) && (...)`"
        yield Problem(path, said)


def _clocks(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    publicity = publicity_clocks(parent)
    for key, old in parent.clocks.items():
        new = child.clocks.get(key)
        if new is None or not (OUTSIDERS & set(old.who) or key in publicity):
            continue
        if (new.unit, new.first_day_counts) != (old.unit, old.first_day_counts) and not _same_length(
            old, new
        ):
            said = (
                f"counts {new.unit} where `{parent.id}` counts {old.unit}; keep the unit and how days count"
            )
            yield Problem(("clocks", key, "unit"), said)
        elif new.amount < old.amount:
            said = f"shortens `{parent.id}`: {old.amount} {old.unit} there; write {old.amount} or more"
            yield Problem(("clocks", key, "amount"), said)
        for calendar in [name for name in old.calendars if name not in new.calendars]:
            said = f"leaves out the calendar {calendar} of `{parent.id}`, so the time grows shorter; add it"
            yield Problem(("clocks", key, "calendars"), said)


def _same_length(old: Clock, new: Clock) -> bool:
    """No first day counting any more only lengthens a clock."""
    return new.unit == old.unit and old.first_day_counts and not new.first_day_counts


def publicity_clocks(rulebook: Rulebook) -> set[str]:
    """The clocks that start when objections may be made, and one called `publicity`."""
    found = {"publicity"} & set(rulebook.clocks)
    for table in rulebook.lifecycles.values():
        for move in table.moves.values():
            if move.starts and "takes_objections" in table.stages[move.to].flags:
                found.add(move.starts)
    return found


def _places(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    for key, old in parent.places.items():
        new = child.places.get(key)
        for field in ("countries", "regions") if new else ():
            added = sorted(set(getattr(new, field)) - set(getattr(old, field)))
            if added:
                said = f"adds {', '.join(added)} to a place of `{parent.id}`; only fewer are allowed"
                yield Problem(("places", key, field), said)


def _moves(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    for kind, table in parent.lifecycles.items():
        below = child.lifecycles.get(kind)
        if below is None:
            yield Problem(("lifecycles", kind), f"removes a lifecycle of `{parent.id}`; keep it")
            continue
        for key, old in table.moves.items():
            new = below.moves.get(key)
            if new is not None:
                yield from _move(("lifecycles", kind, "moves", key), old, new, parent.id)


def _move(path: Path, old: Move, new: Move, parent: str) -> Iterator[Problem]:
    for field in ("four_eyes", "reason_required"):
        if getattr(old, field) and not getattr(new, field):
            yield Problem((*path, field), f"loosens `{parent}`: yes there, no here; write yes")
    added = sorted(set(new.by) - set(old.by)) if old.by else sorted(new.by)
    if added:
        yield Problem(
            (*path, "by"),
            f"lets {', '.join(added)} do what `{parent}` keeps to {', '.join(old.by) or 'the system'}",
        )
    if old.require:
        yield from _compared((*path, "require"), old.require, new.require, parent)
    if set(new.origin) - set(old.origin):
        more = ", ".join(sorted(set(new.origin) - set(old.origin)))
        yield Problem((*path, "from"), f"may also start from {more}, unlike in `{parent}`; remove it")
    if new.to != old.to:
        yield Problem((*path, "to"), f"leads to {new.to}, in `{parent}` to {old.to}; keep it")


def _gate(new: Gate, old: Gate, *, key: str, parent: str) -> Iterator[Problem]:
    """A check stays with who answers for it, asks for the list, and what stopped the agreement goes on to stop it."""
    if old.by and (set(new.by) - set(old.by) or not new.by or new.department != old.department):
        yield Problem(("gates", key, "by"), f"is answered by others than in `{parent}`; keep it")
    if old.list_needed and not new.list_needed:
        yield Problem(("gates", key, "list_needed"), f"is true in `{parent}`; keep it")
    if old.negotiation and not new.negotiation:
        yield Problem(("gates", key, "negotiation"), f"is true in `{parent}`; keep it")
    for name, finding in old.findings.items():
        mine = new.findings.get(name)
        if mine and finding.stops and not mine.stops:
            yield Problem(("gates", key, "findings", name, "stops"), f"is true in `{parent}`; keep it")


def _changes(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    """What a parent does not let change stays, and whoever it asks for consent goes on to be asked."""
    old = parent.agreement.changes if parent.agreement else None
    new = child.agreement.changes if child.agreement else None
    if new is None or parent.agreement is None:
        return
    path = ("agreement", "changes")
    if more := sorted(set(new.kinds) - set(old.kinds if old else ())):
        yield Problem((*path, "kinds"), f"lets {', '.join(more)} change, unlike `{parent.id}`; remove it")
    if old and (gone := sorted(set(old.consent) - set(new.consent))):
        yield Problem(
            (*path, "consent"), f"does not ask {', '.join(gone)}, unlike `{parent.id}`; name them all"
        )
    if old and old.four_eyes and not new.four_eyes:
        yield Problem((*path, "four_eyes"), f"loosens `{parent.id}`: yes there, no here; write yes")


def _gates(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    for key, old in parent.gates.items():
        new = child.gates.get(key)
        if new and new.modes and (not old.modes or set(old.modes) - set(new.modes)):
            yield Problem(
                ("gates", key, "modes"), f"holds for fewer modes than in `{parent.id}`; name them all"
            )
        if new:
            yield from _gate(new, old, key=key, parent=parent.id)
    for key, opinion in parent.opinions.items():
        mine = child.opinions.get(key)
        if mine and set(opinion.blocks) - set(mine.blocks):
            yield Problem(
                ("opinions", key, "blocks"),
                f"no longer blocks {', '.join(opinion.blocks)} as in `{parent.id}`",
            )
    if (
        parent.follow_up
        and child.follow_up
        and (gone := set(parent.follow_up.months) - set(child.follow_up.months))
    ):
        said = f"leaves out month {', '.join(map(str, sorted(gone)))} of `{parent.id}`; add it"
        yield Problem(("follow_up", "months"), said)


def _disclosure(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    """Readers whom the parent keeps out of something it speaks of."""
    governed = {row.what for row in parent.disclosure.values()}
    allowed = {(row.what, row.to, row.when) for row in parent.disclosure.values()}
    always = {(row.what, row.to) for row in parent.disclosure.values() if row.when == "always"}
    for key, row in child.disclosure.items():
        known = (row.what, row.to, row.when) in allowed or (row.what, row.to) in always
        if row.what in governed and not known:
            said = f"opens {row.what} to {row.to} ({row.when}), which `{parent.id}` does not; remove it"
            yield Problem(("disclosure", key), said)


def _reported(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    """Reported rules that no other check compares: their content must stand as it is."""
    below: Mapping[Path, Part] = dict(rules(child))
    for path, rule in rules(parent):
        mine = below.get(path)
        if rule.status != "reported" or path[0] in HANDLED or mine is None:
            continue
        for field in sorted(set(type(rule).model_fields) - SAID_ELSEWHERE):
            if getattr(rule, field) != getattr(mine, field):
                said = f"changes what `{parent.id}` reports from its source; keep it as it is"
                yield Problem((*path, field), said)
