"""Bodies that no honest client sends: each is a clear 4xx, and nothing is stored."""

from __future__ import annotations

from uuid import uuid4

import pytest
from api_client import Api

from harken_server.http.clients import client_address, plain_address
from harken_server.http.limits import network_of

ID = str(uuid4()).encode()
START = b'{"id":"' + ID + b'","survey":"post_purchase","answers":{"recommend":'

HOSTILE = {
    "ten megabytes": (START + b'"' + b"x" * 10_000_000 + b'"}}', 413),
    "200,000 levels": (START + b"[" * 200_000 + b"]" * 200_000 + b"}}", 413),
    "20,000 levels": (START + b"[" * 20_000 + b"]" * 20_000 + b"}}", 400),
    "20,000 levels in an unknown place": (b'{"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 422),
    "20,000 objects deep": (START + b'{"a":' * 9_000 + b"1" + b"}" * 9_000 + b"}}", 400),
    "invalid UTF-8": (START + b'"\xff\xfe"}}', 400),
    "invalid UTF-8 where another shape is wanted": (b'{"id":"\xff"}', 400),
    "raw NUL": (START + b'"a\x00b"}}', 400),
    "escaped NUL": (START + b'9,"why":"a\\u0000b"}}', 400),
    "lone surrogate": (START + b'9,"why":"\\ud800"}}', 400),
    "NaN": (START + b"NaN}}", 400),
    "a huge exponent": (START + b"1e999999}}", 400),
    "a huge whole number": (START + b"9" * 60_000 + b"}}", 400),
    "a huge sequence": (START + b'9},"sequence":' + b"9" * 40 + b"}", 422),
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

    assert reply.status_code == status, reply.text
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
    assert got.headers["allow"] == "POST, OPTIONS"
    assert form.status_code == 415


@pytest.mark.parametrize("path", ["/v1/surveys/a%00b", "/s/a%00b", "/v1/surveys/%ff%fe/scores"])
async def test_odd_paths_are_never_a_fault(live: Api, path: str) -> None:
    reply = await live.http.get(path)

    assert reply.status_code == 400


async def test_a_name_that_is_no_text_is_not_taken_for_another(live: Api) -> None:
    odd = await live.http.put("/v1/suppressions/anna%ff")
    real = await live.http.put("/v1/suppressions/anna%EF%BF%BD")  # U+FFFD itself

    assert odd.status_code == 400
    assert real.status_code == 204


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs", "/openapi.json", "/v1/surveys"])
async def test_head_answers_like_get_without_a_body(live: Api, path: str) -> None:
    got = await live.http.get(path)
    head = await live.http.head(path)

    assert head.status_code == got.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]


async def test_head_is_refused_where_get_is(live: Api) -> None:
    assert (await live.http.head("/v1/triggers")).status_code == 405
    assert (await live.http.head("/v1/nothing")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "limit=null",
        "after=NULL",
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


async def test_a_client_is_one_client_however_its_address_is_written() -> None:
    headers = [(b"x-forwarded-for", b"203.0.113.9:1111, 198.51.100.7:2222")]

    def seen(peer: str, trusted_proxies: int = 0) -> str:
        scope = {"client": (peer, 1), "headers": headers}
        return client_address(scope, trusted_proxies)

    assert seen("::ffff:192.0.2.1") == seen("192.0.2.1") == "192.0.2.1"
    assert seen("::ffff:127.0.0.1") == "127.0.0.1"
    assert seen("fe80::1%eth0") == "fe80::1"
    assert seen("192.0.2.1", 1) == "198.51.100.7"
    assert seen("192.0.2.1", 2) == "203.0.113.9"
    assert seen("192.0.2.1", 5) == "203.0.113.9"


async def test_all_of_ipv4_is_not_one_client_on_a_dual_stack_socket() -> None:
    crowd = [plain_address(f"::ffff:192.0.2.{number}") for number in range(200)]

    assert len({network_of(address) for address in crowd}) == 200
