"""The demo's keys."""

from __future__ import annotations

from api_client import Api

from harken_server.sample.welcome import open_key
from harken_server.workspaces.store import keys


async def test_keys_are_the_same_after_a_restart(api: Api) -> None:
    first = [await open_key(api.runtime, "manage"), await open_key(api.runtime, "public")]
    known = await keys.list_keys(api.runtime.db, api.runtime.home)

    again = [await open_key(api.runtime, "manage"), await open_key(api.runtime, "public")]

    assert again == first
    assert len({*first}) == 2
    assert await keys.list_keys(api.runtime.db, api.runtime.home) == known


async def test_a_key_opens_what_its_scope_says_and_a_revoked_one_is_followed_by_another(
    api: Api,
) -> None:
    secret = await open_key(api.runtime, "manage")
    found = await keys.find_key(api.runtime.db, secret)
    assert found is not None
    assert found.scopes == ("manage",)
    await keys.revoke_key(api.runtime.db, api.runtime.home, found.id, api.runtime.clock())

    other = await open_key(api.runtime, "manage")

    assert other != secret
    assert await open_key(api.runtime, "manage") == other
