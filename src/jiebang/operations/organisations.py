"""Organisations and what they prove: registered once, evidence given once, verified by a person."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from jiebang.decisions.lifecycle import flags
from jiebang.operations.engagements import (
    SELF_ROLES,
    appointable,
    asked_by_another,
    needs_second,
)
from jiebang.operations.interests import refresh_people
from jiebang.operations.judging import judge_need
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import statement
from jiebang.operations.things import book_of, find, keeps_desk_of
from jiebang.records.challenges.models import Need
from jiebang.records.files.models import StoredFile
from jiebang.records.people.models import Engagement, Evidence, Organisation, Party, User
from jiebang.records.people.roles import STAFF
from jiebang.records.programme.queries import current_rulebook, rulebooks_in_use
from jiebang.rules.days import add_months
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Role
from jiebang.rules.texts import pick


@operation(permission=Permission.ORGANISATION_REGISTER, event=Event.ORGANISATION_REGISTERED)
def register_organisation(
    act: Act, *, names: dict[str, str], type: str, country: str, slug: str = "", region: str = "",  # noqa: A002
    registered_on: date | None = None, registry_number: str = "", lei: str = "", legal_status: str = "",
    timezone: str = "", fictional: bool = False, facts: dict[str, Any] | None = None, act_for: bool = True,
) -> Outcome:  # fmt: skip
    """Enter an organisation; the person who does may act for it as owner, lead or partner (unless `act_for` is off)."""
    short = slug or slugify(pick(names, lang="en"))[:60]
    if found := _faults(short, names, type):
        raise Stop(*found)
    party = Party.objects.create(kind=Party.Kind.ORGANISATION, slug=short)
    Organisation.objects.create(
        party=party, names=names, name=pick(names, lang="en")[:300], type=type, country=country.upper(),
        region=region.upper(), registered_on=registered_on, registry_number=registry_number, lei=lei.upper(),
        legal_status=legal_status, timezone=timezone, facts=facts or {}, fictional=fictional,
    )  # fmt: skip
    for role in SELF_ROLES if act_for else ():
        Engagement.objects.create(person=act.person, party=party, role=role, since=act.now)
    # a party that is new has no stake in anything yet, so that no block can follow from acting for it
    body = {"organisation": short, "country": country.upper(), "type": type}
    act.journal(Event.ORGANISATION_REGISTERED, f"organisation:{short}", body=body)
    return Done({"slug": short})


@operation(permission=Permission.ORGANISATION_CHANGE, event=Event.ORGANISATION_CHANGED)
def correct_organisation(
    act: Act, *, organisation: str, registered_on: date | None = None, registry_number: str | None = None,
    legal_status: str | None = None, region: str | None = None, why: str = "",
) -> Outcome:  # fmt: skip
    """Complete or correct what the registry says of an organisation; open needs of its owner are asked again."""
    party = find(Party, slug=organisation, kind=Party.Kind.ORGANISATION)
    if party.pk not in act.reader.acting_for(*SELF_ROLES) and not act.roles & {"officer"}:
        raise Stop(reason("access.not_yours", party=organisation))
    given = {
        "registered_on": registered_on, "registry_number": registry_number, "legal_status": legal_status,
        "region": region,
    }  # fmt: skip
    changed = {name: value for name, value in given.items() if value is not None}
    Organisation.objects.filter(party=party).update(**changed)
    _again(party, act)
    body = {"organisation": organisation, "changed": {k: str(v) for k, v in changed.items()}, "why": why}
    act.journal(Event.ORGANISATION_CHANGED, f"organisation:{organisation}", body=body)
    return Done({"slug": organisation})


@operation(permission=Permission.EVIDENCE_GIVE, event=Event.EVIDENCE_GIVEN)
def give_evidence(
    act: Act, *, organisation: str, kind: str, text: str, lang: str = "", issued_on: date | None = None,
    expires_on: date | None = None, file: int | None = None,
) -> Outcome:  # fmt: skip
    """Give a proof for an organisation one acts for, or whose country's desk one keeps.

    It serves every later need and bid until it expires.
    """
    party = find(Party, slug=organisation, kind=Party.Kind.ORGANISATION)
    acts_for = party.pk in act.reader.acting_for(*SELF_ROLES, "country_desk")
    if not acts_for and "officer" not in act.roles and not keeps_desk_of(act, party):
        raise Stop(reason("access.not_yours", party=organisation))
    if faults := _proof_faults(kind, text, file):
        raise Stop(*faults)
    given = Evidence.objects.create(
        organisation=party.organisation, kind=kind, text=statement(text, lang=lang or act.language), issued_on=issued_on,
        expires_on=expires_on, given_at=act.now, file=find(StoredFile, pk=file, party=party) if file else None,
    )  # fmt: skip
    _again(party, act)
    body = {"evidence": given.pk, "kind": kind}
    act.journal(Event.EVIDENCE_GIVEN, f"organisation:{organisation}", body=body, private={"text": text})
    return Done({"evidence": given.pk})


@operation(permission=Permission.EVIDENCE_VERIFY, event=Event.EVIDENCE_JUDGED)
def judge_evidence(act: Act, *, evidence: int, valid: bool, remark: str = "") -> Outcome:
    """Say after looking that a proof holds, or why it does not; open needs of its owner are asked again."""
    given = find(Evidence, pk=evidence)
    if not valid and not remark:
        raise Stop(reason("lifecycle.reason_required", field="remark"))
    if given.organisation_id in act.reader.acting_for(*SELF_ROLES):
        raise Stop(reason("four_eyes.interested"))
    given.status = Evidence.Status.VERIFIED if valid else Evidence.Status.REFUSED
    given.verified_at, given.verified_by, given.remark = act.now, act.person, remark
    given.save()
    _again(given.organisation.party, act)
    body = {"evidence": evidence, "valid": valid, "remark": remark}
    act.journal(Event.EVIDENCE_JUDGED, f"organisation:{given.organisation.party.slug}", body=body)
    return Done({"evidence": evidence, "status": given.status})


@operation(permission=Permission.PEOPLE_APPOINT, event=Event.PERSON_APPOINTED)
def appoint(
    act: Act, *, person: str, organisation: str, role: Role, scope: str = "", months: int | None = None
) -> Outcome:
    """Let a person (by address) act for a party in a role, from now, for some months or until ended.

    For a party that has people already, two of the office ask for the same; until the second does, `waits` is true.
    """
    _office_only_by_administrator(act, role)
    user = find(User, email=person.lower(), is_active=True)
    party = find(Party, slug=organisation)
    appointable(act, user, role, scope)
    body = {"person": user.pseudonym, "organisation": organisation, "role": role, "scope": scope}
    subject = f"organisation:{organisation}"
    if needs_second(party, user, role) and not asked_by_another(act, subject, body):
        act.journal(Event.APPOINTMENT_ASKED, subject, body=body)
        return Done({"engagement": None, "waits": True})
    until = _months_from(act.now, months) if months else None
    made = Engagement.objects.create(
        person=user, party=party, role=role, scope=scope, since=act.now, until=until
    )
    refresh_people([user], at=act.now)
    act.journal(Event.PERSON_APPOINTED, subject, body=body)
    return Done({"engagement": made.pk, "waits": False})


@operation(permission=Permission.PEOPLE_APPOINT, event=Event.PERSON_CHANGED)
def end_engagement(act: Act, *, engagement: int) -> Outcome:
    """End what a person may do for a party, from this moment."""
    running = find(Engagement, pk=engagement)
    _office_only_by_administrator(act, running.role)
    running.until = act.now
    running.save(update_fields=["until"])
    refresh_people([running.person], at=act.now)
    body = {"person": running.person.pseudonym, "role": running.role, "ended": True}
    act.journal(Event.PERSON_CHANGED, f"organisation:{running.party.slug}", body=body)
    return Done({"engagement": engagement})


def _months_from(moment: datetime, months: int) -> datetime:
    """The same hour so many calendar months later, at the programme's place."""
    book = current_rulebook()
    here = moment.astimezone(ZoneInfo(book.timezone if book else "UTC"))
    return datetime.combine(add_months(here.date(), months=months), here.time(), tzinfo=here.tzinfo)


