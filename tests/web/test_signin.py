"""Accounts at the door: sign in, register, confirm, change the password; and the demo's open door."""

import errno
import json
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.utils import timezone

from factories import PASSWORD, Board, board, challenge, installed, person, ring_sea
from jiebang.adapters import tries
from jiebang.cli import checks
from jiebang.config.home import Unsafe, is_plain, options, site
from jiebang.operations.registry import Done, Refused, perform
from jiebang.records.journal.models import JournalEntry, PrivateValue
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import User
from jiebang.records.programme.models import Acknowledgement, Call, Instance, RulebookVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Board:
    return board()


def sign_in(client: Client, email: str, password: str, **more: str) -> object:
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def test_signing_in_ignores_the_case_of_the_address(client: Client, small: Board) -> None:
    answer = client.post("/sign-in/", {"email": "Officer@People.example", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert small.officer.name in client.get("/challenges/").content.decode()
    client.post("/sign-out/")
    assert small.officer.name not in client.get("/challenges/").content.decode()


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(client: Client, small: Board, wanted: str) -> None:
    answer = client.post(
        "/sign-in/", {"email": "officer@people.example", "password": PASSWORD, "next": wanted}
    )
    assert answer.headers["Location"] == "/desk/"


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client, small: Board) -> None:
    wrong = client.post("/sign-in/", {"email": "officer@people.example", "password": "not-the-password"})
    unknown = client.post("/sign-in/", {"email": "nobody@people.example", "password": "not-the-password"})
    plain = [
        re.sub(r'(value="[^"]*"|"X-CSRFToken": ?"[^"]*"|&quot;[^&]*&quot;)', "", item.content.decode())
        for item in (wrong, unknown)
    ]
    assert plain[0] == plain[1]
    assert 'value="officer@people.example"' in wrong.content.decode(), "what was typed stays"
    assert "not-the-password" not in wrong.content.decode()


def test_after_ten_failures_one_source_waits(client: Client, small: Board) -> None:
    for _ in range(10):
        assert sign_in(client, "officer@people.example", "wrong").status_code == 200
    assert sign_in(client, "officer@people.example", PASSWORD).status_code == 429
    other = Client(REMOTE_ADDR="198.51.100.7")
    assert sign_in(other, "officer@people.example", PASSWORD).status_code == 302


def test_of_many_tries_at_once_no_more_pass_than_of_as_many_in_a_row() -> None:
    with ThreadPoolExecutor(20) as pool:
        passed = list(pool.map(lambda _: tries.take("sign-in", "203.0.113.9"), range(60)))
    assert sum(passed) == tries.MOST_TRIES


def test_a_try_is_counted_before_the_password_is_asked(
    client: Client, small: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []

    def slow(request: object, **_: str) -> None:
        counted.append(caches["shared"].get("tries:sign-in:127.0.0.1")[0])

    monkeypatch.setattr("jiebang.web.signin.authenticate", slow)
    sign_in(client, "officer@people.example", "wrong")
    assert counted == [1]


def test_on_a_full_disk_signing_in_says_so(small: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.cache.backends.filebased.FileBasedCache.set", full)
    client = Client(raise_request_exception=False)
    answer = sign_in(client, "officer@people.example", PASSWORD)
    assert answer.status_code == 503, "what cannot be counted is not tried"
    assert "no room left to write" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_one_account_is_tried_so_often_from_wherever(small: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_AT_ONE", 3)
    for place in range(3):
        assert (
            sign_in(Client(REMOTE_ADDR=f"198.51.100.{place}"), "officer@people.example", "wrong").status_code
            == 200
        )
    other = Client(REMOTE_ADDR="198.51.100.9")
    assert sign_in(other, "Officer@people.example ", PASSWORD).status_code == 429
    assert sign_in(other, "second@people.example", PASSWORD).status_code == 302


def test_signing_in_rightly_uses_up_nothing(small: Board) -> None:
    for _ in range(12):
        assert sign_in(Client(), "officer@people.example", PASSWORD).status_code == 302


def test_all_workers_count_together(client: Client, small: Board) -> None:
    for _ in range(10):
        caches["default"].clear()  # another worker remembers nothing of what this one did
        caches.close_all()
        assert sign_in(client, "officer@people.example", "wrong").status_code == 200
    counted = (
        "from django.core.cache import caches; print(caches['shared'].get('tries:sign-in:127.0.0.1')[0])"
    )
    code = f"import sys; from django.conf import settings; settings.configure(CACHES={settings.CACHES!r}); {counted}"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert other.stdout.strip() == "10", other.stderr
    caches["default"].clear()
    assert sign_in(client, "officer@people.example", PASSWORD).status_code == 429


def test_the_window_ends_ten_minutes_after_the_first_failure(
    client: Client, small: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        sign_in(client, "officer@people.example", "wrong")
    assert sign_in(client, "officer@people.example", PASSWORD).status_code == 429
    later = timezone.now() + tries.WINDOW
    monkeypatch.setattr("jiebang.adapters.tries.timezone.now", lambda: later)
    assert sign_in(client, "officer@people.example", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "header", "source"),
    [
        (0, "203.0.113.9", "192.0.2.1"), (1, "203.0.113.9", "203.0.113.9"), (1, "made-up, 203.0.113.9", "203.0.113.9"),
        (2, "made-up, 203.0.113.9, 198.51.100.2", "203.0.113.9"), (2, "203.0.113.9", "192.0.2.1"), (1, "", "192.0.2.1"),
    ],
)  # fmt: skip
def test_behind_proxies_the_source_is_counted_from_the_right(
    settings: Any, proxies: int, header: str, source: str
) -> None:
    settings.PROXIES = proxies
    more = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    assert tries.source(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **more)) == source


def test_who_makes_up_addresses_waits_all_the_same(small: Board, settings: Any) -> None:
    settings.PROXIES = 1
    for place in range(10):
        sign_in(
            Client(HTTP_X_FORWARDED_FOR=f"10.0.0.{place}, 203.0.113.9"), "officer@people.example", "wrong"
        )
    one, other = (Client(HTTP_X_FORWARDED_FOR=f"10.0.0.99, 203.0.113.{last}") for last in (9, 10))
    assert sign_in(one, "officer@people.example", PASSWORD).status_code == 429
    assert sign_in(other, "officer@people.example", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [("-1", "0 to 10"), ("11", "0 to 10"), ("many", "whole number"), ("true", "whole number")],
)
def test_proxies_is_a_number(tmp_path: Path, given: str, said: str) -> None:
    (tmp_path / "settings.yaml").write_text(f"proxies: {given}\n")
    with pytest.raises(Unsafe, match=said):
        options(tmp_path)
    (tmp_path / "settings.yaml").write_text("proxies: 2\n")
    assert options(tmp_path) == {"proxies": 2}


@pytest.mark.parametrize(
    "given",
    ["hosts: []", "hosts: ['.com']", "hosts: ['']", "hosts: ['https://programme.example.org']", "hosts: ['a b']",
     "site: programme.example.org", "site: 'http://:80'", "site: 'https://a.example:99999'", "site: 'https://a_b.example'",
     "mail_backend: smtp", "mail_backend: django.core.mail.backends.dummy.EmailBackend", "mail_port: 0", "mail_port: 65536",
     'mail_from: "a@people.example\\nBcc: all@people.example"', "mail_from: nobody", 'mail_host: "a b"'],
)  # fmt: skip
def test_a_setting_that_cannot_be_meant_is_refused(tmp_path: Path, given: str) -> None:
    (tmp_path / "settings.yaml").write_text(given + "\n")
    with pytest.raises(Unsafe, match=f"{given.partition(':')[0]} is "):
        options(tmp_path)


def test_settings_that_are_meant_are_taken(tmp_path: Path) -> None:
    meant = {
        "hosts": ["programme.example.org", ".office.example", "localhost", "192.0.2.1", "[::1]"],
        "site": "https://programme.example.org:8443",
        "mail_backend": "django.core.mail.backends.smtp.EmailBackend",
        "mail_from": "Programme Office <office@example.org>",
        "mail_host": "mail.example.org",
        "mail_port": 587,
    }
    (tmp_path / "settings.yaml").write_text(json.dumps(meant))
    assert options(tmp_path) == meant


@pytest.mark.parametrize(
    "secret",
    ["abcdefghij" * 5, "0123456789" * 40, "a" * 60, "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ"],
)
def test_a_secret_of_few_patterns_is_plain(settings: Any, tmp_path: Path, secret: str) -> None:
    settings.SECRET_KEY = secret
    assert "short or plain" in next(item.found for item in checks.settings(tmp_path))


@pytest.mark.parametrize("made", [token_urlsafe, token_hex])
def test_a_secret_made_by_chance_is_not_plain(made: Callable[[int], str]) -> None:
    assert not any(is_plain(made(30)) for _ in range(200))


def test_the_doctor_asks_for_the_number_of_proxies(settings: Any, tmp_path: Path) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS, settings.PROXIES = ["challenges.example"], True, 0
    assert [(item.state, "proxies" in item.do) for item in checks.settings(tmp_path)] == [("warning", True)]
    settings.PROXIES = 1
    assert [item.state for item in checks.settings(tmp_path)] == ["ok"]


FORM = {"email": "New.Person@people.example", "name": "ນາງ ໃໝ່", "password": "seven quiet rivers"}


def test_an_account_begins_on_the_clock_of_the_programme(client: Client, small: Board) -> None:
    RulebookVersion.objects.update(current=False)
    installed(ring_sea())
    Call.objects.all().delete()
    assert client.post("/register/", {**FORM, "once": "0123456789abcdef"}).status_code == 200
    assert User.objects.get(email="new.person@people.example").timezone == "Etc/GMT-7"


def test_registering_needs_the_link_from_the_mail(client: Client, small: Board) -> None:
    assert client.post("/register/", {**FORM, "once": "0123456789abcdef"}).status_code == 200
    made = User.objects.get(email="new.person@people.example")
    assert made.email_confirmed_at is None
    refused = sign_in(client, FORM["email"], FORM["password"])
    assert "Confirm your address first" in refused.content.decode()
    letter = Message.objects.get(to_user=made)
    link = re.search(rf"{settings.SITE}(/confirm/\S+/)", letter.body)
    assert link is not None
    assert client.get(link[1]).status_code == 200
    made.refresh_from_db()
    assert made.email_confirmed_at is None, "a scanner that opens links confirms nothing"
    assert client.post(link[1]).status_code == 303
    assert sign_in(client, FORM["email"], FORM["password"]).status_code == 302


def test_the_record_holds_no_password_and_commits_to_the_name(client: Client, small: Board) -> None:
    client.post("/register/", {**FORM, "once": "0123456789abcdef"})
    kept = str(list(Acknowledgement.objects.values())) + str(list(JournalEntry.objects.values("line")))
    assert FORM["password"] not in kept
    assert FORM["name"] not in kept
    assert FORM["email"].lower() not in kept
    assert {row.name: row.value for row in PrivateValue.objects.all()}["name"] == FORM["name"]


def test_registering_a_known_address_answers_the_same_and_tells_its_owner(
    client: Client, small: Board
) -> None:
    fresh = client.post("/register/", FORM).content.decode()
    known = client.post("/register/", {**FORM, "email": "officer@people.example"}).content.decode()
    assert re.sub(r"X-CSRFToken.*?}", "", fresh) == re.sub(r"X-CSRFToken.*?}", "", known)
    letter = Message.objects.get(to_user=small.officer)
    assert letter.code == "person.already"
    assert f"{settings.SITE}/sign-in/" in letter.body
    small.officer.refresh_from_db()
    assert small.officer.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "no address"}, "is not an e-mail address"),
        ({"name": "  "}, "Write your name"),
        ({"password": "short"}, "shorter than 10"),
        ({"password": "1234567890"}, "attackers try first"),
        ({"password": "new.person@people"}, "too close to your name"),
    ],
)
def test_each_fault_is_said_and_what_was_typed_stays(
    client: Client, small: Board, change: dict[str, str], sentence: str
) -> None:
    html = client.post("/register/", {**FORM, **change}).content.decode()
    assert sentence in html
    assert {**FORM, **change}["email"] in html
    assert FORM["password"] not in html
    assert not User.objects.filter(email="new.person@people.example").exists()


