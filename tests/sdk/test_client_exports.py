"""Exports through a client, and refusals and addresses of every call."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

import harken
from harken._ids import uuid7

KEY = "hk_test_0123456789"


EXPORT = b"response_id,recommend\r\n1,9\r\n"


def test_an_export_is_written_to_a_path_whole(
    client: harken.Client, server: Any, tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text("last week's")

    written = client.exports.csv("post_purchase", path, dialect="spreadsheet", channel="receipt")

    assert path.read_bytes() == EXPORT
    assert written == len(EXPORT)
    assert [each.name for each in tmp_path.iterdir()] == ["export.csv"]
    assert dict(server.requests[0].url.params) == {"dialect": "spreadsheet", "channel": "receipt"}


def test_an_export_can_be_iterated_or_given_an_open_file(client: harken.Client) -> None:
    file = io.BytesIO()

    client.exports.jsonl("post_purchase", file)

    assert file.getvalue() == EXPORT
    assert b"".join(client.exports.csv("post_purchase")) == EXPORT


async def test_the_asynchronous_client_exports_alike(
    async_client: harken.AsyncClient, tmp_path: Path
) -> None:
    pieces = [piece async for piece in async_client.exports.csv("post_purchase")]
    written = await async_client.exports.jsonl("post_purchase", tmp_path / "a.jsonl")

    assert b"".join(pieces) == EXPORT
    assert written == len((tmp_path / "a.jsonl").read_bytes()) == len(EXPORT)


@pytest.mark.parametrize(("name", "ending"), [("xlsx",) * 2, ("parquet",) * 2, ("spss", "sav")])
def test_every_format_has_an_address_and_takes_what_an_export_takes(
    client: harken.Client, server: Any, name: str, ending: str
) -> None:
    take = getattr(client.exports, name)
    pieces = take("post_purchase", tz="Europe/Oslo", columns="why", latest=5)

    assert b"".join(pieces) == EXPORT
    assert server.requests[0].url.path == f"/v1/surveys/post_purchase/export.{ending}"
    assert dict(server.requests[0].url.params) == {
        "tz": "Europe/Oslo", "columns": "why", "latest": "5",
    }  # fmt: skip


def test_decisions_are_taken_away_alike(client: harken.Client, server: Any, tmp_path: Path) -> None:
    path = tmp_path / "why.jsonl"

    written = client.exports.decisions(
        path, format="jsonl", survey="visit", asked=False, from_="2026-05-01"
    )
    pieces = client.exports.decisions(dialect="spreadsheet", locale="de")

    assert path.read_bytes() == b"".join(pieces) == b"decision_id,asked\r\n1,1\r\n"
    assert written == len(path.read_bytes())
    assert [each.url.path for each in server.requests] == [
        "/v1/decisions.jsonl",
        "/v1/decisions.csv",
    ]
    assert dict(server.requests[0].url.params) == {
        "survey": "visit", "asked": "false", "from": "2026-05-01",
    }  # fmt: skip


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


class BreakingBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __iter__(self) -> Any:
        yield b"response_id"
        raise httpx.RemoteProtocolError("peer closed connection")

    async def __aiter__(self) -> Any:
        yield b"response_id"
        raise httpx.RemoteProtocolError("peer closed connection")


async def test_an_export_that_breaks_off_leaves_the_old_file_alone(
    client: harken.Client, async_client: harken.AsyncClient, server: Any, tmp_path: Path
) -> None:
    server.next_replies += [httpx.Response(200, stream=BreakingBody()) for _ in range(2)]
    path = tmp_path / "export.csv"
    path.write_text("last week's")

    with pytest.raises(harken.TransportError, match="peer closed"):
        client.exports.csv("post_purchase", path)
    with pytest.raises(harken.TransportError, match="peer closed"):
        await async_client.exports.csv("post_purchase", path)

    assert path.read_text() == "last week's"
    assert names_in(tmp_path) == ["export.csv"]


def test_an_export_is_tried_again_until_it_begins(
    client: harken.Client, server: Any, refuse: Any
) -> None:
    refuse(503, "overloaded", headers={"Retry-After": "0"})

    assert b"".join(client.exports.csv("post_purchase")) == EXPORT
    assert len(server.requests) == 2


def test_an_export_that_is_refused_raises_and_writes_nothing(
    client: harken.Client, tmp_path: Path
) -> None:
    with pytest.raises(harken.NotFoundError):
        client.exports.csv("unknown", tmp_path / "export.csv")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, harken.BadRequestError),
        (401, harken.AuthenticationError),
        (403, harken.PermissionDeniedError),
        (404, harken.NotFoundError),
        (405, harken.BadRequestError),
        (409, harken.ConflictError),
        (410, harken.GoneError),
        (413, harken.BadRequestError),
        (422, harken.ValidationError),
        (429, harken.RateLimitedError),
        (500, harken.ServerError),
        (502, harken.ServerError),
        (503, harken.UnavailableError),
        (599, harken.ServerError),
    ],
)
def test_every_refusal_has_its_class_even_without_a_problem_document(
    server: Any, status: int, kind: type[harken.APIError]
) -> None:
    server.next_replies.append(httpx.Response(status, content=b"<h1>proxy</h1>"))
    client = harken.Client("http://x", KEY, max_attempts=1, transport=httpx.MockTransport(server))

    with pytest.raises(harken.APIError) as caught:
        client.scores("post_purchase")

    assert type(caught.value) is kind
    assert caught.value.status == status
    assert caught.value.code == f"http_{status}"


def test_a_refusal_says_when_to_come_back_and_what_to_quote(
    client: harken.Client, refuse: Any
) -> None:
    refuse(429, "rate_limited", headers={"Retry-After": "600", "X-Request-Id": "r-1"})

    with pytest.raises(harken.RateLimitedError) as caught:
        client.scores("post_purchase")

    assert caught.value.retry_after_s == 600
    assert caught.value.request_id == "r-1"


def test_a_success_of_another_program_is_not_taken_for_ours(
    client: harken.Client, server: Any
) -> None:
    server.next_replies.append(httpx.Response(200, content=b"<h1>It works!</h1>"))

    with pytest.raises(harken.UnexpectedReplyError, match="is the address right"):
        client.surveys.list()


def test_a_redirect_is_not_followed_with_the_key(client: harken.Client, server: Any) -> None:
    server.next_replies.append(httpx.Response(301, headers={"location": "https://other.example/"}))

    with pytest.raises(harken.UnexpectedReplyError, match=r"https://other\.example/"):
        client.surveys.list()

    assert len(server.requests) == 1


@pytest.mark.parametrize("key", ["", ".", ".."])
def test_a_key_that_would_leave_its_place_in_the_address_is_refused(
    client: harken.Client, server: Any, key: str
) -> None:
    with pytest.raises(ValueError, match="must"):
        client.surveys.get(key)

    assert server.requests == []


def test_a_key_with_strange_characters_stays_in_its_place(
    client: harken.Client, server: Any
) -> None:
    with pytest.raises(harken.NotFoundError):
        client.surveys.get("a/../b?c#d")

    assert server.requests[0].url.raw_path == b"/v1/surveys/a%2F..%2Fb%3Fc%23d"


def test_every_request_says_who_is_asking(client: harken.Client, server: Any) -> None:
    client.surveys.list()

    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert server.requests[0].headers["user-agent"] == f"harken-python/{harken.__version__}"


def test_a_server_below_a_path_is_reached(server: Any) -> None:
    client = harken.Client("https://x.example/harken/", KEY, transport=httpx.MockTransport(server))

    with pytest.raises(harken.NotFoundError):
        client.surveys.list()

    assert str(server.requests[0].url) == "https://x.example/harken/v1/surveys"


@pytest.mark.processes
def test_a_forked_process_does_not_share_its_parents_connections(client: harken.Client) -> None:
    inherited = client._connection._pools.current()

    child = os.fork()
    if child == 0:
        is_own = client._connection._pools.current() is not inherited
        os._exit(0 if is_own and client.trigger("order.delivered").asked else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert client._connection._pools.current() is inherited


def test_ids_sort_by_the_time_they_were_made() -> None:
    early, late = uuid7(1, b"\xff" * 10), uuid7(2, b"\x00" * 10)

    assert str(early) < str(late)
    assert early.version == late.version == 7
    assert early.variant == late.variant == "specified in RFC 4122"
