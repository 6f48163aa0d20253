"""A person's own account: register, confirm the address, change the password, language and time zone.

Passwords travel as secrets, so that neither the acknowledged request nor a log ever holds one, and are hashed before
the transaction begins.
"""

from typing import Annotated

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import Field, StringConstraints

from jiebang.operations.kernel import Act, Done, Outcome, Refused, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import (
    NewPassword,
    PresentPassword,
    end_tokens,
    mail_link,
    page_at,
    password_faults,
)
from jiebang.operations.registration import one_line, zone_of
from jiebang.records.people.models import ExpertProfile, User
from jiebang.records.programme.queries import programme_zone
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.texts import language_tag

CONFIRM_DAYS = 7
_SALT = "jiebang.confirm-email"
_LONGEST_EMAIL, _LONGEST_NAME = 254, 200  # characters that are kept
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Few = Annotated[list[Word], Field(max_length=60)]
Load = Annotated[int, Field(ge=1, le=200)]


@operation(permission=Permission.PERSON_REGISTER, event=Event.PERSON_REGISTERED, anonymous=True)
def register_person(
    act: Act, *, email: str, name: str, password: NewPassword, language: str = "en"
) -> Outcome:
    """Make an account and mail a link that confirms its address.

    The answer is the same whether the address is known or not; a known person is told by mail.
    """
    fresh = User(email=email.lower(), name=name, language=language_tag(language), timezone=programme_zone())
    if found := [*person_faults(email, name, language), *password_faults(password, fresh)]:
        return Refused(tuple(found))
    known = User.objects.filter(email=email.lower()).first()
    if known is None:
        person = _create(act, fresh, password)
        act.mail(person, "person.confirm", link=page_at(f"/confirm/{token_for(person)}/"), days=CONFIRM_DAYS)
    elif known.email_confirmed_at is not None:
        act.mail(known, "person.already", link=page_at("/sign-in/"))
    else:  # a stranger may have registered the address first: its reader chooses the password that opens it
        mail_link(act, known, "person.password_link")
    return Done({})


@operation(permission=Permission.PEOPLE_APPOINT, event=Event.PERSON_REGISTERED)
def enrol_person(
    act: Act, *, email: str, name: str, name_latin: str = "", language: str = "en", timezone: str = "",
    expertise: Few | None = None, sectors: Few | None = None, languages: Few | None = None, max_load: Load | None = None,
    letter: bool = False,
) -> Outcome:  # fmt: skip
    """Make an account, without a password, for somebody whom the office appoints; an expert gets a profile.

    Without `timezone` it is the programme's. With `letter` the person is mailed a link to the page where passwords are set.
    """
    timezone = timezone or programme_zone()
    latin = one_line(name_latin, field="name_latin", limit=_LONGEST_NAME)
    if found := [*person_faults(email, name, language), *latin, *_zone_faults(timezone)]:
        return Refused(tuple(found))
    if User.objects.filter(email=email.lower()).exists():
        return Refused((reason("person.exists", email=email, field="email"),))
    person = User.objects.create(
        email=email, name=name, name_latin=name_latin, language=language_tag(language),
        timezone=timezone, email_confirmed_at=act.now,
    )  # fmt: skip
    if expertise is not None:
        profile = {
            "expertise": expertise,
            "sectors": sectors or [],
            "languages": languages or [],
            "max_load": max_load,
        }
        ExpertProfile.objects.create(person=person, **profile)
    if letter:
        mail_link(act, person, "person.enrolled")
    private = {"name": name, "email": person.email}
    act.journal(Event.PERSON_REGISTERED, f"person:{person.pseudonym}", private=private, about=person)
    return Done({"person": person.pseudonym})


@operation(permission=Permission.PERSON_SELF, event=Event.PERSON_CHANGED, anonymous=True)
def confirm_email(act: Act, *, token: str) -> Outcome:
    """Open an account by the link that was mailed. Again and again gives the same answer."""
    try:
        said = signing.loads(token, salt=_SALT, max_age=CONFIRM_DAYS * 86_400)
    except signing.BadSignature:
        return Refused((reason("person.token_unusable", days=CONFIRM_DAYS),))
    person = User.objects.filter(pk=said["person"], email=said["email"]).first()
    if person is None:
        return Refused((reason("person.token_unusable", days=CONFIRM_DAYS),))
    if person.email_confirmed_at is None:
        User.objects.filter(pk=person.pk).update(email_confirmed_at=act.now)
        act.journal(Event.PERSON_CHANGED, f"person:{person.pseudonym}", body={"changed": "email_confirmed"})
    return Done({})


@operation(permission=Permission.PERSON_SELF, event=Event.PERSON_CHANGED)
def change_password(act: Act, *, present: PresentPassword, password: NewPassword) -> Outcome:
    """Replace one's own password; the present one must be given."""
    person = act.person
    found = password_faults(password, person)
    if not present.right:
        found.insert(0, reason("person.password_wrong", field="present"))
    if found:
        return Refused(tuple(found))
    person.password = password.hashed
    person.save(update_fields=["password"])
    end_tokens(act, person)
    act.journal(Event.PERSON_CHANGED, f"person:{person.pseudonym}", body={"changed": "password"})
    return Done({})


@operation(permission=Permission.PERSON_SELF, event=Event.PERSON_CHANGED)
def change_account(act: Act, *, language: str, timezone: str) -> Outcome:
    """The language in which one is written to, and the time zone on whose clock one reads moments."""
    if found := [*_language_faults(language), *_zone_faults(timezone)]:
        return Refused(tuple(found))
    User.objects.filter(pk=act.person.pk).update(language=language_tag(language), timezone=timezone)
    act.journal(Event.PERSON_CHANGED, f"person:{act.person.pseudonym}", body={"changed": "account"})
    return Done({})


def token_for(person: User) -> str:
    """What the mailed link carries: who, and which address, signed."""
    return signing.dumps({"person": person.pk, "email": person.email}, salt=_SALT)


def _create(act: Act, fresh: User, password: NewPassword) -> User:
    fresh.password = password.hashed
    fresh.save()
    private = {"name": fresh.name, "email": fresh.email}
    act.journal(Event.PERSON_REGISTERED, f"person:{fresh.pseudonym}", private=private, about=fresh)
    return fresh


def person_faults(email: str, name: str, language: str) -> list[Reason]:
    """What is wrong with what a person is to be known by."""
    found = []
    try:
        validate_email(email)
        sound = len(email) <= _LONGEST_EMAIL
    except ValidationError:
        sound = False
    if not sound:
        found.append(reason("person.email_malformed", email=email[:100], field="email"))
    if not name.strip():
        found.append(reason("person.name_missing", field="name"))
    found += one_line(name, field="name", limit=_LONGEST_NAME)
    return [*found, *_language_faults(language)]


def _language_faults(language: str) -> list[Reason]:
    if language.lower() in dict(settings.LANGUAGES):
        return []
    return [reason("person.language_unknown", language=language[:20], field="language")]


def _zone_faults(zone: str) -> list[Reason]:
    if isinstance(zone_of(zone), str):
        return []
    return [reason("person.zone_unknown", zone=zone[:50], field="timezone")]
