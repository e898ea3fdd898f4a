"""An application of a few routes, without the gateway and all that a server has."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx
from litestar import Litestar
from litestar.types import Receive, Send

from harken_server.http.limits import Limits
from harken_server.http.runtime import RUNTIME
from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings


class BareRuntime:
    """As much of a runtime as the edge itself needs."""

    settings = Settings([HttpSettings()])
    limits = Limits()


@contextlib.asynccontextmanager
async def client_of(
    routes: Sequence[Any], exception_handlers: Mapping[Any, Any]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of these routes."""
    app = Litestar(
        route_handlers=routes, exception_handlers=dict(exception_handlers), openapi_config=None,
        logging_config=None,
    )  # fmt: skip

    async def with_runtime(scope: Any, receive: Receive, send: Send) -> None:
        """As the gateway does it."""
        await app({**scope, RUNTIME: BareRuntime()}, receive, send)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(with_runtime), base_url="http://test"
    ) as client:
        yield client
