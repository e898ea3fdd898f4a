"""Share says what opens a survey, and sets it in one press."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from api_client import Api
from signed_in import SignedIn, sign_in
from tiers import POSTGRES_NIGHTLY

from harken_server.surveys.store import drafts
from harken_server.workspaces.people.rules import Role

pytestmark = POSTGRES_NIGHTLY
WIDGET = "/share/ask/widget"
WAITING = "The tag alone shows nothing yet."
SURVEY: dict[str, Any] = {
    "key": "ask", "title": "Ask", "widget": {"mode": "popover"},
    "questions": [{"type": "nps", "key": "recommend", "text": "Recommend us?"}],
}  # fmt: skip


@pytest.fixture
async def editor(api: Api) -> SignedIn:
    """Somebody who has a survey that waits to be asked for, and a key for a page."""
    await api.push(SURVEY)
    editor = await sign_in(api, "editor")
    await editor.post(f"{WIDGET}/key", origins="")
    return editor


async def widget_of(api: Api) -> dict[str, Any]:
    return (await api.http.get("/v1/surveys/ask")).json()["definition"]["widget"]


async def test_one_press_opens_what_waited_to_be_asked_for(api: Api, editor: SignedIn) -> None:
    before = (await editor.get(WIDGET)).text
    made = await editor.post(f"{WIDGET}/opening", way="time", detail="5")
    after = (await editor.get(WIDGET)).text

    assert WAITING in before
    assert made.status_code == 303
    assert WAITING not in after
    assert "It opens after 5 seconds on the page." in after
    assert (await widget_of(api))["opens"] == [{"on": "time", "seconds": 5.0}]
    entries = (await api.http.get("/v1/audit")).json()["entries"]
    assert "set_survey_opening" in {each["action"] for each in entries}


async def test_a_draft_goes_on_and_opens_so_too(api: Api, editor: SignedIn) -> None:
    await editor.post(
        "/surveys/ask/file", base="", text=str({**SURVEY, "title": "Ours"}).replace("'", '"'),
        syntax="json", revision="0", version="1",
    )  # fmt: skip
    await editor.post(f"{WIDGET}/opening", way="exit")

    draft = await drafts.get_draft(api.runtime.db, api.runtime.home, "ask")

    assert draft is not None
    assert "Ours" in draft.text
    assert "exit" in draft.text
    assert draft.version == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"way": "time", "detail": "soon"}, "Seconds: This must be a number"),
        ({"way": "time", "detail": "99999"}, "Seconds: "),
        ({"way": "scroll", "detail": "0"}, "Percent: "),
        ({"way": "click", "detail": ""}, "Selector: There must be"),
        ({"way": "event", "detail": "no name"}, "Name: "),
        ({"way": "sometimes"}, "one of the ways of the list"),
        ({"visitors": "0"}, "a number above 0, 100 at most"),
        ({"visitors": "101"}, "a number above 0, 100 at most"),
        ({"visitors": "<b>"}, "a number above 0, 100 at most"),
    ],
)
async def test_what_cannot_be_is_named_and_comes_back(
    api: Api, editor: SignedIn, sent: dict[str, str], said: str
) -> None:
    reply = await editor.post(f"{WIDGET}/opening", **sent)

    assert reply.status_code == 422
    errors = " ".join(re.findall(r'class="error"[^>]*>(.*?)</p>', reply.text, re.DOTALL))
    assert said in html.unescape(errors)
    assert f'value="{html.escape(sent.get("detail", ""))}"' in reply.text
    assert "opens" not in await widget_of(api)


async def test_an_event_comes_with_the_call_for_its_page(api: Api, editor: SignedIn) -> None:
    await editor.post(f"{WIDGET}/opening", way="event", detail="order_placed")

    page = html.unescape((await editor.get(WIDGET)).text)

    assert WAITING in page
    assert 'harken.push(["track", "order_placed"]);' in page


async def test_a_survey_in_the_page_brings_its_place_along(api: Api, editor: SignedIn) -> None:
    await api.push({**SURVEY, "widget": {"mode": "inline", "element": "#there"}})

    page = html.unescape((await editor.get(WIDGET)).text)

    assert '<div id="feedback"></div>' in page
    assert "Paste it where the survey is to stand" in page


@pytest.mark.parametrize("role", ["viewer", "analyst", "frontline"])
async def test_who_may_not_edit_opens_nothing(api: Api, editor: SignedIn, role: Role) -> None:
    visitor = await sign_in(api, role)

    assert (await visitor.post(f"{WIDGET}/opening", way="load")).status_code == 403
    assert "opens" not in await widget_of(api)
