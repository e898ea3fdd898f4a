"""Sites that overwrite, freeze and clobber: the widget works or is silent, and never throws."""

from __future__ import annotations

import pytest
from host_site import page_of, widget_tag
from playwright.async_api import Page
from tiers import first_of
from widget_steps import NO_SURVEY_S, answer, choose, send, survey_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORKS = {
    "old-prototypes": "Object.prototype.extend = function () {}; Array.prototype.each = () => 1;"
    "String.prototype.strip = () => 1; Function.prototype.curry = () => 1",
    "frozen-builtins": "[Object, Array, Function, String, Number, Promise, Map, Set, RegExp, Date]"
    ".forEach(made => { Object.freeze(made); Object.freeze(made.prototype) });"
    "Object.freeze(JSON); Object.freeze(Math)",
    "frozen-elements": "[EventTarget, Node, Element, HTMLElement, Document, ShadowRoot, Event]"
    ".forEach(made => Object.freeze(made.prototype)); Object.freeze(customElements)",
    "wrapped-fetch": "const own = fetch; window.fetch = function () "
    "{ return own.apply(this, arguments).then(reply => reply) }",
    "wrapped-listeners": "const own = EventTarget.prototype.addEventListener;"
    "EventTarget.prototype.addEventListener = function (name, heard, options) "
    "{ return own.call(this, name, event => heard.handleEvent ? heard.handleEvent(event) "
    ": heard.call(this, event), options) }",
    "no-storage": "for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])"
    "Object.defineProperty(window, name, {get() { throw new DOMException('no') }})",
    "no-beacon": "Object.defineProperty(Navigator.prototype, 'sendBeacon', {value: undefined})",
    "own-observers": "window.IntersectionObserver = window.ResizeObserver = undefined;"
    "window.requestIdleCallback = undefined; window.BroadcastChannel = undefined;"
    "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})",
    "no-uuid": "Object.defineProperty(Crypto.prototype, 'randomUUID', {value: undefined})",
    "silent-console": "for (const name in console) console[name] = () => { throw Error(name) }",
}
MAY_BE_SILENT = {
    "json-throws": "JSON.parse = JSON.stringify = () => { throw new Error('no') }",
    "fetch-gives-rubbish": "window.fetch = async () => ({})",
    "promise-polyfill": "window.Promise = class { then() {} catch() {} "
    "static resolve() { return new this } static all() { return new this } }",
    "array-methods-throw": "for (const name of ['map', 'filter', 'forEach', 'find', 'some'])"
    "Array.prototype[name] = () => { throw new Error('no') }",
    "create-element-throws": "document.createElement = () => { throw new Error('no') }",
    "taken-and-throws": "Object.defineProperty(window, 'harken', {get() { throw Error('no') }})",
    "taken-by-another": "window.harken = {own: true, track() {}}",
    "defined-by-another": "customElements.define('harken-survey', class extends HTMLElement {})",
    "array-to-json": "Array.prototype.toJSON = function () { return '[broken]' }",
    "no-json": "window.JSON = undefined",
    "no-fetch": "window.fetch = undefined",
    "fetch-throws": "window.fetch = () => { throw new Error('no') }",
    "fetch-gives-nothing": "window.fetch = () => undefined",
    "no-promise": "window.Promise = function () { throw new Error('no') }",
    "no-attach-shadow": "Element.prototype.attachShadow = undefined",
    "no-style-sheets": "window.CSSStyleSheet = undefined",
    "no-custom-elements": "Object.defineProperty(window, 'customElements', {value: undefined})",
    "append-throws": "Element.prototype.append = Node.prototype.appendChild = "
    "() => { throw new Error('no') }",
    "no-crypto": "Object.defineProperty(window, 'crypto', {value: undefined})",
    "no-url": "window.URL = window.URLSearchParams = undefined",
    "taken-for-good": "Object.defineProperty(window, 'harken', {value: 1})",
    "taken-by-a-text": "window.harken = 'a text'",
}
FINE = "<script>addEventListener('load', () => { document.title = 'fine' })</script>"


@pytest.mark.parametrize("name", WORKS)
@pytest.mark.few(4)
async def test_the_survey_is_answered_although(host_page, shop, publish, name):
    survey = publish()

    watched = await host_page(head=f"<script>{{{WORKS[name]}}}</script>")
    await answer(watched)

    assert [one["answers"] for one in shop.responses(survey)] == [{"recommend": 9}]
    assert watched.complaints == []


@pytest.mark.parametrize("name", first_of(MAY_BE_SILENT, 8))
@pytest.mark.few(3)
async def test_nothing_is_thrown_whatever_the_page_did_before(host_page, publish, name):
    publish()

    watched = await host_page(FINE, head=f"<script>{{{MAY_BE_SILENT[name]}}}</script>")
    await watched.until(lambda: any("/widget/v1.js" in one for one in watched.requests), "a load")
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)

    assert await watched.page.title() == "fine"
    assert watched.complaints == []
    if name == "taken-by-another":
        assert await watched.page.evaluate("harken.own") is True


LATER = {
    name: script
    for name, script in MAY_BE_SILENT.items()
    if name != "defined-by-another" and not name.startswith("taken")
} | {name: WORKS[name] for name in ("wrapped-fetch", "frozen-elements")}


