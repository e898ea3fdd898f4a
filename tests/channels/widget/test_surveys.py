"""Which surveys the widget is offered, with the same reasons as the page's own explanation."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from api_client import SURVEY, Api

from harken_server.asking.rules.reasons import MEANINGS, DecisionReason


async def test_every_survey_is_there_with_its_reason(api: Api) -> None:
    widget = {"opens": [{"on": "load"}]}
    for key, status, extra in (
        ("asking", "live", {"widget": widget}),
        ("by_name", "live", {}),
        ("drafted", "draft", {"widget": widget}),
        ("ended", "live", {"widget": widget}),
    ):
        pushed = await api.push({**SURVEY, "key": key, "touchpoints": [], **extra}, status=status)
        assert pushed.status_code == 201, pushed.text
    await api.http.post("/v1/surveys/ended/status", json={"status": "closed"})

    found = (await api.http.get("/v1/widget/surveys")).json()["surveys"]

    assert [(item["survey"], item["listed"], item["reason"], item["status"]) for item in found] == [
        ("asking", True, "asked", "live"),
        ("by_name", False, "not_targeted", "live"),
        ("drafted", False, "not_live", "draft"),
        ("ended", False, "not_live", "closed"),
    ]
    assert {item["reason"] for item in found} <= set(MEANINGS)
    assert all(item["detail"].endswith(".") for item in found)


@pytest.mark.parametrize(
    ("asking", "why"),
    [
        ({"closes_at": "2026-11-20T12:00:00Z"}, "it took answers until 2026-11-20 12:00 UTC"),
        ({"closes_after": 1}, "it has the 1 answer that it wants"),
        ({"quotas": [{"name": "all", "limit": 1}]}, "quota all has the 1 answer that it wants"),
    ],
)
async def test_one_that_has_closed_by_itself_says_so_and_is_not_in_the_config(
    api: Api, asking: dict[str, Any], why: str
) -> None:
    widget = {"opens": [{"on": "load"}]}
    open_one = {**SURVEY, "key": "open", "touchpoints": [], "widget": widget}
    for survey in (open_one, {**open_one, "key": "full", "asking": asking}):
        assert (await api.push(survey)).status_code == 201
    await api.submit({"recommend": 9}, survey="full")

    found = (await api.http.get("/v1/widget/surveys")).json()["surveys"]
    key = await api.key("public")
    config = (await api.http.get("/widget/config", params={"key": key})).text

    full, other = found
    assert (full["survey"], full["listed"], full["reason"]) == ("full", False, "not_open")
    assert full["detail"] == f"Not listed: the survey has closed by itself: {why}."
    assert (other["survey"], other["reason"]) == ("open", "asked")
    assert '"open"' in config
    assert '"full"' not in config


async def test_it_takes_a_key_that_reads(live: Api) -> None:
    replies = [
        await live.http.get(
            "/v1/widget/surveys", headers={"authorization": f"Bearer {await live.key(scope)}"}
        )
        for scope in ("read", "public")
    ]

    assert [reply.status_code for reply in replies] == [200, 403]


def test_a_trigger_gives_reasons_of_the_same_list() -> None:
    assert set(get_args(DecisionReason)) <= set(MEANINGS)
