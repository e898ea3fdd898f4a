"""Decode a submission with msgspec and answer: no routing, no rules, no storage."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from harken_server.responses.submission import Receipt, Submission

decode = msgspec.json.Decoder(Submission).decode
encode = msgspec.json.Encoder().encode
HEADERS = [(b"content-type", b"application/json")]


def make_app(_folder: Path, _url: str) -> Any:
    """The ASGI application."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        body = b"{}"
        if scope["method"] == "POST":
            body = receipt_of(decode((await receive())["body"]))
        await reply(send, body)

    return app


def receipt_of(submission: Submission) -> bytes:
    """A receipt as Harken gives it."""
    return encode(
        Receipt(
            id=submission.id, survey=submission.survey or "", version=1,
            complete=submission.complete, sequence=submission.sequence,
            received_at=datetime.now(UTC),
        )
    )  # fmt: skip


async def reply(send: Any, body: bytes) -> None:
    """201 with a JSON body."""
    headers = [*HEADERS, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": body})