@pytest.mark.parametrize("name", first_of(LATER, 7))
@pytest.mark.few(3)
async def test_nothing_is_thrown_when_the_page_does_it_with_a_survey_open(host_page, publish, name):
    publish()
    watched = await host_page(
        f"<script>addEventListener('break', () => {{{LATER[name]}}})</script>"
    )
    await watched.event("shown")

    await watched.page.evaluate("dispatchEvent(new Event('break'))")
    await choose(watched.page)
    await send(watched.page)
    await watched.page.wait_for_timeout(600)  # it is looked at the page every half second

    assert watched.complaints == []


CLOBBERED = """
<form name=body></form><form name=forms></form><img name=head alt=""><img name=scripts alt="">
<form name=links></form><form name=location></form><form name=cookie></form><img name=all alt="">
<form name=title></form><form name=dir></form><a id=config></a>
<a id=harken></a><a id=name></a><a id=location></a><a id=JSON></a><form id=fetch></form>
"""
CLOBBERED_METHODS = """
<img name=currentScript alt=""><img name=documentElement alt=""><img name=createElement alt="">
<img name=addEventListener alt=""><img name=querySelector alt=""><img name=querySelectorAll alt="">
<img name=activeElement alt=""><form name=dispatchEvent></form><form name=visibilityState></form>
<form name=readyState></form><form name=hidden></form><form name=removeEventListener></form>
"""


async def test_names_that_hide_parts_of_the_document_do_not_matter(host_page, shop, publish):
    survey = publish()

    watched = await host_page(CLOBBERED)
    await answer(watched)

    assert [one["answers"] for one in shop.responses(survey)] == [{"recommend": 9}]
    assert watched.complaints == []


async def test_names_that_hide_what_every_script_needs_throw_nothing(host_page, publish):
    publish()

    watched = await host_page(FINE + CLOBBERED_METHODS)
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)

    assert watched.complaints == []


async def test_a_sandboxed_frame_without_storage_and_origin_works(
    host_page, shop, publish, host_site
):
    survey = publish()
    inner = host_site.put("/inner", page_of(widget_tag(shop.url, shop.public_key)))

    watched = await host_page(
        f'<iframe sandbox="allow-scripts allow-forms" width=600 height=600 src="{inner}"></iframe>',
        tag=None,
    )
    frame = watched.page.frame_locator("iframe")
    await choose(frame)
    await send(frame)
    await watched.until(lambda: shop.responses(survey), "a response")

    assert shop.responses(survey)[0]["answers"] == {"recommend": 9}
    assert watched.complaints == []


async def test_a_page_of_xml_works(host_page, shop, publish):
    survey = publish()
    address = f"{shop.url}/widget/v1.js?key={shop.public_key}"
    xhtml = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A shop</title>'
        f'<script async="async" src="{address}"></script></head><body><p>Coffee</p></body></html>'
    )

    watched = await host_page(
        tag=None, source=xhtml, headers={"content-type": "application/xhtml+xml"}
    )
    await answer(watched)

    assert [one["answers"] for one in shop.responses(survey)] == [{"recommend": 9}]
    assert watched.complaints == []


async def test_there_is_one_global_and_nothing_after_destroy(host_page, publish):
    publish()
    keys = "() => Reflect.ownKeys(window).map(String)"
    prototypes = (
        "() => [Element, Node, Event, Document, Window, Object, Array, Promise].map(made =>"
    )
    prototypes += " Reflect.ownKeys(made.prototype).length)"
    watched = await host_page(tag=None)
    before = set(await watched.page.evaluate(keys))
    lengths = await watched.page.evaluate(prototypes)

    watched = await host_page(on=watched)
    await answer(watched)
    added = set(await watched.page.evaluate(keys)) - before

    assert added == {"harken"}
    assert await watched.page.evaluate(prototypes) == lengths


async def test_destroy_leaves_no_element_timer_or_listener(host_page, publish):
    publish()
    publish(
        opens=[{"on": "exit"}, {"on": "click", "selector": "h1"}, {"on": "scroll", "percent": 9}]
    )
    publish(mode="tab")
    watched = await host_page(tag=None)
    before = await listeners(watched.page)

    await host_page(on=watched)
    await watched.event("shown")
    assert len(await listeners(watched.page)) > len(before)
    await watched.page.evaluate("harken.destroy()")

    assert await listeners(watched.page) == before
    assert await survey_on(watched.page).count() == 0
    await watched.page.evaluate("document.querySelector('h1').click()")
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)
    assert await survey_on(watched.page).count() == 0
    assert watched.complaints == []


async def listeners(page: Page) -> list[str]:
    """What is listened to on the window, the document and its elements."""
    session = await page.context.new_cdp_session(page)
    found: list[str] = []
    for name in ("window", "document", "document.documentElement", "document.body", "navigation"):
        answer = await session.send("Runtime.evaluate", {"expression": name})
        held = await session.send(
            "DOMDebugger.getEventListeners", {"objectId": answer["result"]["objectId"]}
        )
        found += [f"{name} {one['type']}" for one in held["listeners"]]
    return sorted(found)
