"""Erasing a person: nothing of them is left in any table, nobody else loses anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from api_client import Api
from erased_people import NAMES, add_row, cells_with, fill, join_programme, name_of
from piccolo.table import Table

from harken_server.kernel.person_names import suppression_digest
from harken_server.respondents.store.erasing import (
    AT_ONCE,
    tables_behind,
    tables_of_addresses,
    tables_of_people,
)
from harken_server.responses.store import persons_sql as erasing_sql
from harken_server.tables import TABLES
from harken_server.upkeep.doctor import examine

SAYS_WHOSE = {"respondent", "email", "phone", "address", "subject"}
"""Names of columns that hold a person's name or address."""
NOT_OF_A_PERSON = {
    "response.respondent": "it is blanked and stays, so that no repeat brings it back",
    "account.email": "a person of the house",
    "house_link.email": "a person of the house",
    "audit_entry.subject": "an id, or a digest of the name",
    "signed_link.subject": "a survey's key, or a provider",
}
NAMES_WHAT_STAYS = {"survey_id", "workspace_id", "programme_id", "account_id", "api_key_id",
                    "store_id", "till_id", "response_id"}  # fmt: skip
"""Columns that name no row that goes. A response stays as a tombstone."""


def columns_of(table: type[Table]) -> list[str]:
    return [column._meta.name for column in table._meta.columns]


def test_every_table_that_may_hold_a_person_is_forgotten_or_it_is_said_why_not() -> None:
    forgotten = {*tables_of_people(), *tables_of_addresses()}
    behind = {each for table in forgotten for each in tables_behind(table)}
    open_questions = [
        f"{name_of(table)}.{column}"
        for table in TABLES
        for column in columns_of(table)
        if (column in SAYS_WHOSE and table not in forgotten)
        or (
            column.endswith("_id")
            and column not in NAMES_WHAT_STAYS
            and table not in forgotten | behind
            and name_of(table) != "response"
        )
    ]

    assert sorted(open_questions) == sorted(NOT_OF_A_PERSON)


async def test_every_step_finds_its_rows_by_an_index(live: Api) -> None:
    if live.runtime.db.dialect != "sqlite":
        return  # PostgreSQL reads a small table as a whole, whatever indexes there are
    asked = [(table, "respondent") for table in tables_of_people()]
    asked += [(table, "address") for table in tables_of_addresses()]
    asked += [
        (behind, f"{name_of(table)}_id")
        for table in tables_of_people()
        for behind in tables_behind(table)
    ]
    plans = [
        await live.runtime.db.fetch(
            f'EXPLAIN QUERY PLAN SELECT * FROM "{name_of(table)}" t'
            f" WHERE t.\"workspace_id\" = x'00' AND t.\"{column}\" IN ('a')"
        )
        for table, column in asked
    ]
    of_person = f"{erasing_sql._OF_PERSON} LIMIT $3"
    for place, value in enumerate(("x'00'", "'a'", "5"), start=1):
        of_person = of_person.replace(f"${place}", value)
    plans.append(await live.runtime.db.fetch(f"EXPLAIN QUERY PLAN {of_person}"))

    steps = [step[-1] for plan in plans for step in plan]
    assert len(steps) > len(asked) >= 12
    assert [step for step in steps if step.startswith("SCAN")] == []
    ours = [step for step in steps if "workspace_id=? AND " in step or "respondent=?" in step]
    assert len(ours) >= len(tables_of_people()) - 1, steps


async def test_nothing_of_an_erased_person_is_left_in_any_table(live: Api) -> None:
    await fill(live)
    theirs = {who: await cells_with(live, who) for who in NAMES}
    assert {*theirs["kim"]} == {*theirs["lee"]} >= {*map(name_of, tables_of_people()), "outbox"}

    erased = await live.http.delete("/v1/respondents/-?respondent=kim%2F17")

    assert erased.status_code == 200, erased.text
    assert erased.json()["respondent"] == NAMES["kim"]
    counts = erased.json()["erased"]
    assert {*counts} == {*map(name_of, (*tables_of_people(), *tables_of_addresses())), "response"}
    assert await cells_with(live, "kim") == {}
    assert await cells_with(live, "lee") == theirs["lee"]
    assert (await examine(live.runtime.db.url)).lines()[-1].endswith("nothing is wrong.")


