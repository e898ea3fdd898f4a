"""Which surveys the widget is offered, with the same reasons as the page's own explanation."""

from __future__ import annotations

from typing import get_args

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
