"""The vocabulary of acts: one permission and one event each, `subject:act`."""

from enum import StrEnum

from jiebang.records.people.roles import OFFICERS
from jiebang.rules.schema import Role


class Permission(StrEnum):
    """What a person may be allowed to do. Moves of a lifecycle are allowed by the rulebook's `by`."""

    AGREEMENT_DRAW = "agreement:draw"
    BID_CONFORM = "bid:check"
    BID_DRAFT = "bid:draft"
    BID_INVITE = "bid:invite"
    BID_VIEW = "bid:view"
    CALL_OPEN = "call:open"
    CHAIN_RECORD = "chain:record"
    CONFLICT_DECLARE = "conflict:declare"
    CONFLICT_RECORD = "conflict:record"
    DELIVERABLE_CONFIRM = "deliverable:confirm"
    DELIVERABLE_PLAN = "deliverable:plan"
    DELIVERABLE_RECORD = "deliverable:record"
    DRAW_HOLD = "draw:hold"
    ENGAGEMENT_END = "engagement:end"
    EVIDENCE_GIVE = "evidence:give"
    EVIDENCE_VERIFY = "evidence:verify"
    EXPERT_CHANGE = "expert:change"
    FILE_STORE = "file:store"
    FUND_SPEND = "fund:spend"
    FUND_STATE = "fund:state"
    GATE_CLOSE = "gate:close"
    INVITATION_ANSWER = "invitation:answer"
    MOVE = "lifecycle:move"
    NEED_ARGUE = "need:argue"
    NEED_ASK_ARGUMENT = "need:ask_argument"
    NEED_DRAFT = "need:draft"
    OBJECTION_ANSWER = "objection:answer"
    OBJECTION_RAISE = "objection:raise"
    OPINION_GIVE = "opinion:give"
    PANEL_CONVENE = "panel:convene"
    PANEL_SPEAK = "panel:speak"
    ORGANISATION_CHANGE = "organisation:change"
    ORGANISATION_REGISTER = "organisation:register"
    PEOPLE_APPOINT = "people:appoint"
    PERSON_ERASE = "person:erase"
    PERSON_REGISTER = "person:register"
    PERSON_SELF = "person:self"
    PILOT_COST = "pilot:cost"
    PILOT_HANDOVER = "pilot:hand_over"
    PILOT_INCIDENT = "pilot:incident"
    PILOT_KEY = "pilot:key"
    PILOT_PACKAGE = "pilot:package"
    PILOT_PROTOCOL = "pilot:protocol"
    PILOT_REPORT = "pilot:user_report"
    PILOT_RUN = "pilot:run"
    PROJECT_FOLLOW = "project:follow_up"
    PROJECT_MEASURE = "project:measure"
    PROJECT_PAY = "project:pay"
    PROJECT_ANSWER_LINK = "project:answer_link"
    PROJECT_REPORT = "project:report"
    PROJECT_SIGN = "project:sign"
    PROJECT_SIGN_FOR = "project:sign_for"
    CHANGE_PROPOSE = "change:propose"
    CHANGE_DECIDE = "change:decide"
    DILIGENCE_STATE = "diligence:state"
    DILIGENCE_ANSWER = "diligence:answer"
    PROJECT_ACCEPT = "project:accept_milestone"
    VALUE_DECIDE = "value:decide"
    VALUE_DISPUTE = "value:dispute"
    TESTER_NAME = "tester:name"
    PROPOSAL_ANSWER = "proposal:answer"
    QUESTION_ANSWER = "question:answer"
    QUESTION_ASK = "question:ask"
    RATE_ENTER = "rate:enter"
    REPLICATION_AGREE = "replication:agree"
    REPLICATION_CONFIRM = "replication:confirm"
    REPLICATION_GIVE_UP = "replication:give_up"
    REPLICATION_MEASURE = "replication:measure"
    REPLICATION_PROPOSE = "replication:propose"
    REPLICATION_STATE = "replication:state"
    REVIEW_ASSIGN = "review:assign"
    REVIEW_SCORE = "review:score"
    REVOCATION_ANSWER = "revocation:answer"
    RULEBOOK_INSTALL = "rulebook:install"
    SHEET_IMPORT = "sheet:import"
    TOKEN_OWN = "token:own"  # noqa: S105 - a permission


