"""A request sent to an application in memory, as the server in front of it would hand it over.

Finds what would be a fault on the wire: an answer of 5xx, none at all, a header that a server
would refuse to send, a body that is longer or shorter than was said.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, NamedTuple
from urllib.parse import unquote

UNSENDABLE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
ANSWER_WITHIN_S = 60
"""An application that waits for more than was sent would wait for ever."""
WITHOUT_BODY = {204, 304}
NOT_OFFERED = 501
"""Of good OData that is not offered: no fault."""


class Sent(NamedTuple):
    """A request as it goes over the wire."""

    method: str
    target: bytes
    """Path and query, as they stand in the first line."""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    pieces: int = 1

    def __str__(self) -> str:
        return f"{self.method} {self.target!r}\n  {list(self.headers)}\n  {self.body!r}"


class Told(NamedTuple):
    """What came back, and what was wrong with it."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    faults: tuple[str, ...]


async def call(app: Any, sent: Sent, *, address: str = "127.0.0.1") -> Told:
    """Send a request and read the whole answer."""
    size = max(1, -(-len(sent.body) // sent.pieces))
    pieces = [sent.body[at : at + size] for at in range(0, len(sent.body), size)] or [b""]
    is_answered = asyncio.Event()
    starts: list[Any] = []
    body = bytearray()

    async def receive() -> Any:
        if not pieces:
            await is_answered.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            starts.append(message)
        else:
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                is_answered.set()

    faults: list[str] = []
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await app(_scope_of(sent, address), receive, send)
    except Exception as error:  # noqa: BLE001  (each would drop the connection)
        faults.append(f"raised {type(error).__name__}: {error}")
    if len(starts) != 1:
        return Told(0, (), b"", (*faults, f"{len(starts)} answers"))
    status, headers = starts[0]["status"], tuple(starts[0]["headers"])
    faults += _faults_of(sent.method, status, headers, len(body))
    return Told(status, headers, bytes(body), tuple(faults))


def _scope_of(sent: Sent, address: str) -> dict[str, Any]:
    path, _, query = sent.target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8300),
        "client": (address, 5555),
        "scheme": "http",
        "method": sent.method,
        "root_path": "",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": query,
        "headers": list(sent.headers),
        "state": {},
    }


def _faults_of(method: str, status: int, headers: Any, size: int) -> list[str]:
    faults = [f"answered {status}"] if status >= 500 and status != NOT_OFFERED else []
    for name, value in headers:
        if UNSENDABLE.search(name + value):
            faults.append(f"header {name!r} cannot be sent: {value!r}")
    said = [int(value) for name, value in headers if name.lower() == b"content-length"]
    if len(said) > 1:
        faults.append(f"says its length {len(said)} times")
    if said and method != "HEAD" and status not in WITHOUT_BODY and said[0] != size:
        faults.append(f"said {said[0]} bytes and sent {size}")
    return faults
