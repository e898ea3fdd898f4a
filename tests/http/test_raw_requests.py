"""Requests that two programs could read in two ways, as bytes on a real socket (A2, A16).

Each trick is sent to a route that the gateway takes by itself and to those of the framework: what
one refuses all refuse, in the same words.
"""

from __future__ import annotations

from typing import Any

import pytest
from api_client import Api
from raw_http import listening, status_of, talk

from harken_server.app import create_app
from harken_server.http.connections import connection
from harken_server.http.encodings import ONCE

SUBMIT = b"POST /v1/public/responses HTTP/1.1\r\n"
TARGETS = {
    "the submit route": SUBMIT,
    "a page": b"GET /s/post_purchase HTTP/1.1\r\n",
    "the keyed API": b"POST /v1/triggers HTTP/1.1\r\n",
    "a framework's route": b"GET /v1/surveys HTTP/1.1\r\n",
    "nothing": b"GET /nothing HTTP/1.1\r\n",
}
HOST = b"Host: feedback.example\r\n"
END = b"Connection: close\r\n\r\n"
BODY = b"0\r\n\r\n"


def te(value: bytes) -> bytes:
    """A body in chunks, said in one way."""
    return HOST + b"Transfer-Encoding: " + value + b"\r\n" + END + BODY


FRAMING = {
    "no host": END,
    "two hosts": HOST + HOST + END,
    "two different hosts": HOST + b"host: evil.example\r\n" + END,
    "an empty host": b"Host:\r\n" + END,
    "a host with a path": b"Host: a/b\r\n" + END,
    "a host with a name in front": b"Host: me@a\r\n" + END,
    "two hosts in one line": b"Host: a, b\r\n" + END,
    "a host with a space": b"Host: a b\r\n" + END,
    "a host with a bad port": b"Host: a:80x\r\n" + END,
    "identity before chunked": te(b"identity, chunked"),
    "gzip before chunked": te(b"gzip, chunked"),
    "chunked twice": te(b"chunked, chunked"),
    "chunked in two lines": te(b"chunked\r\nTransfer-Encoding: chunked"),
    "identity and chunked in two lines": te(b"identity\r\nTransfer-Encoding: chunked"),
    "chunked with a parameter": te(b"chunked;x=1"),
    "a coding that nobody knows": te(b"xchunked"),
    "an empty coding": te(b""),
    "quoted": te(b'"chunked"'),
    "with a vertical tab": te(b"\x0bchunked"),
    "identity alone": te(b"identity"),
    "chunked and a length": te(b"chunked\r\nContent-Length: 5"),
    "a length and chunked": b"Content-Length: 5\r\n" + te(b"chunked"),
    "two lengths": HOST + b"Content-Length: 0\r\nContent-Length: 0\r\n" + END,
    "a list of lengths": HOST + b"Content-Length: 0, 0\r\n" + END,
    "a signed length": HOST + b"Content-Length: +0\r\n" + END,
    "a hexadecimal length": HOST + b"Content-Length: 0x0\r\n" + END,
    "a folded header": HOST + b"X-A: 1\r\n 2\r\n" + END,
    "a space before the colon": HOST + b"X-A : 1\r\n" + END,
    "a NUL in a header": HOST + b"X-A: 1\x002\r\n" + END,
    "a bare CR in a header": HOST + b"X-A: 1\rX-B: 2\r\n" + END,
    "a header without a name": HOST + b": 1\r\n" + END,
}  # fmt: skip
VERSIONS = {
    "HTTP/1.0 in chunks": (b"HTTP/1.0", te(b"chunked")),
    "HTTP/1.0 with two hosts": (b"HTTP/1.0", HOST + HOST + END),
    "HTTP/0.9 with headers": (b"HTTP/0.9", HOST + END),
    "HTTP/2.0": (b"HTTP/2.0", HOST + END),
    "HTTP/1.2": (b"HTTP/1.2", HOST + END),
    "small letters": (b"http/1.1", HOST + END),
}