class Event(StrEnum):
    """What the journal says happened."""

    AGREEMENT_DRAWN = "agreement:drawn"
    APPEAL_RAISED = "objection:appealed"
    APPOINTMENT_ASKED = "person:asked"
    ARGUMENT_ASKED = "argument:asked"
    ARGUMENT_GIVEN = "argument:given"
    ATTAINMENT_ANSWERED = "attainment:answered"
    ATTAINMENT_RECORDED = "attainment:recorded"
    BID_CHECKED = "bid:checked"
    BID_SAVED = "bid:saved"
    BID_STARTED = "bid:started"
    BID_VIEWED = "bid:viewed"
    CALL_CHANGED = "call:changed"
    CALL_OPENED = "call:opened"
    CALL_PROPOSED = "call:award_proposed"
    CALL_PUBLISHED = "call:award_published"
    CHAIN_RECORDED = "chain:recorded"
    CHAIN_WITHDRAWN = "chain:withdrawn"
    CONFLICT_DECLARED = "conflict:declared"
    CONFLICT_LIFTED = "conflict:lifted"
    DELIVERABLE_PLANNED = "deliverable:planned"
    DELIVERABLE_WITHDRAWN = "deliverable:withdrawn"
    DRAW_COMMITTED = "draw:committed"
    DRAW_HELD = "draw:held"
    ENDING_ASKED = "person:end_asked"
    EVIDENCE_GIVEN = "evidence:given"
    EVIDENCE_JUDGED = "evidence:judged"
    EXPERT_CHANGED = "expert:changed"
    FILE_STORED = "file:stored"
    FOLLOW_UP_GIVEN = "follow_up:given"
    FUND_SPENT = "fund:spent"
    FUND_STATED = "fund:stated"
    GATE_CLOSED = "gate:closed"
    HANDOVER_BEGUN = "handover:begun"
    HANDOVER_ENDED = "handover:ended"
    INCIDENT_CLOSED = "incident:closed"
    INCIDENT_REPORTED = "incident:reported"
    INCIDENT_TREATED = "incident:treated"
    INSTALMENT_PAID = "instalment:paid"
    INVITATION_ANSWERED = "invitation:answered"
    INVITATION_CANCELLED = "invitation:cancelled"
    INVITATION_SENT = "invitation:sent"
    MEASURED = "indicator:measured"
    MILESTONE_ACCEPTED = "milestone:accepted"
    MILESTONE_REPORTED = "milestone:reported"
    MILESTONE_RETURNED = "milestone:returned"
    MINORITY_VIEW = "panel:minority_view"
    MOVED = "stage:moved"
    NEEDS_IMPORTED = "need:imported"
    NEED_SAVED = "need:saved"
    NEED_SHARED = "need:shared"
    NEED_STARTED = "need:started"
    OBJECTION_ANSWERED = "objection:answered"
    OBJECTION_RAISED = "objection:raised"
    OPINION_GIVEN = "opinion:given"
    ORGANISATIONS_IMPORTED = "organisation:imported"
    CORRECTION_ASKED = "organisation:correction_asked"
    ORGANISATION_CHANGED = "organisation:changed"
    ORGANISATION_REGISTERED = "organisation:registered"
    PAIR_WISHED = "pair:wished"
    PAYMENT_PROPOSED = "payment:proposed"
    PAYMENT_REFUSED = "payment:refused"
    PANEL_CANCELLED = "panel:cancelled"
    PANEL_CLOSED = "panel:closed"
    PANEL_CONVENED = "panel:convened"
    PANEL_MOVED = "panel:moved"
    PERSON_APPOINTED = "person:appointed"
    PACKAGE_TAKEN = "package:taken"
    PERSON_CHANGED = "person:changed"
    PERSON_ERASED = "person:erased"
    PERSON_REGISTERED = "person:registered"
    PROTOCOL_AGREED = "protocol:agreed"
    PROTOCOL_PROPOSED = "protocol:proposed"
    PROPOSED = "proposal:made"
    PROPOSAL_ANSWERED = "proposal:answered"
    QUESTION_ANSWERED = "question:answered"
    QUESTION_ASKED = "question:asked"
    RATES_ENTERED = "rate:entered"
    REPAID = "repayment:received"
    REPAYMENT_CLAIMED = "repayment:claimed"
    REPLICA_ADAPTED = "replication:adapted"
    REPLICA_BENEFIT = "replication:benefit_stated"
    REPLICA_MEASURED = "replication:measured"
    REPLICATED = "replication:confirmed"
    REPLICATION_AGREED = "replication:agreed"
    REPLICATION_GIVEN_UP = "replication:given_up"
    REPLICATION_PROPOSED = "replication:proposed"
    REVIEW_ASSIGNED = "review:assigned"
    REVIEW_DECLARED = "review:declared"
    REVIEW_REOPENED = "review:reopened"
    REVIEW_RECUSED = "review:recused"
    REVIEW_SAVED = "review:saved"
    REVIEW_SIGNED = "review:signed"
    REVIEW_STRUCK = "review:struck"
    REVOCATION_ANSWERED = "revocation:answered"
    RUN_RECORDED = "run:recorded"
    RULEBOOK_INSTALLED = "rulebook:installed"
    SCORE_CHANGED = "score:changed"
    SCAN_JUDGED = "agreement:scan_judged"
    SIGNED = "agreement:signed"
    SIGNED_ON_PAPER = "agreement:signed_on_paper"
    CHANGE_PROPOSED = "change:proposed"
    CHANGE_AGREED = "change:agreed"
    CHANGE_WITHDRAWN = "change:withdrawn"
    CHANGE_LOOKED_AT = "change:looked_at"
    CHANGE_DECIDED = "change:decided"
    DILIGENCE_STATED = "diligence:stated"
    DILIGENCE_ANSWERED = "diligence:answered"
    PLEDGED = "agreement:pledged"
    SIGNING_DELEGATED = "agreement:delegated"
    SITE_KEY_REGISTERED = "site_key:registered"
    SITE_KEY_REVOKED = "site_key:revoked"
    SLATE_APPOINTED = "slate:appointed"
    SLATE_PROPOSED = "slate:proposed"
    STATEMENT_ACCEPTED = "statement:accepted"
    STATEMENT_WRITTEN = "statement:written"
    SUBSIDY_CLAIMED = "subsidy:claimed"
    TESTER_NAMED = "tester:named"
    TOKEN_CREATED = "token:created"  # noqa: S105 - an event
    TOKEN_REVOKED = "token:revoked"  # noqa: S105 - an event
    VALUE_DECIDED = "value:decided"
    VALUE_DISPUTED = "value:disputed"
    USER_REPORT_ADDED = "user_report:added"
    USE_COST_RECORDED = "use_cost:recorded"


