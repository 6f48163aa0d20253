"""Playing what comes before the first signature: both sides state what they bring, gain and bear, and accept one text."""

from typing import Any

from jiebang.demo.acts import Act
from jiebang.demo.content_models import Event
from jiebang.demo.forms import statement
from jiebang.demo.play_needs import words
from jiebang.demo.stage import Stage, plays
from jiebang.records.agreements.models import Change

# What the sample projects have in common; each one's own words come from its need and its bid.
COMMON = {
    "models": (
        "An open-weight base model that can be swapped; the trained weights stay with the owner.",
        "采用可替换的开放权重基础模型，训练所得权重留存需求方。",
    ),
    "computing": (
        "One server or phone at the site; no chip that needs a permit.",
        "现场一台服务器或手机即可，无需许可芯片。",
    ),
    "cloud": ("None in daily use; updates travel on a drive.", "日常运行不依赖云，更新以移动介质送达。"),
    "licences": (
        "Open-source libraries only; the list is handed over with the code.",
        "仅使用开源库，清单随代码移交。",
    ),
    "background_ip": (
        "Each side keeps what it had. The owner may use the lead's earlier tools inside the result without end.",
        "双方各自保留原有成果；需求方可在成果内长期使用牵头单位的既有工具。",
    ),
    "result_ip": (
        "What both make belongs to both; either may use it at home, and asks before licensing it to others.",
        "共同成果归双方共有，各自可自行使用，许可第三方须征得对方同意。",
    ),
    "purpose": (
        "It advises staff; it decides nothing about people by itself.",
        "仅供工作人员参考，不单独对人作出决定。",
    ),
    "data": (
        "The owner's data stay at the site and are used for this work alone.",
        "需求方数据不离开现场，仅用于本任务。",
    ),
    "safety": (
        "When it is unsure it says so and a person answers; the old way stays open beside it.",
        "无把握时提示并转人工，原有工作方式同时保留。",
    ),
    "fairness": (
        "Results are looked at by place and by language every month; where it is weaker, people answer.",
        "每月按地区与语言查看效果，偏弱之处由人工处理。",
    ),
    "oversight": (
        "The owner's head of the service may switch it off at any time.",
        "需求方业务负责人可随时停用。",
    ),
}
GAINS = {
    "owner": (
        "The indicators of the annex, and staff who run it without us.",
        "达到附件指标，并有能独立运行的人员。",
    ),
    "lead": ("A result proven in use, which others may take up.", "得到经使用验证、可供他处采用的成果。"),
}
BEARS = {
    "owner": (
        "Two people for the time of the work, then one hour a day of upkeep.",
        "项目期内投入两人，之后每日约一小时维护。",
    ),
    "lead": (
        "The team's work beyond the amount agreed, and travel to the site.",
        "超出约定金额的人力投入及往返现场费用。",
    ),
}


def align(stage: Stage, project: str) -> str:
    """Both sides write and accept the statement; the hash of the agreement that is drawn from it."""
    plan = stage.content.projects[project]
    bid, need = stage.content.bids[plan.bid], stage.content.needs[plan.challenge]
    owner = _owner(stage, project)
    number, lead = stage.number(project), bid.lead_person
    common = {key: _both(bid.language, *texts) for key, texts in COMMON.items()}
    stage.do("write_statement", by=lead, project=number, content=common)
    brings = {
        "lead": statement(bid.summary, lang=bid.language),
        "owner": statement(need.site, lang=need.language),
    }
    for who, side in ((lead, "lead"), (owner, "owner")):
        lang = bid.language if side == "lead" else need.language
        part = {
            "brings": brings[side],
            "gains": _both(lang, *GAINS[side]),
            "bears": _both(lang, *BEARS[side]),
        }
        said = stage.do("state_contribution", by=who, project=number, content=part)
    for who in (lead, owner):
        drawn = stage.do("accept_statement", by=who, project=number, sha256=said["sha256"])
    return str(drawn["agreement"])


@plays(Act.CHANGE_PROJECT)
def change_project(stage: Stage, event: Event) -> None:
    """The office asks for other days, lead and owner agree, and the first of two officers looks at it."""
    number, plan = stage.number(event.subject), stage.content.projects[event.subject]
    why, dates = words(event, "change"), {int(key): day for key, day in event.data["dates"].items()}
    made = stage.do("propose_change", by=event.by, project=number, why=why, dates=dates, lang="en")
    given = {"project": number, "change": made["change"]}
    for person in (stage.content.bids[plan.bid].lead_person, _owner(stage, event.subject)):
        stage.do("agree_to_change", by=person, **given, sha256=made["sha256"])
    stage.do("decide_change", by=event.by, **given, agree=True)


@plays(Act.CONFIRM_CHANGE)
def confirm_change(stage: Stage, event: Event) -> None:
    """The second officer puts the change in force."""
    row = Change.objects.get(project__number=stage.number(event.subject), status="open")
    stage.do("decide_change", by=event.by, project=row.project.number, change=row.order, agree=True)


def _owner(stage: Stage, project: str) -> str:
    """Who signs for the owner, as the course tells."""
    return next(
        event.by
        for event in stage.content.course.events
        if event.act == Act.SIGN_AGREEMENT and event.subject == project and event.data["party"] == "owner"
    )


def _both(lang: str, en: str, zh: str) -> dict[str, Any]:
    return statement({"en": en, "zh-Hans": zh}, lang=lang if lang in ("en", "zh-Hans") else "en")
