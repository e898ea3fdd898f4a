"""Every option may be an attribute or said in code, and reaches the survey."""

from __future__ import annotations

import json
from typing import Any

import pytest
import pytest_asyncio
from watched import Watched
from widget_types import fields_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RECORDER = """export async function enter(ask) {
  const {remember, tell, gone, survey, phrases, place, ...plain} = ask;
  document.title = JSON.stringify({...plain, survey: survey.key, place: place().localName},
    (name, value) => value instanceof Element ? "#" + value.id : value);
  return {close: gone, look() {}};
}"""
"""Survey code that writes down what it is asked for."""


OPTIONS = fields_of("Options")
TWINS: dict[str, Any] = {
    "server": None,
    "survey": None,
    "locale": "en",
    "scheme": "dark",
    "mode": "modal",
    "position": "top_left",
    "element": "#place",
    "memory": "session",
    "respondent": "customer-42",
    "signature": None,
    "touchpoint": "order.paid",
    "context": {"store": "Oslo 3", "store_id": "7"},
    "debug": None,
    "auto": None,
}
"""What `data-` attributes give; those of None are tried by themselves below."""


def attributes_of(options: dict[str, Any]) -> dict[str, str]:
    found = {f"data_{name}": value for name, value in options.items() if isinstance(value, str)}
    return found | {f"data-context-{name}": value for name, value in options["context"].items()}


async def recorded(page: Watched) -> dict[str, Any]:
    """What the survey code was asked for."""
    await page.page.wait_for_function("() => document.title.startsWith('{')")
    return json.loads(await page.page.title())


@pytest_asyncio.fixture(loop_scope="session")
async def recording(open_page) -> Watched:
    watched = await open_page()
    await watched.watch_widget()

    async def answer(route: Any) -> None:
        headers = {"access-control-allow-origin": "*"}
        await route.fulfill(content_type="text/javascript", body=RECORDER, headers=headers)

    await watched.page.route("**/widget/survey-*.js", answer)
    return watched


async def test_the_table_of_twins_names_every_option() -> None:
    assert list(TWINS) == OPTIONS


async def test_each_option_of_the_tag_reaches_the_survey(recording, host_page, publish):
    survey = publish()

    await host_page(tag=attributes_of(TWINS), on=recording)

    given = await recorded(recording)
    expected = {name: value for name, value in TWINS.items() if value is not None}
    assert {name: given.get(name) for name in expected} == expected
    assert given["survey"] == survey


async def test_the_same_said_in_code_gives_the_same(recording, host_page, shop, publish):
    publish()
    options = {name: value for name, value in TWINS.items() if value is not None}
    call = json.dumps(["init", shop.public_key, {**options, "server": shop.url}])
    stub = f"<script>window.harken = [{call}]</script>"

    await host_page(
        stub, tag=f'<script async src="{shop.url}/widget/v1.js"></script>', on=recording
    )

    given = await recorded(recording)
    assert {name: given.get(name) for name in options} == options


async def test_the_server_is_that_of_the_script_or_of_its_attribute(
    recording, host_page, shop, publish
):
    publish()
    elsewhere = shop.url.replace("127.0.0.1", "localhost")

    await host_page(on=recording)
    assert (await recorded(recording))["server"] == shop.url
    source = f"{shop.url}/widget/v1.js?key={shop.public_key}"
    tag = f'<script async src="{source}" data-server="{elsewhere}"></script>'
    await host_page(tag=tag, on=recording)

    assert (await recorded(recording))["server"] == elsewhere


async def test_a_named_survey_opens_at_once_and_alone(recording, host_page, shop, publish):
    publish()
    named = publish(survey={"widget": None, "key": "unlisted"})

    await host_page(tag={"data_survey": named}, on=recording)
    given = await recorded(recording)
    reasons = await recording.page.evaluate("harken.explain()")

    assert given["survey"] == named
    assert not given.get("force")
    assert {one["survey"]: one["reason"] for one in reasons} == {
        "ask_1": "not_targeted",
        named: "waiting",
    }


async def test_without_auto_only_what_is_called_for_opens(recording, host_page, publish):
    survey = publish()

    await host_page(tag={"data_auto": "false"}, on=recording)
    await recording.event("suppressed")
    assert not (await recording.page.title()).startswith("{")
    await recording.page.evaluate("key => harken.show(key, {mode: 'sheet'})", survey)

    given = await recorded(recording)
    assert (given["mode"], given["force"]) == ("sheet", True)


async def test_an_inline_survey_goes_into_its_element_beside_others(recording, host_page, publish):
    publish(mode="inline", element="#place")

    await host_page('<div id="place"></div>', on=recording)

    given = await recorded(recording)
    assert (given["place"], given["isShared"]) == ("div", True)


async def test_an_element_takes_options_of_its_own(recording, host_page, publish):
    survey = publish(opens=[], mode="tab")
    element = f'<harken-survey id="own" survey="{survey}" data-touchpoint="page.read"'
    body = f'{element} data-context-store="Oslo 4"></harken-survey>'

    await host_page(body, tag={"data_context_store": "x", "data_auto": "false"}, on=recording)

    given = await recorded(recording)
    assert given["place"] == "harken-survey"
    assert (given["mode"], given["element"], given["isShared"]) == ("inline", "#own", True)
    assert given["touchpoint"] == "page.read"
    assert given["context"] == {"store": "Oslo 4"}


async def test_a_cold_page_asks_twice_before_a_survey_shows(
    open_page, host_page, host_site, publish
):
    publish()
    watched = await open_page()
    await watched.watch_widget()

    await host_page(on=watched)
    await watched.event("shown")

    ours = [url.split("?")[0] for url in watched.requests if not url.startswith(host_site.url)]
    assert [url.rsplit("/", 1)[1].split("-")[0] for url in ours][:2] == ["v1.js", "survey"]


async def test_the_config_is_asked_for_again_in_the_locale_of_the_page(
    open_page, host_page, publish
):
    german = {"title": {"en": "Hello", "de": "Hallo"}, "locale": "en", "locales": ["de"]}
    publish(
        survey={
            **german,
            "questions": [{"type": "nps", "key": "q", "text": {"en": "Well?", "de": "Gut?"}}],
        }
    )
    watched = await open_page(locale="en-GB")
    await watched.watch_widget()

    await host_page(html='lang="de-AT"', on=watched)
    await watched.event("shown")
    await host_page(html='lang="en"', on=watched)
    await watched.event("shown", 2)

    asked = [url for url in watched.requests if "/widget/config?" in url]
    assert [url.partition("locale=")[2] for url in asked] == ["de-AT"]
