"""How often one visitor is asked: samples, clocks, and what the device may remember."""

from __future__ import annotations

import datetime

import pytest
from watched import Watched
from widget_steps import answer, close, reason_is

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DAYS = {"shown_days": 2, "dismissed_days": 4, "answered_days": 6}


async def days_later(watched: Watched, days: float) -> Watched:
    """A new tab of the same visitor, whose clock is ahead."""
    made = Watched(await watched.page.context.new_page())
    await made.watch_widget()
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
    await made.page.clock.set_system_time(at)
    await watched.page.close()
    return made


@pytest.mark.parametrize(("what", "rest"), [("shown", 2), ("dismissed", 4), ("answered", 6)])
async def test_each_clock_counts_its_own_days(host_page, publish, what, rest):
    survey = publish(cooldown=DAYS)
    keeping = {"tag": {"data_memory": "local"}}
    watched = await host_page(**keeping)
    await watched.event("shown")
    if what == "answered":
        await answer(watched)
    if what == "dismissed":
        await close(watched.page)
        await watched.event("dismissed")

    before = await days_later(watched, rest - 0.1)
    await host_page(on=before, **keeping)
    detail = await reason_is(before, survey, "cooldown")
    after = await days_later(before, rest + 0.1)
    await host_page(on=after, **keeping)

    await after.event("shown")
    assert str(rest) in detail


@pytest.mark.parametrize(
    ("memory", "next_page", "next_tab"),
    [
        ("none", "shown", "shown"),
        ("session", "cooldown", "shown"),
        ("local", "cooldown", "cooldown"),
    ],
)
async def test_a_clock_runs_as_long_as_the_device_may_remember(
    host_page, publish, memory, next_page, next_tab
):
    survey = publish(cooldown=DAYS)
    keeping = {"tag": {"data_memory": memory}}
    watched = await host_page(**keeping)
    await watched.event("shown")
    await answer(watched)
    await close(watched.page)

    await host_page(on=watched, **keeping)
    await reason_is(watched, survey, next_page)
    later = await days_later(watched, 0)
    await host_page(on=later, **keeping)

    await reason_is(later, survey, next_tab)


async def test_without_memory_a_clock_runs_while_the_page_is_open(host_page, publish):
    survey = publish(cooldown=DAYS)
    watched = await host_page()
    await watched.event("shown")
    await close(watched.page)
    await watched.event("dismissed")

    await watched.page.evaluate("history.pushState({}, '', '/next')")

    await reason_is(watched, survey, "cooldown")
    assert watched.names().count("shown") == 1


async def test_at_most_so_many_times(host_page, publish):
    survey = publish(max_shown=2)
    keeping = {"tag": {"data_memory": "session"}}
    watched = await host_page(**keeping)
    for count in (1, 2):
        await watched.event("shown", count)
        await host_page(on=watched, **keeping)

    await reason_is(watched, survey, "max_shown")
    assert watched.names().count("shown") == 2


async def test_the_same_visitor_always_falls_on_the_same_side(host_page, publish):
    """Samples go by respondent and survey; about half of many visitors are in a half."""
    publish(sample_rate=0.5, opens=[{"on": "event", "name": "never"}])
    watched = await host_page()
    await watched.event("ready")
    ask = """names => names.map(name => {
      harken.identify(name);
      return harken.explain()[0].reason;
    })"""
    visitors = [f"customer-{number}" for number in range(300)]

    first = await watched.page.evaluate(ask, visitors)
    await host_page(on=watched)
    await watched.event("ready", 2)
    again = await watched.page.evaluate(ask, visitors)

    assert first == again
    assert set(first) == {"sampled_out", "waiting"}
    assert 110 < first.count("waiting") < 190


async def test_two_surveys_do_not_share_their_sample(host_page, publish):
    for _ in range(2):
        publish(sample_rate=0.5, opens=[{"on": "event", "name": "never"}])
    watched = await host_page()
    await watched.event("ready")
    pairs = await watched.page.evaluate(
        """() => Array.from({length: 200}, (_, number) => {
          harken.identify(`customer-${number}`);
          return harken.explain().map(one => one.reason).join(" ");
        })"""
    )

    assert len(set(pairs)) == 4


async def test_opting_out_lasts_as_long_as_the_memory_and_opting_in_ends_it(host_page, publish):
    survey = publish()
    keeping = {"tag": {"data_memory": "local"}}
    watched = await host_page(**keeping)
    await watched.event("shown")

    await watched.page.evaluate("harken.optOut()")
    await host_page(on=watched, **keeping)
    await reason_is(watched, survey, "opted_out")
    await watched.page.evaluate("harken.optIn()")
    await host_page(on=watched, **keeping)

    await watched.event("shown", 2)


async def test_reset_forgets_the_visitor(host_page, publish):
    survey = publish(cooldown=DAYS)
    keeping = {"tag": {"data_memory": "local", "data_respondent": "customer-1"}}
    watched = await host_page(**keeping)
    await watched.event("shown")
    await close(watched.page)
    await host_page(on=watched, **keeping)
    await reason_is(watched, survey, "cooldown")

    await watched.page.evaluate("harken.reset()")

    assert await watched.page.evaluate("localStorage.length") == 0
    await host_page(on=watched, **keeping)
    await watched.event("shown", 2)
