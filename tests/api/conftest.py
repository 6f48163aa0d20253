"""A small instance, and clients that call its API. Imports wait until Django is set up."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client


@pytest.fixture(autouse=True)
def _forgets_tries() -> None:
    caches["shared"].clear()


@pytest.fixture
def board(db: None) -> Any:
    """Officers, an owner, a lead, at NOW."""
    import factories

    return factories.board()


def bearer(person: Any) -> dict[str, str]:
    """The header of a fresh token of this person."""
    import factories
    from jiebang.operations.registry import Done, perform

    made = perform(
        "create_token", by=person, now=factories.NOW, key=str(uuid.uuid4()), params={"name": "test"}
    )
    assert isinstance(made, Done)
    return {"HTTP_AUTHORIZATION": f"Bearer {made.once['secret']}"}


@pytest.fixture
def post(client: Client) -> Callable[..., Any]:
    """POST an operation as a person (or nobody) with a key."""

    def send(name: str, body: Any, *, by: Any = None, key: str | None = "", **headers: str) -> Any:
        sent = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key or str(uuid.uuid4())}
        who = bearer(by) if by else {}
        path = f"/api/v1/operations/{name}"
        return client.post(
            path, json.dumps(body), content_type="application/json", **{**who, **sent, **headers}
        )

    return send


@pytest.fixture
def get(client: Client) -> Callable[..., Any]:
    """GET a list as a person (or nobody)."""

    def fetch(path: str, *, by: Any = None, **headers: str) -> Any:
        return client.get(f"/api/v1{path}", **{**(bearer(by) if by else {}), **headers})

    return fetch
