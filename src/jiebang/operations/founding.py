"""The first step of an instance, before anybody can be asked for permission: its office and its first administrator.

Not an operation: no door offers it. `init` and `demo` call it once on an empty instance.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from pydantic import SecretStr

from jiebang.operations.names import Event
from jiebang.operations.passwords import password_faults
from jiebang.operations.people import person_faults
from jiebang.records.journal import write as journal
from jiebang.records.people.models import Engagement, Organisation, Party, User
from jiebang.records.programme.models import Instance
from jiebang.rules.reasons import Reason
from jiebang.rules.texts import pick

FOUNDING = "founding"


def found_instance(
    *, now: datetime, office: Mapping[str, str], slug: str, country: str, email: str, name: str,
    password: SecretStr | None = None, language: str = "en", demo: bool = False, region: str = "",
    kind: str = "", fictional: bool = False,
) -> User:  # fmt: skip
    """Make the office's organisation and its administrator in one transaction, journalled.

    `kind` is the office's type in the words of the rulebook, where it has one.
    Raises ValueError when the instance has an office already.
    """
    with transaction.atomic():
        here, _ = Instance.objects.select_for_update().get_or_create(pk=1)
        if here.office_id:
            raise ValueError("this instance has an office and an administrator already")
        made = {"type": kind, "country": country, "region": region, "fictional": fictional}
        party = _office(office, slug=slug, **made)
        admin = User(email=email.lower(), name=name, language=language, email_confirmed_at=now)
        admin.set_password(password.get_secret_value() if password else None)
        admin.save()
        Engagement.objects.create(person=admin, party=party, role="administrator", since=now)
        here.office, here.demo = party, demo
        here.save()
        _remember(admin, party, kind=kind, country=country, now=now)
    return admin


def faults_of(*, email: str, name: str, password: SecretStr) -> tuple[Reason, ...]:
    """What is wrong with the first administrator's address, name and password; all at once."""
    fresh = User(email=email.lower(), name=name)
    return (*person_faults(email, name, "en"), *password_faults(password, fresh))


def _office(names: Mapping[str, str], *, slug: str, **fields: object) -> Party:
    party = Party.objects.create(kind=Party.Kind.ORGANISATION, slug=slug)
    Organisation.objects.create(party=party, names=dict(names), name=pick(names, lang="en")[:300], **fields)
    return party


def _remember(admin: User, party: Party, *, kind: str, country: str, now: datetime) -> None:
    subject = f"organisation:{party.slug}"
    body = {"organisation": party.slug, "country": country, "type": kind}
    event = Event.ORGANISATION_REGISTERED.value
    journal.append(at=now, event=event, actor=FOUNDING, subject=subject, rulebook=None, body=body)
    private = {"name": admin.name, "email": admin.email}
    journal.append(
        at=now, event=Event.PERSON_REGISTERED.value, actor=FOUNDING, subject=f"person:{admin.pseudonym}",
        rulebook=None, body={}, private=private, person=admin.pseudonym,
    )  # fmt: skip
    body = {"person": admin.pseudonym, "organisation": party.slug, "role": "administrator", "scope": ""}
    event = Event.PERSON_APPOINTED.value
    journal.append(at=now, event=event, actor=FOUNDING, subject=subject, rulebook=None, body=body)
