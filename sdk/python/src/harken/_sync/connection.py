# Generated from _async/connection.py by tools/make_sync.py: edit that one.
# fmt: off
"""Carries calls over HTTP: with the two clients' own copies, the only place that knows httpx."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Generator, Callable
from typing import Any, TypeVar, cast

import httpx

from harken._sync.backends import make_client
from harken._sync.pools import Pools
from harken._sync.waiting import finish_within, pause
from harken._calls.conversation import Call, Reply, Wait, converse
from harken._config import Config
from harken._errors import ConfigError, RequestTimeoutError, TransportError
from harken._network import find_way, warn_of_obstacles
from harken._version import VERSION

T = TypeVar("T")


class Connection:
    """Connections to one server."""

    def __init__(self, config: Config, transport: httpx.BaseTransport | None) -> None:
        self._config = config
        self._transport = transport
        self._pools = Pools(self._connect)
        if transport is None and not config.is_disabled:
            warn_of_obstacles(config.base_url, os.environ)

    def run(self, call: Call[T]) -> T:
        """The decoded answer; repeated as the call allows."""
        return self._hold(call, self._fetch)

    def run_within(self, call: Call[T], timeout_s: float) -> T:
        """The decoded answer within the time allowed, repeats and waits included."""
        return finish_within(timeout_s, lambda: self._hold(call, self._fetch, timeout_s))

    def stream(self, call: Call[None]) -> Generator[bytes, None, None]:
        """The body piece by piece; repeated as the call allows until it begins, not after."""
        opened: list[httpx.Response] = []

        def begin(step: Call[Any]) -> Reply:
            reply, response = self._begin(step)
            opened[:] = [response] if response else []
            return reply

        self._hold(call, begin)
        response = opened[0]
        try:
            for piece in response.iter_bytes():
                yield piece
        except httpx.RequestError as error:
            raise _lost(error) from error
        finally:
            response.close()

    def close(self) -> None:
        """Close all connections; the connection cannot be used afterwards."""
        self._pools.close()

    def _hold(
        self,
        call: Call[T],
        perform: Callable[[Call[Any]], Reply],
        budget_s: float | None = None,
    ) -> T:
        conversation = converse(
            call,
            max_attempts=self._config.max_attempts,
            random=random.random,
            clock=time.monotonic,
            budget_s=budget_s,
        )
        step = next(conversation)
        while True:
            reply = Reply()
            if isinstance(step, Wait):
                pause(step.seconds)
            else:
                reply = perform(step)
            try:
                step = conversation.send(reply)
            except StopIteration as finished:
                return cast("T", finished.value)

    def _fetch(self, call: Call[Any]) -> Reply:
        try:
            response = self._pools.current().send(self._request(call))
        except httpx.RequestError as error:
            return Reply(failure=_lost(error))
        return Reply(response.status_code, response.headers, response.content)

    def _begin(self, call: Call[Any]) -> tuple[Reply, httpx.Response | None]:
        try:
            response = self._pools.current().send(self._request(call), stream=True)
            if response.is_success:
                return Reply(response.status_code, response.headers), response
            content = response.read()
        except httpx.RequestError as error:
            return Reply(failure=_lost(error)), None
        return Reply(response.status_code, response.headers, content), None

    def _request(self, call: Call[Any]) -> httpx.Request:
        return self._pools.current().build_request(
            call.method,
            call.path,
            params=call.query or None,
            headers=call.headers,
            content=call.body,
            timeout=call.timeout_s or self._config.timeout_s,
        )

    def _connect(self) -> httpx.Client:
        if self._config.is_disabled:
            raise ConfigError("this client was made with disabled=True: nothing is sent")
        try:
            return make_client(
                None if self._transport else find_way(self._config.base_url, os.environ),
                base_url=self._config.base_url,
                headers={
                    "Authorization": f"Bearer {self._config.api_key}",
                    "User-Agent": f"harken-python/{VERSION}",
                },
                timeout=self._config.timeout_s,
                transport=self._transport,
            )
        except ConfigError:
            raise
        except Exception as error:
            raise ConfigError(f"no connection can be made on this machine: {error}") from error


def _lost(error: httpx.RequestError) -> TransportError:
    said = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return RequestTimeoutError(f"no complete answer in time ({said})")
    return TransportError(f"no complete answer came back ({said})")
