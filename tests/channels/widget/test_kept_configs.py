"""The widget's config: few reads however many ask, and an answer while the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from harken_server.channels.widget import configs as widget_config
from harken_server.channels.widget.configs import MAX_BUILT, Wanted, WidgetConfigs
from harken_server.database.database import Database
from harken_server.kernel import cache as kept
from harken_server.kernel.clock import system_clock
from harken_server.kernel.errors import StorageError
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.publish import push_survey
from harken_server.surveys.store.surveys import set_status
from harken_server.workspaces.store.workspaces import add_workspace
from harken_server.workspaces.workspace import Workspace

SURVEY: dict[str, Any] = {
    "key": "targeted",
    "title": {"en": "Your order", "de": "Ihre Bestellung"},
    "locales": ["de"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": {"en": "Recommend?", "de": "Empfehlen?"}}
    ],
    "widget": {},
}


class Weather:
    """Stands before the database: counts what is read, and makes reads slow or fail."""

    def __init__(self, db: Database) -> None:
        self.reads = 0
        self.delay_s = 0.0
        self.failure: Exception | None = None
        self._fetch = db.fetch

    async def fetch(self, sql: str, *params: Any) -> list[Any]:
        self.reads += 1
        await asyncio.sleep(self.delay_s)
        if self.failure is not None:
            raise self.failure
        return await self._fetch(sql, *params)


Push = Callable[..., Awaitable[None]]


@pytest.fixture
async def push(database: Database, workspace: Workspace) -> Push:
    async def publish(owner: Workspace = workspace, **changes: Any) -> None:
        survey = decode_survey(msgspec.json.encode({**SURVEY, **changes}), "json")
        await push_survey(database, owner, survey, now=system_clock(), new_id=uuid4)

    return publish


@pytest.fixture
async def weather(database: Database, push: Push, monkeypatch: pytest.MonkeyPatch) -> Weather:
    await push()
    found = Weather(database)
    monkeypatch.setattr(database, "fetch", found.fetch, raising=False)
    return found


@pytest.fixture
def configs(database: Database) -> WidgetConfigs:
    return WidgetConfigs(database, "survey-0123456789.js", system_clock)


def read(body: bytes) -> dict[str, Any]:
    return msgspec.json.decode(body)


def keys_in(body: bytes) -> list[str]:
    return [survey["key"] for survey in read(body)["surveys"]]


async def test_a_thousand_cold_fetches_cost_two_reads(weather, configs, workspace):
    wanted = [Wanted(locale=("en", "de", "de-AT", "fr")[at % 4]) for at in range(1000)]

    bodies = await asyncio.gather(*(configs.find(workspace.id, one) for one in wanted))

    assert weather.reads == 2
    assert len({id(body) for body in bodies}) == 4


async def test_while_nothing_changes_a_refresh_costs_one_read(
    weather, configs, workspace, monkeypatch
):
    first = await configs.find(workspace.id, Wanted(locale="en"))
    expire(configs)

    again = await configs.find(workspace.id, Wanted(locale="en"))

    assert weather.reads == 3
    assert again is first


async def test_the_last_config_is_given_while_the_database_is_down(weather, configs, workspace):
    first = await configs.find(workspace.id, Wanted(locale="en"))
    weather.failure = StorageError("gone")
    expire(configs)

    during = await configs.find(workspace.id, Wanted(locale="en"))
    other_locale = await configs.find(workspace.id, Wanted(locale="de"))

    assert during is first
    assert read(other_locale)["surveys"][0]["title"] == "Ihre Bestellung"
    assert weather.reads == 3  # one try, then a rest


async def test_after_ten_minutes_without_a_database_there_is_no_config(
    weather, configs, workspace, monkeypatch
):
    await configs.find(workspace.id, Wanted(locale="en"))
    weather.failure = StorageError("gone")
    expire(configs, seconds=widget_config.STALE_S + 2)

    with pytest.raises(StorageError):
        await configs.find(workspace.id, Wanted(locale="en"))


async def test_nobody_waits_long_for_a_slow_database_and_the_new_config_comes_later(
    weather, configs, workspace, push, monkeypatch
):
    monkeypatch.setattr(kept, "PATIENCE_S", 0.05)
    before = await configs.find(workspace.id, Wanted(locale="en"))
    await push(title={"en": "New", "de": "Neu"})
    weather.delay_s = 0.4
    expire(configs)
    began = asyncio.get_running_loop().time()

    during = await configs.find(workspace.id, Wanted(locale="en"))
    waited = asyncio.get_running_loop().time() - began
    await asyncio.sleep(1.2)
    after = await configs.find(workspace.id, Wanted(locale="en"))

    assert during is before
    assert waited < 0.35
    assert read(after)["surveys"][0]["title"] == "New"


async def test_a_change_of_this_process_is_seen_at_once(weather, configs, workspace, database):
    before = await configs.find(workspace.id, Wanted())
    await set_status(database, workspace.id, "targeted", "closed", system_clock())
    configs.forget()

    after = await configs.find(workspace.id, Wanted())

    assert (keys_in(before), keys_in(after)) == (["targeted"], [])


@pytest.mark.seconds
async def test_a_change_of_another_process_is_seen_within_two_seconds(
    weather, configs, workspace, database
):
    await configs.find(workspace.id, Wanted())
    await set_status(database, workspace.id, "targeted", "closed", system_clock())

    await asyncio.sleep(2)

    assert keys_in(await configs.find(workspace.id, Wanted())) == []


async def test_strange_locales_and_names_fill_neither_memory_nor_the_database(
    weather, configs, workspace
):
    for at in range(MAX_BUILT + 50):
        body = await configs.find(
            workspace.id, Wanted(locale=f"x-{at}", names=(f"unknown_{at}", "targeted"))
        )
        assert keys_in(body) == ["targeted"]

    assert len(configs._built) <= MAX_BUILT
    assert weather.reads <= 2 + 4  # a refresh a second


async def test_unknown_names_make_no_config_of_their_own(weather, configs, workspace):
    plain = await configs.find(workspace.id, Wanted(locale="en"))

    assert await configs.find(workspace.id, Wanted(locale="en", names=("no", "targeted"))) is plain


async def test_browsers_languages_collapse_to_offered_ones(weather, configs, workspace):
    headers = ("de", "de-CH,de;q=0.9", "fr,de;q=0.5", "de-AT", "xx,yy,de-LI;q=0.2")

    bodies = [
        await configs.find(workspace.id, Wanted(accept_language=header)) for header in headers
    ]

    assert len({id(body) for body in bodies}) == 1
    assert read(bodies[0])["locale"] == "de"


async def test_a_survey_without_targeting_is_given_only_when_named(
    weather, configs, workspace, push
):
    await push(key="plain", widget=None)

    assert keys_in(await configs.find(workspace.id, Wanted())) == ["targeted"]
    assert keys_in(await configs.find(workspace.id, Wanted(names=("plain",)))) == [
        "plain", "targeted",
    ]  # fmt: skip


async def test_another_workspace_has_a_config_of_its_own(
    weather, configs, workspace, database, push
):
    other = await add_workspace(database, uuid4(), "other", "Other", system_clock())
    await push(other, key="theirs")

    assert keys_in(await configs.find(workspace.id, Wanted(names=("theirs",)))) == ["targeted"]
    assert keys_in(await configs.find(other.id, Wanted(names=("targeted",)))) == ["theirs"]


async def test_an_unreadable_definition_does_not_hide_the_others(
    weather, configs, workspace, database, push
):
    await push(key="broken")
    await database.execute(
        'UPDATE survey_version SET definition = \'{"from": "the future"}\' WHERE survey_id ='
        " (SELECT id FROM survey WHERE workspace_id = $1 AND key = 'broken')",
        workspace.id,
    )

    assert keys_in(await configs.find(workspace.id, Wanted())) == ["targeted"]


async def test_a_demo_of_every_template_can_be_listed(weather, configs, workspace, database):
    folder = Path(__file__).parents[3] / "survey_templates"
    for path in folder.glob("*.survey.yaml"):
        survey = decode_survey(path.read_bytes(), "yaml")
        await push_survey(database, workspace, survey, now=system_clock(), new_id=uuid4)
    names = tuple(path.name.partition(".")[0] for path in folder.glob("*.survey.yaml"))
    weather.reads = 0

    body = await configs.find(workspace.id, Wanted(names=names))

    assert set(keys_in(body)) == {*names, "targeted"}
    assert weather.reads == 3, "what is live, its versions, and the answers of the one with a limit"


def expire(configs: WidgetConfigs, seconds: float = widget_config.FRESH_S + 0.1) -> None:
    """As if so much time had gone by."""
    for value in configs._listings._values.values():
        value.due_at -= seconds
        value.ends_at -= seconds
