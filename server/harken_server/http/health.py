"""Is the process alive, and can it do its job?"""

from typing import Any

import msgspec
from litestar import Request, Response, get

from harken_server.database.migrate import check_schema
from harken_server.http.operations import Operation, describe
from harken_server.http.replies import json_reply
from harken_server.http.runtime import runtime_of


class Health(msgspec.Struct, kw_only=True):
    """A sign of life."""

    status: str


@get(
    "/healthz",
    opt=describe(
        Operation(
            "get_health",
            "The process is alive",
            replies=(Health,),
            is_keyed=False,
        )
    ),
)
async def healthz() -> Response[bytes]:
    """200 as long as the process answers; the database is not asked."""
    return json_reply(Health(status="ok"))


@get(
    "/readyz",
    opt=describe(
        Operation(
            "get_readiness",
            "The database takes writes and has the right schema",
            replies=(Health,),
            is_keyed=False,
        )
    ),
)
async def readyz(request: Request[Any, Any, Any]) -> Response[bytes]:
    """200 when submissions can be stored, else 503 with the reason."""
    runtime = runtime_of(request)
    await check_schema(runtime.db)
    await runtime.db.check_writable()
    return json_reply(Health(status="ready"))
