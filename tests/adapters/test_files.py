"""Files under their hash: what breaks off leaves nothing behind, and a nearly full disk takes none."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jiebang.adapters import files


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_an_upload_that_breaks_off_leaves_no_half_file(folder: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"the first half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        files.keep(chunks(), name="notes.txt")
    assert list(folder.iterdir()) == []


def test_a_nearly_full_disk_takes_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage(folder)._replace(free=files.LEAST_FREE)
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: full)
    refused = files.keep([b"a text"], name="notes.txt")
    assert isinstance(refused, tuple)
    assert [item.code for item in refused] == ["file.no_room"]
    assert list(folder.iterdir()) == []