def test_all_faults_come_at_once(client: Client, small: Board) -> None:
    html = client.post("/register/", {"email": "x", "name": "", "password": "a"}).content.decode()
    assert set(re.findall(r'<li><a href="#(id_\w+)', html)) == {"id_email", "id_name", "id_password"}


@pytest.mark.parametrize("token", ["nonsense", "eyJ4IjoxfQ:1abc:def"])
def test_a_broken_link_says_so(client: Client, small: Board, token: str) -> None:
    answer = client.post(f"/confirm/{token}/")
    assert answer.status_code == 200
    assert "older than 7 days" in answer.content.decode()


def test_changing_the_password_needs_the_present_one(client: Client, small: Board) -> None:
    client.force_login(small.officer)
    refused = client.post("/desk/password/", {"present_password": "wrong", "password": "seven quiet rivers"})
    assert "present password is not right" in refused.content.decode()
    assert (
        client.post(
            "/desk/password/", {"present_password": PASSWORD, "password": "seven quiet rivers"}
        ).status_code
        == 303
    )
    small.officer.refresh_from_db()
    assert small.officer.check_password("seven quiet rivers")
    assert small.officer.name in client.get("/challenges/").content.decode(), "still signed in"


def test_without_a_demo_home_there_is_no_open_door(client: Client, small: Board) -> None:
    for url in ("/demo/", "/demo/as/officer@people.example/", "/demo/letters/", "/styleguide/"):
        assert client.get(url).status_code == 404


