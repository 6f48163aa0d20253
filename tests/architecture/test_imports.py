"""The floors of the house: import-linter's contracts hold, and the doors do what doors do."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from source import GROUND, PACKAGE, ROOT, modules, name, tree


def test_every_contract_is_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", GROUND)
def test_a_ground_room_can_be_imported_alone(room: str) -> None:
    files = sorted((PACKAGE / room).rglob("*.py"))
    dotted = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in files]
    code = "import importlib, sys\nfor m in sys.argv[1:]: importlib.import_module(m)\n"
    code += "assert 'django' not in sys.modules, 'Django was loaded'"
    command = [sys.executable, "-c", code, *(item.removesuffix(".__init__") for item in dotted)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_door_never_writes_to_the_database_itself() -> None:
    writes = {"create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "delete"}
    doors = [path for path in modules() if path.relative_to(PACKAGE).parts[0] in {"web", "api"}]
    found = [
        f"{name(path)}:{node.lineno} .objects…{node.func.attr}"
        for path in doors
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in writes and ".objects" in ast.unparse(node.func)
    ]
    assert found == []


def test_a_door_never_reads_around_the_queries() -> None:
    """`.objects`, or a related manager that is narrowed: `need.verdicts.filter(…)`; rows that a query gave may be."""
    models = [path for path in modules() if path.match("records/*/models.py")]
    related = {
        name for path in models for name in re.findall(r'related_name="(\w+)"', path.read_text("utf-8"))
    }
    reads = {
        "filter",
        "exclude",
        "order_by",
        "select_related",
        "annotate",
        "aggregate",
        "values_list",
        "count",
    }
    doors = [path for path in modules() if path.relative_to(PACKAGE).parts[0] in {"web", "api"}]
    nodes = [
        (path, node) for path in doors for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)
    ]
    found = [
        f"{name(path)}:{node.lineno} {ast.unparse(node)}"
        for path, node in nodes
        if node.attr == "objects"
        or (node.attr in reads and isinstance(node.value, ast.Attribute) and node.value.attr in related)
    ]
    assert found == []
