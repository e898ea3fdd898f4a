"""What was erased is left in no file of the database: every byte of them is searched."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from api_client import Api

from harken_server.database.sqlite import writer
from harken_server.database.sqlite.connection import open_reader

MARK = "CANARY"
SIZES = (1, 40, 700, 1_950)
"""Characters of four bytes each: comments that share a page, fill one, and need several."""

on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize(
    "engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


async def people_who_answered(live: Api, count: int) -> list[str]:
    """Persons with a marked name, address, trait and comment among others, in a drawn order."""
    dice, names = Random(11), []
    for number in range(count):
        for who in dice.sample((MARK, "other"), 2):
            name = f"{who}-{number}"
            comment = f"{who} {'🍕' * dice.choice(SIZES)}"
            asked = await live.trigger(
                respondent=name, channel="email", email=f"{who}{number}@example.org",
                traits={"mark": who}, context={"store": who},
            )  # fmt: skip
            token = asked.json()["invitation"]["code"]
            begun = {"id": str(uuid4()), "token": token, "complete": False}
            await live.submit({"recommend": 3}, **begun)
            stored = await live.submit(
                {"recommend": 3, "why": comment}, **begun | {"sequence": 2, "complete": True}
            )
            assert stored.status_code == 201, stored.text
            if who == MARK:
                names.append(name)
    return names


def marks_in_files(live: Api) -> dict[str, int]:
    """How often the mark stands in each file of the database."""
    path = Path(live.runtime.db.url.removeprefix("sqlite:///"))
    files = path.parent.glob(f"{path.name}*")
    counts = {each.name: each.read_bytes().upper().count(MARK.encode()) for each in files}
    return {name: count for name, count in counts.items() if count}


@on_sqlite
async def test_nothing_of_erased_people_is_left_in_the_database_or_its_log(live: Api) -> None:
    """A16.11."""
    names = await people_who_answered(live, 25)
    assert sum(marks_in_files(live).values()) > 100

    for name in names:
        reply = await live.http.delete(f"/v1/respondents/{name}")
        assert reply.json()["erased"]["response"] == 1, reply.text
        assert reply.json()["cleared"] is True

    assert marks_in_files(live) == {}


@on_sqlite
async def test_nothing_of_an_erased_response_is_left_in_the_database_or_its_log(live: Api) -> None:
    response = str(uuid4())
    await live.submit({"recommend": 2, "why": f"{MARK} {'🍕' * 1_950}"}, id=response)
    assert marks_in_files(live)

    await live.http.delete(f"/v1/surveys/post_purchase/responses/{response}")

    assert marks_in_files(live) == {}


@on_sqlite
async def test_a_long_read_delays_it_and_its_end_brings_it(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits: the log is emptied as soon as no reader needs what stands in it."""
    monkeypatch.setattr(writer, "EMPTY_LOG_EVERY_S", 0.01)
    (name,) = await people_who_answered(live, 1)
    reader = open_reader(live.runtime.db.file)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM response").fetchall()

    reply = await live.http.delete(f"/v1/respondents/{name}")

    assert reply.json()["cleared"] is False
    assert marks_in_files(live)
    reader.close()
    async with asyncio.timeout(20):
        while marks_in_files(live):
            await live.submit({"recommend": 9})


@on_postgres
async def test_postgresql_says_that_its_files_keep_what_was_erased(live: Api) -> None:
    (name,) = await people_who_answered(live, 1)

    reply = await live.http.delete(f"/v1/respondents/{name}")

    assert reply.json()["cleared"] is False
