"""Inline surveys where frameworks morph, swap and redraw the page, and however late things come."""

from __future__ import annotations

import asyncio

import pytest
from tiers import chosen, first_of, pairwise
from widget_steps import NO_SURVEY_S, can_send, choose, reason_is, send, survey_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TWO = {
    "questions": [
        {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
        {"type": "short_text", "key": "why", "text": "Why?"},
    ]
}
PLACES = {
    "tag": ('<div id=box><p>Text</p><harken-survey survey="{survey}"></harken-survey></div>', {}),
    "element": (
        "<div id=box><p>Text</p><div id=spot><p>Below</p></div></div>",
        {"element": "#spot"},
    ),
}
DRAWN = ".replace(/<harken-survey><.harken-survey>/, '')"
"""As the page's source has it: without the element that the widget added."""
SWAPS = {
    "inner": f"box.innerHTML = box.innerHTML{DRAWN}",
    "outer": f"box.outerHTML = box.outerHTML{DRAWN}",
    "a-copy": "box.replaceWith(box.cloneNode(true))",
    "the-new-before-the-old-goes": "const old = box; old.after(old.cloneNode(true)); old.remove()",
    "moved": "document.body.prepend(box)",
    "the-body": "document.body.replaceWith(document.body.cloneNode(true))",
    "late": "const old = box; old.remove(); setTimeout(() => document.body.append(old), 700)",
    "what-is-not-in-the-source": (
        "document.querySelectorAll('#spot harken-survey').forEach(one => one.remove())"
    ),
    "again-and-again": (
        "for (let n = 0; n < 5; n++)"
        f" setTimeout(() => {{ box.outerHTML = box.outerHTML{DRAWN} }}, n * 60)"
    ),
}


OFTEN = ("inner", "the-new-before-the-old-goes", "the-body", "late", "again-and-again")


@pytest.mark.parametrize(*pairwise(place=list(PLACES), swap=chosen(SWAPS, *OFTEN)))
@pytest.mark.few(2)
async def test_a_survey_half_answered_goes_on_after(host_page, shop, publish, place, swap):
    body, targeting = PLACES[place]
    survey = publish(survey=TWO, mode="inline", **targeting)
    watched = await host_page(body.format(survey=survey))
    await choose(watched.page, 6)
    why = survey_on(watched.page).get_by_label("Why?")
    await why.fill("Because")

    await watched.page.evaluate(f"() => {{ {SWAPS[swap]} }}")
    await watched.page.wait_for_timeout(1000)
    assert await why.input_value() == "Because"
    await send(watched.page)
    await watched.event("submitted")

    assert [one["answers"] for one in shop.responses(survey)] == [
        {"recommend": 6, "why": "Because"}
    ]
    assert watched.names().count("shown") == 1
    assert "dismissed" not in watched.names()
    assert watched.complaints == []


async def test_an_open_popover_outlives_a_page_that_draws_itself_anew(host_page, shop, publish):
    survey = publish()
    watched = await host_page()
    await choose(watched.page, 6)

    await watched.page.evaluate(
        "() => { const html = document.documentElement; html.replaceChildren(...[...html.children]"
        ".filter(one => one.localName !== 'harken-survey')) }"
    )
    await send(watched.page)
    await watched.event("submitted")

    assert [one["answers"] for one in shop.responses(survey)] == [{"recommend": 6}]
    assert "dismissed" not in watched.names()


async def test_taken_away_for_good_it_is_kept_as_a_part_and_not_dismissed(host_page, shop, publish):
    survey = publish(survey=TWO)
    watched = await host_page(f'<harken-survey survey="{survey}"></harken-survey>')
    await choose(watched.page, 6)
    await survey_on(watched.page).get_by_label("Why?").wait_for()
    await can_send(watched)

    await watched.page.evaluate(
        "() => { history.pushState({}, '', '/b');"
        " document.querySelector('harken-survey').remove() }"
    )
    await watched.until(lambda: shop.responses(survey), "a part")

    assert shop.responses(survey)[0]["complete"] is False
    assert "dismissed" not in watched.names()


@pytest.mark.parametrize("wait_ms", [0, 800])
async def test_each_page_of_an_application_asks_anew(host_page, shop, publish, wait_ms):
    survey = publish()
    tag = f'<harken-survey survey="{survey}"></harken-survey>'
    watched = await host_page(f"<div id=box>{tag}</div>")
    for number in (1, 2):
        await choose(watched.page, 6)
        await send(watched.page)
        await watched.event("submitted", number)
        await watched.page.evaluate(
            "([number, wait]) => { history.pushState({}, '', '/article/' + number);"
            " setTimeout(() => { box.innerHTML = box.innerHTML }, wait) }",
            [number, wait_ms],
        )
        await watched.event("shown", number + 1)

    assert len(shop.responses(survey)) == 2


@pytest.mark.parametrize("delay_s", chosen([0, 0.3, 0.8, 1.5], 0, 0.8))
async def test_a_tag_gets_its_survey_however_late_the_code_comes(
    host_page, publish, open_page, delay_s
):
    survey = publish(mode="inline")
    watched = await open_page()
    await watched.watch_widget()

    async def late(route):
        await asyncio.sleep(delay_s)
        await route.continue_()

    await watched.page.route("**/widget/survey-*.js", late)
    await host_page(f'<harken-survey survey="{survey}"></harken-survey>', on=watched)

    await watched.event("shown")
    await reason_is(watched, survey, "shown")
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)
    await reason_is(watched, survey, "shown")
    assert await survey_on(watched.page).get_by_role("radio").count() == 11


