"""Whoever changes or removes people's data is written down with it, and names nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from api_client import Api

from harken_server.kernel.person_names import suppression_digest


async def entries(live: Api, **query: Any) -> list[dict[str, Any]]:
    reply = await live.http.get("/v1/audit", params=query)
    assert reply.status_code == 200, reply.text
    found = reply.json()["entries"]
    return [each for each in found if each["action"] != "push_survey"]  # before a test begins


def subject_of(live: Api, name: str) -> str:
    return f"respondent {suppression_digest(live.runtime.home, 'respondent', name)}"


async def key_id(live: Api) -> str:
    """Of the key that these tests call with."""
    keys = (await live.http.get("/v1/keys")).json()["keys"]
    prefix = live.http.headers["authorization"].removeprefix("Bearer ")
    return next(key["id"] for key in keys if prefix.startswith(key["prefix"]))


async def test_every_act_on_peoples_data_is_written_down_once(live: Api) -> None:
    id_ = str(uuid4())
    await live.submit({"recommend": 2}, respondent="kim", id=id_)
    path = f"/v1/surveys/post_purchase/responses/{id_}"
    acts = [
        ("PATCH", path, {"standing": "excluded", "reason": "our test"}),
        ("DELETE", path, None),
        ("PUT", "/v1/suppressions/kim", {"reason": "asked us"}),
        ("DELETE", "/v1/suppressions/kim", None),
    ]
    for method, address, body in acts:
        for _ in range(2):  # what changes nothing is no act
            live.clock.move(seconds=1)
            await live.http.request(method, address, json=body)
    await live.submit({"recommend": 3}, respondent="kim")
    live.clock.move(seconds=1)
    await live.http.delete("/v1/respondents/kim")

    found = await entries(live)

    kim = subject_of(live, "kim")
    told = [(each["action"], each["subject"], each["detail"]) for each in reversed(found)]
    assert told == [
        (
            "set_response_standing",
            id_,
            {"survey": "post_purchase", "standing": "excluded", "reason": "our test"},
        ),
        ("erase_response", id_, {"survey": "post_purchase"}),
        ("suppress_respondent", kim, {"reason": "asked us"}),
        ("unsuppress_respondent", kim, {"was_erased": False}),
        ("erase_respondent", kim, {"erased": {"response": 1}, "claimed": {}}),
    ]
    assert {each["api_key_id"] for each in found} == {await key_id(live)}
    assert found[0]["created_at"] > found[-1]["created_at"]


async def test_an_erasure_that_is_broken_off_has_written_down_what_went(live: Api) -> None:
    await live.submit({"recommend": 9}, respondent="kim")
    await live.http.put("/v1/respondents/kim", json={"traits": {"plan": "pro"}})
    await forbid_removing_respondents(live)

    broken = await live.http.delete("/v1/respondents/kim")

    assert broken.status_code >= 500
    (entry,) = await entries(live, respondent="kim")
    assert entry["detail"] == {"erased": {"response": 1}, "claimed": {}}
    assert (await live.trigger(respondent="kim")).json()["reason"] == "suppressed"


async def test_the_entries_of_a_person_are_found_by_the_name_and_tell_no_name(live: Api) -> None:
    for name in ("kim", "lee", "kim@example.org"):
        await live.http.put(f"/v1/suppressions/{name}", json={})

    found = await entries(live, respondent=" kim ")

    assert [each["subject"] for each in found] == [subject_of(live, "kim")]
    assert await entries(live, subject=found[0]["subject"]) == found
    assert await entries(live, action="erase_respondent") == []
    assert "lee" not in str(await entries(live))


async def test_pages_of_entries_lead_on_to_the_first_act(live: Api) -> None:
    for number in range(5):
        await live.http.put(f"/v1/suppressions/c-{number}", json={})
    whole = (await live.http.get("/v1/audit")).json()["entries"]

    first = await live.http.get("/v1/audit", params={"limit": 4})
    rest = await live.http.get(first.links["next"]["url"])

    assert [*first.json()["entries"], *rest.json()["entries"]] == whole
    assert len(whole) == 6
    assert "next" not in rest.links


async def test_only_a_key_that_manages_reads_the_trail_and_only_its_own(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    await live.http.put("/v1/suppressions/kim", json={})

    weak = await live.http.get(
        "/v1/audit", headers={"authorization": f"Bearer {await live.key('write')}"}
    )
    stranger = {"authorization": f"Bearer {await other_workspace()}"}
    theirs = await live.http.get("/v1/audit", headers=stranger)

    assert weak.status_code == 403
    assert theirs.json() == {"entries": []}


async def forbid_removing_respondents(live: Api) -> None:
    """As a disk that fails in the middle would."""
    db = live.runtime.db
    if db.dialect == "sqlite":
        await db.execute(
            "CREATE TRIGGER no_end BEFORE DELETE ON respondent BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        return
    await db.execute(
        "CREATE FUNCTION no_end() RETURNS trigger AS $$"
        " BEGIN RAISE EXCEPTION 'no'; END $$ LANGUAGE plpgsql"
    )
    await db.execute(
        "CREATE TRIGGER no_end BEFORE DELETE ON respondent FOR EACH ROW EXECUTE FUNCTION no_end()"
    )
