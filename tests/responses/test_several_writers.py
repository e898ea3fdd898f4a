"""Several writers on one PostgreSQL: the same becomes of a submission whichever it reaches."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from survey_records import add_survey

from harken_server.database.database import Database
from harken_server.database.lanes import Positions, first_position, lane_of
from harken_server.database.opening import open_database
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation, get_invitation
from harken_server.kernel.clock import system_clock
from harken_server.responses.store.changing import add_flags, erase_response, set_standing
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.recount import recount
from harken_server.responses.store.row import get_response
from harken_server.responses.store.writing import RESPONSES
from harken_server.surveys.answers.typed_rows import AnswerRow

pytestmark = pytest.mark.postgres

CHANGING = Path(__file__).parents[1] / "crash" / "store_and_change.py"
ROUNDS = {"test": 1, "nightly": 6}


@pytest.fixture
def engine_name() -> str:
    """SQLite has one writer."""
    return "postgres"


@pytest.fixture
async def writers(database_url) -> AsyncIterator[list[Database]]:
    """Three servers' databases."""
    opened = [await open_database(database_url) for _ in range(3)]
    yield opened
    for db in opened:
        await db.close()


async def test_a_new_id_that_reaches_two_servers_at_once_is_stored_once(writers, make_response):
    for _ in range(20):
        news = [make_response() for _ in range(15)]

        outcomes = await asyncio.gather(
            *(db.store(RESPONSES, new) for new in news for db in writers[:2])
        )

        kinds = [sorted(pair.kind for pair in outcomes[at : at + 2]) for at in range(0, 30, 2)]
        assert kinds == [["repeated", "stored"]] * 15


async def test_two_bodies_under_one_new_id_at_once_are_one_response_and_one_conflict(
    writers, make_response
):
    for _ in range(20):
        first = make_response()
        other = make_response(id=first.id, digest=b"f" * 16)

        outcomes = await asyncio.gather(
            writers[0].store(RESPONSES, first), writers[1].store(RESPONSES, other)
        )

        assert sorted(outcome.kind for outcome in outcomes) == ["conflict", "stored"]


async def test_groups_with_the_same_new_ids_in_opposite_orders_do_not_block_each_other(
    database_url, make_response
):
    await _insert_slowly(database_url)
    writers = [await open_database(database_url) for _ in range(2)]
    for db in writers:
        await db.store(RESPONSES, make_response())

    async with asyncio.timeout(20):
        for _ in range(3):
            news = [make_response() for _ in range(40)]
            both = zip(writers, (news, news[::-1]), strict=True)
            await asyncio.gather(*(db.store(RESPONSES, new) for db, own in both for new in own))

    assert await writers[0].fetch("SELECT count(*) FROM response") == [(122,)]
    for db in writers:
        await db.close()


async def test_a_single_use_invitation_answered_through_two_servers_takes_one(
    writers, make_response
):
    for _ in range(20):
        blank = make_response()
        invitation = Invitation(
            id=uuid4(), workspace_id=blank.survey.workspace_id, survey_id=blank.survey.id,
            code=uuid4().hex[:13].upper(), touchpoint="till", channel="receipt",
            created_at=system_clock(),
        )  # fmt: skip
        await add_invitation(writers[0], invitation)
        news = [make_response(invitation_id=invitation.id, is_single_use=True) for _ in range(6)]

        outcomes = await asyncio.gather(
            *(writers[place % 2].store(RESPONSES, new) for place, new in enumerate(news))
        )

        kinds = [outcome.kind for outcome in outcomes]
        assert sorted(kinds) == ["already_answered"] * 5 + ["stored"]
        claimed = await get_invitation(writers[2], blank.survey.workspace_id, invitation.id)
        assert claimed is not None
        assert claimed.response_id == news[kinds.index("stored")].id


async def test_a_response_goes_on_through_whichever_server_and_moves_to_its_lane(
    writers, make_response
):
    first = make_response(is_complete=False, answers=[AnswerRow("recommend", rating=0)])
    place = (first.survey.workspace_id, first.survey.id)
    lanes: list[int] = []
    await writers[0].store(RESPONSES, first)

    for sequence in range(2, 11):
        db = writers[sequence % 3]
        outcome = await db.store(
            RESPONSES,
            make_response(
                id=first.id, sequence=sequence, replaces=sequence - 1, is_complete=sequence == 10,
                answers=[AnswerRow("recommend", rating=sequence)],
            ),
        )  # fmt: skip
        assert outcome.kind == "stored"
        found = await get_response(db, *place, first.id)
        assert found is not None
        assert found.answers == [AnswerRow("recommend", rating=sequence)]
        lanes.append(lane_of(found.position))

    assert len(set(lanes)) == 3
    assert lanes[:6] == lanes[3:]
    assert await recount(writers[0], *place) == []
    assert [item.id for item in await _everything(writers[0], place)] == [first.id]


