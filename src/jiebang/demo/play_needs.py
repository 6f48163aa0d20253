"""Playing the call, the needs and their listing."""

from datetime import date
from importlib import resources

from jiebang.adapters import calendars
from jiebang.demo.acts import Act
from jiebang.demo.content_models import Event
from jiebang.demo.forms import first_words, need_form
from jiebang.demo.people import prove
from jiebang.demo.stage import CALL, Stage, Stuck, plays
from jiebang.rules.texts import pick


def install(stage: Stage) -> str:
    """Install the rulebook of the course; answers its hash."""
    name = f"{stage.content.course.call.rulebook}.yaml"
    text = resources.files("jiebang.rulebooks").joinpath(name).read_text(encoding="utf-8")
    return str(stage.do("install_rulebook", by="admin", text=text)["rulebook"])


@plays(Act.OPEN_CALL)
def open_call(stage: Stage, event: Event) -> None:
    """Open a call with the calendars of China and of every owner's country; the first one asks for the proofs."""
    countries = sorted({"CN", *(need.country for need in stage.content.needs.values())})
    number, years = event.data.get("number", CALL), range(event.at.year, event.at.year + 3)
    stage.do(
        "open_call", by=event.by, number=number, title=event.data["title"], rulebook=event.data["rulebook"],
        calendars=calendars.load(countries, years).as_data(), needs_until=event.data.get("needs_close_at"),
    )  # fmt: skip
    if number == CALL:
        prove(stage, at=event.at)


@plays(Act.DRAFT_NEED)
def draft_need(stage: Stage, event: Event) -> None:
    """Begin a need with its first words; one that goes no further has them in the course itself."""
    call, owner, content = (event.data.get(key) for key in ("call", "owner", "content"))
    if content is None:
        need = stage.content.needs[event.subject]
        call, owner, content = CALL, need.owners[0], first_words(need_form(need, content=stage.content))
    made = stage.do("start_need", by=event.by, call=call, owner=owner, content=content)
    stage.numbers[event.subject] = made["number"]


@plays(Act.REOPEN_NEED)
def reopen_need(stage: Stage, event: Event) -> None:
    """A need that was turned down or taken back comes again, some in a second version."""
    stage.move("need", event.subject, "reopen_need", by=event.by, why=words(event, "reason"))
    if event.subject in stage.revised:
        stage.content.needs[event.subject] = stage.revised[event.subject]


@plays(Act.SUBMIT_NEED)
def submit_need(stage: Stage, event: Event) -> None:
    """Complete the need and send it."""
    form = need_form(stage.content.needs[event.subject], content=stage.content)
    stage.do("save_need", by=event.by, number=stage.number(event.subject), content=form)
    stage.move("need", event.subject, "submit", by=event.by)


@plays(Act.FILE_NEED_FOR)
def file_need_for(stage: Stage, event: Event) -> None:
    """A country desk writes down what an owner says and hands it over to be confirmed."""
    need = stage.content.needs[event.subject]
    form = need_form(need, content=stage.content)
    made = stage.do("start_need", by=event.by, call=CALL, owner=need.owners[0], content=form)
    stage.numbers[need.id] = made["number"]
    stage.move("need", need.id, "hand_to_owner", by=event.by, why=words(event, "told"))


@plays(Act.CONFIRM_NEED)
def confirm_need(stage: Stage, event: Event) -> None:
    """The owner confirms what the desk wrote."""
    stage.move("need", event.subject, "submit", by=event.by)


@plays(Act.JOIN_NEED)
def join_need(stage: Stage, event: Event) -> None:
    """The first owner lets another organisation own the need too, which had asked to."""
    owner = stage.content.needs[event.subject].owners[0]
    first = next(key for key in stage.content.people if stage.content.acting_for(key, organisation=owner))
    number, other = stage.number(event.subject), event.data["organisation"]
    stage.do("share_need", by=first, number=number, owner=other)


@plays(Act.CHECK_NEED)
def check_need(stage: Stage, event: Event) -> None:
    """Verify a need; where the rules do not pass it, the move is refused."""
    if event.data["expected"] == "pass":
        stage.move("need", event.subject, "verify", by=event.by)
        return
    number = stage.number(event.subject)
    stage.refused("move", by=event.by, kind="need", number=number, command="verify")


