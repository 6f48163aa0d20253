"""A rulebook in plain language: every rule with its source and whether it is reported, assumed or local."""

from collections.abc import Iterator

from jiebang.rules.explain_projects import ProjectWriter
from jiebang.rules.explain_words import heading, phrase, term
from jiebang.rules.explain_writer import Named
from jiebang.rules.expression_words import order_in_words
from jiebang.rules.schema import Award, Clock, Lifecycle, Move, Rule, Rulebook, Scoring

NOT_ON_PAPER = frozenset({"settings", "lifecycles", "disclosure"})  # the machine's side of the rules


def explain(rulebook: Rulebook, lang: str = "en", *, country: Named = str) -> str:
    """Plain text in the manner of Markdown. Languages: en and zh-Hans; others get their own texts, English around.

    `country` names a country by its code; without it codes stay.
    """
    writer = _Writer(rulebook, lang, country=country)
    return "\n".join(writer.lines()).strip() + "\n"


def chapters(
    rulebook: Rulebook, lang: str = "en", *, paper: bool = False, country: Named = str
) -> Iterator[tuple[str, str]]:
    """The same by section: its name and its text. For `paper`, without what only the machine reads."""
    writer = _Writer(rulebook, lang, paper=paper, country=country)
    return ((name, "\n".join(body)) for name, body in writer.sections())


