"""What the widget loads and where it sends is decided by its script, whatever a page is made of."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from host_site import page_of, widget_tag
from node import FILES
from taken_names import Hand, in_a_form, named_elements, used_names
from tiers import first_of
from widget_steps import NO_SURVEY_S, answer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVIL = "http://127.0.0.1:9"
"""Nobody is there; whatever is asked of it is noted."""
AT_ONCE = 60


def batches() -> list[Any]:
    """All names at once; in `nightly` also some at a time, which names the culprit."""
    names = used_names()
    some = [names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE)]
    return first_of([names, *some], 1)


def hosts(watched: Any) -> set[str]:
    """All that the page asked anything of."""
    return {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, watched.requests)}


async def answered(watched: Any, shop: Any, survey: str) -> None:
    """It is answered by mouse, and stored."""
    hand = await Hand.at(watched.page)
    await hand.press(type="radio", value="9")
    await hand.press(part="button")
    await watched.until(lambda: shop.responses(survey), "a response")
    assert shop.responses(survey)[0]["answers"] == {"recommend": 9}


@pytest.mark.parametrize("names", batches(), ids=lambda names: f"{names[0]}-{len(names)}")
async def test_a_survey_is_shown_and_sent_though_elements_have_every_name_of_ours(
    host_page, host_site, shop, publish, names
):
    survey = publish()
    tag = widget_tag(shop.url, shop.public_key)

    watched = await host_page(source=page_of(named_elements(names) + tag))
    await answered(watched, shop, survey)

    assert hosts(watched) == {shop.url, host_site.url}


@pytest.mark.parametrize("names", batches(), ids=lambda names: f"{names[0]}-{len(names)}")
async def test_a_survey_is_shown_and_sent_though_a_form_around_the_page_has_fields_of_every_name(
    host_page, host_site, shop, publish, names
):
    survey = publish()
    tag = widget_tag(shop.url, shop.public_key)
    source = page_of(in_a_form(names, "<p>Coffee, and more coffee.</p>") + tag)

    watched = await host_page(source=source)
    await answered(watched, shop, survey)

    assert hosts(watched) == {shop.url, host_site.url}


REDIRECTIONS = {
    "current-script": f'<form name=currentScript data-server="{EVIL}" data-key="hk_evil"></form>',
    "own-tag-before": '<script type="text/plain" src="{src}" data-key="hk_evil"'
    f' data-server="{EVIL}"></script>',
    "file-of-that-name-elsewhere": f'<script type="text/plain" src="{EVIL}/widget/v1.js"'
    ' data-key="hk_evil"></script>',
    "a-base": f'<base href="{EVIL}/">',
    "an-element-called-harken": "<form id=harken><input name=explain><input name=forEach></form>",
    "two-elements-called-harken": "<a id=harken></a><a id=harken></a>",
    "config": f'<a id=config href="{EVIL}"></a><a id=server href="{EVIL}"></a>',
}


@pytest.mark.parametrize("way", ["classic", "module"])
@pytest.mark.parametrize("name", REDIRECTIONS)
@pytest.mark.few(5)
async def test_elements_of_the_page_lead_it_nowhere_else(
    host_page, host_site, shop, publish, name, way
):
    survey = publish()
    src = f"{shop.url}/widget/v1.js?key={shop.public_key}"
    kind = "type=module" if way == "module" else "async"

    watched = await host_page(
        REDIRECTIONS[name].format(src=src), tag=f'<script {kind} src="{src}"></script>'
    )
    await answer(watched)

    assert shop.responses(survey)
    assert hosts(watched) == {shop.url, host_site.url}


async def test_a_base_that_comes_after_the_tag_does_not_move_the_server(
    host_page, host_site, shop, publish
):
    """The address in a tag is read by the base of the moment; that of the script is not."""
    publish()
    host_site.put("/widget/v1.js", (FILES / "v1.js").read_bytes(), "text/javascript")
    tag = f'<script defer src="/widget/v1.js" data-key="{shop.public_key}"></script>'

    watched = await host_page(tag=f'{tag}<base href="{EVIL}/">')
    await watched.until(
        lambda: any(one.path.startswith("/widget/config") for one in host_site.received),
        "the config asked of the site that the script came from",
    )

    assert hosts(watched) == {host_site.url}


POLLUTED = "<script>(names => { for (const name of names) if (!(name in {})) WAY })(NAMES)</script>"
WAYS = {
    "values": "Object.prototype[name] = '%s'" % EVIL,  # noqa: UP031
    "setters": "Object.defineProperty(Object.prototype, name,"
    f" {{get: () => '{EVIL}', set() {{}}, configurable: true}})",
}


@pytest.mark.parametrize("way", WAYS)
async def test_prototypes_with_every_name_of_ours_lead_it_nowhere_else(
    host_page, host_site, publish, shop, way
):
    """It may be silent then, and says nothing to the page and to nobody else."""
    publish()
    head = POLLUTED.replace("WAY", WAYS[way]).replace("NAMES", json.dumps(used_names()))

    watched = await host_page(head=head)
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)

    assert EVIL not in hosts(watched)
    assert hosts(watched) <= {shop.url, host_site.url}


OVERWRITTEN = """<script>(names => { for (const name of names) try {
  if (typeof window[name] !== 'undefined' && !['document', 'window', 'location'].includes(name))
    window[name] = function () { return '%s' };
} catch {} })(%s)</script>"""


@pytest.mark.parametrize("names", batches(), ids=lambda names: f"{names[0]}-{len(names)}")
async def test_globals_that_are_overwritten_lead_it_nowhere_else(
    host_page, host_site, shop, publish, names
):
    publish()

    watched = await host_page(head=OVERWRITTEN % (EVIL, json.dumps(names)))
    await watched.page.wait_for_timeout(NO_SURVEY_S * 1000)

    assert hosts(watched) <= {shop.url, host_site.url}
    assert watched.complaints == []
