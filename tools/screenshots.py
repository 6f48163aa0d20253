"""Take the pictures of docs/tour.md from a freshly played demo, in Debian's chromium.

Run it with the project's own Python: `.venv/bin/python tools/screenshots.py`. It says which picture became too large.
"""

import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).parents[1] / "docs" / "tour"
MOST = 150_000  # bytes a picture
DESK: dict[str, Any] = {"viewport": {"width": 1120, "height": 760}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True}
# name, window, language, who (nobody where empty), address, and where its number is drawn at random the link to follow
PICTURES: tuple[tuple[Any, ...], ...] = (
    ("home", DESK, "en", "", "/"),
    ("board-zh", DESK, "zh-CN", "", "/challenges/"),
    ("notice", DESK, "en", "", "/challenges/GX-2026-001/"),
    ("notice-phone", PHONE, "en", "", "/challenges/GX-2026-001/"),
    ("desk-zh", DESK, "zh-CN", "officer@people.example", "/desk/"),
    ("desk-phone", PHONE, "en", "officer@people.example", "/desk/"),
    ("scores", DESK, "en", "officer@people.example", "/office/challenges/GX-2026-001/scores/"),
    ("result", DESK, "en", "", "/challenges/GX-2026-001/result/"),
    ("project-phone-zh", PHONE, "zh-CN", "", "/projects/P-2026-002/"),
    ("portfolio", DESK, "en", "officer@people.example", "/office/projects/"),
    ("agreement-zh", DESK, "zh-CN", "weirong@people.example", "/projects/P-2026-002/changes/1/"),
    ("indicators", DESK, "en", "laoyu@people.example", "/projects/P-2026-001/indicators/#plots"),
    ("money-zh", DESK, "zh-CN", "officer@people.example", "/projects/P-2026-001/money/"),
    ("pilot", DESK, "en", "wulandari@people.example", "/projects/P-2026-004/pilot/#runs"),
    ("case-phone-zh", PHONE, "zh-CN", "", "/cases/P-2026-004/#copies"),
    ("ended", DESK, "en", "", "/projects/P-2026-006/#lessons"),
    ("chain", DESK, "en", "", "/programme/chain/"),
    ("explain", DESK, "en", "auditor@people.example", "/log/decisions/", "main a[href^='/log/explain/']"),
)


def main() -> int:
    """Play, serve, take every picture; 1 where one is too large."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "demo") as url,
        sync_playwright() as player,
    ):
        browser = player.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        large = [name for name, *how in PICTURES if take(browser, url, name, *how) > MOST]
        browser.close()
    print(
        "\n".join(f"{name}.png is larger than {MOST} bytes" for name in large)
        or f"{len(PICTURES)} pictures taken"
    )
    return 1 if large else 0


def take(
    browser: Browser,
    url: str,
    name: str,
    how: dict[str, Any],
    language: str,
    who: str,
    address: str,
    follow: str = "",
) -> int:
    """One picture; answers its size in bytes."""
    context = browser.new_context(locale=language, timezone_id="Asia/Shanghai", color_scheme="light", **how)
    page = context.new_page()
    if who:
        page.goto(f"{url}/demo/as/{who}/")
    answer = page.goto(url + address)
    assert answer is not None
    assert answer.ok, f"{address}: {answer.status}"
    if follow:
        page.locator(follow).first.click()
        page.wait_for_url(lambda now: now != url + address)
    file = OUT / f"{name}.png"
    file.write_bytes(packed(shot(page)))
    context.close()
    return file.stat().st_size


def shot(page: Page) -> bytes:
    """What the window shows below the strip that says that this is a sample; from where the address points on."""
    page.evaluate("document.querySelector('.bn')?.remove(); scrollTo(0, 0)")
    page.evaluate("location.hash && document.querySelector(location.hash)?.scrollIntoView()")
    return page.screenshot(animations="disabled")


def packed(png: bytes) -> bytes:
    """The same picture, its data deflated as hard as possible; other chunks stay."""
    place, head, data = 8, b"", b""
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        data += body if kind == b"IDAT" else b""
        head += chunk(kind, body) if kind == b"IHDR" else b""
        place += size + 12
    return png[:8] + head + chunk(b"IDAT", zlib.compress(zlib.decompress(data), 9)) + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@contextmanager
def served(home: Path) -> Iterator[str]:
    """A played demo on a free port."""
    command = [sys.executable, "-m", "jiebang"]
    subprocess.run(
        [*command, "demo", "--home", str(home), "--no-serve"], check=True, stdout=subprocess.DEVNULL
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    process = subprocess.Popen(
        [*command, "serve", "--home", str(home), "--bind", bind], stderr=subprocess.DEVNULL
    )
    try:
        wait(bind)
        yield f"http://{bind}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait(bind: str) -> None:
    """Until the server takes connections, at most a minute."""
    host, _, port = bind.partition(":")
    for _ in range(600):
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the demo was not served in a minute")


if __name__ == "__main__":
    sys.exit(main())
