"""Schemathesis over the served OpenAPI document: no 5xx, no undocumented status or shape."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from api_client import SURVEY
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tiers import POSTGRES_NIGHTLY

from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.workspaces.api import make_key

KNOWN = {
    "key": ["post_purchase", "order.delivered"],
    "survey": ["post_purchase"],
    "number": ["1"],
    "resource": ["Responses", "Scores", "$metadata"],
    "further": ["$count"],
    "code": [""],
}
"""Real values mixed in, so that calls get past 404."""
NOT_OFFERED = 501
"""Said, where the description has it, of good OData that is not offered."""
KNOWN_IN_QUERY: dict[str, list[str]] = {}
"""The same for query parameters, so that calls get past 401."""
EXAMPLES = {"quick": 3, "test": 3, "nightly": 25}


@POSTGRES_NIGHTLY
@pytest.mark.seconds
def test_every_operation_keeps_to_its_description(
    database_url: str, tmp_path: Path, tier: str
) -> None:
    configured = load_settings(
        {"HARKEN_DATABASE_URL": database_url, "HARKEN_DATA_DIR": str(tmp_path / "data")}
    )
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        opened = open_runtime(configured)
        runtime = loop.run_until_complete(opened.__aenter__())
        transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url="http://test")
        try:
            _, secret = loop.run_until_complete(
                make_key(runtime, runtime.home, "fuzz", ("manage",))
            )
            KNOWN_IN_QUERY["key"] = [secret]
            http.headers["authorization"] = f"Bearer {secret}"
            loop.run_until_complete(http.post("/v1/surveys", json=SURVEY))
            KNOWN["code"] = loop.run_until_complete(known_codes(http))
            document = loop.run_until_complete(http.get("/openapi.json")).json()
            failures = [
                failure
                for operation in operations(document)
                for failure in fuzz(operation, http, loop, EXAMPLES[tier])
            ]
        finally:
            loop.run_until_complete(http.aclose())
            loop.run_until_complete(opened.__aexit__(None, None, None))
    assert not failures, "\n".join(failures)


async def known_codes(http: httpx.AsyncClient) -> list[str]:
    """Codes of a store with a till, and of a place."""
    body = {"name": "x", "touchpoint": "order.delivered"}
    store = (await http.post("/v1/stores", json={"name": "x"})).json()["code"]
    await http.post(f"/v1/stores/{store}/tills", json=body)
    place = await http.post("/v1/place-codes", json={"touchpoint": "order.delivered"})
    return [store, place.json()["code"]]


def operations(document: dict[str, Any]) -> list[Any]:
    schema = schemathesis.openapi.from_dict(document)
    found = [result.ok() for result in schema.get_all_operations()]
    assert len(found) >= 28
    return found


def fuzz(
    operation: Any, http: httpx.AsyncClient, loop: asyncio.AbstractEventLoop, examples: int
) -> list[str]:
    """Calls with good and with broken values; what the document does not allow."""
    failures: list[str] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def call(case: Any, data: st.DataObject) -> None:
        for name, values in KNOWN.items():
            if name in (case.path_parameters or {}) and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(values))
        for name, values in KNOWN_IN_QUERY.items():
            if name in (case.query or {}) and data.draw(st.booleans()):
                case.query[name] = data.draw(st.sampled_from(values))
        failures.extend(check(operation, case, http, loop))

    call()
    return failures[:3]


def check(
    operation: Any, case: Any, http: httpx.AsyncClient, loop: asyncio.AbstractEventLoop
) -> list[str]:
    arguments = case.as_transport_kwargs(base_url="http://test")
    arguments["headers"] = {
        name: value
        for name, value in arguments.get("headers", {}).items()
        if name.lower() not in {"authorization", "user-agent"}
    }
    arguments.pop("cookies", None)
    if operation.path.endswith("/live"):  # else it goes on for ever
        arguments["params"] = {**(arguments.get("params") or {}), "events": "1"}
    if isinstance(arguments.get("data"), bytes | str):
        arguments["content"] = arguments.pop("data")
    reply = loop.run_until_complete(http.request(**arguments))
    name = f"{operation.method.upper()} {operation.path}"
    documented = operation.definition.raw["responses"]
    if str(reply.status_code) not in documented:
        return [f"{name}: undocumented {reply.status_code}: {reply.text[:300]}"]
    media = documented[str(reply.status_code)].get("content", {})
    sent = reply.headers.get("content-type", "").partition(";")[0]
    if media and sent not in media:
        return [f"{name}: {reply.status_code} as {sent}, not {list(media)}"]
    if reply.status_code >= 500 and reply.status_code != NOT_OFFERED:
        return [f"{name}: {reply.status_code}: {reply.text[:300]}"]
    return list(shape_faults(operation, case, reply, name))


def shape_faults(operation: Any, case: Any, reply: httpx.Response, name: str) -> list[str]:
    """Whether a JSON answer has the documented shape."""
    if "json" not in reply.headers.get("content-type", ""):
        return []
    wrapped = schemathesis.Response.from_httpx(reply, verify=False)
    try:
        operation.validate_response(wrapped)
    except Exception as error:  # noqa: BLE001  (every kind of mismatch is a finding)
        return [f"{name}: {reply.status_code}: {str(error)[:400]}"]
    return []
