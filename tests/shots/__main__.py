"""Contact sheets: `python tests/shots` pictures every page at every width, light and dark.

They are in `tests/screenshots/sheets`, one a page, for people to look at; git does not keep them.
Names as arguments take these pages alone: `python tests/shots home surveys`.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import sys
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import uvicorn

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "support"), str(Path(__file__).parent)]

from browser_path import find_chromium  # noqa: E402
from page_list import PAGES  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.async_api import Browser, BrowserContext, async_playwright  # noqa: E402
from signed_in import add_person, open_session  # noqa: E402

from harken_server.app import create_app, open_runtime  # noqa: E402
from harken_server.configuration import load_settings  # noqa: E402
from harken_server.http.runtime import Runtime  # noqa: E402
from harken_server.sample.fill import fill_workspace  # noqa: E402
from harken_server.workspaces.people.cookies import SESSION  # noqa: E402
from harken_server.workspaces.store.workspaces import get_workspace  # noqa: E402

SHEETS = TESTS / "screenshots/sheets"
WIDTHS = (320, 390, 768, 1280, 1920)
SCHEMES = ("light", "dark")
HEIGHT = 900
MOST_TALL = 4_000
"""Of a picture: what is further down is left out."""
SHRUNK = 0.5
GAP = 24
GROUND = "#8a8f8d"


async def take_sheets(names: list[str]) -> None:
    """A sheet for each page, or for each named one."""
    SHEETS.mkdir(parents=True, exist_ok=True)
    async with _demo() as (runtime, url), async_playwright() as playwright:
        secret, places = await _ready(runtime)
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"]
        )
        for name, path in PAGES:
            if not names or name in names:
                shown = secret if "{console}" in path else ""
                await _take(browser, name, url + path.format(**places), shown)
        await browser.close()


async def _ready(runtime: Runtime) -> tuple[str, dict[str, str]]:
    """The secret of an owner's session, and what addresses are filled with."""
    await fill_workspace(runtime)
    secret = await open_session(runtime, await add_person(runtime, "owner"))
    workspace = await get_workspace(runtime.db, runtime.home)
    assert workspace is not None
    return secret, {"console": f"/console/{workspace.slug}", "survey": "post_purchase"}


async def _take(browser: Browser, name: str, url: str, secret: str) -> None:
    """The sheet of one page; with a secret somebody is signed in."""
    rows: list[list[Image.Image]] = []
    for scheme in SCHEMES:
        context = await browser.new_context(color_scheme=scheme, reduced_motion="reduce")
        await context.add_cookies([{"name": SESSION, "value": secret, "url": url}])
        rows.append([await _picture(context, url, width) for width in WIDTHS])
        await context.close()
    _sheet(rows).save(SHEETS / f"{name}.png")
    print(SHEETS / f"{name}.png")


async def _picture(context: BrowserContext, url: str, width: int) -> Image.Image:
    page = await context.new_page()
    await page.set_viewport_size({"width": width, "height": HEIGHT})
    answer = await page.goto(url)
    if answer is not None and answer.status >= 400:
        print(f"{url} answers {answer.status}", file=sys.stderr)
    needed = await page.evaluate("document.documentElement.scrollWidth")
    if needed > width:
        print(f"{url} is {needed} px wide at {width}", file=sys.stderr)
    picture = Image.open(io.BytesIO(await page.screenshot(full_page=True)))
    await page.close()
    cut = picture.crop((0, 0, picture.width, min(picture.height, MOST_TALL)))
    return cut.resize((int(cut.width * SHRUNK), int(cut.height * SHRUNK)))


def _sheet(rows: list[list[Image.Image]]) -> Image.Image:
    width = sum(one.width for one in rows[0]) + GAP * (len(WIDTHS) + 1)
    heights = [max(one.height for one in row) for row in rows]
    sheet = Image.new("RGB", (width, sum(heights) + GAP * (len(rows) + 1)), GROUND)
    y = GAP
    for row, height in zip(rows, heights, strict=True):
        x = GAP
        for one in row:
            sheet.paste(one, (x, y))
            x += one.width + GAP
        y += height + GAP
    return sheet


@contextlib.asynccontextmanager
async def _demo() -> AsyncGenerator[tuple[Runtime, str]]:
    """The demo on a loopback port, in this very loop."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as port:
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        settings = load_settings({"HARKEN_DATA_DIR": folder, "HARKEN_PUBLIC_URL": url})
        async with open_runtime(settings) as opened:
            runtime = msgspec.structs.replace(opened, is_demo=True)
            config = uvicorn.Config(create_app(runtime), lifespan="off", log_config=None)
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[port]))
            yield runtime, url
            server.should_exit = True
            await serving


if __name__ == "__main__":
    asyncio.run(take_sheets(sys.argv[1:]))
