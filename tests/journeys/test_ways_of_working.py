"""The same work by keyboard alone, without scripts, on a phone, in Chinese."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.person import Person, window
from journeys.the_round import fill, form_of

EXPERT = "x01@people.example"
OWNER = "khamla@people.example"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKS = (
    EXPERT,
    OWNER,
    "laoyu@people.example",
    "officer@people.example",
    "officer2@people.example",
    "auditor@people.example",
)
LISTS = (
    "/office/needs/",
    "/office/challenges/",
    "/office/bids/",
    "/office/projects/",
    "/office/people/",
    "/log/",
)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on the control of that name, as somebody without a mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "(e => (e.labels && e.labels.length ? [...e.labels].map(l => l.innerText).join(' ') : e.innerText || e.value || ''))"
            "(document.activeElement)"
        )
        if said.strip().startswith(name):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", (
                f"no focus ring on {name}"
            )
            return
    pytest.fail(f"{name} cannot be reached by Tab")


def enter(page: Page) -> None:
    """Press Enter and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_an_expert_declares_scores_and_signs_by_keyboard_alone(demo_site: Any, browser: Browser) -> None:
    with window(browser, demo_site.url, EXPERT) as expert:
        page = expert.go("/desk/").page
        tab_to(page, "Declare, then score")
        enter(page)
        tab_to(page, "I have no interest in this bid")
        page.keyboard.press("Space")
        tab_to(page, "Declare")
        enter(page)
        expert.sees("Your declaration is recorded.")
        for label in (
            "Fit to the need",
            "Technical approach",
            "Team and facilities",
            "Fit to the place",
            "Value for the money",
        ):
            tab_to(page, label)
            page.keyboard.type("77")
        tab_to(page, "Sign, and on to the next")
        enter(page)
        expert.sees(re.compile(r"Signed: B-\d{4}-[A-Z]{6}\."))


def test_a_need_is_begun_corrected_and_withdrawn_without_scripts(demo_site: Any, browser: Browser) -> None:
    with window(browser, demo_site.url, "bounma@people.example", java_script_enabled=False) as owner:
        owner.go("/needs/").press("State a need").press("Begin")
        owner.follow("The problem")
        form = form_of(owner)
        owner.main.get_by_label("Title", exact=True).fill("Counting bunches before harvest")
        owner.main.locator('[name="indicators.0.threshold"]').fill("many")
        owner.press("Save and go on")
        expect(owner.main.locator(".errs")).to_be_visible()
        expect(form.locator('[name="indicators.0.threshold"]')).to_have_value("many")
        expect(form.locator('[name="title"]')).to_have_value("Counting bunches before harvest")


def test_a_visitor_who_signs_in_asks_a_question_without_scripts(demo_site: Any, browser: Browser) -> None:
    with window(browser, demo_site.url, "weirong@people.example", java_script_enabled=False) as lead:
        lead.go("/challenges/?stage=open").main.locator("#list article a").first.click()
        lead.press("Ask a question")
        fill(form_of(lead), {"text": "May the sensors stay on site after the trial?"})
        lead.press("Send").sees("Your question was sent")


@pytest.mark.parametrize("email", DESKS)
def test_every_desk_fits_a_phone_and_speaks_chinese(demo_site: Any, browser: Browser, email: str) -> None:
    with window(browser, demo_site.url, email, locale="zh-CN", **PHONE) as person:
        person.go("/desk/")
        fits(person)
        expect(person.page.locator("h1")).to_have_text("我的工作台")
        person.go("/desk/?lang=en")
        expect(person.page.locator("h1")).to_have_text("My desk")


def test_the_offices_lists_fit_a_phone(demo_site: Any, browser: Browser) -> None:
    with window(browser, demo_site.url, "auditor@people.example", **PHONE) as auditor:
        for path in LISTS:
            if auditor.page.goto(auditor.url + path).status == 200:  # type: ignore[union-attr]
                fits(auditor)


def fits(person: Person) -> None:
    """Nothing makes the page scroll sideways."""
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 390, person.page.url