@plays(Act.SHOW_REGISTRATION)
def show_registration(stage: Stage, event: Event) -> None:
    """The owner shows the registry's extract."""
    stage.do(
        "correct_organisation", by=event.by, organisation=event.data["organisation"],
        registered_on=date.fromisoformat(event.data["registered_on"]), why=words(event, "text"),
    )  # fmt: skip


@plays(Act.RETURN_NEED)
def return_need(stage: Stage, event: Event) -> None:
    """Return with remarks."""
    stage.move("need", event.subject, "return_need", by=event.by, why=words(event, "reason"))


@plays(Act.REJECT_NEED)
def reject_need(stage: Stage, event: Event) -> None:
    """Reject with a reason."""
    stage.move("need", event.subject, "reject_need", by=event.by, why=words(event, "reason"))


@plays(Act.WITHDRAW_NEED)
def withdraw_need(stage: Stage, event: Event) -> None:
    """The owner takes the need back."""
    stage.move("need", event.subject, "withdraw_need", by=event.by, why=words(event, "reason"))


@plays(Act.ASSIGN_ARGUMENTATION)
def assign_argumentation(stage: Stage, event: Event) -> None:
    """Ask an expert for an opinion."""
    email = stage.email(event.data["expert"])
    stage.do("ask_argument", by=event.by, number=stage.number(event.subject), expert=email)


@plays(Act.GIVE_OPINION)
def give_opinion(stage: Stage, event: Event) -> None:
    """An expert's written opinion."""
    need = stage.content.needs[event.subject]
    said = next(item for item in need.argumentation if item.expert == event.by)
    stage.do(
        "give_argument", by=event.by, number=stage.number(event.subject), text=said.text, lang=said.language,
        favourable=said.opinion != "not_suitable",
    )  # fmt: skip


@plays(Act.ACCEPT_NEED)
def accept_need(stage: Stage, event: Event) -> None:
    """Conclude the argumentation."""
    stage.move("need", event.subject, "conclude_argument", by=event.by)


@plays(Act.PROPOSE_LISTING)
def propose_listing(stage: Stage, event: Event) -> None:
    """An officer proposes to list; nothing is listed yet."""
    params = {
        "closes_at": event.data["closes_at"], "budget": event.data["budget"],
        "max_leads": event.data["awards_max"],
    }  # fmt: skip
    made = stage.move("need", event.subject, "list_challenge", by=event.by, params=params)
    stage.rows["proposal", event.subject] = made["proposal"]


@plays(Act.LIST_CHALLENGE)
def list_challenge(stage: Stage, event: Event) -> None:
    """The second officer agrees, and the challenge is posted."""
    asked = stage.rows.pop(("proposal", event.subject))
    made = stage.do("answer_proposal", by=event.by, proposal=asked, agree=True)
    stage.numbers[f"challenge:{event.subject}"] = made["challenge"]


@plays(Act.ASK_QUESTION)
def ask_question(stage: Stage, event: Event) -> None:
    """A bidder asks."""
    said = stage.content.questions[event.data["question"]]
    made = stage.do(
        "ask_question", by=event.by, challenge=stage.challenge(event.subject), text=said.question[said.language],
        lang=said.language,
    )  # fmt: skip
    stage.rows["question", said.id] = made["question"]


@plays(Act.ANSWER_QUESTION)
def answer_question(stage: Stage, event: Event) -> None:
    """The owner answers for all to read, in both languages."""
    said = stage.content.questions[event.data["question"]]
    others = {tag: text for tag, text in said.question.items() if tag != said.language}
    answers = {tag: text for tag, text in said.answer.items() if tag != "en"}
    stage.do(
        "answer_question", by=event.by, question=stage.rows["question", said.id], text=said.answer["en"], lang="en",
        translations=answers, question_translations=others,
    )  # fmt: skip


def words(event: Event, key: str) -> str:
    """A text of the event's data in English, the language of remarks that are kept in one language."""
    said = event.data.get(key) or ""
    if isinstance(said, str):
        return said
    if not isinstance(said, dict):
        raise Stuck(f"{event.act} of {event.subject}: {key} is no text")
    return pick(said, lang="en")
