"""Inline surveys on pages of real frameworks, from npm: what is typed outlives every redrawing."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable

import pytest
from either_browser import NOTES, Visitor
from host_site import HostSite, page_of, widget_tag
from libraries import tags_of
from live_server import LiveServer
from redrawn_pages import REDRAWN, Redrawn

pytestmark = [
    pytest.mark.browser, pytest.mark.nightly, pytest.mark.asyncio(loop_scope="session")
]  # fmt: skip

TWO = {
    "questions": [
        {"type": "nps", "key": "recommend", "text": "How likely?", "required": True},
        {"type": "short_text", "key": "why", "text": "Why?"},
    ]
}
PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "tag": ('<harken-survey survey="{0}"></harken-survey>', {}),
    "element": ("<div id=spot></div>", {"element": "#spot"}),
}
BOX = '<div id="box"><p id="mark">Version {0}</p>{1}</div>'
FORMS = """return [...document.querySelectorAll('harken-survey')].filter(
  host => host.shadowRoot?.querySelector('form')).length"""
FIELD = "input:not([type=radio])"
TYPED = """const all = [...document.querySelectorAll('harken-survey')].filter(
  host => host.shadowRoot?.querySelector('form'));
return all.length === 1 && !!all[0].closest('#box')
  && all[0].shadowRoot.querySelector(arguments[0])?.value"""
KNOWN = "const [box, page, boxAt, pageAt] = arguments, app = document.querySelector('#app');"
DRAWN = """return document.querySelector('#mark')?.textContent === 'Version 2'
  && Promise.resolve(window.moving?.finished).then(() => true)"""
"""While a view transition runs, a press goes nowhere."""
FOUND_BY_REACT = re.compile("React error #(418|423)")
"""It finds an element that its own page did not write. A tag is in that page."""
_numbers = itertools.count(1)


class Written:
    """A page of a framework with a survey in it, on the site."""

    def __init__(self, site: HostSite, page: Redrawn, spot: str, tag: str, survey: str) -> None:
        self._site = site
        self._page = page
        self._spot = spot
        place = {"survey": survey} if survey in spot else {}
        self._head = tags_of(page.uses) + page.head
        self._head += f"<script>window.PLACE = {json.dumps(place)}</script>{NOTES}"
        self._tag = tag
        self._path = f"/framework/{next(_numbers)}"
        self.address = self._put_page(1)

    async def redraw(self, visitor: Visitor) -> None:
        """Have the framework draw its box anew, and wait until it did."""
        box, page_at = BOX.format(2, self._spot), self._put_page(2)
        box_at = self._site.put(f"{self._path}/box", box)
        given = [box, self._source(2), box_at, page_at]
        await visitor.run(KNOWN + self._page.redraw, *given)
        await visitor.until(DRAWN)

    def _put_page(self, version: int) -> str:
        return self._site.put(self._path, self._source(version))

    def _source(self, version: int) -> str:
        box = BOX.format(version, self._spot) if self._page.is_sent else ""
        body = self._page.body
        head = self._head + ("" if "{tag}" in body else self._tag)
        return page_of(body.replace("{box}", box).replace("{tag}", self._tag), head)


@pytest.fixture
def written(host_site: HostSite, libraries: None, shop: LiveServer) -> Callable[..., Written]:
    tag = widget_tag(shop.url, shop.public_key)
    return lambda page, spot, survey: Written(host_site, page, spot, tag, survey)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", REDRAWN)
async def test_a_survey_half_answered_goes_on_where_it_stands(
    visitor: Visitor, written, shop: LiveServer, publish, name: str, place: str
) -> None:
    spot, targeting = PLACES[place]
    survey = publish(survey=TWO, mode="inline", **targeting)
    page = written(REDRAWN[name], spot.format(survey), survey)
    await visitor.open(page.address)
    await visitor.press("input[value='6'] + *, label:has(input[value='6'])")
    await visitor.press(FIELD)
    await visitor.type("Because")

    await page.redraw(visitor)

    assert await visitor.until(TYPED, FIELD) == "Because"
    await visitor.press("button.go")
    await visitor.told("submitted")
    assert [one["answers"] for one in shop.responses(survey)] == [
        {"recommend": 6, "why": "Because"}
    ]
    told = await visitor.run("return told")
    assert (told.count("shown"), told.count("dismissed")) == (1, 0)
    is_found = place == "element" and name.startswith("react") and name.endswith("hydrates")
    faults = await visitor.run("return faults")
    assert [fault for fault in faults if not (is_found and FOUND_BY_REACT.search(fault))] == []


UNSEEN = {
    "alpine": (
        ["alpine"],
        (
            "<div x-data='{is_open: false}' @reveal.window='is_open = true'>"
            "<div id=box x-show=is_open>TAG</div></div>"
        ),
        "dispatchEvent(new Event('reveal'))",
    ),
    "bootstrap-collapse": (
        ["bootstrap"],
        "<div id=box class=collapse>TAG</div>",
        "new bootstrap.Collapse('#box').show()",
    ),
    "bootstrap-tabs": (
        ["bootstrap"],
        (
            "<ul class=nav role=tablist><li><button class=active data-bs-toggle=tab "
            "data-bs-target=#one>One</button><li><button id=tab data-bs-toggle=tab "
            "data-bs-target=#box>Two</button></ul><div class=tab-content>"
            "<div id=one class='tab-pane active'>One</div>"
            "<div id=box class=tab-pane>TAG</div></div>"
        ),
        "document.querySelector('#tab').click()",
    ),
    "jquery": (
        ["jquery"],
        "<div id=box style=display:none>TAG</div>",
        "$('#box').slideDown()",
    ),
}  # fmt: skip
"""Where a survey stands out of sight: the libraries, the body, and what shows it."""


@pytest.mark.parametrize("name", UNSEEN)
async def test_what_a_framework_hides_is_shown_when_it_is_seen(
    visitor: Visitor, host_site: HostSite, libraries: None, shop: LiveServer, publish, name: str
) -> None:
    survey = publish(mode="inline", max_shown=1)
    uses, body, reveal = UNSEEN[name]
    tag = f'<harken-survey survey="{survey}"></harken-survey>'
    head = f"{NOTES}{widget_tag(shop.url, shop.public_key)}"
    page = page_of(body.replace("TAG", tag) + tags_of(uses), head)
    await visitor.open(host_site.put(f"/framework/{next(_numbers)}", page))
    await visitor.until(FORMS)
    assert await visitor.run("return told") == []

    await visitor.run(reveal)

    await visitor.told("shown")


LOADED = """return new Promise(done => {
  addEventListener('turbo:load', () => done(true), {once: true});
  GO;
})"""
"""Turbo shows what it remembers of a page first, and fetches it meanwhile."""
SHOWN_SO_OFTEN = "return told.filter(event => event === 'shown').length >= arguments[0]"


@pytest.mark.parametrize("place", PLACES)
async def test_each_page_that_turbo_visits_has_its_survey_and_so_has_the_way_back(
    visitor: Visitor, host_site: HostSite, libraries: None, shop: LiveServer, publish, place: str
) -> None:
    spot, targeting = PLACES[place]
    survey = publish(mode="inline", **targeting)
    head = f"{tags_of(['turbo'])}{NOTES}{widget_tag(shop.url, shop.public_key)}"
    first, other = (f"/framework/{next(_numbers)}" for _ in range(2))
    host_site.put(other, page_of("<p id=mark>Another page</p>", head))
    await visitor.open(host_site.put(first, page_of(spot.format(survey), head)))
    await visitor.told("shown")

    for times, back in ((2, "history.back()"), (3, f"Turbo.visit('{first}')")):
        await visitor.run(LOADED.replace("GO", f"Turbo.visit('{other}')"))
        await visitor.run(LOADED.replace("GO", back))
        await visitor.until(SHOWN_SO_OFTEN, times)
        assert await visitor.run(FORMS) == 1

    await visitor.press("label:has(input[value='6'])")
    await visitor.press("button.go")
    await visitor.told("submitted")
    assert shop.responses(survey)[0]["answers"] == {"recommend": 6}
    told = await visitor.run("return told")
    assert told.count("dismissed") == 0
    assert await visitor.run("return faults") == []