class _Writer(ProjectWriter):
    """The sections of one explanation, in the order in which an applicant asks."""

    def lines(self) -> Iterator[str]:
        yield f"# {self.text(self.book.title)}"
        yield ""
        yield from [self.text(self.book.summary), ""] if self.book.summary else []
        yield self.say("frame", id=self.book.id, version=self.book.version, currency=self.book.currency,
                       timezone=self.book.timezone, languages=", ".join(self.book.languages))  # fmt: skip
        for name, body in self.sections():
            yield from ["", f"## {heading(name, lang=self.lang)}", "", *body]

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Each section that says something, by its name."""
        sections = (
            self._sources, self._principles, self._places, self._eligibility, self._consortium, self._modes, self._chain,
            self._settings, self._lifecycles, self._clocks, self._opinions, self._gates, self._agreement,
            self._criteria, self._experts, self._award, self._remedies, self._measuring, self._money, self._pilot,
            self._deliverables, self._replication, self._follow_up, self._warnings, self._forms, self._disclosure,
        )  # fmt: skip
        for name, section in ((section.__name__.strip("_"), section) for section in sections):
            body = [] if self.paper and name in NOT_ON_PAPER else list(section())
            if body:
                yield name, body

    def _sources(self) -> Iterator[str]:
        for source in self.book.sources.values():
            day = f", {source.published}" if source.published else ""
            seen = f" ({self.text(source.reported_in)})" if source.reported_in else ""
            yield f"- {self.text(source.title)}. {self.text(source.publisher)}{day}.{seen}"

    def _principles(self) -> Iterator[str]:
        for rule in self.book.principles.values():
            yield from self.item(self.text(rule.text), rule)

    def _places(self) -> Iterator[str]:
        for place in self.book.places.values():
            named = self.listed([*map(self.country, place.countries), *place.regions])
            yield from self.item(f"{self.text(place.label)}: {named}.", place)

    def _eligibility(self) -> Iterator[str]:
        for subject in ("owner", "need", "lead", "partner", "consortium", "bid"):
            rules = [rule for rule in self.book.eligibility.values() if rule.subject == subject]
            if rules:
                yield f"### {phrase(subject, lang=self.lang)}"
            for rule in rules:
                yield from self.item(self.text(rule.text), rule)
                yield from self.machine(rule.require)
                if rule.evidence:
                    shown = term(self.book.vocabulary.evidence, rule.evidence, lang=self.lang)
                    yield f"  - {phrase('evidence', lang=self.lang)}: {shown}"

    def _consortium(self) -> Iterator[str]:
        rule = self.book.consortium
        if rule is None:
            return
        limit = phrase("any number", lang=self.lang) if rule.max_partners is None else rule.max_partners
        place = self.book.places.get(rule.partner_place or "")
        where = self.text(place.label) if place else phrase("anywhere", lang=self.lang)
        said = self.say("partners_one" if limit == 1 else "partners", limit=limit, where=where)
        yield f"- {said} {self.mark(rule)}{self._own(rule, 'partner_place')}"
        for field in ("owner_may_be_partner", "owner_counts", "one_bid_per_lead"):
            said = f"{phrase(field, lang=self.lang)}: {self.yes(getattr(rule, field))}"
            yield f"- {said}{self._own(rule, field)}"
        yield f"- {self.say('invitation', days=rule.invitation_days)}{self._own(rule, 'invitation_days')}"

    def _own(self, rule: Rule, field: str) -> str:
        """The mark of one field that the rule's source leaves open."""
        if field not in rule.assumes:
            return ""
        what = f"{phrase(field, lang=self.lang)}, " if field == "partner_place" else ""
        return f" [{what}{phrase('assumed', lang=self.lang)}: {self.text(rule.assumes[field])}]"

    def _modes(self) -> Iterator[str]:
        for word in self.book.vocabulary.modes.values():
            help_text = f": {self.text(word.help)}" if word.help else ""
            yield f"- {self.text(word.label)}{help_text}"

    def _settings(self) -> Iterator[str]:
        for setting in self.book.settings.values():
            choices = f" ({' | '.join(setting.choices)})" if setting.choices else ""
            yield from self.item(f"{self.text(setting.label)}: **{setting.value}**{choices}.", setting)

    def _lifecycles(self) -> Iterator[str]:
        for kind, table in self.book.lifecycles.items():
            yield f"### {phrase(kind, lang=self.lang)}"
            for key, stage in table.stages.items():
                then = f" {self.text(stage.next)}" if stage.next else ""
                yield f"- **{self.text(stage.label)}** (`{key}`).{then}"
                for move in table.moves.values():
                    if key in move.origin:
                        yield f"  - {self._move(move, table)} {self.mark(move)}{self._assumes(move)}"
                        yield from self.machine(move.require, "    ")

    def _move(self, move: Move, table: Lifecycle) -> str:
        who = ", ".join(term(self.book.vocabulary.roles, role, lang=self.lang) for role in move.by)
        said = f"{self.text(move.label)} → {self.text(table.stages[move.to].label)}; {who or phrase('system', lang=self.lang)}"
        extras = [
            phrase(flag, lang=self.lang) for flag in ("four_eyes", "reason_required") if getattr(move, flag)
        ]
        extras += [self.say("starts", clock=self._clock_name(move.starts))] if move.starts else []
        extras += [self.say("guard", require=self.words(move.require))] if move.require else []
        return "; ".join([said, *extras])

    def _clock_name(self, key: str) -> str:
        return self.text(self.book.clocks[key].label) if key in self.book.clocks else key

    def _clocks(self) -> Iterator[str]:
        for clock in self.book.clocks.values():
            yield from self.item(f"{self.text(clock.label)}: {self._length(clock)}.", clock)

    def _length(self, clock: Clock) -> str:
        unit = f"1 {clock.unit}" if clock.amount == 1 else clock.unit
        said = f"{clock.amount} {phrase(unit, lang=self.lang)}"
        if clock.calendars:
            owner = phrase("owner_calendar", lang=self.lang)
            places = self.listed([owner if key == "owner" else self.country(key) for key in clock.calendars])
            said += f" ({self.say('worked', places=places)})"
        return said + (f", {phrase('first_day_counts', lang=self.lang)}" if clock.first_day_counts else "")

    def _opinions(self) -> Iterator[str]:
        for opinion in self.book.opinions.values():
            stages = self.book.lifecycles[opinion.on].stages if opinion.on in self.book.lifecycles else {}
            at = ", ".join(self.text(stages[key].label) for key in opinion.stages if key in stages)
            kind = phrase(opinion.on, lang=self.lang)
            yield from self.item(f"{self.text(opinion.label)}: {kind}, {at}.", opinion)

    def _criteria(self) -> Iterator[str]:
        total = sum(criterion.weight for criterion in self.book.criteria.values())
        for criterion in self.book.criteria.values():
            share = criterion.weight / total * 100 if total else 0
            said = self.say("criterion", label=self.text(criterion.label), weight=f"{criterion.weight:f}", share=f"{share:.0f}",
                            low=f"{criterion.minimum:f}", high=f"{criterion.maximum:f}")  # fmt: skip
            lower = f" {phrase('lower_is_better', lang=self.lang)}." if criterion.lower_is_better else ""
            yield from self.item(said + lower, criterion)
            for score, anchor in criterion.anchors.items():
                yield f"  - {score}: {self.text(anchor)}"

    def _experts(self) -> Iterator[str]:
        conflicts, rule = self.book.conflicts, self.book.assignment
        if conflicts:
            links = ", ".join(phrase(f"link_{link}", lang=self.lang) for link in conflicts.links)
            yield from self.item(self.say("conflicts", links=links), conflicts)
            ended = "conflict_years" if conflicts.years is not None else "conflict_ever"
            yield f"  - {self.say(ended, count=conflicts.years)} {self.say('conflict_steps', count=conflicts.steps)}"
            for field in ("rivals", "owners"):
                yield f"  - {phrase(field, lang=self.lang)}: {self.yes(getattr(conflicts, field))}"
        if rule:
            needed = rule.experts or (self.book.scoring.reviews_needed if self.book.scoring else 1)
            yield from self.item(self.say("experts", count=needed), rule)
            limits = (
                "least_load",
                "most_of_country",
                "most_of_institution",
                "least_of_sector",
                "floor",
                "cap",
            )
            given = {name: getattr(rule, name) for name in limits if getattr(rule, name)}
            yield from (f"  - {self.say(name, count=value)}" for name, value in given.items())
            yield f"  - {phrase('reads_' + rule.language, lang=self.lang)}"
            yield f"  - {self.say('fit', **{name: f'{share * 100:.0f}' for name, share in rule.fit})}"
            yield f"  - {phrase('no_rings', lang=self.lang)}: {self.yes(rule.no_rings)}"

    def _award(self) -> Iterator[str]:
        if self.book.scoring:
            scoring = self.book.scoring
            said = self.say(
                "scoring", how=phrase(scoring.aggregate, lang=self.lang), count=scoring.reviews_needed
            )
            yield from self.item(said, scoring)
            yield from self._aggregate(scoring)
            yield f"  - {self.say('max_load', count=scoring.max_load)}{self._own(scoring, 'max_load')}"
        if self.book.panel:
            rule = self.book.panel
            how = "panel" if rule.change_scores else "panel_signed"
            said = self.say(how, pitch=rule.pitch_minutes, questions=rule.question_minutes)
            yield from self.item(said, rule)
        if self.book.award:
            award = self.book.award
            most = phrase("any number", lang=self.lang) if award.max_awards is None else award.max_awards
            yield from self._shortlist(award)
            order = order_in_words(award.order_by, lang=self.lang, rulebook=self.book)
            how = "top_one" if (award.rule, award.max_awards) == ("top", 1) else award.rule
            yield from self.item(self.say(how, most=most, order=order), award)
            yield from (
                [f"  - {self.say('approve', approve=self.words(award.approve))}"] if award.approve else []
            )
            yield from self.machine(award.approve, "    ")
            yield from self._lots_and_quotas(award)
            tie = phrase(
                "tie_" + (award.on_tie if award.rule in ("top", "budget_fill") else award.rule),
                lang=self.lang,
            )
            yield f"  - {self.say('reserve', count=award.reserve)} {tie}"
        if self.book.racing and self.book.racing.allowed:
            yield from self.item(self.say("racing", count=self.book.racing.max_leads), self.book.racing)

    def _remedies(self) -> Iterator[str]:
        """For what a result may be corrected and an award revoked."""
        if rule := self.book.correction:
            yield from self.item(self.say("correction"), rule)
            yield from (f"  - {self.text(ground.label)}" for ground in rule.grounds.values())
        if lost := self.book.revocation:
            yield from self.item(self.say("revocation"), lost)
            for ground in lost.grounds.values():
                breach = f" ({phrase('breach', lang=self.lang)})" if ground.breach else ""
                only = f"; {self.say('guard', require=self.words(ground.require))}" if ground.require else ""
                yield f"  - {self.text(ground.label)}{breach}{only}"

    def _aggregate(self, scoring: Scoring) -> Iterator[str]:
        """What the aggregate rests on, one line each."""
        if scoring.aggregate == "expertise_weighted":
            for level in scoring.expertise.values():
                yield f"  - {self.say('expertise', level=self.text(level.label), weight=f'{level.weight:f}')}"
            weight = f"{scoring.unstated_weight:f}"
            yield f"  - {self.say('unstated', weight=weight)}{self._own(scoring, 'unstated_weight')}"
        if scoring.aggregate == "crossed":
            share = f"{float(scoring.least_expert_share * 100):g}"
            yield f"  - {self.say('corrected', count=scoring.least_reviews_per_expert, share=share)}"
        if scoring.worst_share:
            yield f"  - {self.say('worst_share', share=f'{scoring.worst_share:f}')}"

    def _shortlist(self, award: Award) -> Iterator[str]:
        if rule := award.shortlist:
            yield f"- {self.say('shortlist', most=rule.most, order=rule.order_by)}"
            if rule.criteria:
                apart = "、" if self.lang.startswith("zh") else ", "
                names = apart.join(self.text(self.book.criteria[key].label) for key in rule.criteria)
                yield f"  - {self.say('first_criteria', criteria=names, count=rule.reviews_needed)}"
            yield from [f"  - {self.say('approve', approve=rule.approve)}"] if rule.approve else []
            yield f"  - {phrase('shortlist_tie_' + rule.on_tie, lang=self.lang)}"

    def _lots_and_quotas(self, award: Award) -> Iterator[str]:
        if rule := award.lottery:
            half = phrase(rule.interval, lang=self.lang)
            yield f"  - {self.say('interval', width=f'{rule.width:f}', half=half)}"
            apart = "；" if self.lang.startswith("zh") else "; "
            names = apart.join(self.text(source.label) for source in rule.sources.values())
            yield f"  - {self.say('draw_sources', sources=names)}"
        if award.budget_over == "call":
            yield f"  - {self.say('one_purse')}"
        for quota in award.quotas.values():
            words = {"what": self.text(quota.label), "where": quota.by or quota.where}
            over = phrase("over_" + quota.over, lang=self.lang)
            for name in ("most", "least"):
                if (count := getattr(quota, name)) is not None:
                    yield f"  - {self.say('quota_' + name, count=count, over=over, **words)}"

    def _forms(self) -> Iterator[str]:
        for form in self.book.forms.values():
            asked = "; ".join(self.text(field.label) for field in form.fields.values())
            yield f"- {self.text(form.label)}: {asked}."

    def _disclosure(self) -> Iterator[str]:
        for row in self.book.disclosure.values():
            yield f"- `{row.what}` → `{row.to}` ({phrase(row.when, lang=self.lang)})"
