"""What every list has: filters that stay in the address, paging, a count, and the export of what is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from jiebang.web.components import Field, FilterForm, Link, ListHead, Option, Paging

PER_PAGE = 50
FORMATS = ("csv", "xlsx", "json")


@dataclass(frozen=True)
class Shown:
    """One page of a list: its rows, which page of how many, and how many rows there are in all."""

    rows: Sequence[Any]
    count: int
    number: int
    pages: int


def address(request: HttpRequest, **changes: object) -> str:
    """This address with some parameters changed; an empty value drops its parameter."""
    query = request.GET.copy()
    for name in ("lang", "format", *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value not in ("", None):
            query[name] = str(value)
    clean = "&".join(part for part in query.urlencode().split("&") if not part.endswith("="))
    return f"{request.path}?{clean}" if clean else request.path


def shown(request: HttpRequest, rows: Any, *, per_page: int = PER_PAGE) -> Shown:
    """The page that the address asks for; the nearest one when there is no such page. Two queries."""
    page = Paginator(rows, per_page).get_page(request.GET.get("page", "1"))
    return Shown(list(page.object_list), page.paginator.count, page.number, page.paginator.num_pages)


def paging(request: HttpRequest, page: Shown) -> Paging:
    """Links to the first, the last and the neighbouring pages."""
    near = {1, page.number - 1, page.number, page.number + 1, page.pages}
    numbers = sorted(n for n in near if 1 <= n <= page.pages)
    links: list[Link] = []
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before > 1:
            links.append(Link("…", ""))
        links.append(Link(str(number), _page(request, number), current=number == page.number))
    return Paging(
        pages=links,
        previous_url=_page(request, page.number - 1) if page.number > 1 else "",
        next_url=_page(request, page.number + 1) if page.number < page.pages else "",
    )


def list_head(request: HttpRequest, count: str, *, formats: Sequence[str] = FORMATS) -> ListHead:
    """The count and the exports of exactly what the address shows."""
    links = [Link(name.upper(), address(request, page="", format=name)) for name in formats]
    return ListHead(count=count, exports=links)


def select(
    request: HttpRequest, name: str, label: str, options: Iterable[tuple[str, str]], *, every: str = ""
) -> Field:
    """A filter with its choice taken from the address."""
    chosen = request.GET.get(name, "")
    first = [Option(value="", label=every or _("All"))] if every is not None else []
    listed = [Option(value=value, label=text, chosen=value == chosen) for value, text in options]
    return Field(name=name, label=label, kind="select", options=[*first, *listed])


def search(request: HttpRequest, label: str) -> Field:
    """The free text of a list."""
    return Field(name="text", label=label, value=request.GET.get("text", "")[:200])


def filters(request: HttpRequest, fields: Sequence[Field], *, target: str = "") -> FilterForm:
    """The filter form; clearing it leads to the bare address."""
    narrowed = any(request.GET.get(field.name) for field in fields)
    return FilterForm(
        fields=fields, action=request.path, clear_url=request.path if narrowed else "", target=target
    )


def chosen(request: HttpRequest, allowed: Mapping[str, Callable[[str], bool]]) -> dict[str, str]:
    """The parameters of the address that are allowed; anything else is treated as not given."""
    given = {name: request.GET.get(name, "")[:200] for name in allowed}
    return {name: value for name, value in given.items() if value and allowed[name](value)}


def _page(request: HttpRequest, number: int) -> str:
    return address(request, page="" if number == 1 else number)
