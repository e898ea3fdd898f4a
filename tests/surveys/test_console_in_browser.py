"""Editing surveys in a browser: checks come while one types, and previews are in their frame."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from live_server import LiveServer
from playwright.async_api import Page
from signed_in import add_person, open_session
from watched import Watched

from harken_server.http.runtime import Runtime
from harken_server.workspaces.people.cookies import SESSION
from harken_server.workspaces.store.workspaces import find_workspace

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OpenPage = Callable[..., Awaitable[Watched]]


@pytest.fixture
def enter(live_server: LiveServer) -> Callable[[Page], Awaitable[str]]:
    """Signs an editor in: the address of the console."""
    live = live_server.new_workspace()

    async def make(runtime: Runtime) -> str:
        workspace = await find_workspace(runtime.db, live.slug)
        assert workspace is not None
        person = await add_person(runtime, "editor", workspace=workspace.id)
        return await open_session(runtime, person)

    secret = live.run_inside(make)

    async def give(page: Page) -> str:
        cookie: Any = {"name": SESSION, "value": secret, "url": live.url}
        await page.context.add_cookies([cookie])
        return f"{live.url}/console/{live.slug}"

    return give


async def test_problems_come_while_one_types_and_go_again(
    open_page: OpenPage, enter: Callable[[Page], Awaitable[str]]
) -> None:
    page = (await open_page()).page
    await page.goto(await enter(page) + "/surveys/new/file")
    file, good = page.locator("#f-text"), await page.locator("#f-text").input_value()

    await file.fill(good.replace("required:", "requird:"))
    said = await page.locator("#problems li").inner_text()
    await file.fill(good)
    await page.get_by_text("No problems").wait_for()

    assert "Line 7, column 5" in said.replace("\n", " ")
    assert "Did you mean `required`?" in said
    assert await file.evaluate("each => each === document.activeElement")
    assert await file.input_value() == good


@pytest.mark.parametrize("script", [True, False])
async def test_a_template_is_tried_in_its_frame_and_begun(
    open_page: OpenPage,
    enter: Callable[[Page], Awaitable[str]],
    script: bool,
) -> None:
    watched = await open_page(width=390, java_script_enabled=script)
    page = watched.page
    await page.goto(await enter(page) + "/surveys/new/page_vote")
    frame = page.frame_locator("iframe")

    await frame.locator("label").last.click()
    await frame.locator("button.go").click()
    await frame.get_by_text("Votes decide what we write next.").wait_for()
    await page.get_by_role("button", name="Begin", exact=True).click()
    await page.wait_for_url("**/surveys/page_vote/edit")

    assert watched.violations == []
    assert watched.complaints == []


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [320, 1280])
async def test_templates_are_tried_in_the_gallery(
    open_page: OpenPage,
    enter: Callable[[Page], Awaitable[str]],
    width: int,
    script: bool,
) -> None:
    watched = await open_page(width=width, java_script_enabled=script)
    page = watched.page
    await page.goto(await enter(page) + "/surveys/new?channel=widget")
    first = page.locator(".gallery .preview")

    assert await first.is_visible() is (width == 1280)
    await page.get_by_role("link", name="How do you like this page?").click()
    await page.wait_for_url("**/surveys/new?channel=widget&template=page_vote*")
    frame = page.frame_locator(".gallery .preview")
    await frame.get_by_role("heading", name="How do you like this page?").wait_for()
    chosen = page.locator(".gallery [aria-current=true]")
    assert await chosen.inner_text() == "How do you like this page?"
    assert (await page.locator("#f-channel").input_value()) == "widget"
    box = await page.locator(".gallery .preview").bounding_box()
    assert box is not None
    assert box["width"] <= 400
    assert box["y"] < 900
    if script:
        assert await chosen.evaluate("each => each === document.activeElement")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width

    await frame.locator("label").last.click()
    await frame.locator("button.go").click()
    await frame.get_by_text("Votes decide what we write next.").wait_for()
    await page.get_by_role("link", name="Begin with this").click()
    await page.wait_for_url("**/surveys/new/page_vote")

    assert watched.violations == []
    assert watched.complaints == []


async def test_what_is_filled_in_is_as_wide_as_its_fields(
    open_page: OpenPage, enter: Callable[[Page], Awaitable[str]]
) -> None:
    page = (await open_page(width=1280)).page
    await page.goto(await enter(page) + "/me")

    widths = await page.locator("main > .card").evaluate_all(
        "cards => cards.map(each => each.getBoundingClientRect().width)"
    )
    fields = await page.locator("main > .card > .form").evaluate_all(
        "forms => forms.map(each => each.getBoundingClientRect().width)"
    )

    assert set(widths) == {722}
    assert set(fields) == {672}
