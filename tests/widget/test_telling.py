"""What the widget tells: events to handlers and the document, reasons, and the console."""

from __future__ import annotations

import pytest
from watched import NOTE
from widget_steps import answer, close, reasons

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LISTENING = """<script>
  window.harken = window.harken || [];
  const heard = window.heard = [];
  for (const name of "ready shown answered submitted dismissed suppressed error".split(" "))
    harken.push(["on", name, detail => heard.push({...detail, name})]);
</script>"""


async def test_handlers_and_the_document_are_told_the_same_in_the_same_order(host_page, publish):
    survey = publish()
    watched = await host_page(LISTENING)
    submitted = await answer(watched, 8)
    await close(watched.page)
    heard = await watched.page.evaluate("heard")

    assert [one["name"] for one in heard] == ["ready", "shown", "answered", "submitted"]
    assert watched.names() == ["ready", "shown", "answered", "submitted"]
    assert [one["on"] for one in watched.events] == ["document"] + ["harken-survey"] * 3
    assert all(one["survey"] == survey for one in heard[1:])
    assert submitted["delivered"] is True
    assert heard[2]["question"] == "recommend"
    assert heard[2]["answer"] == 8
    assert "answer" not in watched.events[2], "any script of the page hears the document"
    assert heard[3]["response"] == submitted["response"]


async def test_dismissed_and_suppressed_are_told_with_what_they_are_about(host_page, publish):
    survey = publish()
    other = publish(opens=[{"on": "event", "name": "bought"}])
    watched = await host_page(LISTENING)
    await watched.event("shown")
    await watched.page.evaluate("harken.track('bought')")
    suppressed = await watched.event("suppressed")
    await close(watched.page)
    dismissed = await watched.event("dismissed")

    assert (suppressed["survey"], suppressed["reason"]) == (other, "another_open")
    assert dismissed["survey"] == survey
    assert dismissed["on"] == "harken-survey"
    assert await watched.page.evaluate("heard.at(-1).name") == "dismissed"


async def test_an_error_is_told_to_handlers_and_the_document(host_page, open_page, publish):
    publish()
    watched = await open_page()
    await watched.watch_widget()
    await watched.page.route("**/widget/survey-*.js", lambda route: route.abort())

    await host_page(LISTENING, on=watched)
    error = await watched.event("error")

    assert error["message"]
    assert await watched.page.evaluate("heard.at(-1).name") == "error"


async def test_a_handler_that_throws_does_not_stop_the_survey(host_page, shop, publish):
    survey = publish()
    throwing = """<script>const fail = () => { throw new Error("own") };
      window.harken = [["on", "shown", fail], ["on", "ready", fail], ["nothing"], null, 7, ["on"]];
    </script>"""

    watched = await host_page(throwing)
    await answer(watched)

    assert len(shop.responses(survey)) == 1
    assert all("own" in one for one in watched.complaints), "the site's own errors stay its own"


async def test_off_ends_what_on_began(host_page, publish):
    publish()
    watched = await host_page()
    await watched.event("shown")
    await watched.page.evaluate(
        """() => { window.count = 0; const heard = () => { count += 1 };
        harken.on("answered", heard); harken.on("submitted", heard);
        harken.off("answered", heard) }"""
    )

    await answer(watched)

    assert await watched.page.evaluate("count") == 1


async def test_explain_names_every_survey_and_its_reason(host_page, publish):
    expected = {
        publish(): "shown",
        publish(pages=[{"match": "exact", "url": "/x"}]): "wrong_page",
        publish(locales=["de"]): "wrong_locale",
        publish(devices=["phone"]): "wrong_device",
        publish(sample_rate=0): "sampled_out",
        publish(mode="inline", element="#absent"): "no_element",
    }
    watched = await host_page()
    await watched.event("shown")

    explained = await watched.page.evaluate("harken.explain()")

    assert {one["survey"]: one["reason"] for one in explained} == expected
    assert all(len(one["detail"]) > 10 for one in explained)


async def test_debug_prints_the_reasons(host_page, publish):
    survey = publish(pages=[{"match": "exact", "url": "/x"}])
    printed: list[str] = []
    watched = await host_page(tag=None)
    watched.page.on("console", lambda told: told.text.startswith(NOTE) or printed.append(told.text))

    await host_page(tag={"data_debug": ""}, on=watched)
    await watched.until(
        lambda: any(survey in one and "wrong_page" in one for one in printed), "a line"
    )
    quiet = len(printed)
    await host_page(on=watched)
    await watched.event("ready", 2)

    assert not [one for one in printed[quiet:] if survey in one]


async def test_a_key_of_another_site_is_told_apart(host_page, host_site, shop, publish):
    """Allowed origins: the widget says so, and shows nothing."""
    survey = publish()
    body = {"name": "site", "scopes": ["public"], "origins": ["https://shop.example"]}
    theirs = shop.call("POST", "/v1/keys", body)["key"]
    ours = shop.call("POST", "/v1/keys", {**body, "origins": [host_site.url]})["key"]
    tag = '<script async src="{url}/widget/v1.js?key={key}"></script>'

    watched = await host_page(tag=tag.format(url=shop.url, key=theirs))
    await watched.page.wait_for_function("() => harken.explain().length")
    assert set((await reasons(watched.page)).values()) == {"origin_not_allowed"}
    assert "shown" not in watched.names()
    await host_page(tag=tag.format(url=shop.url, key=ours), on=watched)

    assert (await watched.event("shown"))["survey"] == survey
