"""How every operation runs: validate, one transaction, authorise, act, journal, acknowledge.

A door calls `perform("ask_question", by=user, now=..., key=..., params={...})` and shows the outcome; what changes
the stage of a thing is the operation `move`.
The rows, the journal entries, the mail to be sent and the acknowledged answer are written in one transaction,
or none of them is.
"""

import hashlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec

from django.db import DataError, IntegrityError, transaction
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, create_model

from jiebang.operations.malformed import far_days, input_reason
from jiebang.operations.names import HOLDERS, Event, Permission
from jiebang.records.access import Reader
from jiebang.records.journal import write as journal
from jiebang.records.outbox import write as outbox
from jiebang.records.people.models import User
from jiebang.records.programme.models import Acknowledgement
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.texts import language_tag
from jiebang.trust.canonical import NotCanonicalError, canonical_bytes

SYSTEM = "system"
KEY_LENGTH = 80
_CONTROL = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:u00[01][0-9a-f]|[bf])")  # all but tab and line ends
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Done:
    """It happened: the answer for the caller, and the last journal entry it made.

    `once` is told to the caller and kept nowhere: a retry gets the answer without it.
    """

    answer: Mapping[str, Any] = field(default_factory=dict)
    entry: int | None = None
    once: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """It did not happen, and nothing was saved: every reason at once."""

    reasons: tuple[Reason, ...]


Outcome = Done | Refused


class Stop(Exception):
    """Ends the running operation; the kernel answers `Refused` with these reasons and saves nothing."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(*(item.code for item in reasons))
        self.reasons = reasons


class Slow(SecretStr):
    """A parameter with work of its own that no other writer should wait for: done before the transaction begins."""

    def prepare(self, by: User | None, /) -> None:
        """Do it, for whoever acts."""
        raise NotImplementedError


@dataclass
class Act:
    """One running operation: who acts, when, and what it wants to be remembered."""

    reader: Reader
    entries: list[dict[str, Any]] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)

    @property
    def who(self) -> User | None:
        """The acting person, or nobody."""
        return self.reader.person

    @property
    def now(self) -> datetime:
        """The moment of the act."""
        return self.reader.at

    @property
    def roles(self) -> frozenset[str]:
        """The roles that the person holds for anybody."""
        return self.reader.roles

    @property
    def person(self) -> User:
        """The acting person; operations open to nobody never ask."""
        assert self.who is not None
        return self.who

    @property
    def language(self) -> str:
        """The acting person's language, in which their texts are unless they say otherwise."""
        return language_tag(self.who.language) if self.who else "en"

    def journal(
        self,
        event: Event,
        subject: str,
        *,
        rulebook: str | None = None,
        body: Mapping[str, Any] | None = None,
        private: Mapping[str, Any] | None = None,
        about: User | None = None,
    ) -> None:
        """Remember an event. `body` is public; `private` values enter only as salted commitments.

        `about` is the person the private values are about, when not the acting one: erasing them erases the values.
        """
        person = about.pseudonym if about else None
        entry = {"event": event.value, "subject": subject, "rulebook": rulebook, "person": person}
        self.entries.append({**entry, "body": dict(body or {}), "private": dict(private or {})})

    def mail(self, to: User, code: str, **params: Any) -> None:
        """Tell a person, in their language, in the inbox and by mail after the commit."""
        self.letters.append({"to": to, "code": code, "params": params})


@dataclass(frozen=True, slots=True)
class Operation:
    """A registered act with the model of its parameters."""

    name: str
    function: Callable[..., Outcome]
    permission: Permission
    event: Event
    params: type[BaseModel]
    anonymous: bool

    @property
    def help(self) -> str:
        """The docstring."""
        return inspect.getdoc(self.function) or ""


OPERATIONS: dict[str, Operation] = {}


class _Strict(BaseModel):
    # "constants": what is no number stays one in the dump, so that it is refused and not hashed as null
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, ser_json_inf_nan="constants")


def operation(
    *, permission: Permission, event: Event, anonymous: bool = False
) -> Callable[[Callable[P, Outcome]], Callable[P, Outcome]]:
    """Register a function `(act, *, parameters) -> Outcome` as an operation under its own name."""

    def register(function: Callable[P, Outcome]) -> Callable[P, Outcome]:
        name = function.__name__
        OPERATIONS[name] = Operation(name, function, permission, event, _model(function), anonymous)
        return function

    return register