@pytest.fixture
def sample(small: Board) -> Board:
    """An instance that `demo` made."""
    Instance.objects.update(demo=True)
    return small


@pytest.mark.urls("web.demo_urls")
def test_a_setting_alone_opens_no_door(client: Client, small: Board, settings: Any) -> None:
    settings.DEMO = True
    for url in ("/demo/", "/demo/as/officer@people.example/", "/demo/letters/"):
        assert client.get(url).status_code == 404
    assert next(checks.settings(Path("home"))).state == "unsafe"


@pytest.mark.urls("web.demo_urls")
def test_the_demo_opens_every_desk_with_one_click(client: Client, sample: Board) -> None:
    html = client.get("/demo/").content.decode()
    for role in ("Officer", "Second officer", "Demand owner", "Lead organisation"):
        assert f"<h2>{role}</h2>" in html
    answer = client.get("/demo/as/owner@people.example/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert sample.owner_person.name in client.get("/challenges/").content.decode()
    assert client.get("/demo/as/nobody@people.example/").status_code == 404
    assert client.get("/styleguide/").status_code == 200


@pytest.mark.urls("web.demo_urls")
def test_in_a_demo_one_registers_by_the_letter_that_is_shown_there(client: Client, sample: Board) -> None:
    asked = {"name": "A Visitor", "email": "visitor@people.example", "password": PASSWORD}
    client.post("/register/", asked)
    listed = client.get("/demo/letters/").content.decode()
    assert "visitor@people.example" in listed or "A Visitor" in listed
    number = Message.objects.get(to_user__email="visitor@people.example").pk
    shown = client.get(f"/demo/letters/{number}/").content.decode()
    link = re.search(r"/confirm/[^/<\"]+/", shown)
    assert link is not None
    assert client.post(link[0]).status_code == 303
    assert User.objects.get(email="visitor@people.example").email_confirmed_at is not None


def test_an_account_page_keeps_language_and_zone_and_makes_and_ends_tokens(
    client: Client, small: Board
) -> None:
    client.force_login(small.officer)
    wrong = {"do": "change_account", "language": "en", "timezone": "Asia/Atlantis"}
    assert "is not a time zone" in client.post("/desk/account/", wrong).content.decode()
    kept = client.post("/desk/account/", {**wrong, "timezone": "Asia/Yangon", "language": "zh-Hans"})
    assert kept.status_code == 303
    small.officer.refresh_from_db()
    assert (small.officer.language, small.officer.timezone) == ("zh-Hans", "Asia/Yangon")

    once = {"do": "create_token", "name": "office laptop", "days": "30", "once": "x" * 36}
    made = client.post("/desk/account/", once).content.decode()
    secret = re.search(r"<code>(jb_[^<]+)</code>", made)
    assert secret is not None
    me = {"headers": {"Authorization": f"Bearer {secret[1]}"}}
    assert Client().get("/api/v1/inbox", **me).status_code == 200
    again = client.post("/desk/account/", once).content.decode()
    assert secret[1] not in again
    assert "its secret was shown then" in again

    token = re.search(r'name="token" value="(\d+)"', again)
    assert token is not None
    assert client.post("/desk/account/", {"do": "revoke_token", "token": token[1]}).status_code == 303
    assert Client().get("/api/v1/inbox", **me).status_code == 401


def test_a_form_without_its_secret_is_refused_and_shown_again() -> None:
    board()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person())
    answer = strict.post("/desk/password/", {"present_password": PASSWORD, "remark": "typed for long"})
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "typed for long" in html
    assert PASSWORD not in html


