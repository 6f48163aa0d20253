"""Tags of languages, and the signs that no text may hold."""

import pytest

from jiebang.rules.texts import BROKEN, language_tag


@pytest.mark.parametrize(
    ("code", "tag"),
    [("zh-hans", "zh-Hans"), ("EN", "en"), ("pt-br", "pt-BR"), ("zh-Hans-CN", "zh-Hans-CN"), ("lo", "lo")],
)
def test_a_language_has_one_tag_however_it_is_written(code: str, tag: str) -> None:
    assert language_tag(code) == tag


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\ud800", "\uffff"])
def test_control_characters_and_half_signs_break_a_text(sign: str) -> None:
    assert BROKEN.search(f"a{sign}b")


def test_line_breaks_tabs_and_every_script_do_not() -> None:
    assert not BROKEN.search("a\tb\r\nພາສາລາວ 中文 ไทย")
