"""Drawing an agreement and signing it: in the product, in order, by delegation, or on paper that the office looked at."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from django.core import signing
from pydantic import Field

from jiebang.decisions.agreement import Scan, draw, scan_faults, waits_for
from jiebang.operations.facts import questioned
from jiebang.operations.files import uploaded
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import PresentPassword, page_at
from jiebang.operations.statements import Said, Why
from jiebang.operations.terms import roles_of_parties, terms_of
from jiebang.operations.things import book_of, find, no_interest
from jiebang.records.agreements.models import Delegation, Paper, Signature
from jiebang.records.agreements.queries import delegated_to, signed_for
from jiebang.records.people.models import Party, User
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import reason
from jiebang.rules.texts import quoted
from jiebang.trust import canonical

_SALT = "jiebang.scan"
_LASTS = timedelta(hours=1)
Days = Annotated[int, Field(ge=1, le=366)]


def draw_agreement(act: Act, project: Project) -> Paper:
    """Draw the agreement as things stand; it replaces the version before, whose signatures count no more."""
    before = Paper.objects.filter(project=project, kind=Paper.Kind.AGREEMENT)
    version = before.count() + 1
    document = draw(terms_of(project, version=version), book_of(project))
    before.filter(replaced_at=None).update(replaced_at=act.now)
    paper = Paper.objects.create(
        project=project, kind=Paper.Kind.AGREEMENT, version=version, document=document,
        sha256=canonical.digest(document), drawn_at=act.now, drawn_by=act.who,
    )  # fmt: skip
    changed(act, Event.AGREEMENT_DRAWN, project, body={"version": version, "sha256": paper.sha256})
    return paper


@operation(permission=Permission.AGREEMENT_DRAW, event=Event.AGREEMENT_DRAWN)
def redraw_agreement(act: Act, *, project: str, why: Said) -> Outcome:
    """Draw the agreement anew for the office, say after a check or a date changed; signatures given so far fall away."""
    found = find(Project, number=project)
    no_interest(act, found)
    not_ended(found)
    if found.signed_at is not None:
        raise Stop(reason("agreement.in_force"))
    _to_sign(found)
    paper = draw_agreement(act, found)
    act.entries[-1]["body"] = {**act.entries[-1]["body"], "why": why}
    return Done({"project": project, "version": paper.version, "sha256": paper.sha256})


@operation(permission=Permission.PROJECT_SIGN_FOR, event=Event.SIGNED)
def sign(act: Act, *, project: str, sha256: str, password: PresentPassword | None = None) -> Outcome:
    """Sign the paper with this hash for a party of the project; whoever has a password gives it once more.

    One person signs for one party; parties sign in the rulebook's order; a person without a role signs by delegation.
    """
    found = find(Project, number=project)
    party, delegation = _signs_for(act, found)
    not_ended(found)
    if questioned(found):
        raise Stop(reason("revocation.pending"))
    paper = _to_sign(found, sha256=sha256)
    _known_again(act, password)
    _may_sign(act, found, paper, party)
    Signature.objects.create(
        project=found, paper=paper, party_id=party, by=act.person, at=act.now, delegation=delegation
    )
    body = {
        "party": Party.objects.get(pk=party).slug,
        "paper": paper.kind,
        "version": paper.version,
        "sha256": sha256,
    }
    changed(act, Event.SIGNED, found, body={**body, "delegated": delegation is not None})
    return Done({"project": project, **body})


@operation(permission=Permission.PROJECT_SIGN, event=Event.SIGNING_DELEGATED)
def delegate_signing(act: Act, *, project: str, person: str, why: Said, days: Days = 30) -> Outcome:
    """Let a person (by address) sign this project's papers for one's own organisation, for some days."""
    found = find(Project, number=project)
    mine = [
        party
        for party in roles_of_parties(found)
        if party in act.reader.acting_for("owner", "lead", "partner")
    ]
    if not mine:
        raise Stop(reason("access.not_found", kind="project", number=project))
    not_ended(found)
    to = find(User, email=person.strip().lower(), is_active=True)
    until = act.now + timedelta(days=days)
    Delegation.objects.create(
        project=found, party_id=mine[0], person=to, why=why, since=act.now, until=until, by=act.person
    )
    _tell_deputy(act, found, to, mine[0])
    body = {"party": Party.objects.get(pk=mine[0]).slug, "person": to.pseudonym, "until": until}
    changed(act, Event.SIGNING_DELEGATED, found, body=body, private={"why": why})
    return Done({"project": project, "until": until.isoformat()})


def examined(*, upload: Mapping[str, Any], scan: Scan) -> str:
    """What the door that took a scan read of it, signed: nobody else can claim to have read it."""
    read = {
        "pages": scan.pages,
        "printed": scan.printed,
        "numbers": list(scan.numbers),
        "codes": sorted(scan.codes),
    }
    return signing.dumps({"upload": uploaded(**upload), "file": dict(upload), **read}, salt=_SALT)


@operation(permission=Permission.PROJECT_SIGN, event=Event.SIGNED_ON_PAPER)
def hand_in_scan(act: Act, *, project: str, sha256: str, code: str, scan: str) -> Outcome:
    """Hand in the scan of a paper that was printed, signed and sealed; it counts once the office has looked at it.

    `code` is what stands at the foot of its pages; `scan` is what the instance signed when it took the file.
    """
    found = find(Project, number=project)
    party, delegation = _signs_for(act, found)
    not_ended(found)
    if questioned(found):
        raise Stop(reason("revocation.pending"))
    paper = _to_sign(found, sha256=sha256)
    if not (rule := book_of(found).agreement) or not rule.on_paper:
        raise Stop(reason("agreement.not_on_paper"))
    read = _read(scan)
    seen = Scan(pages=read["pages"], printed=read["printed"], numbers=read["numbers"], codes=read["codes"])
    if wrong := scan_faults(seen, code=paper.sha256, typed=code):
        raise Stop(*wrong)
    _may_sign(act, found, paper, party)
    kept = {name: read["file"][name] for name in ("name", "sha256", "size")} | {"pages": read["pages"]}
    Signature.objects.create(
        project=found, paper=paper, party_id=party, by=act.person, at=act.now, delegation=delegation,
        method=Signature.Method.PAPER, scan=kept,
    )  # fmt: skip
    body = {
        "party": Party.objects.get(pk=party).slug,
        "version": paper.version,
        "scan": kept["sha256"],
        "pages": kept["pages"],
    }
    changed(act, Event.SIGNED_ON_PAPER, found, body=body)
    return Done({"project": project, **body})


@operation(permission=Permission.AGREEMENT_DRAW, event=Event.SCAN_JUDGED)
def judge_scan(act: Act, *, project: str, signature: int, agree: bool, why: Why = "") -> Outcome:
    """Say after looking at a scan that signature and seal are there; or give it back, with what is wrong."""
    found = find(Project, number=project)
    no_interest(act, found)
    _undoubted(found)
    row = find(Signature, pk=signature, project=found, method=Signature.Method.PAPER, confirmed_at=None)
    if not agree and not why:
        raise Stop(reason("lifecycle.reason_required", field="why"))
    body = {"party": row.party.slug, "scan": row.scan["sha256"], "agreed": agree, "why": why}
    if agree:
        row.confirmed_at, row.confirmed_by = act.now, act.person
        row.save(update_fields=["confirmed_at", "confirmed_by"])
    else:
        act.mail(row.by, "mail.scan_given_back", number=project, why=quoted(why), link=agreement_page(found))
        row.delete()
    changed(act, Event.SCAN_JUDGED, found, body=body)
    return Done({"project": project, "agreed": agree})


def agreement_page(project: Project) -> str:
    """Where a letter leads who has to read, accept or sign."""
    return page_at(f"/projects/{project.number}/agreement/")


def _tell_deputy(act: Act, project: Project, to: User, party: int) -> None:
    """Who may sign by delegation alone cannot open the project, only its paper."""
    paper = Paper.objects.filter(project=project, kind=Paper.Kind.AGREEMENT, replaced_at=None).first()
    link = f"{agreement_page(project)}paper/{paper.sha256}/" if paper else agreement_page(project)
    name = Party.objects.get(pk=party).organisation.name
    act.mail(to, "mail.signing_delegated", number=project.number, party=name, link=link)


def _signs_for(act: Act, project: Project) -> tuple[int, Delegation | None]:
    """The party for which the person signs next: one they act for, else one that delegated it to them."""
    parties, done = roles_of_parties(project), signed_for(project)
    acting = [party for party in parties if party in act.reader.acting_for("owner", "lead", "partner")]
    lent = delegated_to(act.person, project, at=act.now)
    if found := next((party for party in acting if party not in done), None):
        return found, None
    if found := next((party for party in lent if party in parties and party not in done), None):
        return found, lent[found]
    if acting or lent:
        raise Stop(reason("project.signed"))
    raise Stop(reason("access.not_found", kind="project", number=project.number))


def _may_sign(act: Act, project: Project, paper: Paper, party: int) -> None:
    _undoubted(project)
    parties, rule = roles_of_parties(project), book_of(project).agreement
    if paper.signatures.filter(party=party).exists():
        raise Stop(reason("project.signed"))
    if paper.signatures.filter(by=act.person).exists():
        raise Stop(reason("agreement.one_person_two_parties"))
    done = set(paper.signatures.values_list("party", flat=True))
    unsigned = {role for one, role in parties.items() if one not in done}
    if before := waits_for(parties[party], order=rule.order if rule else (), unsigned=unsigned):
        raise Stop(reason("agreement.out_of_order", role=before))


def _undoubted(project: Project) -> None:
    """No signature is given or begins to count while it is open whether the award stands."""
    if questioned(project):
        raise Stop(reason("revocation.pending"))


def _known_again(act: Act, password: PresentPassword | None) -> None:
    if act.person.has_usable_password() and not (password is not None and password.right):
        raise Stop(reason("person.password_wrong", field="password"))


def _to_sign(project: Project, *, sha256: str = "") -> Paper:
    rows = Paper.objects.filter(project=project, replaced_at=None, in_force_at=None)
    paper = rows.filter(sha256=sha256).first() if sha256 else rows.filter(kind=Paper.Kind.AGREEMENT).first()
    if paper is None:
        known = Paper.objects.filter(project=project).exists()
        raise Stop(reason("agreement.text_changed" if known else "agreement.not_drawn"))
    if paper.kind == Paper.Kind.AGREEMENT and project.signed_at is not None:
        raise Stop(reason("agreement.in_force"))
    return paper


def _read(scan: str) -> dict[str, Any]:
    try:
        return dict(signing.loads(scan, salt=_SALT, max_age=_LASTS))
    except signing.BadSignature:
        raise Stop(reason("file.not_uploaded")) from None
