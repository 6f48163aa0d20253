"""One line on the officer's desk: how many projects are warned of, and the list of them."""

from django.core.cache import cache
from django.utils.translation import gettext as _

from jiebang.operations.portfolio import standings
from jiebang.records.access import Reader
from jiebang.records.programme.queries import snapshot
from jiebang.records.projects import portfolio
from jiebang.web import formats
from jiebang.web.cache import SECONDS
from jiebang.web.desk.items import Item
from jiebang.web.site import language_tag


def early(reader: Reader) -> list[Item]:
    """The line, where any project is warned of; the gravest come first on the list that it opens."""
    every, serious = _counts(reader)
    if not every:
        return []
    shown = {
        "all": formats.number(every, lang=language_tag()),
        "n": formats.number(serious, lang=language_tag()),
    }
    about = _("projects with a warning: %(all)s, with a serious one: %(n)s") % shown
    return [Item(do=_("Early warnings"), about=about, url="/office/projects/?warning=any", waiting=True)]


def _counts(reader: Reader) -> tuple[int, int]:
    """Projects with a warning and with a serious one; kept until anybody acts, since they are read all at once."""
    key = f"warned:{snapshot().version}:{reader.person.pk if reader.person else 0}"
    found: tuple[int, int] | None = cache.get(key)
    if found is None:
        warned = [
            row.warnings
            for row in standings(portfolio.projects(reader=reader), now=reader.at)
            if row.warnings
        ]
        found = (len(warned), sum(any(item.severity == "serious" for item in row) for row in warned))
        cache.set(key, found, SECONDS)
    return found
