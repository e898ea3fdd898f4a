"""Everyday queries: one workspace's rows and no other's, the same values on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from harken_server.channels.kiosk.tables import Device as T
from harken_server.database.database import Database
from harken_server.database.failures import ConstraintError
from harken_server.database.records import Records, is_among
from harken_server.database.tables import Outbox
from harken_server.surveys.tables import SurveyVersion
from harken_server.workspaces.tables import ApiKey

OURS, THEIRS = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 3, 4, 12, 0, 0, 123000, tzinfo=UTC)


class Kept(msgspec.Struct, frozen=True):
    """Some of the columns, one of them of a shape of its own."""

    id: UUID
    name: str
    settings: dict[str, tuple[int, ...]]
    created_at: datetime
    revoked_at: datetime | None
    survey: str | None


class Owned(msgspec.Struct, frozen=True):
    """A device under names of its own."""

    number: UUID = msgspec.field(name="id")
    workspace_id: UUID
    title: str = msgspec.field(name="name")


class Attempts(msgspec.Struct, frozen=True):
    attempts: int


class Key(msgspec.Struct, frozen=True):
    scopes: tuple[str, ...]
    origins: tuple[str, ...]


class Version(msgspec.Struct, frozen=True):
    definition: bytes


DEVICES = Records(T, Kept)
OWNED = Records(T, Owned)


def values(number: int, **changed: Any) -> dict[Any, Any]:
    return {
        T.id: UUID(int=number),
        T.name: f"device {number}",
        T.touchpoint: "order.delivered",
        T.settings: {"hours": (9, 17)},
        T.created_at: NOW + timedelta(minutes=number),
        **{getattr(T, name): value for name, value in changed.items()},
    }


async def test_a_record_comes_back_as_it_went_in_with_nothing_where_nothing_was_said(
    database: Database,
) -> None:
    assert await DEVICES.of(OURS).add(database, values(7))

    found = await DEVICES.of(OURS).first(database, T.id == UUID(int=7))

    assert found == Kept(
        id=UUID(int=7),
        name="device 7",
        settings={"hours": (9, 17)},
        created_at=NOW + timedelta(minutes=7),
        revoked_at=None,
        survey=None,
    )


async def test_what_is_not_said_of_a_column_that_must_have_a_value_is_refused(
    database: Database,
) -> None:
    incomplete = values(7)
    del incomplete[T.name]

    with pytest.raises(ConstraintError):
        await DEVICES.of(OURS).add(database, incomplete)


async def test_no_query_reaches_the_rows_of_another_workspace(database: Database) -> None:
    await DEVICES.of(OURS).add(database, values(1))
    theirs = DEVICES.of(THEIRS)

    assert await theirs.first(database, T.id == UUID(int=1)) is None
    assert await theirs.all(database) == []
    assert await theirs.count(database) == 0
    assert await theirs.change(database, {T.name: "stolen"}, T.id == UUID(int=1)) == []
    assert await theirs.remove(database, T.id == UUID(int=1)) == []
    assert await theirs.remove(database) == []
    assert [device.name for device in await DEVICES.of(OURS).all(database)] == ["device 1"]


async def test_an_or_in_a_condition_does_not_open_the_workspace(database: Database) -> None:
    await DEVICES.of(OURS).add(database, values(1))

    either = (T.name == "nobody") | (T.name == "device 1")

    assert await DEVICES.of(THEIRS).all(database, either) == []
    assert len(await DEVICES.of(OURS).all(database, either)) == 1


async def test_adding_what_is_taken_stores_nothing_and_says_so(database: Database) -> None:
    assert await DEVICES.of(OURS).add(database, values(1, pairing_code="12345678"))

    assert not await DEVICES.of(THEIRS).add(database, values(2, pairing_code="12345678"))
    assert await DEVICES.anywhere().count(database) == 1


async def test_putting_again_replaces_the_values_and_keeps_the_first_id(
    database: Database,
) -> None:
    ours = DEVICES.of(OURS)
    await ours.put(database, values(1, secret_digest="a"), key=[T.secret_digest])
    await ours.put(database, values(2, secret_digest="a"), key=[T.secret_digest])

    (only,) = await ours.all(database)

    assert (only.id, only.name) == (UUID(int=1), "device 2")


async def test_putting_does_not_replace_what_another_workspace_has_under_the_key(
    database: Database,
) -> None:
    await DEVICES.of(OURS).put(database, values(1, secret_digest="a"), key=[T.secret_digest])
    await DEVICES.of(THEIRS).put(database, values(2, secret_digest="a"), key=[T.secret_digest])

    assert await DEVICES.of(THEIRS).all(database) == []
    assert [device.name for device in await DEVICES.of(OURS).all(database)] == ["device 1"]


async def test_lists_are_ordered_and_cut_as_asked(database: Database) -> None:
    for number in (2, 3, 1):
        await DEVICES.of(OURS).add(database, values(number))

    ascending = await DEVICES.of(OURS).all(database, order_by=[T.created_at], limit=2)
    descending = await DEVICES.of(OURS).all(database, order_by=[T.created_at], is_descending=True)

    assert [device.id.int for device in ascending] == [1, 2]
    assert [device.id.int for device in descending] == [3, 2, 1]


async def test_changes_inside_a_transaction_are_undone_with_it(database: Database) -> None:
    await DEVICES.of(OURS).add(database, values(1))

    async def revoke_and_fail() -> None:
        async with database.transaction() as tx:
            changed = await DEVICES.of(OURS).change(tx, {T.revoked_at: NOW}, T.name == "device 1")
            assert [device.revoked_at for device in changed] == [NOW]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await revoke_and_fail()

    assert [device.revoked_at for device in await DEVICES.of(OURS).all(database)] == [None]


async def test_a_field_may_have_another_name_than_its_column(database: Database) -> None:
    stored = {**values(1), **OWNED.values_of(Owned(UUID(int=1), OURS, "till"))}
    await OWNED.of(OURS).add(database, stored)

    assert await OWNED.of(OURS).first(database) == Owned(UUID(int=1), OURS, "till")


async def test_what_is_stored_belongs_to_the_scope_whatever_its_values_say(
    database: Database,
) -> None:
    one, two = ({**values(number), T.workspace_id: THEIRS} for number in (1, 2))

    await OWNED.of(OURS).add(database, one)
    async with database.transaction() as tx:
        await OWNED.of(OURS).add_many(tx, [two])

    assert {kept.workspace_id for kept in await OWNED.anywhere().all(database)} == {OURS}


async def test_names_and_bytes_are_kept_as_text(database: Database) -> None:
    keys, versions = Records(ApiKey, Key), Records(SurveyVersion, Version)
    A, V = ApiKey, SurveyVersion  # noqa: N806  # As stores name them.
    key = {A.name: "k", A.prefix: "hk", A.digest: "d", A.created_at: NOW}
    version = {V.survey_id: OURS, V.number: 1, V.digest: "d", V.change: "first"}
    kept = Key(("read", "write"), ())

    await keys.of(OURS).add(database, {**key, **keys.values_of(kept), A.id: OURS})
    await versions.of(OURS).add(
        database, {**version, V.definition: b'{"\xc3\xa5":1}', V.published_at: NOW, V.id: OURS}
    )

    assert await keys.of(OURS).first(database) == kept
    assert await versions.of(OURS).first(database) == Version(b'{"\xc3\xa5":1}')
    assert await database.fetch("SELECT scopes, origins FROM api_key") == [("read write", "")]


async def test_a_value_can_be_reckoned_from_the_one_that_is_there(database: Database) -> None:
    items = Records(Outbox, Attempts).of(OURS)
    made = {Outbox.kind: "k", Outbox.payload: "{}", Outbox.created_at: NOW, Outbox.due_at: NOW}
    await items.add(database, {**made, Outbox.id: OURS, Outbox.attempts: 4})

    changed = [
        await items.change(database, {Outbox.attempts: value})
        for value in (Outbox.attempts + 3, Outbox.attempts + 5, 2)
    ]

    assert changed == [[Attempts(7)], [Attempts(12)], [Attempts(2)]]


async def test_adding_many_leaves_out_those_that_clash_and_counts_the_others(
    database: Database,
) -> None:
    await DEVICES.of(THEIRS).add(database, values(2))

    async with database.transaction() as tx:
        added = await DEVICES.of(OURS).add_many(tx, [values(number) for number in (1, 2, 3)])
        none = await DEVICES.of(OURS).add_many(tx, [])

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
