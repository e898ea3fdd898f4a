"""The console in a browser without script: everything is read, and a survey is published."""

from __future__ import annotations

import pytest
from api_client import Api
from html_browser import HtmlBrowser
from signed_in import sign_in
from tiers import POSTGRES_NIGHTLY

from harken_server.workspaces.people.rules import Role

pytestmark = POSTGRES_NIGHTLY


async def test_a_survey_is_begun_changed_and_published(api: Api) -> None:
    editor = await sign_in(api, "editor")
    window = HtmlBrowser(editor.http)

    await window.open(editor.at("/surveys"))
    await window.follow("Choose a template")
    await window.follow("Your feedback")
    await window.follow("Begin with this")
    await window.send("Begin")
    await window.send("Save draft", title="What is on your mind?")
    await window.follow("Review and publish")
    await window.send("Publish")

    shown = await api.http.get("/s/page_feedback")
    assert shown.status_code == 200
    assert "What is on your mind?" in shown.text


async def test_twelve_stores_get_codes(live: Api) -> None:
    editor = await sign_in(live, "editor")
    window = HtmlBrowser(editor.http)

    await window.open(editor.at("/share"))
    await window.follow("Stores and tills")
    await window.send("Check the list", places="\n".join(f"Oslo {n}" for n in range(1, 13)))
    await window.send("Make 12 codes")

    assert "12 codes" in window.text
    assert len((await live.http.get("/v1/place-codes")).json()["place_codes"]) == 12


@pytest.mark.parametrize("role", ["owner", "viewer"])
async def test_every_place_in_the_navigation_is_reached_by_links(live: Api, role: Role) -> None:
    visitor = await sign_in(live, role)
    window = HtmlBrowser(visitor.http)
    await window.open(visitor.at())
    names = [
        each.text() for each in window.page.every("a") if "/console/" in each.attributes["href"]
    ]

    for name in names:
        await window.open(visitor.at())
        await window.follow(name)
        assert window.reply.status_code == 200, name
