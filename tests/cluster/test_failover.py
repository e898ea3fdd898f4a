"""PostgreSQL under Patroni changes its primary while two servers are submitted to.

Patroni keeps three members by etcd; a synchronous standby has all that was acknowledged. What a
machine cannot do to itself is not here: a cut cable, a lost disk, the loss of etcd.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest
from api_client import SURVEY
from cluster_traffic import Traffic
from patroni_cluster import Cluster, running_cluster
from patroni_member import Member
from served import Served
from tiers import nightly

from harken_server.database.opening import open_database
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.recount import recount
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.store.workspaces import first_workspace

pytestmark = [pytest.mark.processes, pytest.mark.postgres]

INVITATIONS = 16


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Three members, of which the primary is up and the others are on their way."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
async def servers(cluster: Cluster, tmp_path: Path) -> AsyncIterator[list[Served]]:
    """Two servers that know all members and share a database and their secret key."""
    primary = cluster.primary()
    assert primary is not None
    connection = await asyncpg.connect(f"postgresql://postgres@127.0.0.1:{primary.port}/postgres")
    await connection.execute("CREATE DATABASE harken")
    await connection.close()
    environ = {
        "HARKEN_DATABASE_URL": cluster.url("harken"),
        "HARKEN_SECRET_KEY": secrets.token_urlsafe(32),
    }
    started: list[Served] = []

    def start(name: str) -> None:
        (tmp_path / name).mkdir()
        started.append(Served("serve", tmp_path / name, **environ))

    try:
        await asyncio.gather(*(asyncio.to_thread(start, name) for name in ("one", "two")))
        yield started
    finally:
        for server in started:
            server.kill()


def switch_over(cluster: Cluster) -> None:
    """An operator makes the standby the primary, for maintenance."""
    primary = cluster.primary()
    assert primary is not None
    primary.call("/switchover", {"leader": primary.name})


def kill_postmaster(cluster: Cluster) -> None:
    """PostgreSQL's first process dies, and with it all others of the primary."""
    primary = cluster.primary()
    postmaster = primary and primary.postmaster()
    assert postmaster is not None
    postmaster.kill()


def lose_node(cluster: Cluster) -> None:
    """The primary's machine takes connections and answers nothing, Patroni's neither."""
    primary = cluster.primary()
    assert primary is not None
    primary.signal_all(signal.SIGSTOP)


def replace_node(lost: Member) -> None:
    """The machine is switched off, and starts again."""
    lost.kill()
    lost.wait_for_end()
    lost.start()


def wake_node(lost: Member) -> None:
    """The machine goes on where it was, and still takes itself for the primary."""
    lost.signal_all(signal.SIGCONT)


@pytest.mark.parametrize(
    ("event", "mend", "gap_limit_s"),
    [
        pytest.param(kill_postmaster, None, 20, id="killed"),
        nightly(switch_over, None, 20, id="planned"),
        nightly(lose_node, replace_node, 50, id="lost and replaced"),
        nightly(lose_node, wake_node, 50, id="silent for a while"),
    ],
)
async def test_a_new_primary_has_all_that_was_acknowledged_once_and_servers_find_it(
    event: Callable[[Cluster], None], mend: Callable[[Member], None] | None, gap_limit_s: float,
    cluster: Cluster, servers: list[Served],
) -> None:  # fmt: skip
    tokens = await _prepare(servers)
    await asyncio.to_thread(cluster.wait, "two standbys", cluster.is_whole)
    before = cluster.primary()
    assert before is not None

    async with Traffic([server.url for server in servers], SURVEY["key"]) as traffic:
        await traffic.flows(20)
        began = time.monotonic()
        redeeming = [
            asyncio.create_task(traffic.redeem(token, delay_s=number * 0.3))
            for number, token in enumerate(tokens)
        ]
        await asyncio.to_thread(event, cluster)
        await asyncio.to_thread(
            cluster.wait, "a new primary", lambda: cluster.primary() not in {None, before}
        )
        await traffic.flows(40)
        if mend is not None:
            await asyncio.to_thread(mend, before)
            await asyncio.to_thread(cluster.wait, "the lost member back", cluster.is_whole)
            await traffic.flows(40)
        redeemed = await asyncio.gather(*redeeming)
    gap = traffic.longest_gap(began)
    print(f"{event.__name__}: no submit for {gap:.1f} s; refused: {dict(traffic.refusals)}")

    assert [len(ids) for ids in redeemed] == [1] * INVITATIONS
    await _check_stored(cluster, traffic.acknowledged)
    assert gap < gap_limit_s
    await _check_healed(servers)


async def _prepare(servers: list[Served]) -> list[str]:
    """Publish a survey; gives the codes of invitations to it."""
    async with _http(servers) as http:
        url = servers[0].url
        assert (await http.post(f"{url}/v1/surveys", json=SURVEY)).status_code == 201
        asking = {"survey": SURVEY["key"], "cooldown_days": 0}
        await http.put(f"{url}/v1/touchpoints/order.delivered", json=asking)
        codes: list[str] = []
        for number in range(INVITATIONS):
            about = {"touchpoint": "order.delivered", "respondent": f"c-{number}", "channel": "sms"}
            reply = await http.post(f"{url}/v1/triggers", json=about)
            codes.append(reply.json()["invitation"]["code"])
    return codes


async def _check_stored(cluster: Cluster, acknowledged: set[str]) -> None:
    """What is stored is what was acknowledged, each once, and counts are what answers say."""
    db = await open_database(cluster.url("harken"))
    try:
        workspace = await first_workspace(db)
        assert workspace is not None
        survey = await get_survey(db, workspace.id, SURVEY["key"])
        assert survey is not None
        stored = await list_responses(db, workspace.id, survey.id, after={}, limit=1_000_000)
        assert sorted(item.id for item in stored) == sorted(map(UUID, acknowledged))
        assert await recount(db, workspace.id, survey.id) == []
    finally:
        await db.close()


async def _check_healed(servers: list[Served]) -> None:
    """The same processes store, read and ask, each by its pool too; none was taken by surprise."""
    async with _http(servers) as http:
        for number, server in enumerate(servers):
            assert server.process.poll() is None
            assert (await http.get(f"{server.url}/readyz")).status_code == 200
            scores = await http.get(f"{server.url}/v1/surveys/{SURVEY['key']}/scores")
            assert scores.status_code == 200
            about = {"touchpoint": "order.delivered", "respondent": f"d-{number}", "channel": "sms"}
            asked = await http.post(f"{server.url}/v1/triggers", json=about)
            assert asked.json()["asked"], asked.text
            later = {**SURVEY, "key": f"later_{number}"}
            published = await http.post(f"{server.url}/v1/surveys", json=later)
            assert published.status_code == 201, published.text
            for each in servers:
                seen = await http.get(f"{each.url}/v1/surveys/{later['key']}")
                assert seen.status_code == 200, seen.text
            said = [line for line in server.log.read_text().splitlines() if " ERROR " in line]
            assert all("cannot be used now" in line or "; try again" in line for line in said), said


def _http(servers: list[Served]) -> httpx.AsyncClient:
    """A client with the key that the first start printed."""
    said = " ".join(server.printed() for server in servers)
    key = next(word for word in said.split() if word.startswith("hk_"))
    return httpx.AsyncClient(headers={"authorization": f"Bearer {key}"}, timeout=30, verify=False)
