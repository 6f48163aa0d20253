"""Invented content for the style guide: forms, tables and messages, in English and Chinese."""

from __future__ import annotations

from jiebang.web import components as c
from jiebang.web.samples import say as _t


def control_samples(lang: str) -> dict[str, object]:
    """Errors, forms, task lists, tables, messages."""
    return {
        "errors": _errors(lang),
        "fields": _fields(lang),
        "tasks": _tasks(lang),
        "answers": _answers(lang),
        "filters": _filters(lang),
        "list_head": c.ListHead(
            count=_t(lang, "2 of 9 challenges", "9 项榜单中的 2 项"),
            exports=[c.Link("CSV", "?format=csv"), c.Link("Excel", "?format=xlsx")],
        ),
        "table": _table(lang),
        "paging": c.Paging(
            pages=[
                c.Link("1", "?page=1"),
                c.Link("2", "?page=2", current=True),
                c.Link("…", ""),
                c.Link("9", "?page=9"),
            ],
            previous_url="?page=1",
            next_url="?page=3",
        ),
        **_messages(lang),
    }


def _messages(lang: str) -> dict[str, object]:
    return {
        "tabs": _tabs(lang),
        "progress": c.Progress(value=5, maximum=8, text=_t(lang, "5 of 8 bids scored", "8 份中已评 5 份")),
        "empty": c.EmptyState(
            title=_t(lang, "No challenge matches these filters", "没有符合条件的榜单"),
            sentence=_t(
                lang, "Try another country, or see all nine challenges.", "请换一个国家，或查看全部九项榜单。"
            ),
            action=c.Link(_t(lang, "Show all challenges", "查看全部榜单"), "#"),
        ),
        "banners": [
            c.Banner(
                text=_t(lang, "Your draft is saved. Nobody else can read it.", "草稿已保存，他人不可见。")
            ),
            c.Banner(
                text=_t(lang, "Publicity ends tomorrow.", "公示明日期满。"),
                tone="warning",
                link=c.Link(_t(lang, "See the award", "查看拟立项"), "#"),
            ),
        ],
    }


def _errors(lang: str) -> c.ErrorSummary:
    return c.ErrorSummary(
        faults=[
            c.Fault(
                field="id_budget",
                text=_t(
                    lang,
                    "Enter the budget as a number above 0, such as 800000",
                    "经费须为大于0的数字，例如 800000",
                ),
            ),
            c.Fault(
                field="id_modes",
                text=_t(lang, "Choose at least one cooperation mode", "请至少选择一种合作方式"),
            ),
        ]
    )


def _fields(lang: str) -> list[c.Field]:
    return [*_typed_fields(lang), *_chosen_fields(lang)]


def _typed_fields(lang: str) -> list[c.Field]:
    return [
        c.Field(
            name="title",
            label=_t(lang, "Title of the need", "需求名称"),
            value=_t(lang, "Drinking water in the dry season", "旱季饮用水"),
            help=_t(lang, "Say the result you want, in one line.", "用一句话说明期望的结果。"),
        ),
        c.Field(
            name="scenario",
            kind="textarea",
            label=_t(lang, "Operational scenario", "应用场景"),
            rule=_t(
                lang,
                "A demand owner shows four things; this is the first.",
                "需求方须说明四项内容，此为第一项。",
            ),
        ),
        c.Field(
            name="budget",
            kind="number",
            short=True,
            label=_t(lang, "Budget in CNY", "经费（元）"),
            value="-5",
            error=_t(lang, "Enter a number above 0, such as 800000", "请输入大于0的数字，例如 800000"),
        ),
        c.Field(
            name="promised",
            kind="number",
            short=True,
            label=_t(lang, "Error rate promised", "承诺错误率"),
            value="4",
            warning=_t(lang, "4 misses what is asked for (≤ 3 %)", "4 未达到要求（≤ 3 %）"),
        ),
    ]


