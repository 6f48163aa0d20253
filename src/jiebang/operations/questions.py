"""The question log: asked in private, answered in public, without the asker's name."""

from jiebang.decisions import lifecycle
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import book_of, find, owners, remember, roles_on
from jiebang.records.challenges.models import Challenge, Question
from jiebang.records.people.queries import engagements_of, people_for, people_with
from jiebang.rules.reasons import reason


@operation(permission=Permission.QUESTION_ASK, event=Event.QUESTION_ASKED)
def ask_question(act: Act, *, challenge: str, text: Said, lang: str = "") -> Outcome:
    """Ask about an open challenge before its question period ends."""
    posted = find(Challenge, number=challenge)
    flags = lifecycle.flags(book_of(posted), kind="challenge", stage=posted.stage)
    if "takes_questions" not in flags or (posted.questions_until and act.now >= posted.questions_until):
        raise Stop(reason("question.closed"))
    acting = engagements_of(act.person, at=act.now).filter(role__in=("lead", "partner")).first()
    asked = Question.objects.create(
        challenge=posted,
        asked_by=acting.party if acting else None,
        text=statement(text, lang=lang or act.language),
        asked_at=act.now,
    )
    for person in {
        *people_with("officer", at=act.now),
        *people_for(posted.need.owner_id, at=act.now, roles=("owner",)),
    }:
        act.mail(person, "mail.question_asked", number=challenge)
    body = {"question": asked.pk}
    remember(act, Event.QUESTION_ASKED, posted, body=body, private={"text": text})
    return Done({"question": asked.pk, "challenge": challenge})


@operation(permission=Permission.QUESTION_ANSWER, event=Event.QUESTION_ANSWERED)
def answer_question(
    act: Act, *, question: int, text: Said, lang: str = "", translations: dict[str, str] | None = None,
    question_translations: dict[str, str] | None = None,
) -> Outcome:  # fmt: skip
    """Answer for all to read; the owner or either officer may, and may add translations of both."""
    asked = find(Question, pk=question)
    posted = asked.challenge
    if not roles_on(act, posted) & {"owner", "officer", "second_officer"}:
        raise Stop(reason("access.not_yours", party=", ".join(map(str, owners(posted.need)))))
    if asked.answered_at:
        raise Stop(reason("question.answered"))
    asked.answer = {
        **statement(text, lang=lang or act.language),
        "translations": _versions(act, translations),
    }
    asked.text = {**asked.text, "translations": _versions(act, question_translations)}
    asked.answered_at, asked.answered_by = act.now, act.person
    asked.save()
    if asked.asked_by_id:
        for person in people_for(asked.asked_by_id, at=act.now, roles=("lead", "partner")):
            act.mail(person, "mail.question_answered", number=posted.number)
    body = {"question": asked.pk, "answer": asked.answer}
    remember(act, Event.QUESTION_ANSWERED, posted, body=body)
    return Done({"question": asked.pk})


def _versions(act: Act, texts: dict[str, str] | None) -> dict[str, dict[str, str]]:
    return {
        lang: {"text": text, "by": "human", "who": act.person.pseudonym}
        for lang, text in (texts or {}).items()
        if text
    }
