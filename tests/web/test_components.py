"""Components print lean, escaped, accessible markup; the tokens keep their contrast."""

import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from jiebang.web import components as c
from jiebang.web.styleguide import styleguide_context
from jiebang.web.tiles import PLACES, tile_map

WEB = Path(str(files("jiebang.web")))
CSS = (WEB / "static/web/app.css").read_text(encoding="utf-8")
VOID = {"meta", "link", "input", "br", "img", "hr"}
EVIL = "<script>alert('x')</script>"


class Page(HTMLParser):
    """Collects ids, references and headings, and fails on tags that do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.refs: list[str] = []
        self.headings: list[int] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self.refs += [
            v for k in ("for", "aria-describedby", "aria-labelledby") for v in (found.get(k) or "").split()
        ]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed at once, as in SVG."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


def show(part: object) -> str:
    return engines["django"].from_string("{% load jb %}{% component part %}").render({"part": part})


def guide(lang: str) -> str:
    with translation.override(lang):
        return render_to_string("styleguide.html", styleguide_context())


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_the_style_guide_is_sound_html(lang: str) -> None:
    html = guide(lang)
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.refs) <= set(page.ids)
    assert page.headings.count(1) == 1
    assert f'<html lang="{lang}"' in html


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_errors_lead_to_their_fields(lang: str) -> None:
    html = guide(lang)
    targets = re.findall(r'<a href="#(id_\w+)"', html)
    assert len(targets) == 2
    assert set(targets) <= set(Page(html).ids)


def test_the_style_guide_shows_every_component() -> None:
    html = guide("en")
    classes = {name for value in re.findall(r'class="([^"]*)"', html) for name in value.split()}
    shown = "st n tl lc v chip money clock ev say fig sheet empty errs msg tasks ans facts f filter tc pages "
    shown += "tabs pr tiles intro crumbs meta"
    assert set(shown.split()) <= classes
    tones = {"waiting", "open", "deciding", "done", "stopped", "paused"}
    assert {f"st-{tone}" for tone in tones} <= classes


def test_class_names_in_templates_have_a_style() -> None:
    used = {
        name
        for path in (WEB / "templates").rglob("*.html")
        if path.parent.name == "components"
        for value in re.findall(r'class="([^"{]*)"', path.read_text(encoding="utf-8"))
        for name in value.split()
    }
    plain = {"m", "plot", "rule"}  # `m` only says: no list marks (ul[class])
    assert {name for name in used - plain if not re.search(rf"\.{re.escape(name)}\b", CSS)} == set()


def test_texts_are_escaped_and_nothing_prints_nothing() -> None:
    card = c.NoticeCard(
        title=EVIL, url="/x/?a=1&b=2", stamp=c.Stamp(EVIL), kicker=EVIL, summary=EVIL, facts=[EVIL]
    )
    html = show(card)
    assert "<script>" not in html
    assert 'href="/x/?a=1&amp;b=2"' in html
    assert show(EVIL) == "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"
    assert [show(nothing) for nothing in (None, "", [], ())] == ["", "", "", ""]


def test_several_parts_print_in_order() -> None:
    html = show([c.Stamp("one"), c.Stamp("two", "done")])
    assert html == '<span class="st st-waiting">one</span><span class="st st-done">two</span>'


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong() -> None:
    field = c.Field(
        name="story", label="Story", kind="textarea", value="\n a </textarea> & b", error="Too long"
    )
    html = show(field)
    assert "&lt;/textarea&gt; &amp; b</textarea>" in html
    assert "\n\n a " in html  # a first line break survives the parser, which drops one
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_story-h"' in html
    assert 'id="id_story-h"' in html


def test_secrets_and_files_are_never_printed_back() -> None:
    assert "hunter2" not in show(c.Field(name="p", label="P", kind="password", value="hunter2"))
    assert "value=" not in show(c.Field(name="f", label="F", kind="file"))


def test_a_table_names_its_columns_on_a_phone_and_its_order() -> None:
    table = c.DataTable(
        columns=[
            c.Column(label="Name", sort_url="?s=n", sorted="descending"),
            c.Column(label="Sum", number=True),
        ],
        rows=[[c.Cell("a", "/a/"), c.Cell("3")]],
    )
    html = show(table)
    assert 'aria-sort="descending"><a href="?s=n">Name</a>' in html
    assert '<th scope="row"><a href="/a/">a</a></th><td data-label="Sum" class="num">3</td>' in html
    with pytest.raises(ValueError, match="zip"):
        c.DataTable(columns=table.columns, rows=[[c.Cell("short")]]).cells()


def test_a_verdict_says_its_outcome_in_words() -> None:
    words = {
        outcome: show(c.Verdict(outcome=outcome, sentence="s")) for outcome in ("pass", "fail", "unknown")
    }
    assert "Pass" in words["pass"]
    assert "Fail" in words["fail"]
    assert "Cannot tell" in words["unknown"]
    assert "<details" not in words["pass"]


def test_a_blocked_task_is_no_link() -> None:
    html = show(c.TaskList(tasks=[c.Task(name="Send", status="blocked", url="/send/")]))
    assert "/send/" not in html
    assert "Cannot start yet" in html


def test_a_public_list_of_fifty_notices_stays_within_its_weight() -> None:
    """Contract: 50 rows in at most 30 KB of HTML; Chinese signs weigh three bytes."""
    cards = [
        c.NoticeCard(
            url=f"/challenges/GX-2026-{i:03}/",
            kicker=f"GX-2026-{i:03} · 老挝 · 水务",
            title="旱季河水净化为饮用水的小型净水设施",
            stamp=c.Stamp("揭榜中", "open"),
            facts=["剩余34个工作日", "800,000人民币", "3份揭榜"],
        )
        for i in range(50)
    ]
    context = {**styleguide_context(), "cards": c.NoticeBoard(cards=cards), "facts": None}
    source = '{% extends "base.html" %}{% load jb %}{% block main %}{% component filters %}'
    source += "{% component list_head %}{% component cards %}{% component paging %}{% endblock %}"
    html = engines["django"].from_string(source).render(context)
    assert html.count("<article") == 50
    assert len(html.encode()) <= 30_000


def frame(**more: object) -> str:
    site = c.Site(
        programme_title="Programme",
        languages=[("en", "English", "/?lang=en"), ("zh-hans", "简体中文", "/?lang=zh")],
        **more,
    )
    return render_to_string("base.html", {"site": site, "csrf_token": "TOKEN"})


def test_a_visitors_page_carries_no_token_and_so_may_be_cached() -> None:
    html = frame(here="results")
    assert "TOKEN" not in html
    assert 'href="/sign-in/"' in html
    assert 'href="/results/" aria-current="page"' in html
    assert html.count("aria-current") == 2  # the room and the language


def test_a_persons_page_leads_to_the_desk_and_out() -> None:
    html = frame(user="Somchai <Officer>")
    assert "Somchai &lt;Officer&gt;" in html
    assert 'href="/desk/"' in html
    assert 'name="csrfmiddlewaretoken" value="TOKEN"' in html
    assert "X-CSRFToken" in html


def test_what_is_invented_says_so_once() -> None:
    assert [c.Party(name=name, sample=sample).marked() for name, sample in (
        ("Rice Institute", True), ("Country Desk (sample)", True), ("Rice Institute", False)
    )] == [True, False, False]  # fmt: skip


@pytest.mark.parametrize("demo", [True, False])
def test_a_sample_round_says_so_on_every_page(demo: bool) -> None:
    assert ("Sample round" in frame(is_demo=demo)) is demo


def test_a_page_without_facts_leaves_no_empty_column() -> None:
    html = frame()
    assert '<aside class="aside flow"></aside>' in html
    assert ".cols.two:not(:has(> .aside:empty))" in CSS
    Page(html)


def test_tiles_have_places_of_their_own() -> None:
    assert len(set(PLACES.values())) == len(PLACES) == 12
    tiles = tile_map(
        title="t", names={"VN": "Viet Nam", "XX": "?"}, values={"VN": "3"}, urls={"VN": "/?country=VN"}
    )
    html = show(tiles)
    assert html.count("<g ") == 1
    assert 'aria-label="Viet Nam: 3"' in html


def tokens(scheme: str) -> dict[str, str]:
    blocks = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", CSS.split("@layer base {")[0])
    half = len(blocks) // 2
    return dict(blocks[:half] if scheme == "light" else blocks[half:])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "slip"])
@pytest.mark.parametrize(
    ("colour", "least"),
    [("ink", 7), ("grey-1", 7), ("teal", 7), ("vermilion", 4.5), ("grey-2", 3)],
)
def test_contrast(scheme: str, ground: str, colour: str, least: float) -> None:
    """AAA for text that is read, AA for stamps and errors, 3:1 for edges (WCAG 1.4.3, 1.4.6, 1.4.11)."""
    found = tokens(scheme)
    assert contrast(found[colour], found[ground]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_primary_act_can_be_read(scheme: str) -> None:
    found = tokens(scheme)
    assert contrast(found["on-fill"], found["vermilion"]) >= 4.5


def test_both_schemes_name_the_same_tokens() -> None:
    assert set(tokens("light")) == set(tokens("dark"))
    assert len(tokens("light")) == 9


def test_the_style_sheet_is_small_and_fetches_nothing() -> None:
    assert len(CSS.encode()) <= 30_000
    assert "url(" not in CSS
    assert "@import" not in CSS
