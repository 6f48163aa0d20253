"""Options that commands of an instance share."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[Path | None, typer.Option(help="The instance's folder; else JIEBANG_HOME, else .jiebang.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
