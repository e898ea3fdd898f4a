"""Public pages: what a page is given, and with which headers it goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from routes_alone import client_of

from harken_server.http.declared import Arrival
from harken_server.http.failures import answer_harken_error
from harken_server.http.packed import Reply
from harken_server.http.pages import MAX_FORM_BYTES, PRIVATE, Document, Reader, Shown, page
from harken_server.kernel.errors import HarkenError


async def open_name(arrival: Arrival) -> str | None:
    """Whom `?name=` names, who must have one."""
    return arrival.said().get("name")


def refuse(_: Arrival) -> Document:
    return Document(b"no name", "default-src 'none'", 403, "en")


NAMED = Reader(open_name, refuse)


@page("/rooms/{room:str}", reader=NAMED)
async def show(name: str, room: str) -> Shown:
    """A page of a piece of the path, for who has a name."""
    return Document(f"{name} in {room}".encode(), "default-src 'self'")


@page("/rooms/{room:str}", reader=NAMED, method="POST", headers={"cache-control": "no-cache"})
async def take(name: str, body: bytes) -> Shown:
    """A page that takes a form, and no piece of the path."""
    return Document(name.encode() + b" sent " + body, "default-src 'none'")


@page("/file")
async def file(_: Arrival) -> Shown:
    """A whole answer, for anybody."""
    return Reply(200, {"content-type": "text/csv"}, b"a,b")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    routes = [show, take, file]
    async with client_of(routes, {HarkenError: answer_harken_error}) as client:
        yield client


async def test_a_page_has_what_its_address_opened_and_the_headers_of_private_pages(
    http: httpx.AsyncClient,
) -> None:
    reply = await http.get("/rooms/hall?name=kim&name=lee")

    assert (reply.status_code, reply.text) == (200, "kim in hall")
    assert reply.headers["content-security-policy"] == "default-src 'self'"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert PRIVATE.items() <= dict(reply.headers).items()
    assert "content-language" not in reply.headers


async def test_who_opens_nothing_gets_the_page_that_says_so(http: httpx.AsyncClient) -> None:
    reply = await http.get("/rooms/hall")

    assert (reply.status_code, reply.text) == (403, "no name")
    assert reply.headers["content-language"] == "en"
    assert reply.headers["cache-control"] == "private, no-store"


async def test_a_page_that_takes_a_form_is_given_it_up_to_the_limit(
    http: httpx.AsyncClient,
) -> None:
    whole = await http.post("/rooms/hall?name=kim", content=b"a=1")
    large = await http.post("/rooms/hall?name=kim", content=b"a" * (MAX_FORM_BYTES + 1))

    assert whole.text == "kim sent a=1"
    assert whole.headers["cache-control"] == "no-cache"
    assert (large.status_code, large.json()["code"]) == (413, "body_too_large")


async def test_a_whole_answer_stays_as_it_is(http: httpx.AsyncClient) -> None:
    reply = await http.get("/file")

    assert dict(reply.headers) == {"content-type": "text/csv", "content-length": "3"}
