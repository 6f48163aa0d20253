"""Attaching files: the bytes lie in storage under their hash already; here they get a name and a party."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.core import signing

from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import find, keeps_desk_of
from jiebang.records.access import TESTS_AS
from jiebang.records.files.models import StoredFile
from jiebang.records.indicators.models import Tester
from jiebang.records.people.models import Party
from jiebang.rules.reasons import reason

SALT = "jiebang.upload"
LASTS = timedelta(hours=1)


def uploaded(*, name: str, sha256: str, size: int, media_type: str) -> str:
    """What the door that took the bytes says of them, signed: nobody else can claim to have sent them."""
    return signing.dumps(
        {"name": name[:255], "sha256": sha256, "size": size, "media_type": media_type}, salt=SALT
    )


@operation(permission=Permission.FILE_STORE, event=Event.FILE_STORED)
def store_file(act: Act, *, organisation: str, upload: str) -> Outcome:
    """Keep an uploaded file for an organisation one acts for, or whose country's desk one keeps.

    `upload` is what the instance signed when it took the bytes (see `uploaded`); the name enters the journal only
    as a commitment.
    """
    given = _read(upload)
    party = find(Party, slug=organisation)
    acts_for = act.reader.acting_for("owner", "lead", "partner", "country_desk", "officer", "second_officer")
    if party.pk not in acts_for | _tested_by(act, party) and not keeps_desk_of(act, party):
        raise Stop(reason("access.not_yours", party=organisation))
    row = attach(act, party, given)
    return Done({"file": row.pk, "name": row.name, "size": row.size, "sha256": row.sha256})


def attach(act: Act, party: Party, given: Mapping[str, Any]) -> StoredFile:
    """Name the bytes in storage for a party: `name`, `sha256`, `size` and `media_type` as the door took them."""
    fields = {"size": given["size"], "media_type": given["media_type"], "stored_at": act.now}
    row, _ = StoredFile.objects.get_or_create(
        sha256=given["sha256"], name=given["name"], party=party, defaults=fields
    )
    body = {"sha256": given["sha256"], "size": given["size"]}
    act.journal(Event.FILE_STORED, f"organisation:{party.slug}", body=body, private={"name": given["name"]})
    return row


def _tested_by(act: Act, party: Party) -> frozenset[int]:
    """The party, where it tests a project independently and the person measures for it."""
    names = Tester.objects.filter(party=party, ended_at=None).exists()
    return act.reader.acting_for(*TESTS_AS) & {party.pk} if names else frozenset()


def held_file(parties: Collection[int], sha256: str) -> dict[str, Any]:
    """A file that one of these parties stored, as `{name, size, sha256}`; a refusal where none did."""
    row = StoredFile.objects.filter(party__in=parties, sha256=sha256).order_by("pk").first()
    if row is None:
        raise Stop(reason("file.not_uploaded", field="file"))
    return {"name": row.name, "size": row.size, "sha256": row.sha256}


def _read(upload: str) -> dict[str, Any]:
    try:
        return dict(signing.loads(upload, salt=SALT, max_age=LASTS))
    except signing.BadSignature:
        raise Stop(reason("file.not_uploaded")) from None
