"""Connections with limits: uvicorn's HTTP/1 protocol, closed when a client dawdles or shouts.

uvicorn itself waits for ever for a half-sent header or body, lets every byte between two requests
begin the wait anew, and takes what follows a chunked body (trailers) for headers of the request.
Each connection notes by when its current step must end; one sweep a second closes those that are
late. Limits are measured from the first byte of the step, so a slow but steady phone on a bad
network fits easily.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from harken_server.http.bodies import MORE_TIME
from harken_server.http.connections.framing import fault_of
from harken_server.http.problems import PROBLEM_MEDIA_TYPE, BadRequestError, encode_problem

HEADERS_WITHIN_S = 10.0
"""From connecting, or the first byte of a next request, to the end of its headers."""
BODY_WITHIN_S = 20.0
"""From the end of the headers to the end of the body."""
MAX_HEADER_BYTES = 16 * 1024
"""Of the target and the headers of a request; as much again for what frames and follows its body:
trailers, and extensions of chunks."""
BYTES_A_CHUNK = 24
"""Of these, what each chunk may take besides: its length and two line ends."""
MOST_WAITING = 100
"""Requests that may be sent before the first of them is answered."""
SWEEP_EVERY_S = 1.0


class DeadlineProtocol(HttpToolsProtocol):
    """One connection that is closed when its current step takes too long or too much."""

    parser: Any
    deadline: float = float("inf")
    _received = 0
    """Bytes since the last request ended, or since the headers of this one did."""
    _target_size = 0
    _head_size = 0
    """Of the target and the whole headers that came so far."""
    _framed = 0
    """What a body's own bytes and the lengths of its chunks may come to."""
    _is_receiving = False
    """Whether a request has begun and has not come to its end."""
    _are_headers_complete = False
    _is_over = False
    """Whether nothing more is read: the connection ends with what is being answered."""

    def connection_made(self, transport: Any) -> None:
        """A new connection has `HEADERS_WITHIN_S` to say what it wants."""
        super().connection_made(transport)
        self.deadline = time.monotonic() + HEADERS_WITHIN_S

    def data_received(self, data: bytes) -> None:
        """Taken in pieces: a limit is passed by a piece at most, however much comes at once."""
        for start in range(0, len(data), MAX_HEADER_BYTES):
            if self._is_over or self.transport.is_closing():
                return
            piece = data[start : start + MAX_HEADER_BYTES]
            self._received += len(piece)
            super().data_received(piece)
            self._keep_limits()

    def _keep_limits(self) -> None:
        if not self._are_headers_complete:
            if self._received > MAX_HEADER_BYTES:
                self._refuse_head()
        elif self._received > self._framed + MAX_HEADER_BYTES:
            said = "What frames and follows the body, chunk extensions and trailers,"
            self._refuse(431, f"{said} is larger than the limit of {MAX_HEADER_BYTES} bytes.")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._are_headers_complete, self._is_receiving = False, True
        self._target_size = self._head_size = 0
        self.deadline = time.monotonic() + HEADERS_WITHIN_S

    def on_url(self, url: bytes) -> None:
        """The target counts as the headers do."""
        self._target_size += len(url)
        self._head_size += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; after a body they are trailers, which nobody here reads."""
        if self._are_headers_complete:
            return
        self._head_size += len(name) + len(value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body may follow."""
        if self._is_over:
            return
        fault = fault_of(self.parser.get_http_version(), self.headers)
        if self._head_size > MAX_HEADER_BYTES:
            self._refuse_head()
        elif fault is not None:
            self._refuse(400, fault)
        elif len(self.pipeline) >= MOST_WAITING:
            self._refuse(400, f"More than {MOST_WAITING} requests were sent without waiting.")
        else:
            super().on_headers_complete()
            self._are_headers_complete = True
            self._received = self._framed = 0
            self._give_time()
            cast("dict[str, Any]", self.scope)[MORE_TIME] = self._give_time

    def _give_time(self) -> None:
        """Whoever reads a long file asks for as long again whenever some of it has come."""
        if self._is_receiving:
            self.deadline = time.monotonic() + BODY_WITHIN_S

    def on_chunk_header(self) -> None:
        """A chunk begins."""
        self._framed += BYTES_A_CHUNK

    def on_body(self, body: bytes) -> None:
        """Part of the body."""
        self._framed += len(body)
        if not self._is_over:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole: answering takes as long as it takes."""
        self._received, self._are_headers_complete, self._is_receiving = 0, False, False
        if self._is_over:
            return
        super().on_message_complete()
        self.deadline = self._idle_until() if self.cycle.response_complete else float("inf")

    def on_response_complete(self) -> None:
        """Until a next request begins, whatever else comes ends no waiting."""
        super().on_response_complete()
        if not self._is_receiving and not self.pipeline:
            self.deadline = self._idle_until()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (uvicorn's own words)
        """What is no HTTP. Called by uvicorn, also for what a callback of ours did not take."""
        self._refuse(400, "This is no HTTP request that can be read.")

    def _idle_until(self) -> float:
        return time.monotonic() + self.timeout_keep_alive

    def _refuse_head(self) -> None:
        is_target = self._target_size > MAX_HEADER_BYTES // 2
        what, status = ("address", 414) if is_target else ("address and the headers", 431)
        verb = "is" if is_target else "are"
        self._refuse(
            status, f"The {what} {verb} larger than the limit of {MAX_HEADER_BYTES} bytes."
        )

    def _refuse(self, status: int, detail: str) -> None:
        """Answer with a problem and close, unless it would stand in for another answer."""
        if self._is_over or self.transport.is_closing():
            return
        self._is_over = True
        if self._are_headers_complete:
            is_free = not self.cycle.response_started and not self.pipeline
        else:
            is_free = not self.cycle or self.cycle.response_complete
        if is_free:
            self.transport.write(_refusal(status, detail))
            self.transport.close()
        elif self._are_headers_complete:
            self.transport.close()
        else:  # what was asked before is answered first
            self.cycle.keep_alive = False
            self.deadline = float("inf")


def _refusal(status: int, detail: str) -> bytes:
    body = encode_problem(BadRequestError(detail, code="bad_request", status=status))
    return b"".join(
        (
            STATUS_LINE[status],
            b"content-type: " + PROBLEM_MEDIA_TYPE.encode() + b"\r\n",
            b"cache-control: no-store\r\nx-content-type-options: nosniff\r\n",
            b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(body),
            body,
        )
    )


async def sweep_late_connections(connections: set[Any]) -> None:
    """Close connections past their deadline, once a second, until cancelled."""
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        now = time.monotonic()
        for connection in list(connections):
            if connection.deadline < now and not connection.transport.is_closing():
                connection.transport.close()
