"""Invented content for the style guide: the board, statements and decisions, in English and Chinese."""

from __future__ import annotations

from jiebang.web import components as c


def board_samples(lang: str) -> dict[str, object]:
    """Notices, timeline, lifecycle, verdicts, statement, decision, evidence, people."""
    return {
        "board": c.NoticeBoard(cards=_cards(lang)),
        "lifecycle": _lifecycle(lang),
        "timeline": _timeline(lang),
        "verdicts": _verdicts(lang),
        "evidence": c.Evidence(items=[_licence(lang), _lease(lang)]),
        "parties": _parties(lang),
        "statement": _statement(lang),
        "decision": _decision(lang),
    }


def say(lang: str, en: str, zh: str) -> str:
    """The text of the sample's language."""
    return zh if lang == "zh-Hans" else en


def _cards(lang: str) -> list[c.NoticeCard]:
    return [
        c.NoticeCard(
            url="#",
            kicker=say(lang, "GX-2026-004 · Lao PDR · Water", "GX-2026-004 · 老挝 · 水务"),
            title=say(lang, "Drinking water from the river in the dry season", "旱季河水净化为饮用水"),
            stamp=c.Stamp(say(lang, "Open for bids", "揭榜中"), "open"),
            summary=say(
                lang,
                "A town of 40,000 draws turbid water from March to May and needs a plant it can run itself.",
                "四万人口的城镇每年三至五月取水浑浊，需要能够自行运行的净水设施。",
            ),
            facts=[
                say(lang, "34 working days left", "剩余34个工作日"),
                say(lang, "CNY 800,000", "800,000人民币"),
                say(lang, "3 bids", "3份揭榜"),
            ],
        ),
        c.NoticeCard(
            url="#",
            kicker=say(lang, "GX-2026-002 · Viet Nam · Agriculture", "GX-2026-002 · 越南 · 农业"),
            title=say(lang, "Early warning of black pepper wilt", "胡椒枯萎病早期预警"),
            stamp=c.Stamp(say(lang, "Validated", "已验证"), "done"),
            facts=[
                say(lang, "In use on 1,200 hectares", "已应用于1,200公顷"),
                say(lang, "Fictional Pepper Cooperative", "虚构胡椒合作社"),
            ],
        ),
    ]


def _lifecycle(lang: str) -> c.Lifecycle:
    names = (
        ("Need", "需求"), ("Listed", "发榜"), ("Open", "揭榜"), ("Review", "评审"),
        ("Award", "立项"), ("Project", "实施"), ("Validated", "验证"),
    )  # fmt: skip
    phases: tuple[c.Phase, ...] = ("was", "was", "is", "comes", "comes", "comes", "comes")
    until = say(lang, "until 12 January", "至1月12日")
    return c.Lifecycle(
        label=say(lang, "Where this challenge stands", "榜单进度"),
        stations=[
            c.Station(name=say(lang, *name), phase=phase, note=until if phase == "is" else "")
            for name, phase in zip(names, phases, strict=True)
        ],
    )


def _timeline(lang: str) -> c.Timeline:
    return c.Timeline(
        label=say(lang, "What was, what is, what comes", "过去、现在、将来"),
        events=[
            c.Event(
                phase="was",
                iso="2026-09-14",
                when=say(lang, "14 September 2026", "2026年9月14日"),
                what=say(lang, "The need was submitted", "需求已提交"),
                who=say(lang, "Mekong Example Waterworks", "湄公示例水务"),
            ),
            c.Event(
                phase="was",
                iso="2026-11-09",
                when=say(lang, "9 November 2026", "2026年11月9日"),
                what=say(lang, "Listed as a challenge", "已发榜"),
                url="#",
                who=say(lang, "Programme office, two signatures", "项目办公室，双签"),
            ),
            c.Event(
                phase="is",
                when=say(lang, "Now", "现在"),
                what=say(lang, "Open for bids", "揭榜中"),
                who=say(lang, "Leads registered in Guangxi", "在广西登记的牵头单位"),
                due=say(lang, "by 12 January 2027, 17:00", "2027年1月12日17:00前"),
            ),
            c.Event(
                phase="comes",
                when=say(lang, "January 2027", "2027年1月"),
                what=say(lang, "Formal check of every bid", "形式审查"),
                who=say(lang, "Programme office", "项目办公室"),
                due=say(lang, "within 5 working days", "5个工作日内"),
            ),
            c.Event(phase="comes", what=say(lang, "Review by three experts", "三名专家评审")),
        ],
    )


