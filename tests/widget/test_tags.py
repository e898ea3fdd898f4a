"""How the tag comes into a page: it starts, or one line of the console says what is wrong."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STARTS = {
    "module": '<script type=module src="{src}"></script>',
    "deferred": '<script defer src="{src}"></script>',
    "blocking": '<script src="{src}"></script>',
    "by-script": "<script>{{ const s = document.createElement('script'); s.src = '{src}';"
    " document.head.append(s) }}</script>",
    "text-with-its-tag": '<script type="text/plain" src="{src}"></script>'
    "<script>fetch('{src}').then(r => r.text()).then(t => (0, eval)(t))</script>",
    "imported": "<script type=module>import('{src}')</script>",
    "as-text": "<script>fetch('{src}').then(r => r.text()).then(t => (0, eval)(t))</script>",
    "key-by-a-call": '<script async src="{plain}"></script><script>window.harken = [];'
    "harken.push(['init', '{key}', {{server: '{server}'}}])</script>",
}
SAYS = {  # a module and a text are not told their tag
    "no-key": ('<script async src="{plain}"></script>', "Harken: no key"),
    "empty-key": ('<script async src="{plain}" data-key=""></script>', "Harken: no key"),
    "module-key-apart": (
        '<script type=module src="{plain}" data-key="{key}"></script>',
        "Harken: no key",
    ),
    "imported-without": ("<script type=module>import('{plain}')</script>", "Harken: no key"),
    "as-text-without": (
        "<script>fetch('{plain}').then(r => r.text()).then(t => (0, eval)(t))</script>",
        "Harken: no key",
    ),
}


def written(shop, text: str) -> str:
    plain = f"{shop.url}/widget/v1.js"
    src = f"{plain}?key={shop.public_key}"
    return text.format(plain=plain, src=src, key=shop.public_key, server=shop.url)


@pytest.mark.parametrize("way", STARTS)
async def test_the_widget_starts_as(host_page, shop, publish, way):
    publish()

    watched = await host_page(written(shop, STARTS[way]), tag=None)

    await watched.event("shown")
    assert watched.complaints == []


@pytest.mark.parametrize("way", SAYS)
@pytest.mark.few(2)
async def test_one_line_says_what_is_wrong(host_page, shop, publish, way):
    publish()
    tag, said = SAYS[way]

    watched = await host_page(written(shop, tag), tag=None)
    await watched.until(lambda: watched.complaints, "a line in the console")

    assert watched.complaints == [said]
    assert watched.names() == []