def test_a_form_sent_after_the_session_ended_is_shown_again(client: Client, small: Board) -> None:
    posted = challenge(call=small.call)
    answer = client.post(f"/challenges/{posted.number}/ask/", {"text": "A long question", "lang": "en"})
    assert answer.status_code == 403
    assert "A long question" in answer.content.decode()
    assert posted.questions.count() == 0


def link_to(person: User) -> str:
    letter = Message.objects.filter(to_user=person).latest("pk")
    found = re.search(rf"{settings.SITE}(/set-password/\S+/)", letter.body)
    assert found is not None
    return found[1]


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client: Client, small: Board) -> None:
    known = client.post("/forgot-password/", {"email": "Officer@people.example"}).content.decode()
    unknown = client.post("/forgot-password/", {"email": "nobody@people.example"}).content.decode()
    assert re.sub(r"X-CSRFToken.*?}", "", known) == re.sub(r"X-CSRFToken.*?}", "", unknown)
    link = link_to(small.officer)
    policy = client.get(link).headers["Referrer-Policy"]
    assert policy == "same-origin", (
        "others do not learn the address; a browser without any posts from nowhere"
    )
    assert "shorter than" in client.post(link, {"password": "short"}).content.decode()
    assert client.post(link, {"password": "four plain words here"}).status_code == 303
    assert sign_in(client, "officer@people.example", PASSWORD).status_code == 200
    assert sign_in(client, "officer@people.example", "four plain words here").status_code == 302
    again = Client().post(link, {"password": "another four plain words"})
    assert "was used already" in again.content.decode()
    kept = str(list(Acknowledgement.objects.values())) + str(list(JournalEntry.objects.values("line")))
    assert "four plain words" not in kept