async def test_scores_cursors_and_files_agree_after_a_person_is_erased(live: Api) -> None:
    await fill(live)
    first = (await live.http.get("/v1/surveys/post_purchase/responses")).json()
    total = (await live.score(repeated="all"))["n"]

    await live.http.delete("/v1/respondents/-?respondent=kim%2F17")

    later = (
        await live.http.get(
            "/v1/surveys/post_purchase/responses", params={"after": first["cursor"]}
        )
    ).json()["responses"]
    kims = [each["id"] for each in first["responses"] if each["respondent"] == NAMES["kim"]]
    assert len(kims) == 3
    assert sorted((each["id"], each["state"]) for each in later) == sorted(
        (each, "erased") for each in kims
    )
    assert (await live.score(repeated="all"))["n"] == total - 3
    listed = await live.http.get("/v1/surveys/post_purchase/export.jsonl?repeated=all")
    assert not [each for each in kims if each in listed.text]
    assert len(listed.text.splitlines()) == total - 3


async def test_late_repeats_bring_nothing_back(live: Api) -> None:
    sent = {"id": str(UUID(int=7)), "respondent": NAMES["kim"]}
    await live.http.put("/v1/respondents/kim%2F17", json={"email": "kim@example.org"})
    asked = (await live.trigger("order-1", respondent=NAMES["kim"])).json()
    await live.submit({"recommend": 9}, token=asked["invitation"]["code"], **sent)
    await live.http.delete("/v1/respondents/kim%2F17")

    repeated = await live.submit({"recommend": 9}, **sent)
    link = await live.http.get(f"/i/{asked['invitation']['code']}")
    again = (await live.trigger("order-1", respondent=NAMES["kim"], traits={"n": 1})).json()
    to_address = (await live.trigger(respondent="new", email="Kim@Example.org")).json()
    told = await live.http.put("/v1/respondents/kim%2F17", json={"traits": {"plan": "pro"}})
    member = await join_programme(live, NAMES["kim"])

    assert repeated.status_code == 410
    assert link.status_code == 404
    assert (again["asked"], again["reason"]) == (False, "suppressed")
    assert "erased" in again["explanation"]
    assert to_address["reason"] == "suppressed"
    assert (told.status_code, told.json()["code"]) == (409, "respondent_erased")
    assert member["skipped"] == 1
    assert await cells_with(live, "kim") == {}


async def test_an_erased_person_may_be_allowed_again_by_name_and_by_address(live: Api) -> None:
    await live.http.put("/v1/respondents/c-1", json={"email": "c1@example.org"})
    await live.http.delete("/v1/respondents/c-1")

    allowed = [
        (await live.http.delete(f"/v1/suppressions/{name}")).status_code
        for name in ("c-1", "C1@example.org", "c-1", "c1@example.org")
    ]

    assert allowed == [204, 204, 404, 404]
    told = await live.http.put("/v1/respondents/c-1", json={"email": "c1@example.org"})
    assert told.status_code == 200
    asked = await live.trigger(respondent="c-1", email="c1@example.org")
    assert asked.json()["asked"]


async def test_an_address_that_somebody_else_has_too_is_not_silenced(live: Api) -> None:
    for name in ("ann", "bob"):
        await live.http.put(f"/v1/respondents/{name}", json={"email": "home@example.org"})

    await live.http.delete("/v1/respondents/ann")

    asked = await live.trigger(respondent="bob", channel="email")
    assert asked.json()["asked"], asked.text


async def test_a_person_with_more_rows_than_a_step_takes_is_erased_whole(live: Api) -> None:
    event = next(table for table in TABLES if name_of(table) == "event")
    for number in range(AT_ONCE * 2 + 1):
        await add_row(live, event, "kim", {}, number)

    first = (await live.http.delete("/v1/respondents/kim%2F17")).json()
    again = (await live.http.delete("/v1/respondents/kim%2F17")).json()

    assert first["erased"] == {"event": AT_ONCE * 2 + 1}
    assert again["erased"] == {}


async def test_a_key_that_may_only_write_erases_nobody_and_another_workspace_nothing(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    await fill(live)
    before = await cells_with(live, "kim")
    path = "/v1/respondents/kim%2F17"

    weak = await live.http.delete(
        path, headers={"authorization": f"Bearer {await live.key('write')}"}
    )
    stranger = {"authorization": f"Bearer {await other_workspace()}"}
    theirs = await live.http.delete(path, headers=stranger)

    assert weak.status_code == 403
    assert theirs.json()["erased"] == {}
    assert await cells_with(live, "kim") == before


async def test_only_a_digest_is_kept_of_a_name(live: Api) -> None:
    await live.http.put("/v1/respondents/kim%2F17", json={"traits": {"plan": "pro"}})
    await live.http.delete("/v1/respondents/kim%2F17")

    (row,) = await live.runtime.db.fetch("SELECT digest, reason FROM suppression_digest")
    assert row[0] == suppression_digest(live.runtime.home, "respondent", NAMES["kim"])
    assert row[1] == "erased"
