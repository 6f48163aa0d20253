"""`jiebang package import`: take a verified package into an instance, as a person, under the same rules as its page."""

import uuid
from pathlib import Path
from typing import Annotated

import typer

from jiebang.cli.faults import Malformed
from jiebang.cli.opening import open_home
from jiebang.cli.operate import refused
from jiebang.cli.options import AsJson, Home
from jiebang.cli.output import print_json
from jiebang.cli.package_reading import read_package
from jiebang.rules.faults import Fault
from jiebang.trust.packages import MANIFEST, SIGNATURE


def import_(
    package: Annotated[Path, typer.Argument(help="The package: a zip, or a folder of the same.")],
    person: Annotated[str, typer.Option("--as", help="E-mail address of the person who brings it.")],
    home: Home = None,
    json: AsJson = False,
) -> int:
    """Verify a package and take it into the instance; its files stay where they are, the manifest proves them.

    Example: jiebang package import 1.zip --as owner@example.org --home /srv/jiebang
    """
    found, faults = read_package(package)
    if faults or found is None:
        raise Malformed(faults)
    open_home(home)
    from jiebang.operations.registry import Done, perform
    from jiebang.records.people.queries import person_by_email
    from jiebang.records.programme.queries import now

    who = person_by_email(person)
    if who is None:
        raise Malformed([Fault("import", None, "--as", f"nobody here has the address {person}")])
    told = {"manifest": found.package[MANIFEST].decode(), "signature": found.package[SIGNATURE].decode()}
    params = {"project": found.manifest.project, **told}
    outcome = perform("import_package", by=who, now=now(), key=str(uuid.uuid4()), params=params)
    if not isinstance(outcome, Done):
        return refused(outcome.reasons, json=json)
    said = outcome.answer
    print_json(said) if json else print(
        f"{package}: package {said['package']} of {said['project']}, run {said['run']}"
    )
    return 0
