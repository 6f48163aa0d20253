"""What waits about a change of an agreement, and about an honest end: consents to give, changes to decide, a word to say."""

from django.utils.translation import gettext as _

from jiebang.operations.changes import missing, slugs_of
from jiebang.operations.kernel import Act
from jiebang.records.access import Reader
from jiebang.records.agreements.queries import open_changes
from jiebang.records.projects.queries import unanswered_diligence
from jiebang.web.desk.items import Item
from jiebang.web.desk.projects import MOST, about


def asked(reader: Reader) -> list[Item]:
    """Changes to which an organisation of the reader's is asked to agree."""
    mine = slugs_of(Act(reader))
    return [
        Item(do=_("Agree to a change of the agreement"), url=f"/projects/{row.project.number}/changes/{row.order}/",
             **about(row.project))
        for row in open_changes(reader.parties)[:MOST]
        if mine.intersection(missing(row))
    ]  # fmt: skip


def to_decide(reader: Reader) -> list[Item]:
    """Changes to which all have agreed: the office decides; not whoever looked at it first."""
    return [
        Item(do=_("Decide on a change of the agreement"),
             url=f"/projects/{row.project.number}/changes/{row.order}/decide/", **about(row.project))
        for row in open_changes()[:MOST]
        if not missing(row) and (reader.person is None or row.looked_by_id != reader.person.pk)
    ]  # fmt: skip


def to_say(reader: Reader) -> list[Item]:
    """What a team stated of its due care, for the owner to say whether it was so."""
    return [
        Item(do=_("Say whether it was so: due care and lessons"), url=f"/projects/{row.project.number}/diligence/",
             **about(row.project))
        for row in unanswered_diligence(reader.acting_for("owner"))[:MOST]
    ]  # fmt: skip
