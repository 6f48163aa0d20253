"""What a visitor finds without an account: at a desk, on a phone, in Chinese, without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.person import window

PAGES = ("/", "/challenges/", "/results/", "/projects/", "/programme/", "/programme/guidelines/", "/sign-in/")
SENTENCE = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+")


def test_two_clicks_lead_to_the_challenges_of_a_country_and_a_sector(demo_site: Any, page: Page) -> None:
    page.goto(demo_site.url)
    page.get_by_role("link", name=re.compile("^Viet Nam:")).click()
    page.get_by_label("Sector").select_option("Fishery")
    expect(page.locator("#list article")).to_have_count(1)
    expect(page.locator("#list")).to_contain_text("Viet Nam · Fishery")
    assert {"country=VN", "sector=fishery"} <= {*page.url.partition("?")[2].split("&")}, (
        "it can be sent to a friend"
    )


def test_a_word_in_any_language_of_a_notice_finds_it(demo_site: Any, page: Page) -> None:
    page.goto(f"{demo_site.url}/challenges/")
    for word in ("handwritten", "ລາຍມື", "手写"):
        page.get_by_role("searchbox").fill(word)
        page.get_by_role("search").get_by_role("button").click()
        expect(page.locator("#list")).to_contain_text("GX-2026-001")


def test_a_notice_says_who_asks_what_counts_and_what_became_of_it(demo_site: Any, page: Page) -> None:
    page.goto(f"{demo_site.url}/challenges/GX-2026-001/")
    main = page.locator("main")
    for words in ("Bids close", "CNY 1,000,000", "Demand owner", "Character error rate", "UTC+7 (Vientiane)"):
        expect(main).to_contain_text(words)
    page.get_by_text("Lao · original").first.click()
    expect(main.locator("[lang=lo] p").first).to_be_visible()
    main.get_by_role("link", name="Read the result").click()
    expect(main).to_contain_text("Every bid with its outcome")


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_every_public_page_without_scrolling_sideways(
    demo_site: Any, phone: Page, path: str
) -> None:
    answer = phone.goto(demo_site.url + path)
    assert answer is not None
    assert answer.ok
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.locator("h1")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_a_chinese_reader_reads_chinese(demo_site: Any, browser: Browser, path: str) -> None:
    with window(browser, demo_site.url, locale="zh-CN") as reader:
        reader.go(path)
        expect(reader.page.locator("html")).to_have_attribute("lang", re.compile("zh-hans", re.I))
        shown = reader.page.locator("header.top, .intro, .filter, footer").all_inner_texts()
        assert not SENTENCE.search(" ".join(shown)), shown


def test_the_language_is_one_click_away_and_stays_chosen(demo_site: Any, page: Page) -> None:
    page.goto(f"{demo_site.url}/challenges/")
    page.get_by_role("link", name="简体中文").click()
    expect(page.locator("h1")).to_have_text("榜题")
    page.get_by_role("link", name="结果").first.click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh-hans", re.I))


def test_filters_paging_and_sign_in_work_without_scripts(demo_site: Any, browser: Browser) -> None:
    with window(browser, demo_site.url, java_script_enabled=False) as visitor:
        visitor.go("/challenges/")
        visitor.page.get_by_label("Country").select_option("Lao PDR")
        visitor.press("Show")
        expect(visitor.page.locator("#list article")).to_have_count(2)
        visitor.go("/sign-in/").fill(
            {"E-mail address": "nobody@people.example", "Password": "wrong-one-here"}
        )
        visitor.press("Sign in").sees("E-mail address or password is not right.")


def test_a_page_that_is_not_there_says_so_and_leads_on(demo_site: Any, page: Page) -> None:
    answer = page.goto(f"{demo_site.url}/challenges/GX-1999-001/")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("main")).to_contain_text("There is no such page")
