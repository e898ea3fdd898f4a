"""The demo's keys: the same after a restart, so that what was set up with them goes on."""

from __future__ import annotations

import base64
import hashlib
import hmac

from harken_server.http.operations import Scope
from harken_server.http.runtime import Runtime
from harken_server.workspaces.access import KEY_PREFIX
from harken_server.workspaces.api import SECRET_BYTES
from harken_server.workspaces.store import keys

NAMES: dict[Scope, str] = {"manage": "demo", "public": "demo site"}


async def open_key(runtime: Runtime, scope: Scope) -> str:
    """The secret of the demo's key of this scope, made where it is not there.

    It follows from the server's own secret, so that nothing has to be kept beside the database; a
    key that was revoked is followed by another.
    """
    generation = 0
    while True:
        secret = _secret(runtime, scope, generation)
        found = await keys.find_key(runtime.db, secret)
        if found is None:
            await keys.create_key(
                runtime.db,
                runtime.home,
                id=runtime.new_id(),
                name=NAMES[scope],
                scopes=(scope,),
                secret=secret,
                now=runtime.clock(),
            )
        if found is None or found.revoked_at is None:
            return secret
        generation += 1


def _secret(runtime: Runtime, scope: Scope, generation: int) -> str:
    what = f"harken demo key {scope} {generation}\n".encode() + runtime.home.bytes
    digest = hmac.digest(runtime.signing_keys[0], what, hashlib.sha256)[:SECRET_BYTES]
    return KEY_PREFIX + base64.b32encode(digest).decode().lower()
