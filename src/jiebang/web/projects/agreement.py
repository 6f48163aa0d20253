"""`/projects/<number>/agreement/`: what both sides state, the paper drawn from it, who signs it, the checks before it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.decisions.agreement import language, shown_code, waits_for
from jiebang.operations.aligning import aligned, asks_statement
from jiebang.operations.facts import questioned
from jiebang.operations.gates import may_close
from jiebang.operations.kernel import Act
from jiebang.operations.terms import roles_of_parties
from jiebang.records.agreements import queries
from jiebang.records.people.roles import OFFICERS
from jiebang.rules.schema import Form
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers
from jiebang.web.projects.room import Room, Section, page, room_or_404
from jiebang.web.public.frame import moment, party, role_words
from jiebang.web.site import language_tag, words

HERE = "agreement"


@only()
def agreement(request: HttpRequest, number: str) -> HttpResponse:
    """What is stated, drawn and signed, and what each may do about it now."""
    room = room_or_404(request, number)
    paper = queries.agreement_of(room.row)
    return page(
        request, room, HERE, next_=_next(room, paper), sections=[
            *_statement(room), *_paper(room, paper), _checks(room), *_older(room, paper),
        ],
    )  # fmt: skip


def may_state(room: Room) -> bool:
    """Whether the reader may still write on the statement."""
    open_ = asks_statement(room.row) and room.row.signed_at is None and not room.ended
    return open_ and room.holds("lead", "owner") and not room.row.signatures.all()


def unsigned(room: Room, paper: Any) -> list[int]:
    """Parties for which the reader may sign the paper now: none while it is open whether the award stands."""
    if paper is None or room.ended or (paper.kind == "agreement" and room.row.signed_at is not None):
        return []
    if questioned(room.row):
        return []
    mine = room.reader.acting_for("owner", "lead", "partner")
    person = room.reader.person
    lent = queries.delegated_to(person, room.row, at=room.reader.at) if person else {}
    done = {row.party_id for row in paper.signatures.all()}
    return [one for one in roles_of_parties(room.row) if (one in mine or one in lent) and one not in done]


def _next(room: Room, paper: Any) -> str:
    if room.row.signed_at is not None:
        return _("The agreement is in force.")
    if paper is None:
        return _("Both sides write one statement and accept it; then the agreement is drawn from the bid.")
    waiting = _waiting(room, paper)
    return (
        _("Still to sign: %(who)s.") % {"who": ", ".join(waiting)} if waiting
        else _("All have signed. The office records the agreement once every check is closed.")
    )  # fmt: skip


def _waiting(room: Room, paper: Any) -> list[str]:
    done, known = {row.party_id for row in paper.signatures.all()}, roles_of_parties(room.row)
    return [party(one.organisation).name for one in _parties(room) if one.pk in known and one.pk not in done]


def _statement(room: Room) -> list[Section]:
    if not asks_statement(room.row):
        return []
    row = queries.alignment_of(room.row)
    form, part = room.book.forms["alignment"], room.book.forms.get("contribution")
    blocks: list[Any] = (
        [block for _head, block in answers.by_step(form, row.content, book=room.book)] if row else []
    )
    texts = [] if row else [_("Nobody has written on it yet.")]
    links = _statement_links(room, row)
    made = [Section(heading=words(form.label), id="statement", texts=texts, parts=blocks, links=links)]
    if row is None or part is None:
        return made
    names = {one.slug: party(one.organisation).name for one in _parties(room)}
    made += [
        _part(room, part, names.get(slug, slug), said)
        for slug, said in sorted(row.parts.items())
    ]  # fmt: skip
    accepted = [
        [
            c.Cell(part=party(item.party.organisation)),
            c.Cell(item.by.name),
            c.Cell(moment(item.at, book=room.book)),
        ]
        for item in queries.acceptances(row)
    ]
    table = c.DataTable(
        columns=[c.Column(label=text) for text in (_("For"), _("Accepted by"), _("When"))], rows=accepted
    )
    said = [] if accepted else [_("Neither side has accepted it as it stands.")]
    return [*made, Section(heading=_("Accepted"), texts=said, parts=[table] if accepted else [])]


def _part(room: Room, form: Form, name: str, said: Any) -> Section:
    blocks = [block for _head, block in answers.by_step(form, said, book=room.book)]
    return Section(heading=f"{words(form.label)}: {name}", parts=blocks)


def _statement_links(room: Room, row: Any) -> list[c.Link]:
    if not may_state(room):
        return []
    links = [
        c.Link(_("Write the statement"), f"{room.url}agreement/statement/"),
        c.Link(_("Write our own part"), f"{room.url}agreement/part/"),
    ]
    if row is not None and not aligned(room.row):
        links.append(
            c.Link(_("Read and accept it"), f"{room.url}agreement/accept/{row.sha256}/", current=True)
        )
    return links


def _parties(room: Room) -> list[Any]:
    return list(queries.parties(roles_of_parties(room.row)))


def _paper(room: Room, paper: Any) -> list[Section]:
    if paper is None:
        return []
    url = f"{room.url}agreement/paper/{paper.sha256}/"
    links = [c.Link(_("Read the agreement"), url), c.Link(_("As PDF"), f"{url}pdf/")]
    if unsigned(room, paper):
        links.insert(0, c.Link(_("Sign"), f"{url}sign/", current=True))
        if room.book.agreement and room.book.agreement.on_paper:
            links.append(c.Link(_("Hand in a signed scan"), f"{url}scan/"))
    if room.holds("lead", "partner", "owner") and room.row.signed_at is None and not room.ended:
        links.append(c.Link(_("Let somebody else sign"), f"{room.url}agreement/delegate/"))
    if room.reader.roles & OFFICERS and room.row.signed_at is None and not room.ended:
        links.append(c.Link(_("Draw it anew"), f"{room.url}agreement/redraw/"))
    texts = [
        _("Version %(n)s, drawn %(when)s. Code of its text: %(code)s.")
        % {
            "n": paper.version,
            "when": moment(paper.drawn_at, book=room.book),
            "code": shown_code(paper.sha256),
        },
        _("The text in %(language)s governs.")
        % {"language": language(paper.document["prevailing"], lang=language_tag())},
        *_order(room, paper),
    ]
    lent = queries.delegations(room.row, at=room.reader.at)
    texts += [
        _("%(who)s may sign for %(party)s until %(when)s.")
        % {"who": item.person.name, "party": party(item.party.organisation).name, "when": moment(item.until, book=room.book)}
        for item in lent
    ]  # fmt: skip
    return [
        Section(
            heading=_("The agreement"), id="paper", texts=texts, parts=[_signatures(room, paper)], links=links
        )
    ]


def _order(room: Room, paper: Any) -> list[str]:
    rule, parties = room.book.agreement, roles_of_parties(room.row)
    done = {row.party_id for row in paper.signatures.all()}
    missing = {role for one, role in parties.items() if one not in done}
    mine = {parties[one] for one in unsigned(room, paper)}
    first = {waits_for(role, order=rule.order if rule else (), unsigned=missing) for role in mine} - {""}
    return [_("First signs: %(who)s.") % {"who": role_words(room.book, [role])} for role in sorted(first)]


def _signatures(room: Room, paper: Any) -> c.DataTable | None:
    rows = [
        [c.Cell(part=party(item.party.organisation)), c.Cell(item.by.name), c.Cell(moment(item.at, book=room.book)),
         _how(room, item)]
        for item in paper.signatures.all()
    ]  # fmt: skip
    heads = (_("For"), _("Signed by"), _("When"), _("How"))
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows) if rows else None


def _how(room: Room, item: Any) -> c.Cell:
    if item.method == "paper":
        url = f"{room.url}agreement/scans/{item.pk}/"
        if item.confirmed_at:
            who = {"who": item.confirmed_by.name, "pages": item.scan["pages"]}
            return c.Cell(_("on paper, %(pages)s pages, looked at by %(who)s") % who, f"{url}file/")
        office = bool(room.reader.roles & OFFICERS)
        return c.Cell(_("on paper, the office looks at it"), url if office else f"{url}file/")
    return c.Cell(
        _("here, by delegation of %(who)s") % {"who": item.delegation.by.name}
        if item.delegation
        else _("here")
    )


def _checks(room: Room) -> Section:
    rows = [_check(room, item) for item in sorted(room.row.gates.all(), key=lambda item: item.pk)]
    heads = (_("Check"), _("State"), _("Finding"), _("Reference"), _("List"), _("By"))
    table = c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows) if rows else None
    told = words(room.book.agreement.disclaimer) if room.book.agreement else ""
    empty = _("The rulebook asks for no check of this project.")
    return Section(
        heading=_("Checks"),
        id="checks",
        texts=[told] if rows and told else [] if rows else [empty],
        parts=[table],
    )


def _check(room: Room, item: Any) -> list[c.Cell]:
    rule = room.book.gates.get(item.gate)
    found = words(rule.findings[item.found].label) if rule and item.found in rule.findings else ""
    over = item.valid_until is not None and item.valid_until < room.reader.at.date()
    stamp = (
        c.Stamp(_("Stops"), "stopped") if item.stops else c.Stamp(_("Run out"), "waiting") if over
        else c.Stamp(_("Settled"), "done") if item.closed_at else c.Stamp(_("Open"), "waiting")
    )  # fmt: skip
    may = not room.ended and (item.closed_at is None or item.stops or over) and _answers_for(room, rule)
    until = f" ({formats.date(item.valid_until, lang=language_tag())})" if item.valid_until else ""
    url = f"{room.url}agreement/checks/{item.gate}/" if may else ""
    said = " – ".join(text for text in (found, item.finding) if text)
    return [
        c.Cell(words(rule.label) if rule else item.gate, url), c.Cell(part=stamp), c.Cell(said),
        c.Cell(item.reference), c.Cell(f"{item.list_version}{until}"), c.Cell(item.closed_by.name if item.closed_by else ""),
    ]  # fmt: skip


def _answers_for(room: Room, rule: Any) -> bool:
    return rule is not None and may_close(Act(room.reader), rule)


def _older(room: Room, paper: Any) -> list[Section]:
    rows = [row for row in queries.papers(room.row) if paper is None or row.pk != paper.pk]
    if not rows:
        return []
    table = c.DataTable(
        columns=[c.Column(label=text) for text in (_("Paper"), _("Drawn"), _("Signatures"))],
        rows=[
            [c.Cell(f"{words(row.document['title'])} v{row.version}", f"{room.url}agreement/paper/{row.sha256}/"),
             c.Cell(moment(row.drawn_at, book=room.book)), c.Cell(str(len(row.signatures.all())))]
            for row in rows
        ],
    )  # fmt: skip
    return [Section(heading=_("Earlier versions and amendments"), parts=[table])]