def _chosen_fields(lang: str) -> list[c.Field]:
    return [
        c.Field(
            name="modes",
            kind="checkboxes",
            label=_t(lang, "Cooperation modes", "合作方式"),
            options=[
                c.Option(value="transfer", label=_t(lang, "Technology transfer", "技术转移"), chosen=True),
                c.Option(
                    value="rd",
                    label=_t(lang, "Collaborative R&D", "联合研发"),
                    help=_t(lang, "Both sides work on the result.", "双方共同研发。"),
                ),
            ],
        ),
        c.Field(
            name="place",
            kind="select",
            label=_t(lang, "Country", "国家"),
            options=[c.Option(value="LA", label=_t(lang, "Lao PDR", "老挝"), chosen=True)],
        ),
        c.Field(
            name="file",
            kind="file",
            optional=True,
            label=_t(lang, "Photograph of the site", "现场照片"),
            help=_t(lang, "JPEG or PNG, up to 10 MB", "JPEG 或 PNG，不超过 10 MB"),
            accept="image/*",
        ),
    ]


def _tasks(lang: str) -> c.TaskList:
    rows: tuple[tuple[str, str, c.TaskStatus], ...] = (
        ("Who you are", "单位信息", "done"), ("Operational scenario", "应用场景", "doing"),
        ("Evidence", "证明材料", "error"), ("Indicators", "指标", "todo"),
        ("Check and submit", "核对并提交", "blocked"),
    )  # fmt: skip
    return c.TaskList(
        title=_t(lang, "State a need", "提出需求"),
        tasks=[
            c.Task(
                name=_t(lang, en, zh),
                status=status,
                url="#",
                hint=_t(lang, "when all other parts are done", "其他部分完成后")
                if status == "blocked"
                else "",
            )
            for en, zh, status in rows
        ],
    )


def _answers(lang: str) -> c.Answers:
    return c.Answers(
        rows=[
            c.Answer(
                question=_t(lang, "Title", "名称"),
                answer=_t(lang, "Drinking water in the dry season", "旱季饮用水"),
                change_url="#",
            ),
            c.Answer(
                question=_t(lang, "Lead", "牵头单位"),
                answer=c.Party(
                    name=_t(lang, "Nanning Sample Water Institute", "南宁样例水务研究院"), url="#"
                ),
                change_url="#",
            ),
            c.Answer(question=_t(lang, "Photograph", "照片"), answer="", change_url="#"),
        ]
    )


def _filters(lang: str) -> c.FilterForm:
    anything = c.Option(value="", label=_t(lang, "all", "全部"))
    return c.FilterForm(
        clear_url="?",
        fields=[
            c.Field(name="country", label=_t(lang, "Country", "国家"), kind="select", options=[anything]),
            c.Field(name="sector", label=_t(lang, "Sector", "领域"), kind="select", options=[anything]),
        ],
    )


def _table(lang: str) -> c.DataTable:
    heads = (("Challenge", "榜单"), ("Country", "国家"), ("Budget, CNY", "经费（元）"), ("State", "状态"))
    number = _t(lang, *heads[2])
    return c.DataTable(
        caption=_t(lang, "Challenges of the 2026 call", "2026年榜单"),
        columns=[
            c.Column(
                label=_t(lang, *head),
                sort_url="?sort=x",
                number=_t(lang, *head) == number,
                sorted="ascending" if head[0] == "Challenge" else "",
            )
            for head in heads
        ],
        rows=[
            [
                c.Cell(_t(lang, "Drinking water in the dry season", "旱季饮用水"), "#"),
                c.Cell(_t(lang, "Lao PDR", "老挝")),
                c.Cell("800,000"),
                c.Cell(part=c.Stamp(_t(lang, "Open for bids", "揭榜中"), "open")),
            ],
            [
                c.Cell(_t(lang, "Early warning of black pepper wilt", "胡椒枯萎病早期预警"), "#"),
                c.Cell(_t(lang, "Viet Nam", "越南")),
                c.Cell("1,200,000"),
                c.Cell(part=c.Stamp(_t(lang, "Validated", "已验证"), "done")),
            ],
        ],
    )


def _tabs(lang: str) -> c.Tabs:
    return c.Tabs(
        label=_t(lang, "Parts of the challenge", "榜单内容"),
        links=[
            c.Link(_t(lang, "Notice", "榜文"), "#", current=True),
            c.Link(_t(lang, "Questions", "问答"), "#", note="4"),
            c.Link(_t(lang, "Decisions", "决定"), "#", note="1"),
        ],
    )
