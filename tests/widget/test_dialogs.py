"""A survey never stands before a dialog of the page, and uses nothing up behind one."""

from __future__ import annotations

import pytest
from host_site import widget_tag
from tiers import chosen, first_of, nightly
from widget_steps import NO_SURVEY_S, choose, reason_is, send, survey_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOX = "position:fixed;inset:80px auto auto 80px;background:#fff;padding:20px"
COVER = "position:fixed;inset:0;background:#0008;z-index:9999"
INSIDE = "<input id=field><button id=shut>Close</button>"
DIALOGS = {
    "role": f"<div id=d role=dialog style='{BOX}'>{INSIDE}</div>",
    "role-says-not-modal": (f"<div id=d role=dialog aria-modal=false style='{BOX}'>{INSIDE}</div>"),
    "alert": f"<div id=d role=alertdialog style='{BOX}'>{INSIDE}</div>",
    "aria-modal-alone": f"<div id=d aria-modal=true style='{BOX}'>{INSIDE}</div>",
    "native": f"<dialog id=d>{INSIDE}</dialog><script>d.showModal()</script>",
    "native-not-modal": f"<dialog id=d open>{INSIDE}</dialog>",
    "popover": f"<div id=d popover>{INSIDE}</div><script>d.showPopover()</script>",
    "popover-by-hand": f"<div id=d popover=manual>{INSIDE}</div><script>d.showPopover()</script>",
    "no-role-but-a-cover": f"<div id=d style='{COVER}'><div>{INSIDE}</div></div>",
    "cover-beside-it": (
        f"<div id=d><div style='{COVER}'></div>"
        f"<div style='{BOX};z-index:10000'>{INSIDE}</div></div>"
    ),
    "empty-box-around-fixed-parts": (
        f"<div id=d role=dialog style='position:relative'><div style='{BOX}'>{INSIDE}</div></div>"
    ),
    "component": (
        "<my-dialog id=d></my-dialog><script>customElements.define('my-dialog', class extends "
        "HTMLElement { connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = "
        f'`<div role=dialog style="position:fixed;inset:0">{INSIDE}</div>` }} }})</script>'
    ),
}
OFTEN = ("role", "native", "popover", "cover-beside-it", "component")
GONE = "d.close?.(), d.hidden = true, d.remove()"
OUT_OF_SIGHT = {
    "display": "<div role=dialog style='display:none'>A</div>",
    "visibility": f"<div role=dialog style='{BOX};visibility:hidden'>A</div>",
    "opacity": f"<div role=dialog style='{BOX};opacity:0;pointer-events:none'>A</div>",
    "off-canvas": f"<div role=dialog style='{BOX};transform:translateX(-200vw)'>A</div>",
    "aria-hidden": f"<div aria-hidden=true><div role=dialog style='{BOX}'>A</div></div>",
    "closed-native": "<dialog>A</dialog>",
    "closed-popover": "<div popover>A</div>",
    "decoration": "<div style='position:fixed;inset:0;pointer-events:none'></div>",
    "small-and-fixed": "<div style='position:fixed;inset:0 0 auto;height:50px'>A bar</div>",
}
APPLICATION = "<div style='position:fixed;inset:0;overflow:auto'><h2>An application</h2></div>"


@pytest.mark.parametrize("dialog", chosen(DIALOGS, *OFTEN))
@pytest.mark.few(2)
async def test_it_waits_until_the_dialog_is_gone(host_page, publish, dialog):
    survey = publish(max_shown=1)

    watched = await host_page(DIALOGS[dialog])
    await reason_is(watched, survey, "host_modal")
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)
    assert await survey_on(watched.page).count() == 0
    assert "shown" not in watched.names()
    await watched.page.evaluate(f"() => {{ {GONE} }}")

    await watched.event("shown")
    assert await survey_on(watched.page).count() == 1


@pytest.mark.parametrize("mode", ["popover", "modal", "sheet", "slide_in", "tab"])
async def test_no_mode_opens_before_a_dialog(host_page, publish, mode):
    survey = publish(mode=mode)

    watched = await host_page(DIALOGS["role"])

    await reason_is(watched, survey, "host_modal")
    assert await survey_on(watched.page).count() == 0


