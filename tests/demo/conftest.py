"""The played demo for the tests of this folder."""

import os

import pytest

from played import Played, play


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Played once in a test run, whichever worker asks first; read it, never write in it."""
    base = tmp_path_factory.getbasetemp()
    return play((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "played")
