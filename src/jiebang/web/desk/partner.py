"""What waits for a partner: invitations to answer; bids that the consortium still works on stay in view."""

from typing import Any

from django.utils.translation import gettext as _

from jiebang.records.access import Reader
from jiebang.records.bids import own as bids
from jiebang.web.components import Link
from jiebang.web.desk import changes
from jiebang.web.desk.items import Item
from jiebang.web.site import words

MOST = 50


def todo_partner(reader: Reader) -> list[Item]:
    """Invitations that have not lapsed, and changes to agree to."""
    rows = bids.invitations_for(reader=reader).filter(status="invited", expires_at__gt=reader.at)[:MOST]
    return [*(_item(row) for row in rows), *changes.asked(reader)]


def places_partner(reader: Reader) -> list[Link]:
    """The list of bids."""
    return [Link(_("Bids"), "/bids/"), Link(_("Messages"), "/inbox/")]


def _item(row: Any) -> Item:
    posted = row.consortium.bid.challenge
    lead = words(row.consortium.lead.organisation.names)
    return Item(
        do=_("Accept or decline an invitation"), about=f"{posted.number} · {words(posted.title)}", url=f"/invitations/{row.pk}/",
        due=row.expires_at, call=posted.call, country=row.partner.organisation.country,
        note=_("%(lead)s asks you") % {"lead": lead},
    )  # fmt: skip
