"""Signs of life, and what the logs do not say."""

from __future__ import annotations

import json
import logging

import pytest
from api_client import Api

from harken_server.kernel.logs import JsonLines, PrettyLines


async def test_health_and_readiness(live: Api) -> None:
    health = await live.http.get("/healthz", headers={"authorization": ""})
    ready = await live.http.get("/readyz", headers={"authorization": ""})

    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert health.headers["x-request-id"]


async def test_logs_carry_no_answers_tokens_or_keys(
    live: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="harken")
    secret = live.http.headers["authorization"].removeprefix("Bearer ")
    link = (await live.trigger(respondent="canary-person")).json()["invitation"]

    await live.submit({"recommend": 2, "why": "canary-answer"}, token=link["code"])
    await live.http.get(f"/i/{link['code']}/qr.svg")
    await live.http.get(f"/i/{link['code']}")
    await live.http.get("/v1/surveys/canary-survey?canary=1")

    lines = "\n".join(JsonLines().format(record) for record in caplog.records)
    assert '"route": "/i/{token}/qr.svg"' in lines
    for canary in ("canary", link["code"], secret):
        assert canary not in lines


def test_a_log_line_stays_one_line() -> None:
    record = logging.LogRecord("harken", logging.INFO, "", 0, "a\nb\x1b[31m%s", ("\r",), None)

    assert "\n" not in PrettyLines().format(record)
    assert "\x1b" not in PrettyLines().format(record)
    assert json.loads(JsonLines().format(record))["message"] == "a\nb\x1b[31m\r"
