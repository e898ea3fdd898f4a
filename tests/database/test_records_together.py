"""Many records at once, and the SQL that is made for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from device_records import DEVICES, NOW, OURS, THEIRS, WHOLE, Kept, values, whole

from harken_server.channels.kiosk.tables import Device as T
from harken_server.database.database import Database
from harken_server.database.records import Records, is_among


async def test_adding_many_leaves_out_those_that_clash_and_counts_the_others(
    database: Database,
) -> None:
    await DEVICES.of(THEIRS).add(database, values(2))

    async with database.transaction() as tx:
        added = await WHOLE.of(OURS).add_many(tx, [whole(number) for number in (1, 2, 3)])
        none = await WHOLE.of(OURS).add_many(tx, [])

    assert (added, none) == (2, 0)
    assert [one.name for one in await DEVICES.of(OURS).all(database, order_by=[T.id])] == [
        "device 1",
        "device 3",
    ]


async def test_putting_many_replaces_ours_adds_new_ones_and_leaves_those_of_others(
    database: Database,
) -> None:
    await DEVICES.of(THEIRS).add(database, values(1, secret_digest="theirs"))
    await DEVICES.of(OURS).add(database, values(2, secret_digest="ours"))
    many = [
        values(number, secret_digest=secret)
        for number, secret in ((11, "theirs"), (12, "ours"), (13, "new"))
    ]

    async with database.transaction() as tx:
        await DEVICES.of(OURS).put_many(tx, many, key=[T.secret_digest])
        await DEVICES.of(OURS).put_many(tx, [], key=[T.secret_digest])

    every = await DEVICES.anywhere().all(database, order_by=[T.id])
    assert [(one.id.int, one.name) for one in every] == [
        (1, "device 1"),
        (2, "device 12"),
        (13, "device 13"),
    ]


async def test_putting_again_keeps_what_is_for_new_ones_only(database: Database) -> None:
    for number in (1, 2):
        put = values(number, secret_digest="a")
        await DEVICES.of(OURS).put(database, put, [T.secret_digest], only_new=[T.created_at])

    (only,) = await DEVICES.of(OURS).all(database)

    assert (only.name, only.created_at) == ("device 2", NOW + timedelta(minutes=1))


async def test_a_condition_may_name_several_values(database: Database) -> None:
    for number in (1, 2, 3):
        await DEVICES.of(OURS).add(database, values(number))

    assert await DEVICES.of(OURS).count(database, is_among(T.name, ["device 1", "device 3"])) == 2


async def test_sql_is_made_once_for_queries_that_differ_in_their_values_only(
    database: Database,
) -> None:
    devices = Records(T, Kept)
    for number in (1, 2, 3):
        await devices.of(OURS).add(database, values(number))
    changed = [
        await devices.of(OURS).change(database, {T.name: name}, T.id == UUID(int=number))
        for number, name in ((1, "one"), (2, "two"))
    ]
    found = [
        await devices.of(OURS).all(database, (T.name == name) | T.revoked_at.is_not_null())
        for name in ("one", "two", "three")
    ]
    theirs = await devices.of(THEIRS).all(database, (T.name == "one") | T.revoked_at.is_not_null())

    assert [[one.name for one in some] for some in (*changed, *found, theirs)] == [
        ["one"], ["two"], ["one"], ["two"], [], [],
    ]  # fmt: skip
    assert len(devices.remembered) == 3


async def test_lists_of_many_lengths_do_not_fill_the_memory(database: Database) -> None:
    devices = Records(T, Kept)

    for length in range(1, 300):
        numbers = [UUID(int=number) for number in range(length)]
        await devices.of(OURS).count(database, is_among(T.id, numbers))

    assert len(devices.remembered) == 200


async def test_sql_by_hand_reads_the_same_records(database: Database) -> None:
    await DEVICES.of(OURS).add(database, values(1))

    rows = await database.fetch(f"SELECT {DEVICES.names('d')} FROM device d")

    assert [DEVICES.read(row) for row in rows] == await DEVICES.of(OURS).all(database)


class Numbered(msgspec.Struct, frozen=True):
    """A value by number: JSON has only texts for names."""

    settings: dict[int, datetime]


async def test_json_may_have_numbers_for_names(database: Database) -> None:
    numbered = Records(T, Numbered)

    await numbered.of(OURS).add(database, values(1) | {T.settings: {3: NOW}})

    assert await numbered.of(OURS).all(database) == [Numbered({3: NOW})]
