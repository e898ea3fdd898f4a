"""Everyday queries: one workspace's rows and no other's, the same values on both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from device_records import DEVICES, NOW, OURS, THEIRS, WHOLE, Kept, values, whole

from harken_server.channels.kiosk.tables import Device as T
from harken_server.database.database import Database
from harken_server.database.failures import ConstraintError
from harken_server.database.records import Records
from harken_server.database.tables import Outbox
from harken_server.surveys.tables import SurveyVersion
from harken_server.workspaces.tables import ApiKey


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


OWNED = Records(T, Owned)


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
    await OWNED.of(OURS).add(database, {**values(1), T.workspace_id: THEIRS})
    async with database.transaction() as tx:
        await WHOLE.of(OURS).add_many(tx, [whole(2, THEIRS)])

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
