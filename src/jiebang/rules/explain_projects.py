"""What a rulebook says of a project: checks, agreement, indicators, money, pilot, deliverables, copies, follow-up, warnings."""

from collections.abc import Iterator
from typing import get_args

from jiebang.rules.explain_money import money_lines
from jiebang.rules.explain_words import phrase, term
from jiebang.rules.explain_writer import Writer
from jiebang.rules.schema import Deliverables, Measure, WarningKind


class ProjectWriter(Writer):
    """The sections that begin with the award."""

    def _chain(self) -> Iterator[str]:
        for word in self.book.vocabulary.chain.values():
            help_text = f": {self.text(word.help)}" if word.help else ""
            yield f"- {self.text(word.label)}{help_text}"

    def _gates(self) -> Iterator[str]:
        for gate in self.book.gates.values():
            modes = ", ".join(term(self.book.vocabulary.modes, mode, lang=self.lang) for mode in gate.modes)
            only = f" ({self.say('only_modes', modes=modes)})" if modes else ""
            yield from self.item(f"{self.text(gate.label)}{only}.", gate)
            if gate.negotiation:
                yield f"  - {phrase('before_negotiation', lang=self.lang)}"
            if gate.by:
                yield f"  - {self.say('answered_by', who=self._roles(gate.by, gate.department))}"
            for finding in gate.findings.values():
                needs = f" ({self.text(finding.reference)})" if finding.reference else ""
                stops = f": {phrase('stops', lang=self.lang)}" if finding.stops else ""
                yield f"  - {self.text(finding.label)}{needs}{stops}"

    def _agreement(self) -> Iterator[str]:
        rule = self.book.agreement
        if rule is None:
            return
        languages = ", ".join(rule.languages)
        yield from self.item(self.say("agreement", languages=languages, prevailing=rule.prevailing), rule)
        if rule.order:
            yield f"  - {self.say('signs_in_order', roles=self._roles(rule.order))}"
        yield f"  - {phrase('on_paper', lang=self.lang)}: {self.yes(rule.on_paper)}"
        if rule.changes:
            kinds = self.listed([phrase(f"change of {kind}", lang=self.lang) for kind in rule.changes.kinds])
            who = self._roles(rule.changes.consent)
            yield f"  - {self.say('changes_two' if rule.changes.four_eyes else 'changes', kinds=kinds, who=who)}"
        for clause in rule.clauses.values():
            modes = ", ".join(term(self.book.vocabulary.modes, mode, lang=self.lang) for mode in clause.modes)
            only = f" ({self.say('only_modes', modes=modes)})" if modes else ""
            yield f"  - {self.text(clause.title)}{only}: {self.text(clause.text)}"

    def _measuring(self) -> Iterator[str]:
        rule = self.book.measuring
        if rule is None:
            return
        order = self.listed([phrase(f"measured by {name}", lang=self.lang) for name in rule.order])
        yield from self.item(self.say("weighed", order=order) if order else self.say("weighed_last"), rule)
        if rule.evidence:
            yield f"- {self.say('with_evidence')}"
        sides = self.listed([phrase(side, lang=self.lang) for side in rule.dispute_by])
        if sides:
            yield f"- {self.say('disputed', sides=sides, days=rule.dispute_days)}"
        for grade in rule.grades.values():
            when = self.words(grade.require) if grade.require else phrase("otherwise", lang=self.lang)
            passes = "" if grade.passes else f" ({phrase('cannot be accepted', lang=self.lang)})"
            yield f"- {self.text(grade.label)}: {when}{passes}"
            yield from self.machine(grade.require)

    def _money(self) -> Iterator[str]:
        money = self.book.money
        if money is None:
            return
        rounding = phrase(money.rounding, lang=self.lang)
        yield from self.item(self.say("money", places=money.places, rounding=rounding), money)
        yield f"- {phrase('bid_within_budget', lang=self.lang)}: {self.yes(money.bid_within_budget)}"
        for part in money.instalments:
            yield f"- {self.text(part.label)}: {float(part.share * 100):g} %"
        yield from (self.say(name, **given) for name, given in money_lines(money, self.lang))

    def _pilot(self) -> Iterator[str]:
        rule = self.book.pilot
        if rule:
            counts = {
                name: getattr(rule, name) for name in ("least_runs", "least_days", "least_handover_days")
            }
            yield from self.item(self.say("pilot", packages=rule.least_packages, **counts), rule)
            grades = self.listed([self.text(grade.label) for grade in rule.severities.values()])
            yield f"  - {self.say('severities', grades=grades)}"

    def _deliverables(self) -> Iterator[str]:
        rule = self.book.deliverables
        if rule is None:
            return
        yield from self.item(self.say("deliverables"), rule)
        for kind in rule.kinds.values():
            help_text = f" {self.text(kind.help)}" if kind.help else ""
            told = self.listed(
                [self.text(rule.measures[name].label) for name in kind.measures if name in rule.measures]
            )
            yield f"- {self.say('deliverable_kind', kind=self.text(kind.label), measures=told)}{help_text}"
        for measure in rule.measures.values():
            yield f"  - {self._measure(measure, rule)}"

    def _measure(self, measure: Measure, rule: Deliverables) -> str:
        said = [self.say("measure", label=self.text(measure.label), unit=self.text(measure.unit))]
        said.append(phrase(f"tally_{measure.tally}", lang=self.lang))
        said += [phrase(name, lang=self.lang) for name in ("whole", "with_file") if self._asks(measure, name)]
        if measure.within in rule.measures:
            said.append(self.say("within", other=self.text(rule.measures[measure.within].label)))
        apart, stop = ("；", "。") if self.lang.startswith("zh") else ("; ", ". ")
        return (apart.join(said) + stop + self.text(measure.help)).strip()

    @staticmethod
    def _asks(measure: Measure, name: str) -> bool:
        return measure.whole if name == "whole" else measure.evidence

    def _replication(self) -> Iterator[str]:
        rule = self.book.replication
        if rule is None:
            return
        table = self.book.lifecycles.get("project")
        known = table.stages if table else {}
        stages = self.listed(
            [self.text(known[name].label) if name in known else name for name in rule.stages]
        )
        same = self.yes(rule.same_country)
        yield from self.item(
            self.say("replication", stages=stages, roles=self._roles(rule.proposed_by), same=same), rule
        )
        dimensions = self.listed([self.text(item.label) for item in rule.dimensions.values()])
        yield f"  - {self.say('adapted_in', dimensions=dimensions, all=self.yes(rule.all_dimensions))}"
        yield f"  - {self.say('replica_values', least=rule.least_values, all=self.yes(rule.all_indicators))}"

    def _follow_up(self) -> Iterator[str]:
        rule = self.book.follow_up
        if rule:
            asked = self.text(rule.questions) if rule.questions else ""
            said = self.say("follow_up", months=", ".join(map(str, rule.months)))
            yield from self.item(f"{said} {asked}".strip(), rule)

    def _warnings(self) -> Iterator[str]:
        rule = self.book.warnings
        if rule is None:
            return
        yield from self.item(self.say("warnings"), rule)
        for name in get_args(WarningKind):
            if limit := getattr(rule, name):
                said = self.say(f"warning_{name}", days=limit.days, serious=limit.serious)
                yield f"  - {said}"
