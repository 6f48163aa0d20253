"""`/projects/<number>/agreement/`: what both sides state, the paper drawn from it, who signs it, the checks before it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.decisions.agreement import language, shown_code
from jiebang.operations import signatories
from jiebang.operations.facts import asks_pledge, questioned
from jiebang.records.agreements import queries
from jiebang.records.people.roles import OFFICERS
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.projects import changes, checks, diligence, statement
from jiebang.web.projects.room import Room, Section, page, room_or_404, table
from jiebang.web.public.frame import moment, party, role_words
from jiebang.web.site import language_tag

HERE = "agreement"


@only()
def agreement(request: HttpRequest, number: str) -> HttpResponse:
    """What is stated, drawn and signed, and what each may do about it now."""
    room = room_or_404(request, number)
    versions = list(queries.papers(room.row))
    paper = next((row for row in versions if row.replaced_at is None), None)
    older = [row for row in versions if row.replaced_at is not None]
    sections = [*changes.section(room), checks.section(room), *statement.sections(room), *_older(room, older)]
    if paper:
        sections.insert(0, _paper(room, paper))
    links = diligence.link(room)
    return page(request, room, HERE, next_=_next(room, paper), sections=sections, links=links)


def may_sign(room: Room, paper: Any) -> list[Any]:
    """Parties for which the reader may sign the agreement now."""
    if paper is None or paper.replaced_at or room.row.signed_at is not None or room.ended:
        return []
    if questioned(room.row):
        return []
    missing = signatories.unsigned(room.row, paper)
    return [one for one in signatories.may_sign_for(room.reader, room.row) if one in missing]


def may_pledge(room: Room, paper: Any) -> bool:
    """Whether the reader is the lead researcher whose pledge is still to be given under the paper."""
    if paper is None or paper.replaced_at or room.row.signed_at is not None or room.ended:
        return False
    person = room.reader.person
    mine = person is not None and room.row.bid.lead_person_id == person.pk and asks_pledge(room.row)
    return mine and not questioned(room.row) and queries.pledge_of(room.row) is None


def prevails(document: Any) -> str:
    """Which text governs; empty where the rulebook says of none."""
    tag = document["prevailing"]
    return (
        _("The text in %(language)s governs.") % {"language": language(tag, lang=language_tag())}
        if tag
        else ""
    )


def _next(room: Room, paper: Any) -> str:
    if room.row.signed_at is not None:
        return _("The agreement is in force.")
    if paper is None:
        return _("Both sides write one statement and accept it; then the agreement is drawn from the bid.")
    waiting = [party(one.organisation).name for one in signatories.unsigned(room.row, paper)]
    if asks_pledge(room.row) and queries.pledge_of(room.row) is None:
        waiting.append(_("%(person)s (the pledge)") % {"person": room.row.bid.lead_person.name})
    if waiting:
        return _("Still to sign: %(who)s.") % {"who": ", ".join(waiting)}
    return _("All have signed. The office records the agreement once every check is closed.")


def _paper(room: Room, paper: Any) -> Section:
    told = {
        "n": paper.version,
        "when": moment(paper.drawn_at, book=room.book),
        "code": shown_code(paper.sha256),
    }
    texts = [
        _("Version %(n)s, drawn %(when)s. Code of its text: %(code)s.") % told,
        prevails(paper.document),
        _pledged(room),
        *_first(room, paper),
        *(_lent(room, row) for row in queries.delegations(room.row, at=room.reader.at)),
    ]
    return Section(
        heading=_("The agreement"), id="paper", texts=[text for text in texts if text],
        parts=[_signatures(room, paper)], links=_links(room, paper),
    )  # fmt: skip


def _pledged(room: Room) -> str:
    """Who gave the pledge and when."""
    row = queries.pledge_of(room.row)
    if row is None:
        return ""
    told = {"who": row.by.name, "when": moment(row.at, book=room.book)}
    return _("%(who)s gave the pledge of the lead researcher on %(when)s.") % told


def _links(room: Room, paper: Any) -> list[c.Link]:
    url, here = f"{room.url}agreement/paper/{paper.sha256}/", room.matter(HERE)
    links = [c.Link(_("Read the agreement"), url), c.Link(_("As PDF"), f"{url}pdf/")]
    if may_sign(room, paper):
        links.insert(0, c.Link(_("Sign"), f"{url}sign/", current=True))
        if room.book.agreement and room.book.agreement.on_paper:
            links.append(c.Link(_("Hand in a signed scan"), f"{url}scan/"))
    if may_pledge(room, paper):
        links.insert(0, c.Link(_("Give the pledge"), f"{url}pledge/", current=True))
    if room.row.signed_at is None and not room.ended:
        if room.holds("lead", "partner", "owner"):
            links.append(c.Link(_("Let somebody else sign"), f"{here}delegate/"))
        if room.reader.roles & OFFICERS:
            links.append(c.Link(_("Draw it anew"), f"{here}redraw/"))
    return links


def _first(room: Room, paper: Any) -> list[str]:
    """Who must sign before the reader may."""
    found = {signatories.signs_before(room.row, paper, one) for one in may_sign(room, paper)} - {""}
    return [_("First signs: %(who)s.") % {"who": role_words(room.book, [role])} for role in sorted(found)]


def _lent(room: Room, row: Any) -> str:
    told = {
        "who": row.person.name,
        "party": party(row.party.organisation).name,
        "when": moment(row.until, book=room.book),
    }
    return _("%(who)s may sign for %(party)s until %(when)s.") % told


def _signatures(room: Room, paper: Any) -> c.DataTable | None:
    rows = [
        [c.Cell(part=party(item.party.organisation)), c.Cell(item.by.name), c.Cell(moment(item.at, book=room.book)),
         _how(room, item)]
        for item in paper.signatures.all()
    ]  # fmt: skip
    return table((_("For"), _("Signed by"), _("When"), _("How")), rows)


def _how(room: Room, item: Any) -> c.Cell:
    if item.method == "paper":
        return _on_paper(room, item)
    if item.delegation:
        return c.Cell(_("here, by delegation of %(who)s") % {"who": item.delegation.by.name})
    return c.Cell(_("here"))


def _on_paper(room: Room, item: Any) -> c.Cell:
    url = f"{room.matter(HERE)}scans/{item.pk}/"
    if item.confirmed_at:
        told = {"who": item.confirmed_by.name, "pages": item.scan["pages"]}
        return c.Cell(_("on paper, %(pages)s pages, looked at by %(who)s") % told, f"{url}file/")
    office = bool(room.reader.roles & OFFICERS)
    return c.Cell(_("on paper, the office looks at it"), url if office else f"{url}file/")


def _older(room: Room, rows: list[Any]) -> list[Section]:
    cells = [
        [
            c.Cell(_("Version %(n)s") % {"n": row.version}, f"{room.url}agreement/paper/{row.sha256}/"),
            c.Cell(moment(row.drawn_at, book=room.book)),
            c.Cell(str(len(row.signatures.all()))),
        ]
        for row in rows
    ]
    found = table((_("Paper"), _("Drawn"), _("Signatures")), cells)
    return [Section(heading=_("Earlier versions"), parts=[found])] if found else []
