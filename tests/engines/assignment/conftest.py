"""Lets these tests share `small`, problems that can be solved by trying all, and the real data where it is."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def data() -> Path:
    """The folder of real data beside the repository."""
    if not DATA.is_dir():
        pytest.skip(f"real data is not there: {DATA}")
    return DATA
