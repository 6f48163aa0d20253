"""Tokens by which a program acts as its person."""

import secrets
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import find
from jiebang.records.people.models import ApiToken
from jiebang.records.people.queries import token_digest, tokens_of
from jiebang.rules.reasons import reason

PREFIX = "jb_"  # lets scanners of published code recognise a leaked one
MOST = 20


@operation(permission=Permission.TOKEN_OWN, event=Event.TOKEN_CREATED)
def create_token(
    act: Act, *, name: Annotated[str, Field(min_length=1, max_length=60)], days: Annotated[int, Field(ge=1, le=366)] = 90
) -> Outcome:  # fmt: skip
    """Make a personal token for programs. Its secret is in this one answer and nowhere else, not even in a retry's."""
    if tokens_of(act.person, at=act.now).count() >= MOST:
        raise Stop(reason("token.too_many", most=MOST))
    secret = PREFIX + secrets.token_urlsafe(32)
    until = act.now + timedelta(days=days)
    made = ApiToken.objects.create(
        person=act.person, name=name, digest=token_digest(secret), created_at=act.now, expires_at=until
    )
    body = {"token": made.pk, "expires_at": until}
    act.journal(Event.TOKEN_CREATED, f"person:{act.person.pseudonym}", body=body, private={"name": name})
    return Done({"token": made.pk, "expires_at": until.isoformat()}, once={"secret": secret})


@operation(permission=Permission.TOKEN_OWN, event=Event.TOKEN_REVOKED)
def revoke_token(act: Act, *, token: int) -> Outcome:
    """End one of one's own tokens at once."""
    held = find(ApiToken, pk=token, person=act.person)
    if held.revoked_at is None:
        held.revoked_at = act.now
        held.save(update_fields=["revoked_at"])
        act.journal(Event.TOKEN_REVOKED, f"person:{act.person.pseudonym}", body={"token": token})
    return Done({"token": token})
