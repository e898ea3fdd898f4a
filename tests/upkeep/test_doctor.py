"""The doctor finds what is wrong, says where, and changes nothing."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from api_client import Api
from every_table import lines_of

from harken_server.database.lanes import first_position
from harken_server.database.opening import open_database
from harken_server.kernel.errors import StorageError
from harken_server.tables import TABLES
from harken_server.upkeep.doctor import check_up, examine
from harken_server.upkeep.store.references import all_references
from harken_server.workspaces.store.workspaces import add_workspace


@pytest.fixture
async def used(live: Api) -> Api:
    """A server that runs, with responses, an invitation and its answer, and an erased response."""
    for rating in (9, 3, 10):
        assert (await live.submit({"recommend": rating, "reason": "price"})).status_code == 201
    invitation = (await live.trigger(respondent="c-42")).json()["invitation"]
    answered = await live.submit({"recommend": 8}, token=invitation["code"])
    assert answered.status_code == 201, answered.text
    erased = (await live.submit({"recommend": 1})).json()["id"]
    gone = await live.http.delete(f"/v1/surveys/post_purchase/responses/{erased}")
    assert gone.status_code == 204
    return live


async def found_in(api: Api) -> list[str]:
    return (await examine(api.runtime.db.url)).differences


def overwrite(path: Path, place: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(content)


async def run(api: Api, sql: str, *params: object) -> None:
    await api.runtime.db.execute(sql, *params)


async def set_counts(api: Api, question: str, counts: str) -> None:
    """Of the answers that came without a touchpoint."""
    sql = "UPDATE answer_count SET counts = $1 WHERE question = $2 AND touchpoint = ''"
    await run(api, sql, counts, question)


async def test_a_sound_database_is_looked_at_while_it_is_served_and_stays_as_it_is(
    used: Api,
) -> None:
    before = await lines_of(used.runtime.db.url)

    findings = await check_up(used.runtime.settings)

    assert findings.differences == []
    line = findings.lines()[-1]
    assert f"rows of {len(TABLES)} tables" in line
    assert "of 5 responses to 1 surveys: nothing is wrong." in line
    assert await lines_of(used.runtime.db.url) == before


async def test_a_wrong_count_is_named_with_its_survey_question_and_value(used: Api) -> None:
    await set_counts(used, "recommend", '{"3":1,"9":5,"10":1}')

    (difference,) = await found_in(used)

    assert difference.startswith(
        "default/post_purchase: question recommend, value '9': counted 5, found 1 (version 1, "
    )
    assert "touchpoint ''" in difference
    assert "day 2026-11-21" in difference


async def test_a_count_that_is_missing_and_one_too_many_are_named(used: Api) -> None:
    await set_counts(used, "recommend", '{"9":1,"10":1}')
    await set_counts(used, "reason", '{"speed":3}')

    differences = await found_in(used)

    assert [each.partition(": question ")[2].partition(" (")[0] for each in differences] == [
        "reason, value 'price': counted 0, found 3",
        "reason, value 'speed': counted 3, found 0",
        "recommend, value '3': counted 0, found 1",
    ]


async def test_counts_by_a_dimension_are_recounted_too(used: Api) -> None:
    await run(
        used,
        "UPDATE response SET dimensions = $1 WHERE number = (SELECT min(number) FROM response)",
        '{"region":"north"}',
    )

    differences = await found_in(used)

    assert [each.partition(": question ")[2].partition(" (")[0] for each in differences] == [
        "reason, value 'price': counted 0, found 1",
        "recommend, value '9': counted 0, found 1",
    ]
    assert all(each.endswith(", region 'north')") for each in differences)


@pytest.mark.parametrize(
    ("table", "column", "to"),
    [
        ("response", "survey_number", "survey"),
        ("response", "invitation_id", "invitation"),
        ("invitation", "response_id", "response"),
        ("invitation", "workspace_id", "workspace"),
        ("answer_count", "survey_number", "survey"),
        ("decision", "invitation_id", "invitation"),
    ],
)
async def test_an_id_that_leads_nowhere_is_named(
    used: Api, table: str, column: str, to: str
) -> None:
    nowhere = 99 if column == "survey_number" else uuid4()
    await run(used, f"UPDATE {table} SET {column} = $1 WHERE {column} IS NOT NULL", nowhere)

    differences = await found_in(used)

    assert any(
        each.startswith(f"{table}: ")
        and each.endswith(f"rows with {column} {nowhere}, and there is no such {to}")
        for each in differences
    )


async def test_a_row_of_another_workspace_is_not_the_one_that_is_meant(used: Api) -> None:
    await add_workspace(used.runtime.db, UUID(int=1), "x", "X", used.clock())
    await run(used, "UPDATE invitation SET workspace_id = $1", UUID(int=1))

    differences = await found_in(used)

    assert any(each.startswith("invitation: 1 rows with survey_id ") for each in differences)
    assert any(each.startswith("response: 1 rows with invitation_id ") for each in differences)


async def test_a_change_beyond_the_feed_is_named(used: Api) -> None:
    ((lane_position,),) = await used.runtime.db.fetch("SELECT max(position) FROM response")
    ((reached,),) = await used.runtime.db.fetch("SELECT max(position) FROM feed")
    await run(
        used,
        "UPDATE response SET position = position + 100 WHERE position = $1",
        lane_position,
    )

    (difference,) = await found_in(used)

    assert f"a response has position {lane_position + 100}, and lane " in difference
    assert difference.startswith("default/post_purchase: ")
    assert difference.endswith(f"is at {reached}")


async def test_a_lane_that_is_not_there_is_named(used: Api) -> None:
    await run(
        used,
        "UPDATE response SET position = $1 WHERE number = (SELECT min(number) FROM response)",
        first_position(200) + 1,
    )

    (difference,) = await found_in(used)

    assert difference.endswith("and lane 200 is at nothing")


async def test_what_the_schema_lacks_is_named(used: Api) -> None:
    kind = "TEXT" if used.runtime.db.dialect == "sqlite" else "text"
    await run(used, "DROP INDEX delivery_sent")
    await run(used, "DROP VIEW comments")
    await run(used, "ALTER TABLE store RENAME COLUMN details TO particulars")

    findings = await examine(used.runtime.db.url)

    assert sorted(findings.differences) == [
        f"schema: column store.details should be {kind} NOT NULL and is missing",
        "schema: index delivery_sent of delivery is missing",
        "schema: view comments is missing",
    ]


async def test_work_that_was_given_up_is_told_by_kind_with_its_last_error(used: Api) -> None:
    for n, (kind, error) in enumerate(
        [("mail.send", "refused"), ("mail.send", "no such host"), ("a.b", "gone"), ("c.d", None)]
    ):
        at = used.clock() + timedelta(seconds=n)
        await run(
            used,
            "INSERT INTO outbox (id, workspace_id, kind, payload, created_at, due_at, attempts,"
            " finished_at, last_error) SELECT $1, id, $2, '{}', $3, $3, 9, $3, $4 FROM workspace",
            uuid4(), kind, at, error,
        )  # fmt: skip

    findings = await examine(used.runtime.db.url)

    assert findings.differences == []
    assert findings.lines()[:2] == [
        "work given up: 1 of a.b, the last one with: gone",
        "work given up: 2 of mail.send, the last one with: no such host",
    ]


async def test_after_an_erasure_it_is_told_what_keeps_what_was_erased(used: Api) -> None:
    used.clock.move(hours=3)
    erased = await used.http.delete("/v1/respondents/nobody-knows-them", params={"hold": "true"})
    assert erased.status_code == 200, erased.text

    findings = await examine(used.runtime.db.url)

    told = " ".join(findings.lines()[:-1])
    assert findings.differences == []
    assert f"2 erasures, the last at {used.clock():%Y-%m-%d %H:%M} UTC: backups" in told
    assert ("VACUUM" in told) is (used.runtime.db.dialect == "postgres")


async def test_an_index_that_is_another_one_and_uniqueness_that_is_lost_are_named(
    used: Api,
) -> None:
    await run(used, "DROP INDEX delivery_sent")
    await run(used, "CREATE INDEX delivery_sent ON delivery (workspace_id, channel)")
    await run(used, "DROP INDEX link_visit_invitation")
    await run(used, "CREATE UNIQUE INDEX link_visit_invitation ON link_visit (invitation_id)")
    await _rebuild_without_uniqueness(used, "suppression")

    findings = await examine(used.runtime.db.url)

    assert sorted(findings.differences) == [
        "schema: UNIQUE (workspace_id, respondent) of suppression is missing",
        (
            "schema: index delivery_sent of delivery should be (workspace_id, channel, "
            "handed_over_at) WHERE … and is (workspace_id, channel)"
        ),
        (
            "schema: index link_visit_invitation of link_visit should be "
            "(invitation_id, visited_at) and is UNIQUE (invitation_id)"
        ),
    ]


async def _rebuild_without_uniqueness(used: Api, table: str) -> None:
    """As a table comes back from a copy by hand."""
    if used.runtime.db.dialect == "postgres":
        await run(
            used, "ALTER TABLE suppression DROP CONSTRAINT suppression_workspace_id_respondent_key"
        )
        return
    ((sql,),) = await used.runtime.db.fetch("SELECT sql FROM sqlite_master WHERE name = $1", table)
    await run(used, f"DROP TABLE {table}")
    await run(used, sql.replace(", UNIQUE (workspace_id, respondent)", ""))


@pytest.mark.parametrize("harm", [b"\xff", b"\x00", b"\x0d\x00\x00\x00\x01\x0f\xf0\x00"])
async def test_a_damaged_file_is_noticed(sqlite_url: str, tmp_path: Path, harm: bytes) -> None:
    db = await open_database(sqlite_url)
    ((page,),) = await db.fetch("SELECT rootpage FROM sqlite_master WHERE name = 'touchpoint'")
    ((size,),) = await db.fetch("PRAGMA page_size")
    await db.close()
    overwrite(tmp_path / "harken.sqlite3", (page - 1) * size, harm * (size // len(harm)))

    findings = await examine(sqlite_url)

    assert any(each.startswith("file: ") for each in findings.differences)


async def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        await examine(f"sqlite:///{tmp_path}/none.sqlite3")

    assert list(os.scandir(tmp_path)) == []


def test_every_id_column_names_a_table_that_there_is() -> None:
    tables = {table._meta.tablename for table in TABLES}

    assert {reference.to for reference in all_references()} <= tables
    assert ("delivery", "invitation_id") in {(r.table, r.column) for r in all_references()}


@pytest.mark.parametrize("table", ["binary_object", "event"])
async def test_the_doctor_names_what_lies_in_no_workspace(live: Api, table: str) -> None:
    values = {
        "binary_object": ("$1, $2, NULL, $3, 'image/png', 0, $3, $4", b"", live.clock()),
        "event": ("$2, $1, 'c-42', 'renewed', $4, NULL, $3, $1", "{}", live.clock()),
    }
    marks, *given = values[table]
    stray = uuid4()
    await live.runtime.db.execute(f"INSERT INTO {table} VALUES ({marks})", uuid4(), stray, *given)

    (found,) = (await examine(live.runtime.db.url)).differences

    assert found == (f"{table}: 1 rows with workspace_id {stray}, and there is no such workspace")
