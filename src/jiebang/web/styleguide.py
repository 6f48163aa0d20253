"""Every component in every state, with invented content, for `/styleguide/` (development only)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial

from django.utils.translation import get_language

from jiebang.adapters import charts
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.sample_controls import control_samples
from jiebang.web.samples import board_samples, say
from jiebang.web.tiles import TileMap, tile_map

CLOSING = dt.datetime(2027, 1, 12, 9, 0, tzinfo=dt.UTC)
TONES: tuple[tuple[c.Tone, str, str], ...] = (
    ("waiting", "Draft", "草稿"),
    ("open", "Open for bids", "揭榜中"),
    ("deciding", "Under review", "评审中"),
    ("done", "Validated", "已验证"),
    ("paused", "Suspended", "已中止"),
    ("stopped", "Terminated", "已终止"),
)


def styleguide_context() -> dict[str, object]:
    """Context of styleguide.html in the active language (Chinese, else English)."""
    lang = "zh-Hans" if (get_language() or "en").lower().startswith("zh") else "en"
    return {
        "site": _site(lang),
        "crumbs": c.Breadcrumbs(
            links=[c.Link(say(lang, "Challenges", "榜单"), "/challenges/")], here="GX-2026-004"
        ),
        "intro": _intro(lang),
        "facts": _facts(lang),
        "stamps": [c.Stamp(say(lang, en, zh), tone) for tone, en, zh in TONES],
        "clocks": _clocks(lang),
        "plots": [c.Figure(plot=plot) for plot in _plots(lang)],
        "tiles": _tiles(lang),
        "figures": _figures(lang),
        "colours": ["paper", "slip", "ink", "grey-1", "grey-2", "grey-3", "vermilion", "teal"],
        **board_samples(lang),
        **control_samples(lang),
    }


def _site(lang: str) -> c.Site:
    return c.Site(
        programme_title=say(lang, "Guangxi–ASEAN Challenge Programme 2026", "广西—东盟揭榜挂帅项目 2026"),
        programme_subtitle=say(
            lang,
            "ASEAN sets the questions, Guangxi issues the challenges, both solve them together",
            "东盟出题、广西发榜、共同答题",
        ),
        languages=[("en", "English", "?lang=en"), ("zh-hans", "简体中文", "?lang=zh-hans")],
        here="challenges",
        is_demo=True,
        now_text=formats.date(dt.date(2026, 11, 22), lang=lang),
        journal_head="4f9a 27c1 e08b",
    )


def _intro(lang: str) -> c.Intro:
    return c.Intro(
        kicker="GX-2026-004 · " + formats.country("LA", lang=lang) + say(lang, " · Water", " · 水务"),
        title=say(lang, "Drinking water from the river in the dry season", "旱季河水净化为饮用水"),
        stamp=c.Stamp(say(lang, "Open for bids", "揭榜中"), "open"),
        next=say(
            lang,
            "Leads registered in Guangxi may bid until 12 January 2027. Then three experts review each bid.",
            "在广西登记的牵头单位可在2027年1月12日前揭榜，之后每份揭榜书由三名专家评审。",
        ),
        changed=say(
            lang,
            "Last changed 20 November 2026 by the programme office",
            "项目办公室最后修改于2026年11月20日",
        ),
    )


def _clocks(lang: str) -> list[c.Clock]:
    first, second = formats.two_zones(CLOSING, lang=lang, zone="Asia/Shanghai", second_zone="Asia/Vientiane")
    states = ((34, "", False), (2, "soon", True), (-3, "late", False))
    return [
        c.Clock(
            left=formats.working_days_left(days, lang=lang),
            first=first,
            second=second,
            iso=CLOSING.isoformat(),
            urgency=urgency,  # type: ignore[arg-type]
            provisional=provisional,
        )
        for days, urgency, provisional in states
    ]


def _facts(lang: str) -> c.Facts:
    owner = c.Party(
        name=say(lang, "Mekong Example Waterworks", "湄公示例水务"),
        url="#",
        place=formats.country("LA", lang=lang),
    )
    budget = c.Money(
        text=formats.money(Decimal(800_000), "CNY", lang=lang),
        basis=say(lang, "announced 8 April 2026", "2026年4月8日公布"),
        other=say(lang, "about USD 112,000", "约112,000美元"),
    )
    return c.Facts(
        title=say(lang, "At a glance", "要点"),
        items=[
            (say(lang, "Closes", "截止"), _clocks(lang)[0]),
            (say(lang, "Budget", "经费"), budget),
            (say(lang, "Demand owner", "需求方"), owner),
            (
                say(lang, "Cooperation modes", "合作方式"),
                say(lang, "Collaborative R&D, personnel training", "联合研发、人才培养"),
            ),
            (say(lang, "Bids received", "收到揭榜"), formats.number(3, lang=lang)),
        ],
    )


def _tiles(lang: str) -> TileMap:
    codes = ("MM", "LA", "VN", "TH", "KH", "PH", "MY", "BN", "SG", "ID", "TL")
    short = {"BN": say(lang, "Brunei", "文莱")}
    names = {code: short.get(code, formats.country(code, lang=lang)) for code in codes}
    names["CN-GX"] = say(lang, "Guangxi", "广西")
    counts = {"LA": "2", "VN": "3", "TH": "1", "MY": "2", "ID": "1"}
    return tile_map(
        title=say(lang, "Needs come from five of eleven members", "需求来自十一个成员国中的五个"),
        names=names,
        values=counts,
        urls={code: f"?country={code}" for code in counts},
    )


def _figures(lang: str) -> c.Figures:
    return c.Figures([
        c.Link(say(lang, "Projects", "项目"), "#", note="2,000"),
        c.Link(say(lang, "With a serious warning", "有严重预警"), "#", note="31"),
    ])  # fmt: skip


def _plots(lang: str) -> list[charts.Plot]:
    show = partial(formats.number, lang=lang)
    points = partial(formats.number, lang=lang, digits=1)
    return [
        _scores(lang, points),
        charts.bars(
            title=say(lang, "Water and agriculture ask for most", "水务和农业需求最多"),
            items=[
                (say(lang, *names), n) for names, n in ((("Water", "水务"), 5), (("Agriculture", "农业"), 4))
            ]
            + [(say(lang, *names), n) for names, n in ((("Health", "卫生"), 2), (("Energy", "能源"), 1))],
            header=(say(lang, "Sector", "领域"), say(lang, "Needs", "需求")),
            show=show,
        ),
        _diagram(lang),
    ]


def _scores(lang: str, show: charts.Show) -> charts.Plot:
    rows = [
        ("B-011", (82.0, 85.0, 79.0)),
        ("B-014", (74.0, 81.0, 77.0)),
        ("B-009", (58.0, 77.0, 49.0)),
        ("B-017", ()),
    ]
    return charts.dot_plot(
        title=say(
            lang,
            "B-011 leads, and all three experts put it above the line",
            "B-011 居首，三名专家评分均在合格线上",
        ),
        rows=[
            charts.DotRow(
                label=name,
                points=points,
                low=min(points, default=None),
                high=max(points, default=None),
                chosen=name == "B-011",
                note="" if points else say(lang, "no scores", "无评分"),
            )
            for name, points in rows
        ],
        header=[
            say(lang, *w)
            for w in (
                ("Bid", "揭榜"),
                ("Points", "评分"),
                ("Mean", "平均"),
                ("Low", "最低"),
                ("High", "最高"),
            )
        ],
        line_at=charts.Line(60, say(lang, "needed: 60", "合格线 60")),
        domain=(40, 100),
        show=show,
    )


STATES = (
    ("draft", "Draft", "草稿", "start"),
    ("argued", "Argumentation", "论证", ""),
    ("listed", "Listed", "发榜", ""),
    ("open", "Open for bids", "揭榜中", ""),
    ("check", "Formal check", "形式审查", ""),
    ("review", "Review", "评审", ""),
    ("public", "Publicity", "公示", ""),
    ("project", "Project", "项目实施", ""),
    ("accept", "Acceptance", "验收", ""),
    ("valid", "Validated", "应用验证", "end"),
    ("returned", "Returned", "退回", ""),
    ("rejected", "Rejected", "不予受理", "exit"),
    ("noaward", "No award", "流标", "exit"),
    ("objection", "Objection", "异议处理", ""),
    ("stopped", "Terminated", "终止", "exit"),
)
MOVES = (
    ("draft", "argued", "Owner submits", "需求方提交"),
    ("argued", "listed", "Experts find it sound", "专家论证通过"),
    ("argued", "returned", "Return for changes", "退回修改"),
    ("returned", "argued", "Owner resubmits", "重新提交"),
    ("argued", "rejected", "Reject", "不予受理"),
    ("returned", "rejected", "60 days without answer", "60日未答复"),
    ("listed", "open", "Opening day", "开榜日"),
    ("open", "check", "Closing time", "截止"),
    ("open", "noaward", "No bid came in", "无人揭榜"),
    ("check", "review", "Two bids are eligible", "有合格揭榜"),
    ("check", "noaward", "No eligible bid", "无合格揭榜"),
    ("review", "public", "Propose the award", "拟立项"),
    ("review", "noaward", "None reaches the line", "均未达线"),
    ("public", "project", "Publicity ends", "公示期满"),
    ("public", "objection", "An objection is filed", "提出异议"),
    ("objection", "public", "Dismiss", "异议不成立"),
    ("objection", "review", "Uphold: review again", "异议成立，重新评审"),
    ("noaward", "open", "List again", "重新发榜"),
    ("project", "accept", "Last milestone reported", "末次里程碑"),
    ("project", "stopped", "Terminate", "终止"),
    ("accept", "valid", "Owner confirms use", "需求方确认应用"),
    ("accept", "project", "Ask for changes", "限期整改"),
    ("accept", "stopped", "Fail twice", "两次未通过"),
)


def _diagram(lang: str) -> charts.Plot:
    return charts.state_diagram(
        title=say(lang, "A challenge has one way through and three ways out", "一项榜单：一条主路，三个出口"),
        states=[
            charts.DiagramState(id=key, name=say(lang, en, zh), kind=kind or "normal", current=key == "open")
            for key, en, zh, kind in STATES
        ],
        moves=[charts.DiagramMove(source=a, target=b, label=say(lang, en, zh)) for a, b, en, zh in MOVES],
        header=(say(lang, "From", "从"), say(lang, "Move", "动作"), say(lang, "To", "到")),
    )
