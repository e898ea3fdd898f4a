"""The widget in a stock Firefox: a strict policy, the keyboard, styles, and no network."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from face_steps import NPS, survey_of
from firefox import Firefox
from host_site import HostSite, page_of, widget_tag
from widget_page import ask_for, widget_page

TAB, ENTER, SPACE, RIGHT, ESCAPE = "\ue004", "\ue007", " ", "\ue014", "\ue00c"
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'nonce-n'"
PART = """const part = document.querySelector("harken-survey")?.shadowRoot?.querySelector(
  arguments[0]);"""
FOCUSED = """const part = document.activeElement.shadowRoot?.activeElement;
return part ? part.type || part.localName : ''"""
_numbers = itertools.count(1)
WAITING = "return (localStorage['harken.waiting'] || '').split('\\n').filter(one => one).length"


@pytest.fixture
def go(firefox: Firefox, host_site: HostSite, shop) -> Callable[..., str]:
    """Opens a page of a strict site with the widget; gives its address."""

    def make(body: str = "", **options: str) -> str:
        firefox.forget_complaints()
        tag = widget_tag(shop.url, shop.public_key, nonce="n", **options)
        policy = f"{POLICY}; connect-src {shop.url}; require-trusted-types-for 'script'"
        path = f"/firefox/{next(_numbers)}"
        address = host_site.put(path, page_of(body + tag), content_security_policy=policy)
        firefox.open(address)
        return address

    return make


def press_part(firefox: Firefox, selector: str) -> None:
    """Press the mouse in the middle of a part of the survey."""
    x, y = firefox.until(
        PART + """if (!part) return null; part.scrollIntoView({block: "nearest"});
        const {x, y, width, height} = part.getBoundingClientRect();
        return width && [x + width / 2, y + height / 2]""",
        selector,
    )  # fmt: skip
    firefox.click(x, y)


def said(firefox: Firefox, text: str) -> None:
    """Wait until the survey shows a text."""
    firefox.until(
        "return document.querySelector('harken-survey')?.shadowRoot?.textContent"
        ".includes(arguments[0])",
        text,
    )


def answer(firefox: Firefox, rating: int = 9) -> None:
    """Choose a rating with the mouse and send it."""
    press_part(firefox, f"label:has(input[value='{rating}'])")
    press_part(firefox, "button.go")


def can_send(firefox: Firefox) -> None:
    """Wait for what sends, which is fetched while the survey shows already."""
    firefox.until(
        "return performance.getEntriesByType('resource').some(({name, responseEnd}) =>"
        " responseEnd && /sending-/.test(name))"
    )


def stored_soon(firefox: Firefox, shop, survey: str) -> list[dict]:
    for _ in range(200):
        if found := shop.responses(survey):
            return found
        firefox.run("return new Promise(done => setTimeout(done, 30))")
    raise AssertionError(f"nothing stored; console: {firefox.complaints()}")


def test_a_strict_site_shows_styled_and_submits_without_violation(firefox, go, shop, publish):
    survey = publish()

    go()
    said(firefox, "How likely")
    sheets = firefox.run("return document.querySelector('harken-survey').shadowRoot"
                         ".adoptedStyleSheets.length")  # fmt: skip
    inked = firefox.run(PART + "return getComputedStyle(part).position", "dialog")
    answer(firefox)
    said(firefox, "Thank you")

    assert sheets >= 1
    assert inked == "fixed"
    assert [one["answers"] for one in stored_soon(firefox, shop, survey)] == [{"recommend": 9}]
    assert firefox.complaints() == []


def test_the_keyboard_alone_answers_and_never_sends_by_itself(firefox, go, shop, publish):
    survey = publish(mode="modal")
    go()
    said(firefox, "How likely")
    for _ in range(6):
        if firefox.run(FOCUSED) == "radio":
            break
        firefox.press(TAB)
    firefox.press(SPACE)
    for _ in range(8):
        firefox.press(RIGHT)
    assert firefox.run(PART + "return part.value", "input:checked") == "8"
    firefox.press(ENTER)
    assert shop.responses(survey) == []

    firefox.press(TAB)
    assert firefox.run(FOCUSED) == "submit"
    firefox.press(ENTER)
    said(firefox, "Thank you")
    firefox.press(ESCAPE)
    firefox.until("return !document.querySelector('harken-survey')")

    assert [one["answers"] for one in stored_soon(firefox, shop, survey)] == [{"recommend": 8}]
    assert firefox.complaints() == []


def test_sent_offline_the_tab_closed_come_back_stored_once(firefox, go, shop, publish):
    survey = publish()
    go()
    said(firefox, "How likely")
    can_send(firefox)
    firefox.set_offline(True)
    try:
        answer(firefox, 3)
        said(firefox, "Saved on this device")
        assert firefox.run(WAITING) == 1
        assert shop.responses(survey) == []
        firefox.replace_tab()
    finally:
        firefox.set_offline(False)

    go()
    assert [one["answers"] for one in stored_soon(firefox, shop, survey)] == [{"recommend": 3}]
    firefox.until("return !localStorage['harken.waiting']")
    go()
    said(firefox, "How likely")

    assert len(shop.responses(survey)) == 1


def test_what_sends_is_asked_for_again_when_it_could_not_be_had(firefox):
    """Firefox never asks twice for the address of a module that it could not reach."""
    with widget_page() as site:
        site.missing = "sending-"
        firefox.open(site.url)
        firefox.until("return window.harkenTest")
        firefox.run("return harkenTest.start(arguments[0])", ask_for(survey_of(NPS)))
        answer(firefox, 4)
        said(firefox, "could not save your answers")
        site.missing = "?"

        firefox.run("dispatchEvent(new Event('online'))")
        said(firefox, "Thank you")

        assert [one["answers"] for one in site.sent] == [{"recommend": 4}]


def test_leaving_the_page_stores_what_was_answered(firefox, go, shop, publish):
    survey = publish(
        survey={
            "questions": [
                {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
                {"type": "short_text", "key": "why", "text": "Why?"},
            ]
        }
    )
    go()
    said(firefox, "How likely")
    press_part(firefox, "label:has(input[value='7'])")
    said(firefox, "Why?")
    can_send(firefox)

    firefox.open("about:blank")

    stored = stored_soon(firefox, shop, survey)[0]
    assert stored["complete"] is False
    assert stored["answers"] == {"recommend": 7}
