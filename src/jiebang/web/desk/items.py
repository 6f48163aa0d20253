"""One thing that somebody has to do: what, about what, by when.

A role contributes through a module of its name in this package, `desk/<role>.py`, with

    def todo_<role>(reader: Reader) -> list[Item]        what waits for the reader in that role
    def places_<role>(reader: Reader) -> list[Link]      optional: the lists the role works with

Neither asks whether the reader holds the role: `home` calls them only when so. Texts are worded in the
reader's language already. Queries stay few and do not grow with the rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.web import formats
from jiebang.web.components import Stamp
from jiebang.web.site import language_tag


@dataclass(frozen=True, kw_only=True)
class Item:
    """`do` is the act ("Verify the need"), `about` what it concerns, `url` where it is done.

    `due` is exclusive; with `call` and `country` the page counts working days. `waiting` marks what waits for
    somebody else and is only kept in view. `note` is one short sentence.
    """

    do: str
    about: str
    url: str
    due: datetime | None = None
    call: Any = None
    country: str = ""
    provisional: bool = False
    note: str = ""
    stamp: Stamp | None = None
    waiting: bool = False
    lang: str = ""


def waiting_words(count: int) -> str:
    """How many things wait, as a sentence."""
    if not count:
        return _("Nothing waits for you now.")
    shown = formats.number(count, lang=language_tag())
    return ngettext("%(n)s thing waits for you.", "%(n)s things wait for you.", count) % {"n": shown}
