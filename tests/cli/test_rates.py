"""`jiebang rates` on a real home: a whole sheet or nothing, every fault at its line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = """
import sys
from pathlib import Path
from jiebang.config import home
folder = Path(sys.argv[1])
home.make(folder, demo=True)
from jiebang.cli.opening import migrate, set_up
set_up(folder)
migrate()
import factories
factories.board()
"""
SHEET = "day,base,quote,rate,source\n2026-05-28,CNY,VND,3650,Table\n2026-05-29,CNY,THB,4.9,Table\n"


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    own = {"JIEBANG_HOME", "JIEBANG_SECRET", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {key: value for key, value in os.environ.items() if key not in own}
    environment["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an office."""
    folder = tmp_path_factory.mktemp("rates") / "home"
    done = python("-c", SEED, str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def rates(
    home: Path, text: str, *more: str, person: str = "officer@people.example"
) -> subprocess.CompletedProcess[str]:
    file = home / "rates.csv"
    file.write_text(text, encoding="utf-8")
    return python("-m", "jiebang", "rates", str(file), "--as", person, "--home", str(home), *more)


def test_a_sheet_enters_whole_or_not_at_all(home: Path) -> None:
    wrong = rates(home, SHEET.replace("THB", "CNY").replace("3650", "nan"))
    assert wrong.returncode == 2
    assert "rates.csv:2: rate: “nan” is not an amount" in wrong.stderr
    assert "rates.csv:3: quote: A rate is between two currencies" in wrong.stderr
    assert "no column has this heading" in rates(home, "day,base\n").stderr
    done = rates(home, SHEET, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["count"] == 2, "nothing of the faulty sheet was kept"


def test_a_correction_says_why_and_only_officers_enter(home: Path) -> None:
    rates(home, SHEET)
    changed = SHEET.replace("3650", "3660")
    refused = rates(home, changed)
    assert refused.returncode == 2
    assert "rates.csv:2: rate: For 2026-05-28 the rate CNY/VND was entered as 3650." in refused.stderr
    assert "1 rates were entered" in rates(home, changed, "--why", "A misprint.").stdout
    assert rates(home, SHEET, person="lead@people.example").returncode == 2
    assert "nobody here has the address" in rates(home, SHEET, person="nobody@people.example").stderr
