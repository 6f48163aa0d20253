"""The project's own files, found and parsed once for the rules of the house."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "jiebang"
GROUND = ("rules", "decisions", "engines", "trust")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the package that a person wrote (a migration is generated)."""
    return tuple(sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts))


def ground() -> tuple[Path, ...]:
    """The files of the four pure rooms."""
    return tuple(path for path in modules() if path.relative_to(PACKAGE).parts[0] in GROUND)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method in a file, nested ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def name(path: Path) -> str:
    """The path as a reader says it."""
    return path.relative_to(ROOT).as_posix()


def documents() -> list[Path]:
    """README and everything under docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
