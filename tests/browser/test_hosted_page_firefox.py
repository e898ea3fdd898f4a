"""The hosted page in a stock Firefox: Back, reload, another language, and taking back."""

from __future__ import annotations

import pytest
from form_states import EVERY_TYPE, FILL, STATE

pytestmark = pytest.mark.browser

PRESS = "document.querySelector(arguments[0]).click(); return true"
LOADED = "return document.readyState == 'complete' && "
SHOWS = f"{LOADED} document.body.innerText.includes(arguments[0])"
ARABIC = f"{LOADED} document.documentElement.lang == 'ar'"
HERE = "return location.href"
CENTRE = """const box = document.querySelector(arguments[0]).getBoundingClientRect();
return [box.x + box.width / 2, box.y + box.height / 2]"""
SHOWN = "document.querySelector(arguments[0]).scrollIntoView({block: 'center'}); return true"
CHECKED = "return document.querySelector(arguments[0]).checked"


@pytest.mark.few(1)
def test_back_and_reload_show_the_page_that_was_sent(with_or_without_script, publish, live_server):
    firefox = with_or_without_script
    key, address = publish("one_by_one")
    firefox.open(address)
    firefox.run(FILL, {"a_recommend": "8"})
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "What is the main reason")
    firefox.run(FILL, {"a_why": "Good coffee"})
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "What did you like?")

    firefox.back()
    firefox.until(SHOWS, "What is the main reason")
    assert firefox.run(STATE) == {"a_why": "Good coffee"}
    firefox.reload()
    firefox.until(SHOWS, "What is the main reason")
    assert firefox.run(STATE) == {"a_why": "Good coffee"}
    for shown in ("What did you like?", "What matters most"):
        firefox.run(PRESS, "button.go")
        firefox.until(SHOWS, shown)
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "Thank you")
    firefox.reload()
    firefox.until(SHOWS, "Thank you")

    assert firefox.run(HERE) == f"{address}?go"
    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 8, "why": "Good coffee"}
    assert stored["complete"] is True


def test_the_first_page_had_again_goes_on_with_the_same_response(firefox, publish, live_server):
    key, address = publish("one_by_one")
    firefox.open(address)
    firefox.run(FILL, {"a_recommend": "8"})
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "What is the main reason")
    firefox.back()
    firefox.reload()
    firefox.until(SHOWS, "How likely")
    assert firefox.run(STATE) == {"a_recommend": "8"}

    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "What is the main reason")

    assert len(live_server.responses(key)) == 1


def test_a_page_that_is_asked_again_keeps_what_was_typed(
    with_or_without_script, publish, live_server
):
    firefox = with_or_without_script
    key, address = publish("every_type")
    firefox.open(address)
    firefox.run(FILL, {"a_nickname": "Ada", "a_room": "4"})
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "Please answer")
    assert firefox.run(STATE) == {"a_nickname": "Ada", "a_room": "4"}
    firefox.reload()
    firefox.until(SHOWS, "Please answer")
    assert firefox.run(STATE) == {"a_nickname": "Ada", "a_room": "4"}

    firefox.run(FILL, {"a_recommend": "9"})
    firefox.run(PRESS, "button.go")
    firefox.until(SHOWS, "Thank you")

    assert firefox.run(HERE) == f"{address}?go"
    [stored] = live_server.responses(key)
    assert stored["answers"] == {"recommend": 9, "room": 4, "nickname": "Ada", "ok": False}


def test_everything_not_sent_yet_is_kept_over_reload_and_language(firefox, publish):
    _, address = publish("every_type")
    firefox.open(address)
    firefox.run(FILL, EVERY_TYPE)
    filled = firefox.run(STATE)
    assert filled.items() >= EVERY_TYPE.items()

    firefox.reload()
    assert firefox.run(STATE) == filled
    firefox.run(PRESS, "nav [value=ar]")
    firefox.until(ARABIC)
    assert firefox.run(STATE) == filled
    firefox.reload()
    firefox.until(ARABIC)
    assert firefox.run(STATE) == filled


@pytest.mark.parametrize("way", ["mouse", "space"])
@pytest.mark.parametrize("radio", ["a_room", "a_why", "a_staff.desk"])
def test_a_second_press_takes_an_optional_choice_back(firefox, publish, radio, way):
    _, address = publish("every_type")
    firefox.open(address)
    chosen = f"[name='{radio}']"
    firefox.run(SHOWN, chosen)
    firefox.run("document.querySelector(arguments[0]).focus({preventScroll: true})", chosen)
    for expected in (True, False, True):
        if way == "space":
            firefox.press(" ")
        else:
            firefox.click(*firefox.run(CENTRE, chosen))
            firefox.click(2, 2)  # so that two presses are no double click
        assert firefox.run(CHECKED, chosen) is expected
