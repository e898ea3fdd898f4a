"""Bodies that no honest client sends: each is a clear 4xx, and nothing is stored."""

from __future__ import annotations

from uuid import uuid4

import pytest
from api_client import Api

ID = str(uuid4()).encode()
START = b'{"id":"' + ID + b'","survey":"post_purchase","answers":{"recommend":'

HOSTILE = {
    "ten megabytes": (START + b'"' + b"x" * 10_000_000 + b'"}}', 413),
    "200,000 levels": (START + b"[" * 200_000 + b"]" * 200_000 + b"}}", 413),
    "20,000 levels": (START + b"[" * 20_000 + b"]" * 20_000 + b"}}", 400),
    "20,000 levels in an unknown place": (b'{"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
    "20,000 objects deep": (START + b'{"a":' * 9_000 + b"1" + b"}" * 9_000 + b"}}", 400),
    "invalid UTF-8": (START + b'"\xff\xfe"}}', 400),
    "raw NUL": (START + b'"a\x00b"}}', 400),
    "escaped NUL": (START + b'9,"why":"a\\u0000b"}}', 400),
    "lone surrogate": (START + b'9,"why":"\\ud800"}}', 400),
    "NaN": (START + b"NaN}}", 400),
    "a huge exponent": (START + b"1e999999}}", 422),
    "a huge whole number": (START + b"9" * 60_000 + b"}}", 422),
    "empty": (b"", 400),
    "not JSON": (b"recommend=9", 400),
    "an array": (b"[1,2,3]", 422),
    "cut off": (START + b"9", 400),
    "an unknown field": (START + b'9},"score":10}', 422),
    "an id that is none": (b'{"id":"1","survey":"post_purchase","answers":{}}', 422),
    "a version as text": (START + b'9},"version":"1"}', 422),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_bodies_are_refused_in_words(live: Api, name: str) -> None:
    body, status = HOSTILE[name]

    reply = await live.post_raw(body)

    assert reply.status_code in {status, 400, 422}, reply.text
    assert (reply.status_code == 413) == (status == 413)
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"]
    assert (await live.score())["n"] == 0


async def test_a_text_about_nul_is_not_mistaken_for_one(live: Api) -> None:
    reply = await live.post_raw(START + b'2,"why":"the escape \\\\u0000 is four digits"}}')

    assert reply.status_code == 201, reply.text


async def test_other_methods_and_content_types_are_refused(live: Api) -> None:
    got = await live.http.get("/v1/public/responses")
    form = await live.post_raw(b"a=1", "application/x-www-form-urlencoded")

    assert got.status_code == 405
    assert form.status_code == 415


@pytest.mark.parametrize("path", ["/v1/surveys/a%00b", "/s/a%00b", "/v1/surveys/%ff%fe/scores"])
async def test_odd_paths_are_never_a_fault(live: Api, path: str) -> None:
    reply = await live.http.get(path)

    assert reply.status_code in {400, 404}


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "after=zzz",
        "after=r1.!!",
        "unknown=1",
        "limit=5&limit=6",
    ],
)
async def test_bad_parameters_are_named(live: Api, query: str) -> None:
    reply = await live.http.get(f"/v1/surveys/post_purchase/responses?{query}")

    assert reply.status_code == 400
    assert reply.json()["code"] in {"bad_parameter", "bad_cursor"}


async def test_a_rate_limit_holds_back_one_address_and_not_another(live: Api) -> None:
    limit = live.runtime.limit

    admitted = sum(limit.admits("2001:db8::1") for _ in range(1300))
    same_network = limit.admits("2001:db8::ffff")

    assert 1200 <= admitted <= 1210
    assert not same_network
    assert limit.admits("2001:db8:0:1::1")
    assert all(limit.admits("127.0.0.1") for _ in range(2000))
