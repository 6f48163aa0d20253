"""An agreement signed on paper: its scan is handed in, looked at by the office, and counts from then on."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core import signing as seal

from jiebang.decisions.agreement import Scan, scan_faults
from jiebang.operations.agreements import agreement_page, signing, undoubted
from jiebang.operations.files import attach
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Why
from jiebang.operations.things import book_of, find, no_interest
from jiebang.records.agreements.models import Signature
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import reason
from jiebang.rules.texts import quoted

_SALT = "jiebang.scan"
_LASTS = timedelta(hours=1)


def examined(*, file: Mapping[str, Any], scan: Scan) -> str:
    """What the door that took a scan read of it, signed: nobody else can claim to have read it."""
    return seal.dumps({"file": dict(file), "scan": asdict(scan)}, salt=_SALT)


@operation(permission=Permission.PROJECT_SIGN_FOR, event=Event.SIGNED_ON_PAPER)
def hand_in_scan(act: Act, *, project: str, sha256: str, code: str, scan: str) -> Outcome:
    """Hand in the scan of an agreement that was printed, signed and sealed; it counts once the office has looked at it.

    `code` is what stands at the foot of its pages; `scan` is what the instance signed when it took the file.
    """
    found = find(Project, number=project)
    party, delegation, paper = signing(act, found, sha256)
    if not (rule := book_of(found).agreement) or not rule.on_paper:
        raise Stop(reason("agreement.not_on_paper"))
    read = _read(scan)
    if wrong := scan_faults(Scan(**read["scan"]), code=paper.sha256, typed=code):
        raise Stop(*wrong)
    row = attach(act, party, read["file"])
    kept = {"name": row.name, "sha256": row.sha256, "size": row.size, "pages": read["scan"]["pages"]}
    Signature.objects.create(
        project=found, paper=paper, party=party, by=act.person, at=act.now, delegation=delegation,
        method=Signature.Method.PAPER, scan=kept,
    )  # fmt: skip
    body = {"party": party.slug, "version": paper.version, "scan": row.sha256, "pages": kept["pages"]}
    changed(act, Event.SIGNED_ON_PAPER, found, body=body)
    return Done({"project": project, **body})


@operation(permission=Permission.AGREEMENT_DRAW, event=Event.SCAN_JUDGED)
def judge_scan(act: Act, *, project: str, signature: int, agree: bool, why: Why = "") -> Outcome:
    """Say after looking at a scan that signature and seal are there; or give it back, with what is wrong."""
    found = find(Project, number=project)
    no_interest(act, found)
    not_ended(found)
    undoubted(found)
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


def _read(scan: str) -> dict[str, Any]:
    try:
        return dict(seal.loads(scan, salt=_SALT, max_age=_LASTS))
    except seal.BadSignature:
        raise Stop(reason("agreement.no_scan", field="scan")) from None
