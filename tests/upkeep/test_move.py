"""Everything moves to another database, and the copy is proved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from every_table import ROWS, filled, lines_of, without_entries

from harken_server.database.migrate import check_schema, migrate
from harken_server.database.opening import open_database, serving
from harken_server.kernel.errors import StorageError
from harken_server.kernel.settings import Settings
from harken_server.tables import TABLES
from harken_server.upkeep import copying
from harken_server.upkeep.move import move
from harken_server.upkeep.store import filling
from harken_server.upkeep.store.portable import Form


async def test_every_table_is_taken_along(
    database_url: str, empty_url: str, settings: Callable[[str], Settings]
) -> None:
    before = await lines_of(await filled(database_url))

    said, _ = await move(settings(database_url), empty_url)

    assert set(before) == {table._meta.tablename for table in TABLES}
    assert without_entries(await lines_of(empty_url), "move") == before
    assert await lines_of(database_url) == before
    assert f"{ROWS * len(TABLES)} rows of {len(TABLES)} tables" in said[0]
    copy = await open_database(empty_url)
    await check_schema(copy)
    await copy.close()


async def test_an_interrupted_move_goes_on_and_no_server_starts_on_half_of_it(
    database_url: str,
    empty_url: str,
    settings: Callable[[str], Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = await lines_of(await filled(database_url))
    monkeypatch.setattr(copying, "ROWS_AT_ONCE", 1)
    stock, added = filling.Filling.add, 0

    async def fail_midway(self: filling.Filling, form: Form, lines: list[bytes]) -> None:
        nonlocal added
        if (added := added + 1) == 40:
            raise KeyboardInterrupt
        await stock(self, form, lines)

    monkeypatch.setattr(filling.Filling, "add", fail_midway)
    with pytest.raises(KeyboardInterrupt):
        await move(settings(database_url), empty_url)
    with pytest.raises(StorageError) as refused:
        await migrate(empty_url)
    half = sum(map(len, (await lines_of(empty_url)).values()))

    await move(settings(database_url), empty_url)

    assert refused.value.code == "database_unfinished"
    assert 0 < half < ROWS * len(TABLES)
    assert without_entries(await lines_of(empty_url), "move") == before


async def test_a_source_that_changed_between_two_tries_is_noticed(
    sqlite_url: str,
    empty_url: str,
    settings: Callable[[str], Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await filled(sqlite_url)
    stock = filling.Filling.finish

    async def fail(self: filling.Filling, *_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(filling.Filling, "finish", fail)
    with pytest.raises(KeyboardInterrupt):
        await move(settings(sqlite_url), empty_url)
    monkeypatch.setattr(filling.Filling, "finish", stock)
    source = await open_database(sqlite_url)
    await source.execute("UPDATE survey SET version = version + 1")
    await source.close()

    with pytest.raises(StorageError, match="survey") as refused:
        await move(settings(sqlite_url), empty_url)
    with pytest.raises(StorageError) as unfinished:
        await migrate(empty_url)

    assert refused.value.code == "copy_differs"
    assert unfinished.value.code == "database_unfinished"


async def test_a_target_that_is_being_filled_from_elsewhere_is_refused(
    sqlite_url: str, empty_url: str, settings: Callable[[str], Settings], tmp_path: Path
) -> None:
    await migrate(empty_url)
    target = await open_database(empty_url)
    await target.execute(
        "INSERT INTO migration (name, app_name, ran_on)"
        " VALUES ('unfinished_move_0', 'harken', CURRENT_TIMESTAMP)"
    )
    await target.close()

    with pytest.raises(StorageError, match="from something else") as refused:
        await move(settings(sqlite_url), empty_url)

    assert refused.value.code == "database_unfinished"


async def test_a_target_with_data_in_it_is_named_and_left_alone(
    sqlite_url: str, empty_url: str, settings: Callable[[str], Settings]
) -> None:
    await migrate(empty_url)
    before = await lines_of(await filled(empty_url))

    with pytest.raises(StorageError, match=r"holds .*4 survey, ") as refused:
        await move(settings(sqlite_url), empty_url)

    assert refused.value.code == "database_not_empty"
    assert await lines_of(empty_url) == before


async def test_while_a_server_runs_on_either_database_nothing_moves(
    database_url: str, empty_url: str, settings: Callable[[str], Settings]
) -> None:
    for busy in (database_url, empty_url):
        async with serving(busy):
            with pytest.raises(StorageError) as refused:
                await move(settings(database_url), empty_url)

        assert refused.value.code == "database_in_use"

    await move(settings(database_url), empty_url)


async def test_a_database_does_not_move_to_itself(
    database_url: str, settings: Callable[[str], Settings]
) -> None:
    with pytest.raises(StorageError, match="that the data is in") as refused:
        await move(settings(database_url), database_url)

    assert refused.value.code == "bad_database_url"


async def test_the_counts_of_the_copy_are_looked_at(
    sqlite_url: str, empty_url: str, settings: Callable[[str], Settings]
) -> None:
    await filled(sqlite_url)  # with rows that belong to no survey

    _, findings = await move(settings(sqlite_url), empty_url)

    assert any("no such survey" in difference for difference in findings.differences)
