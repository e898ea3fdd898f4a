"""Pages that take every name of the widget's built files, and a hand whom that does not trouble."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any

from node import FILES
from playwright.async_api import CDPSession, Page

_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_PROTOTYPES_OWN = {"__proto__"}


def used_names() -> list[str]:
    """Every word in what visitors download: globals, properties, and all that looks like one."""
    texts = [path.read_text("utf-8") for path in FILES.glob("*.js")]
    found = {name for text in texts for name in _NAME.findall(text)}
    return sorted(found - _PROTOTYPES_OWN)


def named_elements(names: Iterable[str]) -> str:
    """Elements that a document and a window give by their names and ids."""
    return "<div hidden>" + "".join(
        f"<img name='{name}' alt=''><form name='{name}'></form><a id='{name}'></a>"
        for name in names
    ) + "</div>"  # fmt: skip


def in_a_form(names: Iterable[str], inner: str) -> str:
    """A form around a page, as some frameworks have it, whose fields hide its own members."""
    fields = "".join(f"<input type=hidden name='{name}' value=1>" for name in names)
    return f"<form style='display:block'>{fields}{inner}</form>"


class Hand:
    """Finds and presses by the browser's own protocol: no script of the page is asked."""

    def __init__(self, session: CDPSession, page: Page) -> None:
        self._session = session
        self._page = page

    @classmethod
    async def at(cls, page: Page) -> Hand:
        session = await page.context.new_cdp_session(page)
        await session.send("DOM.enable")
        return cls(session, page)

    async def press(self, **attributes: str) -> None:
        """Press what has these attributes, as soon as it is there and stands still."""
        before: Any = None
        for _ in range(500):
            middle = await self._middle_of(attributes)
            if middle is not None and middle == before:
                await self._page.mouse.click(*middle)
                return
            before = middle
            await asyncio.sleep(0.05)
        raise AssertionError(f"there is nothing with {attributes}")

    async def _middle_of(self, attributes: Mapping[str, str]) -> tuple[float, float] | None:
        tree = await self._session.send("DOM.getFlattenedDocument", {"depth": -1, "pierce": True})
        for node in tree["nodes"]:
            pairs = node.get("attributes", [])
            named = dict(zip(pairs[::2], pairs[1::2], strict=True))
            if attributes.items() <= named.items():
                try:
                    box = await self._session.send("DOM.getBoxModel", {"nodeId": node["nodeId"]})
                except Exception:  # noqa: BLE001  # it has no box yet
                    return None
                corners = box["model"]["border"]
                return (corners[0] + corners[4]) / 2, (corners[1] + corners[5]) / 2
        return None
