"""What the page on dimensions shows can be sent, and comes back as it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from api_client import Api
from dimension_steps import fill

from harken_server.responses.dimensions import SETTLE_S
from harken_server.workspaces.rules.dimensions import (
    MAX_DIMENSIONS,
    MAX_KEY_CHARS,
    MAX_MEMBER_CHARS,
    TAKEN,
    member_of,
)

PAGE = (Path(__file__).parents[2] / "docs/how-to/count-by-dimensions.md").read_text("utf-8")


async def test_the_command_declares_what_the_page_then_shows(api: Api) -> None:
    [command] = re.findall(r"^```console\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    [shown] = re.findall(r"^```json\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    expected = json.loads(shown)
    [body] = re.findall(r"-d '(.+?)'", command)

    reply = await api.http.put("/v1/dimensions", content=body)

    assert reply.status_code == 200, reply.text
    assert reply.json()["filling"].keys() == expected["filling"].keys()
    assert [{**each, "state": "filling"} for each in expected["dimensions"]] == (
        reply.json()["dimensions"]
    )
    await fill(api)
    after = (await api.http.get("/v1/dimensions")).json()
    assert after == {"dimensions": [{**each, "state": "ready"} for each in expected["dimensions"]]}


@pytest.mark.parametrize("name", TAKEN)
def test_every_name_that_is_taken_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_limits_on_the_page_are_the_codes() -> None:
    assert (MAX_DIMENSIONS, MAX_KEY_CHARS, MAX_MEMBER_CHARS, SETTLE_S) == (8, 64, 64, 10.0)
    for words in ("up to eight", "at most 64 characters", "over 64 characters", "ten seconds"):
        assert words in PAGE
    assert re.fullmatch(r"a{55}…[0-9a-f]{8}", member_of("a" * 65))