MAKE = "const t = document.createElement('harken-survey'); "
WAYS = {
    "knotted": f"{MAKE} t.own = t; t.setAttribute('survey', KEY); document.body.append(t)",
    "written-later": "document.body.insertAdjacentHTML('beforeend', TAG)",
    "attribute-after-it": f"{MAKE} document.body.append(t); t.setAttribute('survey', KEY)",
    "in-a-component": (
        "const host = document.createElement('div'); document.body.append(host);"
        " host.attachShadow({mode: 'open'}).innerHTML = TAG"
    ),
    "in-a-dialog": (
        "const d = document.createElement('dialog'); d.innerHTML = TAG;"
        " document.body.append(d); d.showModal()"
    ),
    "much-later": "setTimeout(() => document.body.insertAdjacentHTML('beforeend', TAG), 1500)",
    "another-key-before": (
        f"{MAKE} t.setAttribute('survey', 'other'); document.body.append(t);"
        " setTimeout(() => t.setAttribute('survey', KEY), 300)"
    ),
}


@pytest.mark.parametrize("way", first_of(WAYS, 4))
async def test_a_survey_comes_wherever_its_tag_stands(host_page, shop, publish, way):
    survey = publish(mode="inline")
    watched = await host_page()
    await watched.event("ready")
    tag = f"<harken-survey survey={survey}></harken-survey>"

    await watched.page.evaluate(f"([KEY, TAG]) => {{ {WAYS[way]} }}", [survey, tag])
    await watched.event("shown")
    await watched.page.get_by_role("radio", name="6", exact=True).check(force=True)
    await watched.page.get_by_role("button", name="Send", exact=True).click()
    await watched.event("submitted")

    assert len(shop.responses(survey)) == 1


async def test_a_tag_that_gets_another_key_shows_the_other_survey(host_page, publish):
    first, second = publish(mode="inline"), publish(mode="inline")
    watched = await host_page(f"<harken-survey survey={first}></harken-survey>")
    await watched.event("shown")

    await watched.page.evaluate(
        "key => document.querySelector('harken-survey').setAttribute('survey', key)", second
    )
    await watched.event("shown", 2)

    assert await survey_on(watched.page).locator("section").count() == 1
