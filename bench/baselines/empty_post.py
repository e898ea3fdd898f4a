"""A Litestar application whose POST reads its body and does nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, get, post


@get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive."""
    return {"status": "ok"}


@post("/v1/triggers", status_code=201)
async def nothing(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Takes anything."""
    await request.body()
    return Response(b"{}", status_code=201, media_type="application/json")


def make_app(_folder: Path, _url: str) -> Any:
    """The ASGI application."""
    return Litestar([healthz, nothing], openapi_config=None)
