"""What may be shown to people: one rule in server and SDK alike."""

from __future__ import annotations

import pytest
from hostile_texts import DIRECTION, GOOD_LINKS, LINK_TRICKS, TRICKS
from hypothesis import given
from hypothesis import strategies as st

from harken import _shown_text as of_the_sdk
from harken.printing import Slip
from harken_server.channels.page.render import safe_link
from harken_server.kernel.shown_text import hidden_character, link_fault, visible, without_hidden

BOTH = ("https", "http")


@pytest.mark.parametrize("link", LINK_TRICKS)
def test_a_link_that_hides_where_it_leads_is_shown_by_nobody(link: str) -> None:
    assert link_fault(link)
    assert safe_link(link) is None
    assert of_the_sdk.link_fault(link) == link_fault(link, BOTH)
    with pytest.raises(ValueError, match=r"."):
        Slip(url=link)


@pytest.mark.parametrize("link", GOOD_LINKS)
def test_a_plain_link_is_shown_as_it_is(link: str) -> None:
    assert link_fault(link) is None
    assert safe_link(link) == link
    assert of_the_sdk.link_fault(link) is None


@given(st.text(alphabet="htps:/\\@.#?%[]ax\u2215\uff0f\u202e\u200b \n", max_size=14))
def test_both_rules_say_the_same_of_any_link(rest: str) -> None:
    for link in (rest, f"https://{rest}", f"https://shop.example{rest}"):
        assert of_the_sdk.link_fault(link) == link_fault(link, BOTH)


@pytest.mark.parametrize("sign", [*DIRECTION, "\u200b", "\u2060", "\ufeff", "\x1b", "\x7f", "\x85"])
def test_a_character_that_nobody_sees_is_named_left_out_or_written_out(sign: str) -> None:
    assert hidden_character(f"a{sign}b") == f"U+{ord(sign):04X}"
    assert without_hidden(f"a{sign}b") == "ab"
    assert visible(f"a{sign}b") == of_the_sdk.visible(f"a{sign}b") != f"a{sign}b"
    assert visible(f"a{sign}b").isprintable()


@pytest.mark.parametrize(
    "text", ["", "\u0645\u06cc\u200c\u062e", "\u200f\u05d0", "\U0001f468\u200d\U0001f469"]
)
def test_what_letters_and_emoji_need_stays(text: str) -> None:
    assert hidden_character(text) is None
    assert without_hidden(text) == visible(text) == text


@pytest.mark.parametrize("trick", TRICKS)
def test_what_was_cleaned_holds_nothing_hidden(trick: str) -> None:
    assert hidden_character(without_hidden(trick), is_line=False) is None
    assert hidden_character(visible(trick), is_line=False) is None
