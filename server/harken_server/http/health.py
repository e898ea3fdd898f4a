"""Is the process alive, and can it do its job?"""

import msgspec

from harken_server.database.migrate import check_schema
from harken_server.http.declared import Arrival
from harken_server.http.public import ANYONE, get


class Health(msgspec.Struct, kw_only=True):
    """A sign of life."""

    status: str


@get("/healthz", "get_health", "The process is alive", caller=ANYONE)
async def healthz(_: Arrival) -> Health:
    """200 as long as the process answers; the database is not asked."""
    return Health(status="ok")


@get(
    "/readyz", "get_readiness", "The database takes writes and has the right schema", caller=ANYONE
)
async def readyz(arrival: Arrival) -> Health:
    """200 when submissions can be stored, else 503 with the reason."""
    await check_schema(arrival.runtime.db)
    await arrival.runtime.db.check_writable()
    return Health(status="ready")
