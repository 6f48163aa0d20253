"""Small files, small functions, and a room for everything instead of a drawer."""

import ast

from source import GROUND, PACKAGE, functions, ground, modules, name, tree

FILE_LINES = 400
FUNCTION_LINES = 40
DRAWERS = {"utils", "util", "common", "helpers", "helper", "services", "misc", "shared", "base_utils"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("datetime", "today"),
    ("time", "time"),
}
OUTSIDE = {
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
}


def test_no_file_is_longer_than_the_ceiling() -> None:
    files = [*modules(), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_the_ceiling() -> None:
    found = {
        f"{name(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in modules()
        for node in functions(path)
    }
    assert {place: lines for place, lines in found.items() if lines > FUNCTION_LINES} == {}


def test_there_is_no_drawer() -> None:
    named = [path for path in PACKAGE.rglob("*") if path.is_dir() or path.suffix == ".py"]
    assert [name(path) for path in named if path.stem in DRAWERS] == []


def test_the_four_ground_rooms_are_there() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0] for path in ground()}
    assert rooms == set(GROUND)


def test_the_ground_reads_no_clock_and_opens_no_file() -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in ground()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _leaves_the_ground(node.func)
    ]
    assert found == []


def test_the_ground_imports_nothing_that_reaches_outside() -> None:
    found = [
        f"{name(path)}:{node.lineno} {module}"
        for path in ground()
        for node in ast.walk(tree(path))
        for module in _imported(node)
        if module.split(".")[0] in OUTSIDE and module != "urllib.parse"
    ]
    assert found == []


def _leaves_the_ground(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in {"open", "print", "input"}
    if not isinstance(called, ast.Attribute):
        return False
    owner = called.value
    return (getattr(owner, "id", getattr(owner, "attr", "")), called.attr) in CLOCKS


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
