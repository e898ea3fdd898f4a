"""A survey that is not published is, to strangers, one that is not there: on every public route."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from api_client import SURVEY, Api

DRAFT, ABSENT = "draft_survey", "other_survey"
"""Names of one length, so that what names them is as long."""
ASKED: dict[str, tuple[str, str, Any]] = {
    "page": ("GET", "/s/{key}", None),
    "page of a workspace": ("GET", "/s/default.{key}", None),
    "head": ("HEAD", "/s/{key}", None),
    "form": ("POST", "/s/{key}", {"a_recommend": "9"}),
    "named link": ("GET", "/s/{key}?rid=ada", None),
    "submission": ("JSON", "/v1/public/responses", {"id": UUID(int=7), "answers": {}}),
    "with a key": ("JSON", "/v1/public/responses?key={public}", {"id": UUID(int=7), "answers": {}}),
    "press": ("JSON", "/v1/public/presses?key={public}", {"id": "a", "value": 9}),
    "config": ("GET", "/widget/config?key={public}&survey={key}", None),
    "results": ("GET", "/results/{key}?token=x", None),
    "results as a file": ("GET", "/results/{key}/scores.csv?token=x", None),
    "export": ("GET", "/export/{key}/responses.csv?token=x", None),
    "mail preview": ("GET", "/mail-preview/{key}?token=x", None),
}
"""Every public route that looks a survey up by its name."""
_NONCE = re.compile(r"nonce[-=]\S+")


async def told(live: Api, name: str, key: str, public: str) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers; what any two answers differ in is taken out."""
    method, path, body = ASKED[name]
    path = path.format(key=key, public=public)
    headers = {"authorization": ""}
    if method == "JSON":
        said = {"survey": key, **{at: str(v) if at == "id" else v for at, v in body.items()}}
        reply = await live.http.post(path, json=said, headers=headers)
    else:
        reply = await live.http.request(method, path, data=body, headers=headers)
    kept = {at: _NONCE.sub("", v) for at, v in reply.headers.items() if at != "x-request-id"}
    return reply.status_code, _plain(reply, key), kept


def _plain(reply: httpx.Response, key: str) -> str:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", reply.text.replace(key, "KEY"))
    return _NONCE.sub("", text)


@pytest.mark.parametrize("name", ASKED)
async def test_a_stranger_is_told_of_a_draft_what_they_are_told_of_nothing(
    live: Api, name: str
) -> None:
    pushed = await live.push({**SURVEY, "key": DRAFT}, status="draft")
    assert pushed.status_code == 201, pushed.text
    public = await live.key("public")

    draft = await told(live, name, DRAFT, public)
    absent = await told(live, name, ABSENT, public)

    assert draft == absent


async def test_whoever_was_invited_is_told_that_it_is_not_published(live: Api) -> None:
    invited = (await live.trigger()).json()["invitation"]["code"]
    await live.http.post("/v1/surveys/post_purchase/status", json={"status": "draft"})

    reply = await live.submit({"recommend": 9}, token=invited)

    assert (reply.status_code, reply.json()["code"]) == (404, "survey_draft")
