"""Result packages: the owner registers the key of its site; what the site signed is taken in, in order, each once.

A package is proved by its manifest and signature. Its files may come as well, or stay where they are.
"""

from jiebang.decisions.pilot import terms_of
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed
from jiebang.operations.names import Event, Permission
from jiebang.operations.pilots import OFFICERS, Line, add_run, in_units, require_run, underway
from jiebang.operations.things import find, no_interest, owners, roles_on
from jiebang.records.files.queries import stored_for
from jiebang.records.pilots.models import Protocol, ResultPackage, SiteKey
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import Reason, reason
from jiebang.trust import packages
from jiebang.trust.packages import Manifest, PackageFault
from jiebang.trust.signing import fingerprint, is_key


@operation(permission=Permission.PILOT_KEY, event=Event.SITE_KEY_REGISTERED)
def register_site_key(act: Act, *, project: str, site_key: str, label: Line) -> Outcome:
    """Register the public key with which the owner's site signs; `label` says whose machine holds the private one."""
    found = underway(act, project, {"owner"})
    if not is_key(site_key):
        raise Stop(reason("pilot.no_key", field="site_key"))
    if SiteKey.objects.filter(key=site_key).exists():
        raise Stop(reason("pilot.key_known", field="site_key"))
    party = min(owners(found.challenge.need) & act.reader.acting_for("owner"))
    SiteKey.objects.create(party_id=party, key=site_key, label=label, by=act.person, at=act.now)
    changed(act, Event.SITE_KEY_REGISTERED, found, body={"key": site_key, "label": label})
    return Done({"project": project, "key": site_key, "fingerprint": fingerprint(site_key)})


@operation(permission=Permission.PILOT_KEY, event=Event.SITE_KEY_REVOKED)
def revoke_site_key(act: Act, *, project: str, site_key: str) -> Outcome:
    """Take no more packages signed with a key, because its machine was lost or sold; those taken stay."""
    found = find(Project, number=project)
    if "owner" not in roles_on(act, found):
        raise Stop(reason("access.not_found", kind="project", number=project))
    row = find(SiteKey, key=site_key, party__in=owners(found.challenge.need), revoked_at=None)
    row.revoked_at = act.now
    row.save()
    changed(act, Event.SITE_KEY_REVOKED, found, body={"key": site_key})
    return Done({"project": project, "key": site_key})


@operation(permission=Permission.PILOT_PACKAGE, event=Event.PACKAGE_TAKEN)
def import_package(act: Act, *, project: str, manifest: str, signature: str, archive: str = "") -> Outcome:
    """Take in a result package and record its run: `manifest` and `signature` as they stand in its files.

    `archive` is the hash of the whole archive, where the owner's people have stored it here; without it the files
    stay on the site. Whoever brings it, the signature says what the site measured.
    """
    found = underway(act, project, {"owner", "lead", *OFFICERS})
    no_interest(act, found)
    data = manifest.encode()
    _stop_for(*packages.signature_faults(data, signature))
    told, digest = packages.read(data), packages.digest(data)
    _stop_for(*_elsewhere(found, told))
    _in_order(found, told, digest)
    key, protocol = _key(found, told), _protocol(found, told)
    if archive and not stored_for(owners(found.challenge.need), archive):
        raise Stop(reason("file.not_uploaded", field="archive"))
    values = in_units(
        found, ({"indicator": v.indicator, "value": v.value, "unit": v.unit} for v in told.values)
    )
    began, ended = packages.instant(told.began), packages.instant(told.ended)
    require_run(
        act,
        found,
        protocol,
        terms_of(protocol.content),
        began=began,
        ended=ended,
        side=told.side,
        values=values,
    )
    row = ResultPackage.objects.create(
        project=found, number=told.number, sha256=digest, manifest=manifest, signature=signature, key=key,
        archive=archive, received_by=act.person, received_at=act.now,
    )  # fmt: skip
    body = {"package": told.number, "sha256": digest, "key": key.key, "files": len(told.files)}
    changed(act, Event.PACKAGE_TAKEN, found, body=body)
    run = add_run(act, found, protocol, began_at=began, ended_at=ended, place=told.place, measurer=told.measurer,
                  side=told.side, values=values, package=row)  # fmt: skip
    return Done({"project": project, "package": told.number, "sha256": digest, "run": run.order})


def _elsewhere(project: Project, told: Manifest) -> list[PackageFault]:
    if told.project == project.number:
        return []
    names = {"found": told.project, "expected": project.number}
    return [PackageFault(packages.MANIFEST, "trust.package_other_project", names)]


def _in_order(project: Project, told: Manifest, digest: str) -> None:
    taken = list(ResultPackage.objects.filter(project=project).values_list("number", "sha256"))
    if known := next((number for number, sha256 in taken if sha256 == digest), None):
        raise Stop(reason("pilot.package_known", number=known))
    last = taken[-1][1] if taken else None
    fault = packages.chain_fault(told, count=len(taken), last=last)
    _stop_for(*([fault] if fault else []))


def _key(project: Project, told: Manifest) -> SiteKey:
    mine = SiteKey.objects.filter(party__in=owners(project.challenge.need), revoked_at=None, key=told.key)
    found = mine.first()
    if found is None:
        raise Stop(reason("pilot.key_unknown", key=fingerprint(told.key)))
    return found


def _protocol(project: Project, told: Manifest) -> Protocol:
    agreed = Protocol.objects.filter(project=project, agreed_at__isnull=False)
    if not agreed.exists():
        raise Stop(reason("pilot.not_agreed"))
    found = agreed.filter(sha256=told.protocol).last()
    if found is None:
        raise Stop(reason("pilot.package_other_protocol", protocol=told.protocol[:12]))
    return found


def _stop_for(*faults: PackageFault) -> None:
    if faults:
        raise Stop(*(Reason(fault.code, fault.params) for fault in faults))
