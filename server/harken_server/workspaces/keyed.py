"""Operations that need a key: how they are declared, and what they know of their caller."""

from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.declared import Arrival, Caller, declare
from harken_server.http.encodings import Headers
from harken_server.http.operations import KEYED_ERRORS
from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import AccessError
from harken_server.workspaces.access import KEY_NEEDED, WorkspaceCatalog, find_bearer, require_scope
from harken_server.workspaces.workspace import Workspace


class Call(msgspec.Struct, frozen=True):
    """One call with a key that is live and reaches far enough."""

    runtime: Runtime
    workspace: Workspace
    headers: Headers

    @property
    def db(self) -> Database:
        """The open database."""
        return self.runtime.db

    @property
    def workspace_id(self) -> UUID:
        """The id of the key's workspace."""
        return self.workspace.id

    def header(self, name: str) -> str | None:
        """A header of the request."""
        value = self.headers.get(name.lower().encode())
        return None if value is None else value.decode("latin-1")

    def now(self) -> datetime:
        """The time, in UTC."""
        return self.runtime.clock()


async def _call_of(arrival: Arrival) -> Call:
    authorization = arrival.headers.get(b"authorization")
    if authorization is None:
        raise AccessError(KEY_NEEDED, code="key_missing")
    runtime = arrival.runtime
    key = await find_bearer(runtime, authorization.decode("latin-1"))
    require_scope(key, arrival.needs)
    workspace = await runtime.of(WorkspaceCatalog).get(key.workspace_id)
    return Call(runtime, workspace, arrival.headers)


KEYED = Caller(_call_of, KEYED_ERRORS, is_keyed=True)

get = partial(declare, "GET", caller=KEYED)
post = partial(declare, "POST", caller=KEYED)
put = partial(declare, "PUT", caller=KEYED)
patch = partial(declare, "PATCH", caller=KEYED)
delete = partial(declare, "DELETE", caller=KEYED)
