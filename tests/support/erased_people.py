"""Two people in every table there is, and what is found of them."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from api_client import Api
from every_table import lines_of, value_of
from piccolo.table import Table

from harken_server.respondents.store.erasing import (
    tables_behind,
    tables_of_addresses,
    tables_of_people,
)

KIM, LEE = "kim/17 ", "lee%2F"
NAMES = {"kim": KIM.strip(), "lee": LEE}


def name_of(table: type[Table]) -> str:
    return table._meta.tablename


async def fill(live: Api) -> None:
    """Both people in every table, one of each through the API where it has a way."""
    for who, name in NAMES.items():
        asked = await live.trigger(
            respondent=name, channel="email", email=f"{who}@example.org", traits={"mark": who}
        )
        assert asked.json()["asked"], asked.text
        await live.submit({"recommend": 2, "why": who}, token=asked.json()["invitation"]["code"])
        for rating in (9, 1):
            claimed = await live.submit({"recommend": rating}, respondent=name)
            assert claimed.status_code == 201, claimed.text
        await join_programme(live, name)
        await live.http.put("/v1/suppressions/-", params={"respondent": name}, json={})
        await fill_the_rest(live, who)


async def join_programme(live: Api, name: str) -> dict[str, Any]:
    programme = {
        "survey": "post_purchase", "touchpoint": "order.delivered", "channel": "email",
        "every": "quarter", "starts_on": "2027-01-01",
    }  # fmt: skip
    await live.http.put("/v1/programmes/relationship", json=programme)
    members = {"members": [{"respondent": name}]}
    joined = await live.http.put("/v1/programmes/relationship/members", json=members)
    assert joined.status_code == 200, joined.text
    return joined.json()


async def fill_the_rest(live: Api, who: str) -> None:
    """A row of the person in each table that has none, and one of all that hangs on theirs."""
    db = live.runtime.db
    there = await cells_with(live, who)
    ids = {
        f"{table}_id": (await db.fetch(f"SELECT id FROM {table} WHERE respondent = $1", name))[0][0]
        for table, name in (("invitation", NAMES[who]), ("delivery", NAMES[who]))
    }
    for table in (*tables_of_people(), *tables_of_addresses()):
        if name_of(table) not in there:
            await add_row(live, table, who, ids)
    for table in {each for one in tables_of_people() for each in tables_behind(one)}:
        made = await add_row(live, table, who, ids, number=2)
        await db.execute(
            "INSERT INTO outbox (id, workspace_id, kind, payload, created_at, due_at, attempts)"
            " VALUES ($1, $2, 'mail.settle', $3, $4, $4, 0)",
            made, live.runtime.home, f'{{"kept": "{who}@example.org"}}', live.clock(),
        )  # fmt: skip


async def add_row(
    live: Api, table: type[Table], who: str, ids: dict[str, Any], number: int = 0
) -> UUID:
    dice = random.Random(f"{who} {name_of(table)} {number}")
    said = {
        "workspace_id": live.runtime.home, "respondent": NAMES[who], "email": None,
        "address": f"{who}@example.org", "detail": "{}", "name": f"{who} {number}", **ids,
    }  # fmt: skip
    row = {
        column._meta.name: said[column._meta.name]
        if column._meta.name in said
        else await reference(live, column) or value_of(column, 0, dice)
        for column in table._meta.columns
    }
    marks = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    names = ", ".join(f'"{name}"' for name in row)
    await live.runtime.db.execute(
        f'INSERT INTO "{name_of(table)}" ({names}) VALUES ({marks})', *row.values()
    )
    return row.get("id", live.runtime.home)


async def reference(live: Api, column: Any) -> Any:
    """The id of a survey where a column names one."""
    if column._meta.name != "survey_id":
        return None
    return (await live.runtime.db.fetch("SELECT id FROM survey"))[0][0]


async def cells_with(live: Api, who: str) -> dict[str, list[bytes]]:
    """Every row of every table that holds the person's name, address or mark."""
    marks = [NAMES[who].encode(), f"{who}@example.org".encode(), f'"{who}"'.encode()]
    found = {
        table: [line for line in lines if any(mark in line for mark in marks)]
        for table, lines in (await lines_of(live.runtime.db.url)).items()
    }
    return {table: lines for table, lines in found.items() if lines}
