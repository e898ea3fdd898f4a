"""The widget's config when everybody asks at once, or guesses, or the database is away."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from api_client import SURVEY, Api, let_in

from harken_server.channels.widget import configs as widget_config
from harken_server.channels.widget.state import WidgetState
from harken_server.kernel.errors import StorageError
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.api import make_key

TARGETED = {**SURVEY, "widget": {"opens": [{"on": "load"}]}}


class Reads:
    """Counts what is read from the database, and can keep it from answering."""

    def __init__(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.failure: Exception | None = None
        fetch = api.runtime.db.fetch

        async def counted(sql: str, *params: Any) -> list[Any]:
            self.count += 1
            if self.failure is not None:
                raise self.failure
            return await fetch(sql, *params)

        monkeypatch.setattr(api.runtime.db, "fetch", counted)


@pytest.fixture
async def key(api: Api) -> str:
    assert (await api.push(TARGETED)).status_code == 201
    _, secret = await make_key(api.runtime, api.runtime.home, "site", ("public",))
    return secret


@pytest.fixture
def reads(api: Api, key: str, monkeypatch: pytest.MonkeyPatch) -> Reads:
    api.runtime.of(Catalog).forget()
    return Reads(api, monkeypatch)


def let_expire(api: Api, seconds: float) -> None:
    """As if so much time had gone by."""
    room = api.runtime.of(WidgetState)
    for kept in (room.keys, room.configs._listings, api.runtime.of(WorkspaceCatalog)._keys):
        for value in kept._values.values():
            value.due_at -= seconds
            value.ends_at -= seconds


@pytest.mark.few(1)
async def test_a_thousand_simultaneous_cold_fetches_read_three_times(api: Api, key, reads):
    paths = [f"/widget/{('config', 'v1.js')[at % 2]}?key={key}" for at in range(1000)]

    replies = await asyncio.gather(*(api.http.get(path) for path in paths))

    assert {reply.status_code for reply in replies} == {200}
    assert reads.count == 3  # the key, what is live, and its definitions


async def test_pages_get_the_last_config_while_the_database_is_down(api: Api, key, reads):
    paths = [f"/widget/config?key={key}", f"/widget/v1.js?key={key}"]
    before = [await api.http.get(path) for path in paths]
    reads.failure = StorageError("the disk at /var/lib/harken is gone")
    let_expire(api, 5)

    during = [await api.http.get(path) for path in paths]

    assert [reply.content for reply in during] == [reply.content for reply in before]
    assert [reply.status_code for reply in during] == [200, 200]


async def test_without_a_last_config_the_script_says_so_and_the_config_can_be_tried_again(
    api: Api, key, reads
):
    reads.failure = StorageError("the disk at /var/lib/harken is gone")

    config = await api.http.get(f"/widget/config?key={key}")
    script = await api.http.get(f"/widget/v1.js?key={key}")

    assert (config.status_code, config.json()["code"]) == (503, "storage_unavailable")
    assert config.headers["retry-after"]
    assert config.headers["access-control-allow-origin"] == "*"
    assert script.status_code == 200
    assert '"storage_unavailable"' in script.text
    assert "/var/lib" not in script.text + config.text


async def test_a_revoked_key_does_not_outlive_trouble(api: Api, key, reads):
    await api.http.get(f"/widget/config?key={key}")
    await api.runtime.db.execute("UPDATE api_key SET revoked_at = $1", api.clock())
    let_expire(api, widget_config.FRESH_S + 1)

    assert (await api.http.get(f"/widget/config?key={key}")).json()["code"] == "key_revoked"
    reads.failure = StorageError("gone")
    let_expire(api, widget_config.FRESH_S + 1)

    assert (await api.http.get(f"/widget/config?key={key}")).status_code == 503


async def test_guessed_keys_are_limited_and_known_ones_are_not(api: Api, key, reads):
    outside = ("203.0.113.9", 4444)
    http = api.http
    http._transport.client = outside
    let_in(api.runtime, 5)

    guessed = [(await http.get(f"/widget/config?key=hk_{at}")).status_code for at in range(5)]
    refused = await http.get("/widget/config?key=hk_more")
    script = await http.get("/widget/v1.js?key=hk_more")
    known_now = await http.get(f"/widget/config?key={key}")
    http._transport.client = ("127.0.0.1", 123)
    await http.get(f"/widget/config?key={key}")
    http._transport.client = outside
    known_then = await http.get(f"/widget/config?key={key}")

    assert set(guessed) == {401}
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert '"rate_limited"' in script.text
    assert known_now.status_code == 429
    assert known_then.status_code == 200