@pytest.mark.parametrize(
    ("mode", "dialog"),
    [
        ("popover", "role"), ("tab", "no-role-but-a-cover"), ("sheet", "native-not-modal"),
        nightly("modal", "role"), nightly("tab", "role"),
        nightly("popover", "no-role-but-a-cover"),
    ],
)  # fmt: skip
@pytest.mark.few(1)
async def test_an_open_survey_steps_aside_and_comes_back_as_it_was(
    host_page, shop, publish, mode, dialog
):
    survey = publish(mode=mode)
    watched = await host_page("<template id=t>" + DIALOGS[dialog] + "</template>")
    if mode == "tab":
        await survey_on(watched.page).get_by_role("button", name="Feedback").click()
    await choose(watched.page, 6)

    await watched.page.evaluate("() => { document.body.append(t.content.firstChild) }")
    await survey_on(watched.page).get_by_role("radio").first.wait_for(state="detached")
    await watched.page.evaluate("() => { field.focus() }")
    await watched.page.keyboard.type("abc")
    assert await watched.page.evaluate("field.value") == "abc"
    await watched.page.evaluate("() => { d.remove() }")
    await send(watched.page)
    await watched.event("submitted")

    assert [one["answers"] for one in shop.responses(survey)] == [{"recommend": 6}]
    assert watched.names().count("shown") == 1
    assert "dismissed" not in watched.names()


@pytest.mark.parametrize("hidden", OUT_OF_SIGHT)
async def test_what_is_out_of_sight_or_no_dialog_holds_nothing_up(host_page, publish, hidden):
    publish()

    watched = await host_page(OUT_OF_SIGHT[hidden])

    await watched.event("shown")


async def test_the_frame_of_an_application_is_no_dialog(host_page, shop, publish):
    publish()
    tag = widget_tag(shop.url, shop.public_key)
    page = f"<!doctype html><html lang=en><title>App</title><body>{APPLICATION}{tag}"

    watched = await host_page(source=page)

    await watched.event("shown")


COVERED = {
    "in a hidden part": "<div id=h hidden><div id=spot></div></div>",
    "below the fold": "<div id=h style='padding-top:300vh'><div id=spot></div></div>",
    "behind a cover": f"<div id=spot></div><div id=h style='{COVER}'></div>",
    "in a closed tab": "<div id=h style='visibility:hidden'><div id=spot></div></div>",
    "in a faded part": "<div id=h style='opacity:0'><div id=spot></div></div>",
}
SEEN = (
    "h.hidden = false; h.style.cssText = h.firstChild ? '' : 'display:none';spot.scrollIntoView()"
)


@pytest.mark.parametrize("where", first_of(COVERED, 3))
@pytest.mark.few(2)
async def test_what_nobody_can_see_is_not_shown_and_uses_nothing_up(host_page, publish, where):
    survey = publish(
        mode="inline", element="#spot", max_shown=1,
        cooldown={"shown_days": 1, "dismissed_days": 1, "answered_days": 1},
    )  # fmt: skip
    watched = await host_page(COVERED[where], tag={"data_memory": "local"})
    await reason_is(watched, survey, "waiting")
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)
    assert "shown" not in watched.names()
    assert "shown" not in (await watched.page.evaluate("localStorage.harken || ''"))

    await watched.page.evaluate(f"() => {{ {SEEN} }}")

    await watched.event("shown")
    await reason_is(watched, survey, "shown")


async def test_closed_it_does_not_come_back(host_page, publish):
    publish(mode="modal")
    watched = await host_page()
    await watched.event("shown")

    await watched.page.keyboard.press("Escape")
    await watched.event("dismissed")
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)

    assert await survey_on(watched.page).count() == 0


HEARS = """<script>
window.heard = [];
const names = "keydown keypress keyup beforeinput input pointerdown mousedown click focusin";
for (const name of names.split(" "))
  document.addEventListener(name, event => heard.push(name));
</script>"""


async def test_what_is_typed_and_pressed_in_the_survey_stays_in_it(host_page, publish):
    publish(survey={"questions": [{"type": "short_text", "key": "why", "text": "Why?"}]})
    watched = await host_page(HEARS)
    await watched.event("shown")

    field = survey_on(watched.page).get_by_label("Why?")
    await field.click()
    await watched.page.keyboard.type("abc")

    assert await field.input_value() == "abc"
    assert await watched.page.evaluate("heard") == []