def perform(
    name: str, /, *, by: User | None, now: datetime, key: str, params: Mapping[str, Any] | None = None
) -> Outcome:
    """Run an operation once. The same `key` with the same content gets the saved answer again.

    `now` is an aware datetime; `key` up to 80 characters, unique to the intent (a form, a call, a row).
    """
    chosen = OPERATIONS[name]
    try:
        given = chosen.params.model_validate(dict(params or {}))
        content = _content(chosen, given, by)
    except ValidationError as error:
        return Refused(tuple(input_reason(item) for item in error.errors()))
    except ValueError as error:  # no record could keep it: half a character, a number beyond a double
        return Refused((reason("request.malformed", field="params", problem=str(error)),))
    if far := tuple(far_days(given)):
        return Refused(far)
    for name in type(given).model_fields:
        if isinstance(slow := getattr(given, name), Slow):
            slow.prepare(by)
    try:
        return _twice(lambda: _once(chosen, given, by=by, now=now, key=key, content=content))
    except DataError as error:  # a text longer than its column, on PostgreSQL; nothing was saved
        return Refused((reason("request.malformed", field="params", problem=str(error).split("\n")[0]),))


def _twice(attempt: Callable[[], Outcome]) -> Outcome:
    """Once more where another act took the same name or number at the same moment: now its own check can say so."""
    try:
        return attempt()
    except IntegrityError:
        return attempt()


def _once(
    chosen: Operation, given: BaseModel, *, by: User | None, now: datetime, key: str, content: str
) -> Outcome:
    """Claim the key first: of two requests at once with one key, the second waits here and gets the first's answer."""
    if not 0 < len(key) <= KEY_LENGTH or _unwritable(key):
        return Refused((reason("request.key_wrong", most=KEY_LENGTH),))
    claim = Acknowledgement(key=key, operation=chosen.name, person=by, content=content, answer={}, at=now)
    try:
        with transaction.atomic():
            _claim(claim)
            outcome = _run(chosen, given, by=by, now=now, claim=claim)
            if isinstance(outcome, Refused):
                transaction.set_rollback(True)
            return outcome
    except _KnownKey:
        return _again(Acknowledgement.objects.get(key=key), content)


class _KnownKey(Exception):
    """The key was claimed before, by a request that is answered now."""


def _claim(claim: Acknowledgement) -> None:
    try:
        claim.save(force_insert=True)
    except IntegrityError as error:
        raise _KnownKey from error


def _run(
    chosen: Operation, given: BaseModel, *, by: User | None, now: datetime, claim: Acknowledgement
) -> Outcome:
    act = Act(Reader(person=by, at=now))
    if refusal := _unauthorised(chosen, act):
        return refusal
    try:
        outcome = chosen.function(act, **{name: getattr(given, name) for name in type(given).model_fields})
    except Stop as stop:
        return Refused(stop.reasons)
    if isinstance(outcome, Refused):
        return outcome
    _post(act, key=claim.key)
    entry = _write(act)
    claim.answer = {**outcome.answer, "entry": entry}
    claim.save(update_fields=["answer"])
    return Done(claim.answer, entry, outcome.once)


def _content(chosen: Operation, given: BaseModel, by: User | None) -> str:
    """The hash of a request: who asks for what; raises NotCanonicalError for what no record could keep."""
    params = given.model_dump(mode="json")
    written = canonical_bytes([chosen.name, by and by.pk, params])
    # the rows of a sheet are left to its operation, which names the line and the column
    if _CONTROL.search(written) and _CONTROL.search(canonical_bytes({**params, "rows": None})):
        raise NotCanonicalError("a text holds a control character, which not every database and file keeps")
    return hashlib.sha256(written).hexdigest()


def _unwritable(text: str) -> bool:
    return any(not 32 <= ord(letter) < 0xD800 for letter in text)


def _unauthorised(chosen: Operation, act: Act) -> Refused | None:
    if act.who is None and not chosen.anonymous:
        return Refused((reason("access.sign_in"),))
    holders = HOLDERS[chosen.permission]
    if holders is not None and not holders & act.roles:
        return Refused(
            (reason("access.role", permission=chosen.permission.value, roles=", ".join(sorted(holders))),)
        )
    return None


def _write(act: Act) -> int | None:
    """Append the entries, locking the head of the chain last; the number of the last one."""
    actor = act.who.pseudonym if act.who else SYSTEM
    last = None
    for entry in act.entries:
        last = journal.append(at=act.now, actor=actor, **entry).seq
    return last


def _post(act: Act, *, key: str) -> None:
    """Put the letters in the outbox; they leave after the commit."""
    letters = [
        outbox.Letter(
            code=letter["code"], params=letter["params"], to_user=letter["to"], key=f"{key}/{place}"
        )
        for place, letter in enumerate(act.letters)
    ]
    outbox.enqueue_all(letters, now=act.now)


def _again(answered: Acknowledgement, content: str) -> Outcome:
    if answered.content != content:
        return Refused((reason("request.key_reused", key=answered.key),))
    return Done(answered.answer, answered.answer.get("entry"))


def _model(function: Callable[..., Any]) -> type[BaseModel]:
    signature = inspect.signature(function, eval_str=True)
    fields: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if name != "act":
            default = ... if parameter.default is inspect.Parameter.empty else parameter.default
            fields[name] = (parameter.annotation, default)
    return create_model(f"{function.__name__}_params", __base__=_Strict, **fields)