def _office_only_by_administrator(act: Act, role: str) -> None:
    """An officer appoints experts, owners and the like; who may decide for the office, an administrator says."""
    if role in STAFF and "administrator" not in act.roles:
        raise Stop(reason("access.role", permission=Permission.PEOPLE_APPOINT.value, roles="administrator"))


def _again(party: Party, act: Act) -> None:
    """Ask the rules again about needs still open; what is closed keeps the verdicts it was closed with."""
    for need in Need.objects.filter(owner=party, submitted_at__isnull=False):
        if "final" not in flags(book_of(need), kind="need", stage=need.stage):
            judge_need(need, now=act.now)


def _proof_faults(kind: str, text: str, file: int | None) -> list[Reason]:
    """A proof is of a kind that the programme knows, and says or shows something."""
    known = {key for book in rulebooks_in_use() for key in book.vocabulary.evidence}
    found = []
    if not kind or (known and kind not in known):
        found.append(reason("organisation.unknown_evidence", known=", ".join(sorted(known)), field="kind"))
    if not text and file is None:
        found.append(reason("form.required", field="text"))
    return found


def _faults(slug: str, names: dict[str, str], kind: str) -> list[Reason]:
    book = current_rulebook()
    known = list(book.vocabulary.organisation_types) if book else []
    found = []
    if known and kind not in known:
        unknown = reason("organisation.unknown_type", type=kind, known=", ".join(known), field="type")
        found.append(unknown if kind else reason("request.choose", field="type"))
    if not any(names.values()):
        found.append(reason("form.required", field="names"))
    elif not slug:
        found.append(reason("organisation.no_short_name", field="slug"))
    elif Party.objects.filter(slug=slug).exists():
        found.append(reason("organisation.exists", slug=slug, field="slug"))
    return found
