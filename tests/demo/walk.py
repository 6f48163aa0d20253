"""Follow every link that a reader of the sample round is shown, one address of each kind from each page, and tell the dead ones.

Run with the path of a home: it prints JSON, `[[reader, page, link, status], ...]`. A process of its own, because settings
belong to one home.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

LINK = re.compile(r'<a [^>]*href="(/[^"#]*)[^"]*"')
NUMBER = re.compile(r"(?<=/)(?:[A-Z]{1,2}-\d{4}[^/]*|\d+)(?=/)")
ELSEWHERE = ("/static/", "/demo/", "/api/", "/sign-out/")


def kind_of(address: str) -> str:
    """An address without its numbers, language and filters: pages of one kind are built alike."""
    path = NUMBER.sub("#", address.split("?")[0])
    return re.sub(r"^(/(?:office/)?organisations|/log/explain)/[^/]+/", r"\1/#/", path)


def dead_links(email: str) -> Iterator[tuple[str, str, str, int]]:
    """What a person is led to that does not open; nobody's links where the address is empty."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    if email:
        client.get(f"/demo/as/{email}/")
    queue, seen = [("", "/desk/" if email else "/")], set()
    while queue:
        page, address = queue.pop(0)
        if (kind := kind_of(address)) in seen:
            continue
        seen.add(kind)
        answer = client.get(address)
        if answer.status_code >= 400:
            yield email, page, address, answer.status_code
        if "html" in answer.headers.get("Content-Type", "") and answer.status_code == 200:
            html = answer.content.decode()
            found = [link.replace("&amp;", "&") for link in LINK.findall(html)]
            queue += [
                (address, link) for link in found if not link.startswith(ELSEWHERE) and "lang=" not in link
            ]


def main(home: str, readers: list[str]) -> None:
    """Walk as each reader."""
    from jiebang.cli.opening import open_home

    open_home(Path(home))
    print(json.dumps([found for email in readers for found in dead_links(email)]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
