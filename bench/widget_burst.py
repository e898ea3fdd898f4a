"""Many clients that ask for the same address at the same instant, each with a connection.

`python -m bench.widget_burst PORT COUNT PATH [HEADER…]` prints one JSON object; `burst` runs it.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import uvloop

from bench.server_process import pin

ROOT = Path(__file__).parents[1]
WITHIN_S = 60


def burst(port: int, path: str, *headers: str, count: int) -> dict[str, Any]:
    """Statuses, bytes of one answer, and how long the first and all of them took."""
    command = [sys.executable, "-m", "bench.widget_burst", str(port), str(count), path, *headers]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return json.loads(said)


class _Client(asyncio.Protocol):
    """Sends one request when told, and reads its answer."""

    def __init__(self) -> None:
        self.answered = asyncio.get_running_loop().create_future()
        self.at = 0.0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def send(self, request: bytes) -> None:
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if (answer := read_answer(self._buffer)) is not None and not self.answered.done():
            self.at = time.perf_counter()
            self.answered.set_result(answer)
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if not self.answered.done():
            self.at = time.perf_counter()
            self.answered.set_result(("lost", len(self._buffer)))


def read_answer(buffer: bytes) -> tuple[str, int] | None:
    """Status and length of the body, once all of it is there."""
    head, end, body = buffer.partition(b"\r\n\r\n")
    if not end:
        return None
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return (head[9:12].decode(), length) if len(body) >= length else None


async def ask(port: int, count: int, path: str, headers: list[str]) -> dict[str, Any]:
    """Connect all, then send all."""
    lines = [f"GET {path} HTTP/1.1", "host: bench", "accept-encoding: gzip, br", *headers]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(_Client, "127.0.0.1", port) for _ in range(count)]
    clients = [client for _, client in made]
    began = time.perf_counter()
    for client in clients:
        client.send(request)
    answers = await asyncio.wait_for(
        asyncio.gather(*[client.answered for client in clients]), WITHIN_S
    )
    took = sorted((client.at - began) * 1000 for client in clients)
    return {
        "statuses": dict(Counter(status for status, _ in answers)),
        "bytes": max(length for _, length in answers),
        "first_ms": round(took[0], 1),
        "p50_ms": round(took[count // 2], 1),
        "p99_ms": round(took[count * 99 // 100], 1),
        "wall_ms": round(took[-1], 1),
    }


def main(arguments: list[str]) -> None:
    port, count, path, *headers = arguments
    pin("client")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(ask(int(port), int(count), path, headers))))


if __name__ == "__main__":
    main(sys.argv[1:])
