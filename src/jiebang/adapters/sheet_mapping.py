"""How somebody else's table is read as one of ours: headings to columns, constants, fallbacks. A mapping is data.

format: jiebang-sheet-mapping/1
columns: {domain: id, other_names: facts.other_names}
first_of: {name: [name, domain]}       # the first of these headings that is filled
constants: {type: university}
"""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from jiebang.rules.faults import Fault

MAX_MAPPING = 1_000_000


class Mapping(BaseModel):
    """Heading -> column, column -> headings in order of preference, column -> the same text in every row."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["jiebang-sheet-mapping/1"] = "jiebang-sheet-mapping/1"
    columns: dict[str, str] = Field(default_factory=dict)
    first_of: dict[str, list[str]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    tidy: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _once(self) -> "Mapping":
        named = [*self.columns.values(), *self.first_of, *self.constants]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError("these columns are given twice: " + ", ".join(twice))
        return self

    @property
    def used(self) -> frozenset[str]:
        """Headings that the mapping reads itself."""
        return frozenset({*self.columns, *(h for headings in self.first_of.values() for h in headings)})


def read_mapping(path: Path) -> Mapping | list[Fault]:
    """A mapping from its YAML file, or every fault."""
    name = str(path)
    try:
        if path.stat().st_size > MAX_MAPPING:
            return [
                Fault(name, None, "file", f"is larger than {MAX_MAPPING:,} bytes; a mapping is a small file")
            ]
        loaded: Any = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        return [Fault(name, None, "file", f"cannot be read ({error.strerror}); name a mapping in YAML")]
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        return [
            Fault(
                name,
                mark.line + 1 if mark else None,
                "file",
                f"is not YAML in UTF-8 ({type(error).__name__})",
            )
        ]
    if not isinstance(loaded, dict) or "format" not in loaded:
        return [Fault(name, 1, "format", "is missing; begin with `format: jiebang-sheet-mapping/1`")]
    try:
        return Mapping.model_validate(loaded)
    except ValidationError as error:
        return [
            Fault(
                name,
                None,
                ".".join(map(str, item["loc"])) or "mapping",
                str(item["msg"]).removeprefix("Value error, "),
            )
            for item in error.errors()
        ]
