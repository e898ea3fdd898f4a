"""A load client in a process of its own: keep-alive connections that send as fast as answered.

`python -m bench.load` reads one order a line (JSON) and prints one result a line; `LoadClient`
drives it. Bodies are ready bytes except for the response id, so that the client never is the limit.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import uuid4

import uvloop

from bench.server_process import pin

ROOT = Path(__file__).parents[1]
ID = b"00000000-0000-4000-8000-000000000000"


class Window(NamedTuple):
    """What happened in one window of load."""

    seconds: float
    statuses: dict[str, int]
    p50_ms: float
    p99_ms: float
    late: int
    """Answers that came after the end; not in `statuses`."""

    @property
    def acked(self) -> int:
        """Answers that promise durability."""
        return self.statuses.get("201", 0) + self.statuses.get("200", 0)

    @property
    def rate(self) -> float:
        """Acknowledged requests per second."""
        return self.acked / self.seconds


class LoadClient:
    """The client's process, on a core of its own when there are two."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.load"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(
        self, port: int, body: bytes, *, seconds: float, connections: int = 64,
        path: str = "/v1/public/responses", content_type: str = "application/json",
        headers: str = "", first: int | None = None,
    ) -> Window:  # fmt: skip
        """Send for a while and say what came back; an empty body is sent as GET.

        `headers` are further ones, each ended with CR LF. With `first` the ids are known: those of
        `ID` with its last twelve digits counting up from there; else they are new ones.
        """
        return self._order(
            port=port, body=body.decode(), seconds=seconds, connections=connections, path=path,
            content_type=content_type, headers=headers, first=first,
        )  # fmt: skip

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def _order(self, **order: Any) -> Window:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Window(**json.loads(self._process.stdout.readline()))


class _Tally:
    def __init__(self) -> None:
        self.statuses: Counter[bytes] = Counter()
        self.latencies: list[float] = []
        self.is_over = False
        self.serial = 0
        self.late = 0


class _Connection(asyncio.Protocol):
    """One keep-alive connection with one request on its way."""

    def __init__(self, head: bytes, tail: bytes, tally: _Tally) -> None:
        self._head = head
        self._tail = tail
        self._tally = tally
        self._buffer = b""
        self._sent_at = 0.0
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0 or len(buffer) < end + 4 + _content_length(buffer, end):
            self._buffer = buffer
            return
        self._buffer = b""
        tally = self._tally
        if not tally.is_over:
            tally.latencies.append(time.perf_counter() - self._sent_at)
            tally.statuses[buffer[9:12]] += 1
            self._send()
        else:
            tally.late += 1
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if not self._tally.is_over:
            self._tally.statuses[b"lost"] += 1
        if not self.closed.done():
            self.closed.set_result(None)

    def _send(self) -> None:
        tally = self._tally
        tally.serial += 1
        self._sent_at = time.perf_counter()
        if self._tail:
            self._transport.write(b"%s%012x%s" % (self._head, tally.serial, self._tail))
        else:
            self._transport.write(self._head)


def _content_length(buffer: bytes, end: int) -> int:
    at = buffer.find(b"content-length: ", 0, end)
    if at < 0:
        at = buffer.lower().find(b"content-length: ", 0, end)
    return int(buffer[at + 16 : buffer.find(b"\r\n", at)]) if at >= 0 else 0


async def _window(order: dict[str, Any]) -> Window:
    head, tail = _request(order)
    tally = _Tally()
    tally.serial = order["first"] or 0
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda: _Connection(head, tail, tally), "127.0.0.1", order["port"]
        )
        for _ in range(order["connections"])
    ]
    await asyncio.sleep(order["seconds"])
    tally.is_over = True
    seconds = time.perf_counter() - began
    await asyncio.wait([protocol.closed for _, protocol in made], timeout=10)
    for transport, _ in made:
        transport.abort()
    latencies = sorted(tally.latencies) or [0.0]
    return Window(
        seconds,
        {status.decode(): n for status, n in tally.statuses.items()},
        round(latencies[len(latencies) // 2] * 1000, 2),
        round(latencies[len(latencies) * 99 // 100] * 1000, 2),
        tally.late,
    )


def _request(order: dict[str, Any]) -> tuple[bytes, bytes]:
    """The bytes before and after the last twelve digits of the response id, if there is one."""
    path, body = order["path"], order["body"].encode()
    if not body:
        return f"GET {path} HTTP/1.1\r\nhost: bench\r\naccept-encoding: gzip\r\n\r\n".encode(), b""
    text = f"POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: {order['content_type']}\r\n"
    text += order["headers"]
    head = text.encode() + b"content-length: %d\r\n\r\n" % len(body)
    if ID not in body:
        return head + body, b""
    start, _, rest = body.partition(ID)
    own = ID if order["first"] is not None else str(uuid4()).encode()
    return head + start + own[:24], rest


def main() -> None:
    pin("client")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for line in sys.stdin:
            print(json.dumps(runner.run(_window(json.loads(line)))._asdict()), flush=True)


if __name__ == "__main__":
    main()
