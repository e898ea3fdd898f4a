"""OPTIONS of every path: what it takes, whichever handlers take it.

The framework answers OPTIONS by itself, but with the methods of the handler that was there first:
`tests/http/test_methods.py` shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler


def with_options(handlers: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """These handlers behind one that answers OPTIONS, for each path where none of them does."""
    taken: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            taken.setdefault(path, set()).update(handler.http_methods)
    return [
        *(_options(path, methods) for path, methods in taken.items() if "OPTIONS" not in methods),
        *handlers,
    ]


def _options(path: str, methods: set[str]) -> HTTPRouteHandler:
    allow = ", ".join(sorted({*methods, "OPTIONS"}))

    async def answer() -> Response[None]:
        return Response(None, status_code=204, headers={"allow": allow})

    return route(path, http_method="OPTIONS", status_code=204)(answer)
