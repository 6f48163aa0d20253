"""`POST /operations/<name>`: every registered operation, its body typed by its own parameters."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Body, Header, NinjaAPI, Router, Schema, Status
from pydantic import Field

from jiebang.adapters import tries
from jiebang.api.answers import Refusal, said, status_of
from jiebang.api.signing import ANYBODY, SOMEBODY, reader
from jiebang.operations.registry import OPERATIONS, Done, Operation, perform
from jiebang.records.journal.queries import receipt_for
from jiebang.records.programme.queries import now
from jiebang.rules.reasons import reason

KEY: Any = Header(  # type: ignore[type-arg]
    ..., alias="Idempotency-Key", min_length=1, max_length=80,
    description="Unique to the intent, such as a UUID. The same key with the same content gets the same answer again.",
)  # fmt: skip


class Happened(Schema):
    """It happened, or had happened before under this key."""

    answer: dict[str, Any] = Field(description="What the operation tells; see its description.")
    entry: int | None = Field(None, description="Number of its last journal entry.")
    receipt: dict[str, Any] | None = Field(
        None, description="To keep; `jiebang verify` checks it without the server."
    )


REFUSALS: dict[Any, Any] = dict.fromkeys((401, 403, 404, 409, 422, 429, 503), Refusal)


def router() -> Router:
    """One POST for each operation."""
    made = Router(tags=["operations"])
    for name, chosen in OPERATIONS.items():
        first, _, rest = chosen.help.partition("\n")
        made.add_api_operation(
            f"/{name}", ["POST"], _view(chosen), operation_id=name, summary=first, description=rest.strip() or first,
            auth=ANYBODY if chosen.anonymous else SOMEBODY, response={200: Happened, **REFUSALS},
        )  # fmt: skip
    return made


def install(api: NinjaAPI) -> None:
    """Add the operations to the API."""
    api.add_router("/operations", router())


def _view(chosen: Operation) -> Callable[..., Any]:
    def view(request: HttpRequest, payload: Any, key: str) -> Any:
        return _act(chosen, request, payload.model_dump(exclude_unset=True), key)

    view.__name__ = chosen.name
    view.__annotations__ = {"request": HttpRequest, "payload": chosen.params, "key": str}
    body: Any = Body(...)  # type: ignore[type-arg]
    view.__defaults__ = (body, KEY)
    return view


def _act(chosen: Operation, request: HttpRequest, params: dict[str, Any], key: str) -> Any:
    who = reader(request)
    if not tries.allowed(request, chosen.name, params, person=who.person):
        return Status(429, said([reason("request.too_many", minutes=tries.WINDOW.seconds // 60)]))
    at = now()  # received when its last byte is here, not when its first was
    outcome = perform(chosen.name, by=who.person, now=at, key=key, params=params)
    if not isinstance(outcome, Done):
        return Status(status_of(outcome.reasons), said(outcome.reasons))
    answer, entry = {**outcome.answer, **outcome.once}, outcome.entry
    if (
        who.person is None
    ):  # whether registering made an entry would tell a stranger which addresses are known
        answer, entry = {**answer, "entry": None}, None
    receipt = receipt_for(entry, with_private=True) if entry else None
    return Status(200, {"answer": answer, "entry": entry, "receipt": receipt})
