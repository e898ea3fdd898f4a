"""Requests that ask a server to be a proxy, an echo or another host, and ways round its paths."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api
from asgi_caller import Sent, call
from fuzz_requests import all_routes
from raw_http import listening, status_of, talk

from harken_server.app import create_app

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

HOST = b"Host: feedback.example.com\r\n"
END = b"Connection: close\r\n\r\n"
EVIL = b"evil.example"
ELSEWHERE = {
    "the host": ((b"host", EVIL + b":8300"),),
    "what proxies say": (
        (b"host", b"feedback.example.com"),
        (b"x-forwarded-host", EVIL),
        (b"x-forwarded-server", EVIL),
        (b"forwarded", b"for=192.0.2.1;host=" + EVIL + b";proto=https"),
        (b"x-original-url", b"//" + EVIL + b"/v1/keys"),
        (b"x-rewrite-url", b"/v1/keys?" + EVIL),
        (b"x-forwarded-prefix", b"//" + EVIL),
        (b"x-script-name", b"/" + EVIL),
    ),
}
PATHS = (
    "/v1/surveys/../keys", "/v1/surveys/%2e%2e/keys", "/v1/surveys/..%2fkeys", "/v1//keys",
    "//v1/keys", "/./v1/keys", "/v1/keys/.", "/v1/keys/..", "/v1/keys;a=1", "/v1/keys%00",
    "/v1/keys%20", "/v1/keys%2f", "/v1/keys%5c", "/v1\\keys", "/V1/keys", "/v1/KEYS",
    "/v1/keys.json", "/v1/%6beys%2f..", "/s/../v1/keys", "/s/..%2f..%2fv1%2fkeys",
    "/widget/../v1/keys", "/widget/..%2f..%2fpyproject.toml",
    "/widget/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/kiosk/../../etc/passwd",
    "/kiosk/..%5c..%5cetc%5cpasswd", "/kiosk/%252e%252e%252fapp.js", "/kiosk//etc/passwd",
    "/widget/logo/..%2f..%2fv1.js", "/export/../v1/keys/responses.csv",
    "/results/post_purchase/../../v1/keys", "/healthz/../v1/keys", "/%76%31/keys/%2e%2e/keys",
    "/v1/surveys/%c0%ae%c0%ae/keys", "/v1/keys%0d%0a", "/.git/config", "/.env",
    "/harken.sqlite3", "/server-status", "/v1/hooks/../keys", "/static/../v1/keys",
)  # fmt: skip


@pytest.fixture
async def port(live: Api) -> Any:
    async with listening(create_app(live.runtime)) as opened:
        yield opened


async def test_twenty_requests_in_one_piece_have_twenty_answers_in_order(port: int) -> None:
    paths = [b"/healthz" if number % 2 else b"/nothing" for number in range(20)]
    sent = [b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n" for path in paths]

    said = await talk(port, b"".join(sent[:-1]) + sent[-1].replace(b"\r\n\r\n", b"\r\n" + END))

    statuses = [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200 if path == b"/healthz" else 404 for path in paths]


async def test_who_asks_before_it_sends_is_told_to_go_on(port: int) -> None:
    head = b"POST /v1/public/responses HTTP/1.1\r\n" + HOST
    head += b"Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n" + END

    said = await talk(port, head, b"{}")

    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 422 ")


@pytest.mark.parametrize("target", [b"/v1/surveys", b"http://evil.example/", b"evil.example:443"])
@pytest.mark.parametrize("method", [b"CONNECT", b"TRACE", b"PROPFIND", b"GET\tX", b"DEBUG"])
async def test_the_server_is_no_proxy_and_no_echo(port: int, method: bytes, target: bytes) -> None:
    said = await talk(
        port, method + b" " + target + b" HTTP/1.1\r\n" + HOST + b"X-A: echo\r\n" + END
    )

    assert 400 <= status_of(said) < 500
    assert b"echo" not in said
    assert EVIL not in said


async def test_an_upgrade_is_not_taken(port: int) -> None:
    upgrade = b"Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\n"
    key = b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"

    for path in (b"/healthz", b"/s/post_purchase", b"/v1/public/responses"):
        said = await talk(port, b"GET " + path + b" HTTP/1.1\r\n" + HOST + upgrade + key)
        assert status_of(said) not in {0, 101}
        assert b"101 Switching" not in said


async def test_an_address_with_a_host_in_it_changes_no_link(port: int) -> None:
    said = await talk(port, b"GET http://evil.example/s/post_purchase HTTP/1.1\r\n" + HOST + END)

    assert status_of(said) < 500
    assert EVIL not in said


@pytest.mark.parametrize("tricks", ELSEWHERE)
async def test_no_header_says_where_the_server_is(live: Api, tricks: str) -> None:
    app, headers = create_app(live.runtime), ELSEWHERE[tricks]
    own = (b"authorization", live.http.headers["authorization"].encode())
    for route in all_routes():
        if route.method != "GET":
            continue
        ends = "?events=1" if route.template.endswith("/live") else ""  # else it goes on for ever
        path = f"{route.template.format_map(_Named())}{ends}".encode()
        plain = await call(app, Sent("GET", path, ((b"host", b"feedback.example.com"), own)))
        told = await call(app, Sent("GET", path, (*headers, own)))

        assert told.faults == ()
        assert told.status == plain.status, path
        assert EVIL not in told.body, path
        assert not [value for _, value in told.headers if EVIL in value], path


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_no_way_of_writing_a_path_leads_elsewhere(live: Api, method: str) -> None:
    app = create_app(live.runtime)
    for path in PATHS:
        told = await call(app, Sent(method, path.encode()))

        assert told.faults == ()
        assert told.status in {400, 401, 404, 405}, path
        assert b"prefix" not in told.body, path
        assert b"root:" not in told.body, path


class _Named(dict[str, str]):
    """What a path names: a survey that there is, and nothing else."""

    def __missing__(self, name: str) -> str:
        return "post_purchase" if name in {"key", "survey", "address"} else "nothing"
