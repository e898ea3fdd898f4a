"""Triggers are taken before the framework, and answered exactly as the framework would."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from api_client import Api

from harken_server.asking.api.triggers import TRIGGER

FRAMEWORK = TRIGGER.path + "/"
"""The same route by another spelling, which the framework serves."""
KNOWN = {"touchpoint": "order.delivered"}

REQUESTS: dict[str, dict[str, Any]] = {
    "a trigger": {"json": KNOWN},
    "a batch": {"json": [KNOWN, {"touchpoint": 5}]},
    "no key": {"json": KNOWN, "headers": {"authorization": ""}},
    "another scheme": {"json": KNOWN, "headers": {"authorization": "Basic abc"}},
    "an unknown key": {"json": KNOWN, "headers": {"authorization": "Bearer hk_unknown"}},
    "no JSON": {"content": b"{"},
    "no text": {"content": b'{"touchpoint":"\xff"}'},
    "NUL": {"content": b'{"touchpoint":"a","respondent":"\\u0000"}'},
    "another shape": {"json": {**KNOWN, "chanel": "x"}},
    "not acceptable": {"json": {**KNOWN, "email": "nobody"}},
    "an empty batch": {"json": []},
    "a batch with a key": {"json": [KNOWN], "headers": {"idempotency-key": "k"}},
    "a key that is too long": {"json": KNOWN, "headers": {"idempotency-key": "k" * 200}},
    "nothing": {"content": b""},
}
OWN = {"x-request-id", "content-length"}
PASSING = {"id", "decided_at", "invitation"}


def plain(value: Any) -> Any:
    """The reply without what is new each time."""
    if isinstance(value, dict):
        return {name: plain(entry) for name, entry in value.items() if name not in PASSING}
    return [plain(entry) for entry in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", REQUESTS)
async def test_both_ways_give_the_same_answer(live: Api, name: str) -> None:
    one, other = [
        await live.http.post(path, **REQUESTS[name]) for path in (TRIGGER.path, FRAMEWORK)
    ]

    assert one.status_code == other.status_code
    assert plain(one.json()) == plain(other.json())
    assert {key: value for key, value in one.headers.items() if key not in OWN} == {
        key: value for key, value in other.headers.items() if key not in OWN
    }
    assert {"x-request-id", "content-length", "x-content-type-options"} <= set(one.headers)


async def test_a_key_must_reach_writing(live: Api) -> None:
    for scope, status in (("read", 403), ("public", 403), ("write", 201), ("manage", 201)):
        secret = await live.key(scope)
        reply = await live.http.post(
            TRIGGER.path, json=KNOWN, headers={"authorization": f"Bearer {secret}"}
        )
        assert reply.status_code == status, scope


async def test_a_body_beyond_the_limit_is_refused(live: Api) -> None:
    reply = await live.http.post(TRIGGER.path, content=b" " * (4 * 1024 * 1024 + 1))

    assert reply.status_code == 413
    assert reply.json()["code"] == "body_too_large"


async def test_other_methods_are_told_what_is_allowed(live: Api) -> None:
    reply = await live.http.get(TRIGGER.path)

    assert reply.status_code == 405
    assert "POST" in reply.headers["allow"]


async def test_a_trigger_is_one_line_in_the_access_log(
    live: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="harken.access"):
        await live.http.post(TRIGGER.path, json=KNOWN)

    (line,) = [one for one in caplog.records if one.name == "harken.access"]
    assert (vars(line)["route"], vars(line)["status"]) == (TRIGGER.path, 201)