def _verdicts(lang: str) -> list[c.Verdict]:
    return [
        c.Verdict(
            outcome="pass",
            sentence=say(lang, "Registered in Guangxi for 6 years.", "在广西登记已满6年。"),
            rule=say(
                lang, "A lead is registered in Guangxi for over one year.", "牵头单位须在广西登记一年以上。"
            ),
            source=say(lang, "Reported: guidelines of 8 April 2026", "据报道：2026年4月8日指南"),
            evidence=[_licence(lang)],
        ),
        c.Verdict(
            outcome="fail",
            sentence=say(lang, "Six partners; five are allowed.", "合作单位六家，最多五家。"),
            rule=say(lang, "Up to five partners besides the lead.", "除牵头单位外最多五家合作单位。"),
        ),
        c.Verdict(
            outcome="unknown",
            sentence=say(
                lang,
                "The laboratory's lease is not yet confirmed; ask the lead for it.",
                "实验室租约尚未确认，请向牵头单位索取。",
            ),
            rule=say(lang, "A lead shows research facilities.", "牵头单位须具备科研条件。"),
            evidence=[_lease(lang)],
        ),
    ]


def _licence(lang: str) -> c.EvidenceItem:
    return c.EvidenceItem(
        title=say(lang, "Business licence", "营业执照"),
        url="#",
        kind="PDF, 214 kB",
        dates=say(lang, "issued 3 May 2020", "2020年5月3日签发"),
        stamp=c.Stamp(say(lang, "Confirmed", "已确认"), "done"),
    )


def _lease(lang: str) -> c.EvidenceItem:
    return c.EvidenceItem(
        title=say(lang, "Laboratory lease", "实验室租约"),
        dates=say(lang, "expires 31 December 2026", "2026年12月31日到期"),
        stamp=c.Stamp(say(lang, "Not confirmed", "未确认"), "waiting"),
    )


def _parties(lang: str) -> list[c.Party]:
    return [
        c.Party(
            name=say(lang, "Nanning Sample Water Institute", "南宁样例水务研究院"),
            url="#",
            role=say(lang, "lead", "牵头"),
            place=say(lang, "Guangxi", "广西"),
        ),
        c.Party(name=say(lang, "Expert 7", "专家七"), kind="person", role=say(lang, "expert", "专家")),
        c.Party(name=say(lang, "Consortium of four", "四家联合体"), kind="group", url="#"),
    ]


def _statement(lang: str) -> c.Statement:
    lao = c.Version(
        lang="lo",
        lang_name="ລາວ",
        original=True,
        prevails=True,
        text="ພວກເຮົາຕ້ອງການນ້ຳດື່ມສະອາດ ໃນລະດູແລ້ງ ຈາກແມ່ນ້ຳ ໂດຍທີ່ພະນັກງານຂອງພວກເຮົາດຳເນີນງານເອງໄດ້.",
    )
    english = c.Version(
        lang="en",
        lang_name="English",
        note=say(lang, "translated by the country desk, 15 September 2026", "国别专员译，2026年9月15日"),
        text="We need clean drinking water from the river in the dry season, run by our own staff.",
    )
    chinese = c.Version(
        lang="zh-Hans",
        lang_name="简体中文",
        note=say(lang, "machine translation, checked by an officer", "机器翻译，经办人校对"),
        text="我们需要在旱季从河水获得清洁饮用水，并由本单位人员自行运行。",
    )
    return c.Statement(shown=_pick(lang, english, chinese), others=[lao, _pick(lang, chinese, english)])


def _pick(lang: str, english: c.Version, chinese: c.Version) -> c.Version:
    return chinese if lang == "zh-Hans" else english


def _decision(lang: str) -> c.DecisionSheet:
    return c.DecisionSheet(
        number=say(lang, "Decision 2026-017", "决定 2026-017"),
        title=say(lang, "Award of challenge GX-2026-002", "榜单 GX-2026-002 立项"),
        decided=say(lang, "18 November 2026, 10:20 UTC+8 (Shanghai)", "2026年11月18日 10:20 UTC+8（上海）"),
        stamp=c.Stamp(say(lang, "Awarded", "立项"), "done"),
        reasons=[
            say(lang, "Bid B-011 has the highest mean, 82.0 of 100.", "揭榜书 B-011 平均分最高，82.0分。"),
            say(lang, "It is above the line of 60 set by the call.", "高于榜单规定的合格线60分。"),
            say(lang, "Its price of CNY 760,000 is within the budget.", "报价760,000元，未超出经费。"),
        ],
        rule=say(
            lang,
            "Rule award.rank, version of 9 November 2026 (assumed)",
            "规则 award.rank，2026年11月9日版（暂定）",
        ),
        signers=[
            c.Party(name=say(lang, "First officer", "经办人"), kind="person"),
            c.Party(name=say(lang, "Second officer", "复核人"), kind="person"),
        ],
        seal="4f9a27c1e08b",
        seal_url="#",
        remedy=say(
            lang,
            "Anyone may object within five working days of publicity.",
            "公示五个工作日内，任何人均可提出异议。",
        ),
    )
