"""Setting a password by a mailed link: for people whom the office enrolled, and for those who forgot theirs.

The link is signed, lasts seven days and works once: it carries a trace of the password that it replaces.
"""

import hashlib

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from pydantic import SecretStr

from jiebang.operations.kernel import Act, Done, Outcome, Refused, Slow, operation
from jiebang.operations.names import Event, Permission
from jiebang.records.people.models import User
from jiebang.records.people.queries import tokens_of
from jiebang.rules.reasons import Reason, reason

LINK_DAYS = 7
_SALT = "jiebang.set-password"
_FAULTS = {
    "password_too_short": "person.password_short",
    "password_too_common": "person.password_common",
    "password_too_similar": "person.password_similar",
}


class NewPassword(Slow):
    """A password to be set, hashed whatever comes of it: the time tells nobody who is known."""

    hashed: str

    def prepare(self, _: User | None, /) -> None:
        """Hash it."""
        self.hashed = make_password(self.get_secret_value())


class PresentPassword(Slow):
    """The password that the acting person says they have."""

    right: bool

    def prepare(self, by: User | None, /) -> None:
        """Ask whether it is."""
        self.right = by is not None and by.check_password(self.get_secret_value())


@operation(permission=Permission.PERSON_SELF, event=Event.PERSON_CHANGED, anonymous=True)
def ask_password(act: Act, *, email: str) -> Outcome:
    """Mail a link by which the person with this address sets a password.

    The answer is the same whether the address is known or not.
    """
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is not None:
        mail_link(act, person, "person.password_link")
    return Done({})


@operation(permission=Permission.PERSON_SELF, event=Event.PERSON_CHANGED, anonymous=True)
def set_password(act: Act, *, token: str, password: NewPassword) -> Outcome:
    """Set the password of the person to whom the link was mailed; that also proves the address."""
    person = person_of(token)
    if person is None:
        return Refused((reason("person.link_unusable", days=LINK_DAYS),))
    if found := password_faults(password, person):
        return Refused(tuple(found))
    person.password = password.hashed
    person.email_confirmed_at = person.email_confirmed_at or act.now
    person.save(update_fields=["password", "email_confirmed_at"])
    end_tokens(act, person)
    body = {"changed": "password"}
    act.journal(Event.PERSON_CHANGED, f"person:{person.pseudonym}", body=body)
    return Done({})


def end_tokens(act: Act, person: User) -> None:
    """With a new password no program acts for the person any more: whoever knew the old one may have made its token."""
    tokens_of(person, at=act.now).update(revoked_at=act.now)


def mail_link(act: Act, person: User, code: str) -> None:
    """Put the letter with the link in the outbox."""
    act.mail(person, code, link=page_at(f"/set-password/{link_token(person)}/"), days=LINK_DAYS)


def page_at(path: str) -> str:
    """A page of this site as a letter names it. No caller says where a letter of ours leads: that is a setting."""
    return f"{settings.SITE}{path}"


def link_token(person: User) -> str:
    """What the link carries: who, which address, and a trace of the present password, signed."""
    said = {"person": person.pk, "email": person.email, "trace": _trace(person)}
    return signing.dumps(said, salt=_SALT)


def person_of(token: str) -> User | None:
    """Whose link it is; None when it is too old, cut off, used, or of an address that has changed."""
    try:
        said = signing.loads(token, salt=_SALT, max_age=LINK_DAYS * 86_400)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=said["person"], email=said["email"], is_active=True).first()
    return person if person is not None and _trace(person) == said["trace"] else None


def password_faults(password: SecretStr, person: User) -> list[Reason]:
    """What is wrong with a password, for this person."""
    try:
        validate_password(password.get_secret_value(), person)
    except ValidationError as error:
        faults = [item for item in error.error_list if item.code in _FAULTS]
        return [reason(_FAULTS[str(item.code)], least=10, field="password") for item in faults]
    return []


def _trace(person: User) -> str:
    return hashlib.sha256(f"{_SALT}:{person.password}".encode()).hexdigest()[:16]