def test_who_is_enrolled_sets_a_password_by_the_mailed_link(client: Client, small: Board) -> None:
    enrol = {"email": "new@people.example", "name": "New Officer", "letter": True}
    admin = person(role="administrator", party=small.office.party)
    now = timezone.now()
    assert isinstance(perform("enrol_person", by=admin, now=now, key="enrol-1", params=enrol), Done)
    fresh = User.objects.get(email="new@people.example")
    assert not fresh.has_usable_password()
    assert client.post(link_to(fresh), {"password": "four plain words here"}).status_code == 303
    assert sign_in(client, "new@people.example", "four plain words here").status_code == 302


def test_the_link_in_a_letter_leads_where_the_settings_say(client: Client, small: Board) -> None:
    elsewhere = "http://127.0.0.1/\n\nThis address has moved: https://elsewhere.example/set-password/?t="
    asked = {"email": "officer@people.example", "page": elsewhere}
    for name, more in (("ask_password", {}), ("register_person", {"name": "X", "password": PASSWORD})):
        answer = perform(name, by=None, now=timezone.now(), key=name, params={**asked, **more})
        assert isinstance(answer, Refused)
        assert [item.code for item in answer.reasons] == ["request.unknown"]
    assert not Message.objects.exists()
    client.post("/forgot-password/", {"email": "officer@people.example"}, HTTP_HOST="localhost:1")
    assert f"\n{settings.SITE}/set-password/" in Message.objects.get().body


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"hosts": ["localhost", ".office.example"], "https": True}, "https://office.example"),
        ({"site": "https://office.example:8443"}, "https://office.example:8443"),
    ],
)
def test_letters_lead_to_the_site_or_the_first_host_that_others_reach(
    given: dict[str, object], wanted: str, tmp_path: Path
) -> None:
    assert site(given) == wanted
    (tmp_path / "settings.yaml").write_text("site: https://office.example/somewhere\n")
    with pytest.raises(Unsafe, match="site is where"):
        options(tmp_path)


def test_asking_for_links_again_and_again_has_a_limit(client: Client, small: Board) -> None:
    sent = [client.post("/forgot-password/", {"email": "x@people.example"}).status_code for _ in range(11)]
    assert sent == [200] * 10 + [429]
