"""Keys that stand in web pages: public ones, whose text can be told again when it is wanted.

What stands in a page is no secret. Its text follows from the key's id and the server's own secret,
so that it need not be kept to be shown beside the tag whenever somebody looks for it.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from harken_server.http.runtime import Runtime
from harken_server.workspaces.access import KEY_PREFIX
from harken_server.workspaces.rules.origins import read_origins
from harken_server.workspaces.store import keys
from harken_server.workspaces.workspace import ApiKey

SECRET_BYTES = 20
"""As many as those of other keys."""
_LABEL = b"harken page key\n"


class PageKey(NamedTuple):
    """A public key and its text."""

    key: ApiKey
    text: str


async def make_page_key(
    runtime: Runtime, workspace_id: UUID, name: str, origins: Sequence[str]
) -> PageKey:
    """A new public key for these sites. InvalidInputError names every origin that is none."""
    allowed = read_origins(origins)
    key_id = runtime.new_id()
    text = _text_of(runtime.signing_keys[0], key_id)
    key = await keys.create_key(
        runtime.db, workspace_id, id=key_id, name=name, scopes=("public",), secret=text,
        now=runtime.clock(), origins=allowed,
    )  # fmt: skip
    return PageKey(key, text)


async def list_page_keys(runtime: Runtime, workspace_id: UUID) -> list[PageKey]:
    """The public keys in use whose text can be told, newest first."""
    found: list[PageKey] = []
    for key in await keys.list_keys(runtime.db, workspace_id):
        if key.revoked_at is None and key.scopes == ("public",):
            text = await _told(runtime, key)
            found += [] if text is None else [PageKey(key, text)]
    return found[::-1]


async def _told(runtime: Runtime, key: ApiKey) -> str | None:
    for signing_key in runtime.signing_keys:
        text = _text_of(signing_key, key.id)
        if text.startswith(key.prefix):
            same = await keys.find_key(runtime.db, text)
            if same is not None and same.id == key.id:
                return text
    return None


def _text_of(signing_key: bytes, key_id: UUID) -> str:
    digest = hmac.digest(signing_key, _LABEL + key_id.bytes, "sha256")[:SECRET_BYTES]
    return KEY_PREFIX + base64.b32encode(digest).decode().lower()
