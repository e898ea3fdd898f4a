"""A form whose last field is a file is read as it comes, however the network cuts it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.http.bodies import MORE_TIME
from harken_server.http.declared import Arrival
from harken_server.http.problems import BadRequestError
from harken_server.workspaces.uploads import MORE_AT, read_incoming

HEAD = (
    b'--bb\r\nContent-Disposition: form-data; name="csrf"\r\n\r\ntoken\r\n--bb\r\n'
    b'Content-Disposition: form-data; name="file"; filename="\xc3\xbc.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\n"
)
END = b"\r\n--bb--\r\n"


def arrival_of(chunks: list[bytes], more_time: Callable[[], None] = lambda: None) -> Arrival:
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": place < len(chunks)}
        for place, chunk in enumerate(chunks, 1)
    ]

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    headers = {b"content-type": b"multipart/form-data; boundary=bb"}
    nobody = cast("Any", SimpleNamespace())
    return Arrival(nobody, {MORE_TIME: more_time}, headers, "public", receive)


@given(st.binary(max_size=60), st.lists(st.integers(0, 260), max_size=8))
async def test_the_file_is_the_same_wherever_it_is_cut(content: bytes, cuts: list[int]) -> None:
    content = content.replace(b"--bb", b"")
    body = HEAD + content + END
    places = [0, *sorted({cut % len(body) for cut in cuts}), len(body)]
    chunks = [body[a:b] for a, b in itertools.pairwise(places)]

    incoming = await read_incoming(arrival_of(chunks))
    kept = b"".join([piece async for piece in incoming.pieces])

    assert (incoming.form.text("csrf"), incoming.name, kept) == ("token", "ü.csv", content)


async def test_a_file_that_breaks_off_is_refused() -> None:
    incoming = await read_incoming(arrival_of([HEAD + b"half of it"]))
    with pytest.raises(BadRequestError, match="no end"):
        _ = [piece async for piece in incoming.pieces]


async def test_a_file_that_comes_steadily_is_given_more_time() -> None:
    given_more = list[int]()
    chunks = [HEAD, *[b"x" * MORE_AT] * 3, END]

    incoming = await read_incoming(arrival_of(chunks, lambda: given_more.append(1)))
    size = sum([len(piece) async for piece in incoming.pieces])

    assert (size, len(given_more)) == (3 * MORE_AT, 3)
