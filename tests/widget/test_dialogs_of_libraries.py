"""A survey never stands before a dialog, whatever library made it: they are the real ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from either_browser import NOTES, Visitor
from host_site import HostSite, page_of, widget_tag
from libraries import tags_of
from library_dialogs import LIBRARY_DIALOGS, LibraryDialog
from live_server import LiveServer

pytestmark = [
    pytest.mark.browser, pytest.mark.nightly, pytest.mark.asyncio(loop_scope="session")
]  # fmt: skip

LOAD = """const script = document.createElement('script');
script.src = arguments[0];
document.head.append(script);"""
FIELD_SHOWS = "return document.querySelector('#field')?.checkVisibility()"
BEHIND = """return window.harken?.explain && Promise.resolve(harken.explain()).then(
  ([one]) => one?.reason === 'host_modal')"""
FORMS = """return [...document.querySelectorAll('harken-survey')].filter(
  host => host.shadowRoot?.querySelector('form')).length"""
ON_TOP = """const part = document.querySelector('harken-survey')?.shadowRoot?.querySelector('form');
if (!part) return false;
const {x, y, width, height} = part.getBoundingClientRect();
return document.elementFromPoint(x + width / 2, y + height / 2)?.localName === 'harken-survey'"""
CHOSEN = """return document.querySelector('harken-survey')?.shadowRoot
  ?.querySelector("input:checked")?.value"""
HEARD = "return !document.querySelector('harken-survey').closest('[aria-hidden=true],[inert]')"
"""Dialogs take all else from screen readers, and give it back."""
_numbers = itertools.count(1)


@pytest.fixture
def page_with(host_site: HostSite, libraries: None, shop: LiveServer) -> Callable[..., str]:
    """The address of a page that has a dialog, closed."""

    def put(dialog: LibraryDialog, tag: str = "") -> str:
        body = dialog.body + tags_of(dialog.uses) + tag
        return host_site.put(f"/dialog/{next(_numbers)}", page_of(body, NOTES))

    return put


@pytest.mark.parametrize("name", LIBRARY_DIALOGS)
async def test_it_comes_when_the_dialog_is_gone_and_nothing_was_used_up(
    visitor: Visitor, page_with, shop: LiveServer, publish, name: str
) -> None:
    publish(max_shown=1)
    dialog = LIBRARY_DIALOGS[name]
    await visitor.open(page_with(dialog))
    await visitor.run(dialog.open)
    await visitor.until(FIELD_SHOWS)

    await visitor.run(LOAD, f"{shop.url}/widget/v1.js?key={shop.public_key}")
    await visitor.until(BEHIND)
    assert await visitor.run(FORMS) == 0
    assert await visitor.run("return told") == []
    await visitor.run(dialog.close)

    await visitor.told("shown")
    assert await visitor.until(ON_TOP)
    assert await visitor.run("return faults") == []


@pytest.mark.parametrize("name", LIBRARY_DIALOGS)
async def test_it_steps_aside_for_a_dialog_and_comes_back_as_it_was(
    visitor: Visitor, page_with, shop: LiveServer, publish, name: str
) -> None:
    survey = publish()
    dialog = LIBRARY_DIALOGS[name]
    await visitor.open(page_with(dialog, widget_tag(shop.url, shop.public_key)))
    await visitor.press("label:has(input[value='6'])")

    await visitor.run(dialog.open)
    await visitor.until(f"return !(() => {{ {FORMS} }})()")
    await visitor.run("document.querySelector('#field').focus()")
    await visitor.type("abc")
    assert await visitor.run("return document.querySelector('#field').value") == "abc"
    await visitor.run(dialog.close)

    await visitor.until(f"return (() => {{ {CHOSEN} }})() === '6'")
    assert await visitor.until(HEARD)
    await visitor.press("button.go")
    await visitor.told("submitted")
    assert [one["answers"] for one in shop.responses(survey)] == [{"recommend": 6}]
    told = await visitor.run("return told")
    assert (told.count("shown"), told.count("dismissed")) == (1, 0)
    assert await visitor.run("return faults") == []
