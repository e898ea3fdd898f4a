"""The stories of the console once more, by somebody who has nothing but a keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser_fixtures import OpenPage
from either_browser import InChromium
from live_server import serving
from paced import Paced
from told_stories import print_codes, publish_first, set_up

from harken_server.workspaces.people.new_people import make_setup_link

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_STOPS = 150
MARK = """
  const at = document.elementFromPoint(arguments[0], arguments[1]);
  window.wanted = at.closest('label')?.control || at.closest('a, button, summary') || at;
  return window.wanted.outerHTML.slice(0, 160);"""
IS_THERE = "return document.activeElement == window.wanted"
KEY = """
  const part = window.wanted;
  if (part.matches('input[type=radio], input[type=checkbox]')) return 'Space';
  return part.matches('input, textarea, select') ? '' : 'Enter';"""


class ByKeyboard(InChromium):
    """Goes to what others press with the mouse, by Tab, and presses it there."""

    async def click(self, x: float, y: float) -> None:
        wanted = await self.run(MARK, x, y)
        for _ in range(MOST_STOPS):
            if await self.run(IS_THERE):
                break
            await self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"Tab does not come to {wanted}")
        if key := await self.run(KEY):
            await self.page.keyboard.press(key)


async def test_a_survey_is_published_and_twelve_codes_are_printed_by_keyboard(
    open_page: OpenPage, tmp_path: Path
) -> None:
    watched = await open_page()
    person = Paced(ByKeyboard(watched.page))

    with serving(tmp_path) as live:
        await set_up(person, live.run_inside(make_setup_link))
        await publish_first(person)
        await print_codes(person)

        assert [one["key"] for one in live.call("GET", "/v1/surveys")["surveys"]] == ["nps"]
        assert len(live.call("GET", "/v1/place-codes")["place_codes"]) == 12
    assert not watched.complaints
