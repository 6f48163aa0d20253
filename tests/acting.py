"""Acts for tests: one call each, and a whole round walked through operations alone, as far as a test asks."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factories as make
from jiebang.operations.registry import Done, Outcome, perform
from jiebang.operations.things import day_of
from jiebang.records.agreements.models import Paper
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.projects.models import Project
from jiebang.trust import packages, signing
from jiebang.trust.packages import Manifest, Value

SITE_KEY = signing.new_key(bytes(range(32)))
OWNER_EVIDENCE = ("operational_scenario", "experimental_environment", "local_data", "infrastructure")
LEAD_EVIDENCE = ("rd_capability", "research_facilities", "international_network")


def run(
    name: str, by: User | None, /, *, at: datetime = make.NOW, key: str | None = None, **params: Any
) -> Outcome:
    """Perform an operation under a new key unless one is given."""
    return perform(name, by=by, now=at, key=str(uuid.uuid4()) if key is None else key, params=params)


def done(name: str, by: User | None, /, **given: Any) -> Mapping[str, Any]:
    """Perform what must happen; its answer."""
    outcome = run(name, by, **given)
    assert isinstance(outcome, Done), outcome
    return outcome.answer


def refused(name: str, by: User | None, /, **given: Any) -> list[str]:
    """Perform what must be refused; the codes."""
    outcome = run(name, by, **given)
    assert not isinstance(outcome, Done), outcome
    return [item.code for item in outcome.reasons]


def answers(form: str) -> dict[str, Any]:
    """Complete answers to a form of the Guangxi rulebook whose questions are all texts."""
    fields = make.guangxi().forms[form].fields  # type: ignore[index]
    return {name: make.statement("As agreed by both sides.") for name in fields}


def aligned(project: str, lead: User, owner: User, *, at: datetime) -> str:
    """Both sides write and accept one statement; the hash of the agreement that is drawn from it."""
    on: dict[str, Any] = {"at": at, "project": project}
    common, own = answers("alignment"), answers("contribution")
    done("write_statement", lead, **on, content=common)
    said = [done("state_contribution", person, **on, content=own)["sha256"] for person in (lead, owner)]
    drawn = [done("accept_statement", person, **on, sha256=said[-1])["agreement"] for person in (lead, owner)]
    return str(drawn[-1])


def signs(project: str, person: User, *, at: datetime) -> None:
    """A person signs the agreement as it stands."""
    paper = Paper.objects.get(project__number=project, replaced_at=None)
    done("sign", person, at=at, project=project, sha256=paper.sha256, password=make.PASSWORD)


def bid_content(amount: object = 900_000) -> dict[str, Any]:
    """A complete bid document."""
    texts = ("approach", "rd_capability", "research_facilities", "international_network")
    return {
        **{name: make.statement("As agreed with the owner.") for name in texts},
        "title": make.statement("A reader for handwritten papers"),
        "lead_person": "Sample Researcher",
        "promises": {"I1": 2.5},
        "modes": ["collaborative_rd"],
        "amount": amount,
        "milestones": [
            {
                "title": make.statement("First pages read"),
                "month": 3,
                "share": 0.4,
                "deliverable": make.statement("A reader"),
            },
            {
                "title": make.statement("All pages read"),
                "month": 9,
                "share": 0.6,
                "deliverable": make.statement("The pages"),
            },
        ],
    }


def protocol_content() -> dict[str, Any]:
    """A complete protocol."""
    texts = ("site", "users", "hardware", "power_network", "data_stays", "method", "failure_means")
    return {
        **{name: make.statement("As both sides agreed.") for name in texts},
        "targets": {"I1": 3.0}, "measured_by": "owner", "runs": 1, "days": 14, "failure_from": "serious",
        "failures_allowed": 1, "handover_days": 14,
    }  # fmt: skip


@dataclass
class Round:
    """A small instance and how far its one need has come; every step is made by the person whose step it is."""

    board: make.Board = field(default_factory=make.board)
    at: datetime = make.NOW
    need: str = ""
    challenge: str = ""
    bid: str = ""
    project: str = ""
    protocol: str = ""
    experts: list[User] = field(default_factory=list)

    def do(self, name: str, by: User, /, **params: Any) -> Mapping[str, Any]:
        """An act at the round's own moment."""
        return done(name, by, at=self.at, **params)

    def move(self, kind: str, command: str, by: User, /, **given: Any) -> Mapping[str, Any]:
        """A move of the round's own thing of a kind."""
        return self.do("move", by, kind=kind, number=getattr(self, kind), command=command, **given)

    def four_eyes(self, kind: str, command: str, /, **given: Any) -> Mapping[str, Any]:
        """A move that one officer proposes and another agrees to."""
        asked = self.move(kind, command, self.board.officer, **given)
        return self.do("answer_proposal", self.board.second, proposal=asked["proposal"], agree=True)

    def ends_without_fault(self, why: str) -> None:
        """The lead states what was done with due care, and two officers end the project."""
        said = {key: make.statement("In plain words.") for key in ("tried", "obstacle", "learned", "spent")}
        self.do("state_diligence", self.board.lead_person, project=self.project, content=said)
        self.four_eyes("project", "terminate", why=why)

    def stated(self) -> "Round":
        """A need is drafted, its owner has shown its evidence."""
        board, party = self.board, self.board.owner.party.slug
        for kind in OWNER_EVIDENCE:
            self.do("give_evidence", board.owner_person, organisation=party, kind=kind, text="Shown.")
        given = {"call": board.call.number, "owner": party, "content": make.content()}
        self.need = self.do("start_need", board.owner_person, **given)["number"]
        return self

    def argued(self) -> "Round":
        """The need is submitted, verified and argued by two experts."""
        self.stated()
        self.move("need", "submit", self.board.owner_person)
        self.move("need", "verify", self.board.officer)
        self.experts = [make.person(role="expert") for _ in range(3)]
        for expert in self.experts[:2]:
            self.do("ask_argument", self.board.officer, number=self.need, expert=expert.email)
            self.do("give_argument", expert, number=self.need, favourable=True, text="It is real.")
        self.move("need", "conclude_argument", self.board.officer)
        for scope in self._opinions():
            desk = make.person(role="department", party=self.board.office.party, scope=scope.opinion)
            self.do("give_opinion", desk, opinion=scope.pk, favourable=True, text="No objection.")
        return self

    def listed(self, **params: Any) -> "Round":
        """Two officers have listed it."""
        self.argued()
        given = {"budget": 1_000_000, **params}
        self.challenge = str(self.four_eyes("need", "list_challenge", params=given)["challenge"])
        return self

    def started(self) -> "Round":
        """The lead has started a complete bid."""
        self.listed()
        for kind in LEAD_EVIDENCE:
            self.do(
                "give_evidence",
                self.board.lead_person,
                organisation=self.board.lead.party.slug,
                kind=kind,
                text="Shown.",
            )
        given = {"challenge": self.challenge, "lead": self.board.lead.party.slug, "content": bid_content()}
        self.bid = self.do("start_bid", self.board.lead_person, **given)["number"]
        return self

    def sent(self) -> "Round":
        """The bid is sent."""
        self.started()
        self.move("bid", "submit_bid", self.board.lead_person)
        return self

    def opened(self) -> "Round":
        """Bidding is over and the bids are opened."""
        self.sent()
        self.at = Challenge.objects.get(number=self.challenge).closes_at
        self.move("challenge", "close", self.board.officer)
        return self

    def reviewing(self) -> "Round":
        """The bid passed the check and three experts have it."""
        self.opened()
        self.do("check_bids", self.board.officer, challenge=self.challenge)
        self.move("challenge", "start_review", self.board.officer)
        for expert in self.experts:
            asked = self.do("assign_expert", self.board.officer, bid=self.bid, expert=expert.email)
            self.do("declare", expert, assignment=asked["assignment"], conflict=False)
        return self

    def reviewed(self, score: Decimal = Decimal(80)) -> "Round":
        """Every review is signed."""
        self.reviewing()
        criteria = make.guangxi().criteria
        for expert in self.experts:
            number = expert.assignments.get().pk
            self.do("save_review", expert, assignment=number, scores={key: str(score) for key in criteria})
            self.do("sign_review", expert, assignment=number)
        return self

    def published(self, score: Decimal = Decimal(80)) -> "Round":
        """The result is proposed by one officer and published by another."""
        self.reviewed(score)
        self.move("challenge", "propose_award", self.board.officer)
        self.move("challenge", "publish_result", self.board.second)
        return self

    def decided(self) -> "Round":
        """The publicity period is over and the award decided."""
        self.published()
        until = Challenge.objects.get(number=self.challenge).publicity_until
        assert until is not None
        self.at = until
        third = make.person(role="second_officer", party=self.board.office.party)
        self.project = self.move("challenge", "decide", third)["projects"][0]
        return self

    def running(self) -> "Round":
        """Gates are closed, both sides have signed, the agreement is recorded."""
        self.decided()
        for gate in Project.objects.get(number=self.project).gates.all():
            self.closes(gate.gate)
        paper = self.aligned()
        for person in (self.board.lead_person, self.board.owner_person):
            self.do("sign", person, project=self.project, sha256=paper, password=make.PASSWORD)
        self.do(
            "give_pledge", self.board.lead_person, project=self.project, sha256=paper, password=make.PASSWORD
        )
        for scope in self._opinions():
            desk = make.person(role="department", party=self.board.office.party, scope=scope.opinion)
            self.do("give_opinion", desk, opinion=scope.pk, favourable=True, text="No objection.")
        self.move("project", "sign_agreement", self.board.officer)
        return self

    def closes(self, gate: str) -> None:
        """Whoever answers for a check records the first finding that stops nothing."""
        rule = make.guangxi().gates[gate]
        found = next((key for key, item in rule.findings.items() if not item.stops), "")
        who = self.board.officer
        if rule.department:
            who = make.person(role="department", party=self.board.office.party, scope=rule.department)
        self.do("close_gate", who, project=self.project, gate=gate, found=found, finding="Looked at.",
                reference="R-1", list_version="2025")  # fmt: skip

    def aligned(self) -> str:
        """Both sides wrote and accepted one statement; the hash of the agreement that was drawn from it."""
        return aligned(self.project, self.board.lead_person, self.board.owner_person, at=self.at)

    def validated(self) -> "Round":
        """The work is reported, measured, accepted and validated by its owner."""
        self.running()
        board = self.board
        for order in (1, 2):
            report = {"done": make.statement("Read.")}
            self.do("report_milestone", board.lead_person, project=self.project, order=order, report=report)
            self.do("accept_milestone", board.owner_person, project=self.project, order=order)
        self.move("project", "ask_acceptance", board.lead_person)
        self.do("measure", board.officer, project=self.project, indicator="I1", value="2.4")
        self.move("project", "accept", board.officer)
        self.piloted()
        content = {
            "used_for": make.statement("Reading."), "users": 12, "measured": {"I1": 2.4}, "works": True,
            "statement": make.statement("It holds."),
        }  # fmt: skip
        self.move("project", "validate", board.owner_person, params={"content": content})
        return self

    @property
    def today(self) -> date:
        """The day it is at the programme's place."""
        return day_of(self.at, Project.objects.get(number=self.project))

    def agreed(self, **answers: Any) -> "Round":
        """The owner proposed a protocol, the lead agreed to it."""
        content = {**protocol_content(), **answers}
        made = self.do("propose_protocol", self.board.owner_person, project=self.project, content=content)
        told = {"project": self.project, "version": made["version"], "sha256": made["sha256"]}
        self.do("agree_protocol", self.board.lead_person, **told)
        self.protocol = made["sha256"]
        return self

    def piloted(self) -> "Round":
        """A protocol was agreed, what the site signed was taken in, its own staff ran it for a fortnight."""
        owner = self.board.owner_person
        self.agreed()
        self.do(
            "register_site_key",
            owner,
            project=self.project,
            site_key=signing.public_key(SITE_KEY),
            label="Field laptop",
        )
        begin = self.at
        self.do("begin_handover", owner, project=self.project, began_on=self.today, staff="Two clerks")
        self.at += timedelta(days=15)
        self.do("import_package", owner, project=self.project, **self.package(began=begin))
        given = {
            "ended_on": self.at.date(),
            "passed": True,
            "lead_helped": False,
            "result": "They run it alone.",
        }
        self.do("end_handover", owner, project=self.project, **given)
        return self

    def package(self, **given: Any) -> dict[str, str]:
        """The manifest and signature of a package that the owner's site made until now."""
        made = packages.make(self.manifest(**given), {"log.csv": b"page,errors\n"}, private_key=SITE_KEY)
        return {"manifest": made["manifest.json"].decode(), "signature": made["manifest.sig"].decode()}

    def manifest(self, *, began: datetime | None = None, **given: Any) -> Manifest:
        """What the site says of its first run, which ends now."""
        fields: dict[str, Any] = {
            "project": self.project, "protocol": self.protocol, "number": 1, "previous": None,
            "began": (began or self.at).isoformat(), "ended": self.at.isoformat(), "place": "Reading room 3",
            "side": "owner", "measurer": "Sample Clerk", "values": (Value("I1", "2.4", "%"),),
        }  # fmt: skip
        return Manifest(**{**fields, **given})

    def _opinions(self) -> Any:
        from jiebang.records.challenges.models import DepartmentOpinion

        return DepartmentOpinion.objects.filter(given_at__isnull=True)


MILLISECOND = timedelta(milliseconds=1)
