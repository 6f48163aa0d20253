"""Attaching files: the bytes lie in storage under their hash already; here they get a name and a party."""

from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import find, keeps_desk_of
from jiebang.records.files.models import StoredFile
from jiebang.records.people.models import Party
from jiebang.rules.reasons import reason


@operation(permission=Permission.FILE_STORE, event=Event.FILE_STORED)
def store_file(act: Act, *, organisation: str, name: str, sha256: str, size: int, media_type: str) -> Outcome:
    """Keep a file for an organisation one acts for, or whose country's desk one keeps.

    The bytes are stored before (see `adapters.files`). `sha256` in hexadecimal, `size` in bytes; the name enters
    the journal only as a commitment.
    """
    party = find(Party, slug=organisation)
    acts_for = act.reader.acting_for("owner", "lead", "partner", "country_desk", "officer")
    if party.pk not in acts_for and not keeps_desk_of(act, party):
        raise Stop(reason("access.not_yours", party=organisation))
    fields = {"size": size, "media_type": media_type, "stored_at": act.now}
    row, _ = StoredFile.objects.get_or_create(sha256=sha256, name=name[:255], party=party, defaults=fields)
    body = {"sha256": sha256, "size": size}
    act.journal(Event.FILE_STORED, f"organisation:{organisation}", body=body, private={"name": name})
    return Done({"file": row.pk, "name": row.name, "size": size, "sha256": sha256})
