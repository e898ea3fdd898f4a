"""The OpenAPI document is true: what it says is what the server does."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from api_client import Api


async def document(api: Api) -> dict[str, Any]:
    reply = await api.http.get("/openapi.json", headers={"authorization": ""})
    assert reply.status_code == 200
    return reply.json()


async def test_every_reference_leads_somewhere(live: Api) -> None:
    text = json.dumps(await document(live))

    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    schemas = (await document(live))["components"]["schemas"]
    assert names <= set(schemas)


async def test_question_types_are_told_apart_by_a_discriminator(live: Api) -> None:
    schemas = (await document(live))["components"]["schemas"]

    items = schemas["Survey"]["properties"]["questions"]["items"]

    assert items["discriminator"]["propertyName"] == "type"
    assert "nps" in items["discriminator"]["mapping"]
    assert schemas["Nps"]["additionalProperties"] is False


async def test_every_keyed_operation_says_what_it_needs_and_how_it_fails(live: Api) -> None:
    paths = (await document(live))["paths"]

    keyed = [o for methods in paths.values() for o in methods.values() if "security" in o]

    assert len(keyed) >= 20
    for operation in keyed:
        assert {"400", "401", "403", "503"} <= set(operation["responses"]), operation
        assert re.fullmatch(r"(read|write|manage)( (or|and) (read|write))?", operation["x-scope"])


async def test_the_reference_page_loads_nothing_from_elsewhere(live: Api) -> None:
    page = await live.http.get("/docs")

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    loaded = re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^"]+)"', page.text)
    assert {each.split("/")[1] for each in loaded} == {"assets"}
    assert "/v1/public/responses" in page.text


async def test_the_survey_schema_is_served(live: Api) -> None:
    schema = (await live.http.get("/schema/survey-1.json")).json()

    assert schema["$id"] == "https://harken.dev/schema/survey-1.json"


@pytest.mark.parametrize("path", ["/nothing", "/v1/nothing", "/v1/surveys/a/b/c/d"])
async def test_an_unknown_address_is_a_problem_document(live: Api, path: str) -> None:
    reply: httpx.Response = await live.http.get(path)

    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["code"] == "not_found"


async def test_a_wrong_method_is_a_problem_document(live: Api) -> None:
    reply = await live.http.delete("/v1/surveys")

    assert reply.status_code == 405
    assert reply.json()["code"] == "method_not_allowed"
    assert "GET" in reply.headers["allow"]
