"""The hosted page as it looks in a real browser: axe, colours, sizes, hostile texts."""

from __future__ import annotations

import pytest
from pages import next_page, press
from tiers import chosen, first_of, pairwise

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


LOGO = (
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mOoktcmCTGMahjVMHw1AACDpMQBw8J47AAA"
    "AABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    *pairwise(scheme=["light", "dark"], width=[320, 1280], locale=["en", "ar"])
)
@pytest.mark.few(2)
async def test_every_type_is_accessible_and_fits(
    open_page, publish, axe, screenshot, scheme, width, locale
):
    _, address = publish("every_type")
    watched = await open_page(width=width, color_scheme=scheme)
    page = watched.page
    await page.goto(f"{address}?lang={locale}&a_recommend=9&a_room=4&a_food=3&a_used=spa")

    assert await axe(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await small_targets(page) == []
    await screenshot(page, f"every-type-{locale}-{width}-{scheme}")
    await page.locator("[name=a_mail]").fill("wrong")
    await press(page.locator("button.go"))
    assert await axe(page) == []
    await screenshot(page, f"errors-{locale}-{width}-{scheme}")
    assert watched.complaints == []


@pytest.mark.parametrize(
    *pairwise(
        accent=chosen(
            ["#ffd400", "#001f5b", "#ff0000", "#ffffff", "#000000"], "#ffd400", "#000000"
        ),
        scheme=["light", "dark"],
    )
)
async def test_any_brand_colour_is_readable(open_page, publish, axe, screenshot, accent, scheme):
    theme = {"accent": accent, "radius": "large", "font": "serif"}
    _, address = publish("one_by_one", presentation={"brand": "Brand", "theme": theme})
    page = (await open_page(width=375, color_scheme=scheme)).page
    await page.goto(f"{address}?a_recommend=9&a_liked=taste")

    assert await axe(page) == []
    await screenshot(page, f"accent-{accent[1:]}-{scheme}")


@pytest.mark.parametrize(
    "theme",
    first_of(
        [
            {"background": "#101820", "ink": "#f4f4f4", "accent": "#ffd400", "scheme": "light"},
            {"background": "#777777", "ink": "#000000", "accent": "#777777"},
            {"background": "#ffffff", "ink": "#767676", "accent": "#767676"},
            {"background": "#fff8ec", "ink": "#2b1a12", "accent": "#7a1f2b"},
        ],
        2,
    ),
    ids=["night", "grey", "faint", "cream"],
)
async def test_any_background_that_passed_is_readable(
    open_page, publish, axe, screenshot, theme, request
):
    _, address = publish("every_type", presentation={"brand": "Brand", "theme": theme})
    page = (await open_page(width=1280, color_scheme="light")).page
    await page.goto(f"{address}?a_recommend=9&a_room=4&a_food=3&a_used=spa")

    assert await axe(page) == []
    await screenshot(page, f"background-{request.node.callspec.id}")
    await page.locator("[name=a_mail]").fill("wrong")
    await press(page.locator("button.go"))
    await page.locator("#errors").wait_for()
    assert await axe(page) == []


@pytest.mark.parametrize(*pairwise(forced=["light", "dark"], device=["dark", "light"]))
async def test_a_forced_scheme_is_shown_whatever_the_device_prefers(
    open_page, publish, axe, forced, device
):
    _, address = publish("one_by_one", presentation={"theme": {"scheme": forced}})
    page = (await open_page(color_scheme=device)).page
    await page.goto(address)

    drawn = await page.evaluate(
        """() => {
            const card = getComputedStyle(document.querySelector("main"));
            const [red] = card.backgroundColor.match(/\\d+/g).map(Number);
            return [getComputedStyle(document.documentElement).colorScheme, red > 127];
        }"""
    )
    assert drawn == [forced, forced == "light"]
    assert await axe(page) == []


async def test_a_logo_is_shown_above_the_title_in_place_of_the_name(
    open_page, publish, axe, screenshot
):
    theme = {"logo": f"data:image/png;base64,{LOGO}"}
    _, address = publish("one_by_one", presentation={"brand": "Fjord & Fell", "theme": theme})
    watched = await open_page(width=375)
    page = watched.page
    await page.goto(address)

    picture = page.get_by_role("img", name="Fjord & Fell")
    assert await picture.evaluate("it => it.naturalWidth") == 16
    box, title = await picture.bounding_box(), await page.locator("h1").bounding_box()
    assert box["y"] + box["height"] <= title["y"]
    assert await axe(page) == []
    assert watched.complaints == []
    await screenshot(page, "logo")


@pytest.mark.parametrize(*pairwise(scheme=["light", "dark"], width=[320, 1280]))
async def test_one_question_and_the_thank_you_look_right(
    open_page, publish, axe, screenshot, scheme, width
):
    _, address = publish("one_by_one")
    page = (await open_page(width=width, color_scheme=scheme)).page
    await page.goto(address)
    for name in ("first", "second", "third", "fourth"):
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        await screenshot(page, f"one-{name}-{width}-{scheme}")
        if name == "first":
            await page.locator("label:has([value='9'])").click()
        await press(page.locator("button.go"))
    assert await axe(page) == []
    await screenshot(page, f"one-ending-{width}-{scheme}")
    await page.goto(address.rpartition("/")[0] + "/nothing_here")
    assert await axe(page) == []
    await screenshot(page, f"notice-{width}-{scheme}")


async def test_the_first_view_is_one_request_and_small(open_page, publish):
    _, address = publish("one_by_one")
    watched = await open_page()

    reply = await watched.page.goto(address, wait_until="networkidle")

    assert reply is not None
    sizes = await reply.request.sizes()
    assert watched.requests == [address]
    assert sizes["responseBodySize"] < 7_000
    assert sizes["responseBodySize"] + sizes["responseHeadersSize"] < 14_000
    assert watched.complaints == []
    assert await watched.page.context.cookies() == []


async def test_forced_colours_still_show_what_is_chosen(open_page, publish, screenshot):
    _, address = publish("every_type")
    page = (await open_page(width=375, forced_colors="active")).page
    await page.goto(f"{address}?a_recommend=9&a_used=spa")

    chosen = page.locator("[name=a_recommend][value='9'] + span")
    other = page.locator("[name=a_recommend][value='8'] + span")
    colour = "it => getComputedStyle(it).backgroundColor"
    assert await chosen.evaluate(colour) != await other.evaluate(colour)
    await screenshot(page, "forced-colours")


async def test_the_character_count_counts_down(open_page, publish):
    _, address = publish("every_type")
    page = (await open_page()).page
    await page.goto(address)

    await page.locator("[name=a_comment]").fill("caf\u00e9 \U0001f600")

    assert await page.locator("#a_comment-hint").inner_text() == "1994 characters left"


async def test_pressing_send_twice_sends_once(open_page, publish, live_server):
    key, address = publish("one_by_one")
    watched = await open_page()
    page = watched.page
    await page.goto(address)
    await page.locator("label:has([value='9'])").click()
    async with next_page(page):
        await page.locator("button.go").evaluate("it => { it.click(); it.click(); it.click(); }")
    await page.get_by_label("What is the main reason").wait_for()

    [stored] = live_server.responses(key)
    assert stored["sequence"] == 1


async def test_a_language_link_changes_the_language_and_keeps_the_response(
    open_page, publish, live_server
):
    key, address = publish("every_type")
    page = (await open_page()).page
    await page.goto(address)
    await press(page.get_by_role("button", name="العربية"))

    assert await page.locator("html").get_attribute("dir") == "rtl"
    await page.locator("label:has([name=a_recommend][value='9'])").click()
    await press(page.locator("button.go"))
    await page.get_by_role("heading", name="شكرًا جزيلًا").wait_for()
    [stored] = live_server.responses(key)
    assert stored["locale"] == "ar"


async def test_hostile_texts_and_answers_do_nothing_in_a_browser(open_page, publish, screenshot):
    payload = '"><script>alert(1)</script><img src=/x onerror=alert(2)><svg onload=alert(3)>'
    questions = [
        {"type": "short_text", "key": "name", "text": payload, "placeholder": payload},
        {"type": "single_choice", "key": "pick", "text": "Hello {{answer.name}}",
         "choices": [{"value": "a", "label": payload}, {"value": "b", "label": payload}]},
    ]  # fmt: skip
    endings = [{"key": "end", "title": payload, "text": "{{answer.name}}"}]
    _, address = publish(
        "one_by_one",
        title=payload,
        questions=questions,
        endings=endings,
        presentation={"pages": "question", "brand": payload[:80]},
    )
    watched = await open_page()
    page = watched.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))

    await page.goto(address)
    await page.locator("[name=a_name]").fill(payload)
    await press(page.locator("button.go"))
    await page.get_by_text(f"Hello {payload}").wait_for()
    await press(page.locator("button.go"))
    await page.get_by_role("heading", name=payload).wait_for()

    assert dialogs == []
    assert watched.complaints == []
    assert all(url.startswith(address) for url in watched.requests)


async def small_targets(page) -> list[str]:
    """Controls below 24 by 24 px, and rating points below 44 px of height (WCAG 2.5.8, our own)."""
    return await page.evaluate(
        """() => {
          const small = [];
          const seen = it => it.getClientRects().length;
          const note = (it, width, height) => {
            const box = it.getBoundingClientRect();
            if (box.width < width - 0.01 || box.height < height - 0.01)
              small.push(`${it.outerHTML.slice(0, 80)} ${box.width}x${box.height}`);
          };
          for (const it of document.querySelectorAll("button, select, textarea, .line input"))
            if (seen(it)) note(it, 24, 44);
          for (const it of document.querySelectorAll("nav a")) note(it, 24, 24);
          for (const it of document.querySelectorAll(".scale label, .choices > label"))
            note(it, 24, 44);
          for (const it of document.querySelectorAll(".matrix label")) note(it, 24, 44);
          return small;
        }"""
    )