_ADMIN: frozenset[Role] = frozenset({"administrator", "officer"})

HOLDERS: dict[Permission, frozenset[Role] | None] = {
    # None: any signed-in person; the operation itself then asks how the person stands to the thing.
    Permission.AGREEMENT_DRAW: OFFICERS,
    Permission.BID_CONFORM: OFFICERS,
    Permission.BID_DRAFT: frozenset({"lead"}),
    Permission.BID_INVITE: frozenset({"lead"}),
    Permission.BID_VIEW: frozenset({"owner"}),
    Permission.CALL_OPEN: _ADMIN,
    Permission.CHAIN_RECORD: OFFICERS | {"lead"},
    Permission.CONFLICT_DECLARE: frozenset({"expert"}),
    Permission.CONFLICT_RECORD: OFFICERS,
    Permission.DELIVERABLE_CONFIRM: OFFICERS | {"owner"},
    Permission.DELIVERABLE_PLAN: OFFICERS | {"lead"},
    Permission.DELIVERABLE_RECORD: frozenset({"lead", "partner"}),
    Permission.DRAW_HOLD: OFFICERS,
    Permission.ENGAGEMENT_END: None,
    Permission.EVIDENCE_GIVE: None,
    Permission.EVIDENCE_VERIFY: OFFICERS,
    Permission.EXPERT_CHANGE: OFFICERS | {"expert", "administrator"},
    Permission.FILE_STORE: None,
    Permission.FUND_SPEND: frozenset({"lead", "partner"}),
    Permission.FUND_STATE: OFFICERS | {"lead", "partner"},
    Permission.GATE_CLOSE: OFFICERS | {"department"},
    Permission.INVITATION_ANSWER: frozenset({"partner", "lead", "owner"}),
    Permission.MOVE: None,
    Permission.NEED_ARGUE: frozenset({"expert"}),
    Permission.NEED_ASK_ARGUMENT: OFFICERS,
    Permission.NEED_DRAFT: frozenset({"owner", "country_desk"}),
    Permission.OBJECTION_ANSWER: OFFICERS,
    Permission.OBJECTION_RAISE: None,
    Permission.OPINION_GIVE: frozenset({"department"}),
    Permission.ORGANISATION_CHANGE: None,
    Permission.ORGANISATION_REGISTER: None,
    Permission.PANEL_CONVENE: OFFICERS,
    Permission.PANEL_SPEAK: frozenset({"expert"}),
    Permission.PEOPLE_APPOINT: _ADMIN,
    Permission.PERSON_ERASE: frozenset({"administrator"}),
    Permission.PERSON_REGISTER: None,
    Permission.PERSON_SELF: None,
    Permission.PILOT_COST: frozenset({"owner", "lead"}),
    Permission.PILOT_HANDOVER: frozenset({"owner"}),
    Permission.PILOT_INCIDENT: OFFICERS | {"owner", "lead"},
    Permission.PILOT_KEY: frozenset({"owner"}),
    Permission.PILOT_PACKAGE: OFFICERS | {"owner", "lead"},
    Permission.PILOT_PROTOCOL: frozenset({"owner", "lead"}),
    Permission.PILOT_REPORT: frozenset({"owner"}),
    Permission.PILOT_RUN: OFFICERS | {"owner", "lead"},
    Permission.PROJECT_ACCEPT: OFFICERS | {"owner"},
    Permission.PROJECT_ANSWER_LINK: None,
    Permission.PROJECT_FOLLOW: frozenset({"owner"}),
    Permission.PROJECT_MEASURE: OFFICERS | {"lead", "owner", "partner", "expert"},
    Permission.PROJECT_PAY: OFFICERS,
    Permission.PROJECT_REPORT: frozenset({"lead"}),
    Permission.PROJECT_SIGN: frozenset({"owner", "lead", "partner"}),
    Permission.PROJECT_SIGN_FOR: None,
    Permission.CHANGE_PROPOSE: frozenset({"owner", "lead", "officer", "second_officer"}),
    Permission.CHANGE_DECIDE: frozenset({"officer", "second_officer"}),
    Permission.DILIGENCE_STATE: frozenset({"lead", "officer", "second_officer"}),
    Permission.DILIGENCE_ANSWER: frozenset({"owner"}),
    Permission.PROPOSAL_ANSWER: OFFICERS,
    Permission.QUESTION_ANSWER: OFFICERS | {"owner"},
    Permission.QUESTION_ASK: None,
    Permission.RATE_ENTER: OFFICERS,
    Permission.REPLICATION_AGREE: frozenset({"owner"}),
    Permission.REPLICATION_CONFIRM: frozenset({"owner"}),
    Permission.REPLICATION_GIVE_UP: OFFICERS | {"owner", "lead", "partner"},
    Permission.REPLICATION_MEASURE: OFFICERS | {"owner", "lead", "partner"},
    Permission.REPLICATION_PROPOSE: OFFICERS | {"owner", "lead", "partner"},
    Permission.REPLICATION_STATE: OFFICERS | {"owner", "lead", "partner"},
    Permission.REVIEW_ASSIGN: OFFICERS,
    Permission.REVIEW_SCORE: frozenset({"expert"}),
    Permission.REVOCATION_ANSWER: frozenset({"lead"}),
    Permission.RULEBOOK_INSTALL: frozenset({"administrator"}),
    Permission.SHEET_IMPORT: frozenset({"officer"}),
    Permission.TOKEN_OWN: None,
    Permission.VALUE_DECIDE: OFFICERS,
    Permission.VALUE_DISPUTE: frozenset({"owner", "lead"}),
    Permission.TESTER_NAME: OFFICERS,
}
