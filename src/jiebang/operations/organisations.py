"""Organisations and what they prove: registered once, evidence given once, verified by a person."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.db.models import Q
from django.utils.text import slugify
from pydantic import Field, StringConstraints

from jiebang.decisions.lifecycle import flags
from jiebang.operations.engagements import OFFICERS, SELF_ROLES, asked_by_another
from jiebang.operations.judging import judge_need
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.registration import country_of, names_faults, one_line, read_facts
from jiebang.operations.statements import Text, Why, statement
from jiebang.operations.things import book_of, find, keeps_desk_of
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Need
from jiebang.records.files.models import StoredFile
from jiebang.records.people.models import Engagement, Evidence, Organisation, Party
from jiebang.records.programme.queries import current_rulebook, rulebooks_in_use
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.texts import pick

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
Names = Annotated[dict[str, str], Field(max_length=20)]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Facts = Annotated[dict[FactName, Any], Field(max_length=60)]


@operation(permission=Permission.ORGANISATION_REGISTER, event=Event.ORGANISATION_REGISTERED)
def register_organisation(
    act: Act, *, names: Names, type: str, country: str, slug: str = "", region: str = "",  # noqa: A002
    registered_on: date | None = None, registry_number: str = "", lei: str = "", legal_status: str = "",
    timezone: str = "", fictional: bool = False, facts: Facts | None = None, act_for: bool | None = None,
) -> Outcome:  # fmt: skip
    """Enter an organisation; the person who does may act for it as owner, lead or partner, unless `act_for` is off.

    Without `act_for` it is on, but for officials, who act for no owner, lead or partner.
    """
    short = slug or slugify(pick(names, lang="en"))[:60].strip("-")
    official = bool(act.roles & OFFICERS)
    place, found = _registered_place(country)
    told = {
        "region": region, "registered_on": registered_on, "registry_number": registry_number, "lei": lei,
        "legal_status": legal_status, "timezone": timezone,
    }  # fmt: skip
    kept, faults = read_facts(told, country=place, book=current_rulebook(), now=act.now)
    found = [*_faults(short, names, type), *found, *faults]
    if official and act_for:
        found.append(reason("person.official", person=act.person.name, field="act_for"))
    if found:
        raise Stop(*found)
    party = Party.objects.create(kind=Party.Kind.ORGANISATION, slug=short)
    Organisation.objects.create(
        party=party, names=names, name=pick(names, lang="en"), type=type, country=place, facts=facts or {},
        fictional=fictional, **kept,
    )  # fmt: skip
    for role in SELF_ROLES if act_for or (act_for is None and not official) else ():
        Engagement.objects.create(person=act.person, party=party, role=role, since=act.now)
    # a party that is new has no stake in anything yet, so that no block can follow from acting for it
    body = {"organisation": short, "country": place, "type": type}
    act.journal(Event.ORGANISATION_REGISTERED, f"organisation:{short}", body=body)
    return Done({"slug": short})


@operation(permission=Permission.ORGANISATION_CHANGE, event=Event.ORGANISATION_CHANGED)
def correct_organisation(
    act: Act, *, organisation: str, registered_on: date | None = None, registry_number: str | None = None,
    legal_status: str | None = None, region: str | None = None, why: Why = "",
) -> Outcome:  # fmt: skip
    """Complete or correct what the registry says of an organisation; open needs of its owner are asked again.

    The office says why, and nobody of it who acts for a party. While a bid of the organisation is judged, its people fill
    blanks only, and the office corrects by two; until the second asks for the same, `waits` is true.
    """
    party = find(Party, slug=organisation, kind=Party.Kind.ORGANISATION)
    own = party.pk in act.reader.acting_for(*SELF_ROLES)
    _may_correct(act, organisation, own=own, why=why)
    given = {
        "registered_on": registered_on, "registry_number": registry_number, "legal_status": legal_status,
        "region": region,
    }  # fmt: skip
    told = {name: value for name, value in given.items() if value is not None}
    country = party.organisation.country
    changed, faults = read_facts(told, country=country, book=current_rulebook(), now=act.now)
    if faults:
        raise Stop(*faults)
    body = {"organisation": organisation, "changed": {k: str(v) for k, v in changed.items()}, "why": why}
    subject = f"organisation:{organisation}"
    if _replaces(party.organisation, changed) and _judged(party):
        if own:
            raise Stop(reason("organisation.bid_judged"))
        if asked_by_another(act, subject, Event.CORRECTION_ASKED, body) is None:
            act.journal(Event.CORRECTION_ASKED, subject, body=body)
            return Done({"slug": organisation, "waits": True})
    Organisation.objects.filter(party=party).update(**changed)
    _again(party, act)
    act.journal(Event.ORGANISATION_CHANGED, subject, body=body)
    return Done({"slug": organisation, "waits": False})


def _may_correct(act: Act, organisation: str, *, own: bool, why: str) -> None:
    if own:
        return
    if not act.roles & {"officer", "second_officer"}:
        raise Stop(reason("access.not_yours", party=organisation))
    if act.reader.acting_for(*SELF_ROLES):
        raise Stop(reason("four_eyes.interested"))
    if not why:
        raise Stop(reason("lifecycle.reason_required", field="why"))


def _replaces(known: Organisation, changed: Mapping[str, object]) -> bool:
    """Whether a correction puts another value where there is one, instead of filling a blank."""
    return any(getattr(known, name) and getattr(known, name) != value for name, value in changed.items())


def _judged(party: Party) -> bool:
    """Whether a bid that the party sent is opened and not yet decided."""
    lead = Q(consortium__lead=party)
    partner = Q(
        consortium__invitations__partner=party, consortium__invitations__status__in=Invitation.IN_THE_BID
    )
    sent = (
        Bid.objects.filter(lead | partner, submitted_at__isnull=False)
        .select_related("challenge__call")
        .distinct()
    )
    flagged = (flags(book_of(bid), kind="challenge", stage=bid.challenge.stage) for bid in sent)
    return any("bids_opened" in found and "final" not in found for found in flagged)


@operation(permission=Permission.EVIDENCE_GIVE, event=Event.EVIDENCE_GIVEN)
def give_evidence(
    act: Act, *, organisation: str, kind: str, text: Text, lang: str = "", issued_on: date | None = None,
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
        expires_on=expires_on, given_at=act.now, given_by=act.person,
        file=find(StoredFile, pk=file, party=party) if file else None,
    )  # fmt: skip
    _again(party, act)
    body = {"evidence": given.pk, "kind": kind}
    act.journal(Event.EVIDENCE_GIVEN, f"organisation:{organisation}", body=body, private={"text": text})
    return Done({"evidence": given.pk})


@operation(permission=Permission.EVIDENCE_VERIFY, event=Event.EVIDENCE_JUDGED)
def judge_evidence(act: Act, *, evidence: int, valid: bool, remark: Why = "") -> Outcome:
    """Say after looking that a proof holds, or why it does not; open needs of its owner are asked again.

    Nobody judges a proof that they gave themselves.
    """
    given = find(Evidence, pk=evidence)
    if not valid and not remark:
        raise Stop(reason("lifecycle.reason_required", field="remark"))
    if given.organisation_id in act.reader.acting_for(*SELF_ROLES):
        raise Stop(reason("four_eyes.interested"))
    if given.given_by_id == act.person.pk:
        raise Stop(reason("four_eyes.same_person"))
    given.status = Evidence.Status.VERIFIED if valid else Evidence.Status.REFUSED
    given.verified_at, given.verified_by, given.remark = act.now, act.person, remark
    given.save()
    _again(given.organisation.party, act)
    body = {"evidence": evidence, "valid": valid, "remark": remark}
    act.journal(Event.EVIDENCE_JUDGED, f"organisation:{given.organisation.party.slug}", body=body)
    return Done({"evidence": evidence, "status": given.status})


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
    elif not _SLUG.fullmatch(slug):
        found.append(reason("organisation.slug_wrong", slug=slug[:100], field="slug"))
    elif Party.objects.filter(slug=slug).exists():
        found.append(reason("organisation.exists", slug=slug, field="slug"))
    return [*found, *names_faults(names), *one_line(kind, field="type", limit=60)]


def _registered_place(country: str) -> tuple[str, list[Reason]]:
    """The code of a country, or "" and why there is none."""
    code = country_of(country, book=current_rulebook()) if country else reason("request.missing")
    if isinstance(code, Reason):
        return "", [Reason(code.code, {**code.params, "field": "country"})]
    return code, []
