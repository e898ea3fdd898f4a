"""What pages do to a survey, and what people take back, in a stock Firefox."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from firefox import Firefox
from host_site import HostSite, page_of, widget_tag
from tiers import first_of

SPACE = " "
PART = """const part = document.querySelector("harken-survey")?.shadowRoot?.querySelector(
  arguments[0]);"""
CHECKED = PART + "return part.checked"
TEXT = {"questions": [{"type": "short_text", "key": "why", "text": "Why?"}]}
OPTIONAL = {"questions": [{"type": "nps", "key": "recommend", "text": "How likely?"}]}
BOX = "position:fixed;inset:9px auto auto 9px"


@pytest.fixture
def go(firefox: Firefox, host_site: HostSite, shop) -> Callable[..., None]:
    """Opens a page of a site with the widget."""

    def make(body: str = "") -> None:
        tag = widget_tag(shop.url, shop.public_key)
        firefox.open(host_site.put("/firefox-pages", page_of(body + tag)))

    return make


@pytest.mark.parametrize(
    "dialog",
    first_of(
        [
            f"<div id=d role=dialog style='{BOX}'>A</div>",
            "<dialog id=d>A</dialog><script>d.showModal()</script>",
            "<div id=d popover>A</div><script>d.showPopover()</script>",
            "<div id=d style='position:fixed;inset:0'>A</div>",
        ],
        2,
    ),
    ids=["role", "native", "popover", "cover"],
)
@pytest.mark.few(1)
def test_it_waits_for_a_dialog_and_comes_after_it(firefox, go, publish, dialog):
    publish()
    go(dialog)
    firefox.until("return window.harken?.explain?.().some(one => one.reason == 'host_modal')")
    assert firefox.run("return !document.querySelector('harken-survey')")

    firefox.run("d.remove()")

    firefox.until("return harken.explain().some(one => one.reason == 'shown')")


@pytest.mark.parametrize(
    "swap",
    first_of(
        [
            "box.innerHTML = box.innerHTML",
            "box.replaceWith(box.cloneNode(true))",
            "const old = box; old.after(old.cloneNode(true)); old.remove()",
            "document.body.replaceWith(document.body.cloneNode(true))",
        ],
        2,
    ),
)
def test_a_swapped_tag_keeps_what_was_typed(firefox, go, publish, swap):
    survey = publish(survey=TEXT)
    go(f"<div id=box><harken-survey survey={survey}></harken-survey></div>")
    firefox.until(PART + "return part", "input")
    firefox.run(PART + "part.focus()", "input")
    firefox.press(*"abc")

    firefox.run(swap)

    firefox.until(PART + "return part && part.value === 'abc'", "input")


def test_a_choice_is_taken_back_by_mouse_and_space_bar(firefox, go, publish):
    publish(survey=OPTIONAL)
    go()
    radio = "input[value='6']"
    firefox.until(PART + "return part", radio)
    x, y = firefox.run(
        PART + "const {x, y, width, height} = part.parentElement.getBoundingClientRect();"
        "return [x + width / 2, y + height / 2]",
        radio,
    )
    firefox.click(x, y)
    assert firefox.run(CHECKED, radio) is True
    firefox.run("return new Promise(done => setTimeout(done, 700))")
    firefox.click(x, y)
    assert firefox.run(CHECKED, radio) is False

    firefox.run(PART + "part.focus()", radio)
    firefox.press(SPACE)
    assert firefox.run(CHECKED, radio) is True
    firefox.press(SPACE)

    assert firefox.run(CHECKED, radio) is False