@pytest.fixture
async def port(live: Api) -> Any:
    async with listening(create_app(live.runtime)) as opened:
        yield opened


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_what_could_be_read_in_two_ways_is_refused_on_every_route(port: int) -> None:
    for trick, head in FRAMING.items():
        for target, line in TARGETS.items():
            said = await talk(port, line + head)
            assert status_of(said) == 400, (trick, target, said[:200])
            assert said.count(b"HTTP/1.1 ") == 1, (trick, target)
            assert b"application/problem+json" in said, (trick, target)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_only_the_two_versions_of_our_time_are_spoken(port: int) -> None:
    for trick, (version, head) in VERSIONS.items():
        for target, line in TARGETS.items():
            said = await talk(port, line.replace(b"HTTP/1.1", version) + head)
            assert status_of(said) == 400, (trick, target, said[:200])
    for line in TARGETS.values():
        said = await talk(port, line.split(b" HTTP")[0] + b"\r\n\r\n")
        assert status_of(said) == 400, line
    assert status_of(await talk(port, b"GET /healthz HTTP/1.0\r\n\r\n")) == 200


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_a_header_that_may_stand_once_is_refused_twice_on_every_route(
    port: int, live: Api
) -> None:
    own = live.http.headers["authorization"].encode()
    for name in sorted(ONCE - {b"host", b"content-length", b"transfer-encoding"}):
        value = own if name == b"authorization" else b"application/json"
        for target, line in TARGETS.items():
            twice = b"%b: %b\r\n%b: other\r\n" % (name, value, name)
            said = await talk(port, line + HOST + twice + b"Content-Length: 2\r\n" + END + b"{}")
            expected = 404 if target == "nothing" else 400
            assert status_of(said) == expected, (name, target, said[:300])
            assert target == "nothing" or b"stands twice" in said, (name, target)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_a_long_address_counts_as_headers_do(port: int) -> None:
    for path in (b"/s/post_purchase?x=", b"/v1/surveys?x=", b"/v1/public/responses?x=", b"/"):
        said = await talk(port, b"GET " + path + b"y" * 20_000 + b" HTTP/1.1\r\n" + HOST + END)
        assert status_of(said) == 414, path
        half = b"X-A: " + b"z" * 9_000 + b"\r\n"
        said = await talk(
            port, b"GET " + path + b"y" * 8_000 + b" HTTP/1.1\r\n" + half + HOST + END
        )
        assert status_of(said) == 431, path
    said = await talk(port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"a:\r\n" * 20_000 + END)
    assert status_of(said) == 431


CHUNKED = HOST + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n" + END
AS_LOOPBACK = b"X-Forwarded-For: 127.0.0.1\r\nAuthorization: Bearer hk_no\r\n"


@pytest.mark.parametrize("line", [SUBMIT, TARGETS["the keyed API"]], ids=["fast", "framework"])
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_trailers_are_no_headers(port: int, line: bytes) -> None:
    without = await talk(port, line + CHUNKED + b"2\r\n{}\r\n0\r\n\r\n")
    with_them = await talk(port, line + CHUNKED + b"2\r\n{}\r\n0\r\n" + AS_LOOPBACK + b"\r\n")

    assert status_of(without) == status_of(with_them)
    assert without.split(b"\r\n\r\n")[1] == with_them.split(b"\r\n\r\n")[1]


async def take_slowly(_: Any, receive: Any, send: Any) -> None:
    """Reads the whole body before it answers, and tells the headers it got."""
    scope_headers = _["headers"]
    while (await receive()).get("more_body"):
        pass
    said = b"%d headers" % len(scope_headers)
    length = (b"content-length", b"%d" % len(said))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": said})


ENDLESS = {
    "trailers": b"0\r\n" + b"a:\r\n" * 250_000,
    "one trailer": b"0\r\na:" + b"b" * 1_000_000,
    "a chunk's extension": b"1;" + b"x" * 1_000_000,
    "many extensions": b"1;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\ny\r\n" * 10_000,
    "many small values": b"0\r\n" + b"a: b\r\nc: d\r\n" * 80_000,
}


@pytest.mark.parametrize("trick", ENDLESS)
async def test_what_frames_a_body_ends_at_the_limit_of_headers(
    trick: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    class Counted(connection.DeadlineProtocol):
        def data_received(self, data: bytes) -> None:
            taken.append(len(data))
            super().data_received(data)
            assert len(self.headers) == 4

    monkeypatch.setattr("harken_server.server.DeadlineProtocol", Counted)
    async with listening(take_slowly) as port:
        said = await talk(port, b"POST / HTTP/1.1\r\n" + CHUNKED, ENDLESS[trick])

    assert status_of(said) in {0, 431}
    assert b"200 OK" not in said
    assert sum(taken) < 600_000  # what one read may bring, and the piece before it


async def test_small_chunks_and_a_few_trailers_are_taken() -> None:
    chunks = b"1\r\nx\r\n" * 20_000 + b"0\r\nServer-Timing: a\r\n\r\n"
    async with listening(take_slowly) as port:
        said = await talk(port, b"POST / HTTP/1.1\r\n" + CHUNKED, chunks)

    assert said.endswith(b"4 headers")


async def test_what_follows_a_good_request_does_not_speak_for_it() -> None:
    async with listening(take_slowly) as port:
        good = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"
        said = await talk(port, good + b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n" + good)

    assert status_of(said) == 200
    assert said.count(b"HTTP/1.1 ") == 1


async def test_of_very_many_requests_at_once_the_first_are_answered() -> None:
    good = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"
    async with listening(take_slowly) as port:
        said = await talk(port, good * 3 * connection.MOST_WAITING)

    assert said.count(b"200 OK") in range(connection.MOST_WAITING, connection.MOST_WAITING + 2)
    assert b" 400 " not in said
