"""Every operation is allowed to somebody, remembered, explained, tested, and offered by the API."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

import jiebang.operations
from jiebang.operations.kernel import OPERATIONS, Operation
from jiebang.operations.names import HOLDERS, Event, Permission
from source import PACKAGE, ROOT, modules, tree

OPENAPI = "/api/v1/openapi.json"


@pytest.fixture(scope="module")
def operations() -> dict[str, Operation]:
    """The whole registry: every module of the room has been imported."""
    for module in pkgutil.walk_packages(jiebang.operations.__path__, "jiebang.operations."):
        importlib.import_module(module.name)
    return OPERATIONS


@pytest.fixture
def openapi() -> str:
    """The API's own description, as anybody reads it."""
    try:
        resolve(OPENAPI)
    except Resolver404:
        pytest.skip("the API is not built yet")
    answer: Any = Client().get(OPENAPI)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_there_are_operations(operations: dict[str, Operation]) -> None:
    assert operations


def test_every_permission_says_who_holds_it_and_is_asked_for(operations: dict[str, Operation]) -> None:
    assert set(HOLDERS) == set(Permission)
    assert set(Permission) - {operation.permission for operation in operations.values()} == set()


def test_every_event_is_written_somewhere() -> None:
    acts = [path for path in modules() if path.relative_to(PACKAGE).parts[0] == "operations"]
    said = {
        node.attr
        for path in acts
        if path.stem != "names"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"Event", "names.Event"}
    }
    assert {event.name for event in Event} - said == set()


def test_names_are_subject_and_act() -> None:
    names = [*Permission, *Event]
    assert [name for name in names if not re.fullmatch(r"[a-z_]+:[a-z_]+", name)] == []


def test_every_operation_is_explained(operations: dict[str, Operation]) -> None:
    assert [name for name, operation in operations.items() if not operation.help.strip()] == []


def test_every_operation_has_a_test(operations: dict[str, Operation]) -> None:
    own = Path(__file__).parent
    files = [path for path in (ROOT / "tests").rglob("*.py") if own not in path.parents]
    said = set(re.findall(r"\w+", "\n".join(path.read_text(encoding="utf-8") for path in files)))
    assert sorted(set(operations) - said) == []


def test_every_operation_has_a_place_in_the_api(operations: dict[str, Operation], openapi: str) -> None:
    assert [name for name in operations if name not in openapi] == []