async def test_two_bodies_of_one_sequence_at_once_are_one_change_and_one_conflict(
    writers, make_response
):
    for _ in range(20):
        first = make_response(is_complete=False)
        await writers[2].store(RESPONSES, first)
        news = [
            make_response(
                id=first.id, sequence=2, replaces=1, is_complete=False, digest=place.to_bytes(16)
            )
            for place in range(2)
        ]

        outcomes = await asyncio.gather(
            *(db.store(RESPONSES, new) for db, new in zip(writers, news, strict=False))
        )

        assert sorted(outcome.kind for outcome in outcomes) == ["conflict", "stored"]


async def test_counts_equal_a_recount_after_three_writers_changed_the_same_responses(
    writers, make_response
):
    dice = random.Random(20261130)
    ids = [uuid4() for _ in range(40)]
    place = (make_response().survey.workspace_id, make_response().survey.id)
    start = system_clock()

    async def act(db: Database) -> None:
        chosen, what = dice.choice(ids), dice.random()
        if what < 0.04:
            await erase_response(db, *place, chosen)
        elif what < 0.12:
            await set_standing(db, *place, chosen, dice.choice(("counted", "excluded")))
        elif what < 0.15:
            await add_flags(db, *place, chosen, ["odd"])
        else:
            await db.store(RESPONSES, _next(await get_response(db, *place, chosen), chosen))

    def _next(found: Any, chosen: UUID) -> Any:
        sequence = 0 if found is None else found.sequence
        return make_response(
            id=chosen, sequence=sequence + 1, replaces=sequence or None, is_complete=False,
            version=dice.randint(1, 2), channel=dice.choice(["web", "email"]),
            touchpoint=dice.choice(["", "shop.till", "shop.door"]),
            received_at=start + timedelta(hours=dice.randint(0, 60)),
            dimensions=dice.choice(["", '{"store":"oslo"}', '{"store":"bergen","plan":"pro"}']),
            answers=[
                AnswerRow("recommend", rating=dice.randint(0, 10)),
                *(
                    AnswerRow("reasons", part=choice, choice=choice)
                    for choice in dice.sample("abc", dice.randint(0, 3))
                ),
            ],
        )  # fmt: skip

    for _ in range(12):
        await asyncio.gather(*(act(db) for db in writers for _ in range(15)))

    counted = await writers[0].fetch("SELECT count(DISTINCT lane) FROM answer_count")
    assert counted[0][0] >= 3
    assert await recount(writers[0], *place) == []
    assert await writers[0].fetch(
        "SELECT 1 FROM answer_count, jsonb_each_text(counts) AS one (value, n) GROUP BY"
        " survey_number, dimension, member, question, version, touchpoint, channel, day, value"
        " HAVING SUM(CAST(n AS BIGINT)) < 0"
    ) == []  # fmt: skip


@pytest.mark.processes
async def test_a_follower_holds_exactly_the_table_while_four_processes_write_and_change(
    database_url, tier
):
    db = await open_database(database_url)
    for number in range(ROUNDS[tier]):
        survey = await add_survey(db, uuid4())
        place = (survey.workspace_id, survey.id)
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, str(CHANGING), database_url, *map(str, place), str(4 * number + at),
                "3", stdout=asyncio.subprocess.PIPE,
            )
            for at in range(4)
        ]  # fmt: skip
        working = asyncio.gather(*(process.communicate() for process in processes))

        held, pages = await _follow(db, place, working)

        made = [int(said) for said, _ in await working]
        table = {item.id: item for item in await _everything(db, place)}
        assert min(made) > 0
        assert pages > 4
        assert {lane_of(item.position) for item in table.values()} >= {1, 2, 3, 4}
        assert held == table
        assert await recount(db, *place) == []
    await db.close()


async def _follow(
    db: Database, place: tuple[UUID, UUID], working: asyncio.Future[Any]
) -> tuple[dict[UUID, Any], int]:
    """What a reader holds that pulls by cursor until all is over, and how many pages it took."""
    held: dict[UUID, Any] = {}
    after: Positions = {}
    pages, is_last = 0, False
    while not is_last:
        is_last = working.done()
        while page := await list_responses(db, *place, after=after, limit=23):
            pages += 1
            for item in page:
                lane = lane_of(item.position)
                assert item.position > after.get(lane, first_position(lane)), "it went back"
                after[lane] = item.position
                held[item.id] = item
        await asyncio.sleep(0.005)
    return held, pages


async def _everything(db: Database, place: tuple[UUID, UUID]) -> list[Any]:
    return await list_responses(db, *place, after={}, limit=1_000_000)


async def _insert_slowly(url: str) -> None:
    """Let groups overlap for sure, and have nobody look for deadlocks in the time of a test."""
    connection = await asyncpg.connect(url)
    database = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {database} SET deadlock_timeout = '60s'")
    await connection.execute(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " PERFORM pg_sleep(0.003); RETURN NEW; END $$"
    )
    await connection.execute(
        "CREATE TRIGGER wait BEFORE INSERT ON response FOR EACH ROW EXECUTE FUNCTION wait()"
    )
    await connection.close()
