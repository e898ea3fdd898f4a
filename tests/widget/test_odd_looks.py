"""Sites with odd styles: the survey looks and works the same, and can always be reached."""

from __future__ import annotations

from typing import Any

import pytest
from widget_steps import answer, survey_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STYLES = {
    "small-rem": "html{font-size:62.5%} body{font-size:1.6rem}",
    "huge-rem": "html{font-size:200%}",
    "content-box": "*,*::before,*::after{box-sizing:content-box!important}",
    "hard-reset": "*{margin:0!important;padding:0!important;border:0!important;"
    "font:italic 9px serif!important;letter-spacing:3px;text-transform:uppercase;"
    "color:red!important;background:none!important;line-height:3;float:left;opacity:.9}",
    "element-rules": "div,section,dialog,form,fieldset,label,input,button,p,h2"
    "{display:none!important;position:static!important;width:9px!important}",
    "hidden-unknown": "body>:not(main){display:none} html>:not(head):not(body){display:none}",
    "moved-body": "body{transform:translateX(-50px) scale(.8);filter:blur(0);"
    "perspective:9px;contain:paint;will-change:transform;overflow:hidden;height:50px}",
    "flex-body": "html{display:flex} body{display:grid;grid-template-columns:1fr 1fr;gap:3em}",
    "scroll-snap": "html{scroll-snap-type:y mandatory;scroll-behavior:smooth;overflow:clip}",
}
BAR = (
    '<div style="position:fixed;inset:40% 0 0;z-index:2147483647;background:#0008">'
    '<p style="background:#fff">We value your privacy</p></div>'
)
SIZE = """() => {
  const found = [], root = document.querySelector("harken-survey").shadowRoot;
  for (const made of root.querySelectorAll("*")) {
    if (made.matches("svg *")) continue;
    const {x, y, width, height} = made.getBoundingClientRect();
    found.push([made.localName, x, y, width, height].map(one => one.toFixed?.(0) ?? one).join(" "));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """Places of all parts on a page without odd styles, measured by the first test."""
    return {}


async def placed(host_page, publish, **page: Any) -> list[str]:
    """Where all parts of an open survey are."""
    publish()
    watched = await host_page(**page)
    await watched.event("shown")
    await survey_on(watched.page).get_by_role("button", name="Send", exact=True).wait_for()
    assert watched.complaints == []
    return await watched.page.evaluate(SIZE)


@pytest.mark.parametrize("name", [name for name in STYLES if name != "hidden-unknown"])
@pytest.mark.few(3)
async def test_styles_of_the_site_change_no_part_of_the_survey(host_page, publish, plain, name):
    if not plain:
        plain["places"] = await placed(host_page, publish)
        publish(survey={"key": "ask_1", "title": "Away"}, pages=[{"match": "exact", "url": "/x"}])

    assert (
        await placed(host_page, publish, head=f"<style>{STYLES[name]}</style>") == plain["places"]
    )


@pytest.mark.parametrize("mode", ["popover", "modal", "slide_in", "sheet"])
async def test_a_bar_on_top_of_everything_is_below_the_survey(host_page, shop, publish, mode):
    survey = publish(mode=mode)

    watched = await host_page(BAR)
    await answer(watched)

    assert len(shop.responses(survey)) == 1


@pytest.mark.parametrize("width", [320, 1280])
async def test_a_page_from_right_to_left_mirrors_the_corner(host_page, publish, width):
    publish()
    page = {"html": 'dir="rtl" lang="ar"', "browser": {"width": width}}
    watched = await host_page(**page)
    await watched.event("shown")
    boxes = await watched.page.evaluate(
        "[...document.querySelector('harken-survey').shadowRoot.querySelectorAll('form,dialog,div')]"
        ".map(one => one.getBoundingClientRect()).filter(one => one.width).map(one => "
        "[one.left, one.right])"
    )

    assert boxes
    assert all(left >= 0 and right <= width for left, right in boxes)
    assert await watched.page.evaluate("document.documentElement.scrollWidth") == width
    assert watched.complaints == []


async def test_quirks_mode_works(host_page, shop, publish):
    survey = publish()

    watched = await host_page(doctype="")
    assert await watched.page.evaluate("document.compatMode") == "BackCompat"
    await answer(watched)

    assert len(shop.responses(survey)) == 1
    assert watched.complaints == []


async def test_a_script_in_the_head_waits_for_the_body(host_page, shop, publish, host_site):
    """Not async and before the body: there is nothing yet to put a survey in."""
    survey = publish(mode="inline", element="#here")
    tag = f'<script src="{shop.url}/widget/v1.js?key={shop.public_key}"></script>'

    watched = await host_page('<div id="here"></div>', tag=None, head=tag)
    await answer(watched)

    assert len(shop.responses(survey)) == 1
    assert await watched.page.locator("#here harken-survey").count() == 1
    assert watched.complaints == []
