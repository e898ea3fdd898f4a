"""A survey's numbers as they change: what is told, to whom, and when it ends."""

from __future__ import annotations

import pytest
from api_client import Api
from live_streams import Event, events_in, look, open_stream
from signed_in import sign_in
from team_survey import answer, open_team

from harken_server.insights.live import watching
from harken_server.insights.live.settings import LiveSettings
from harken_server.insights.live.states import Followed
from harken_server.insights.live.watching import LiveWatches
from harken_server.kernel.errors import OverloadedError
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.store import keys

PATH = "/v1/surveys/post_purchase/live"
CLOSE = "/v1/surveys/post_purchase/status"


async def test_a_change_brings_how_many_came_and_the_scores_of_now(live: Api) -> None:
    await live.submit({"recommend": 9})
    async with open_stream(live.runtime, live.http, PATH, events=2) as stream:
        await live.submit({"recommend": 0})
        await live.submit({"recommend": 10})
        await look(live.runtime)

        first, change, end = await stream.events()

    asked = await live.http.get("/v1/surveys/post_purchase/scores")
    score = asked.json()["scores"][0]
    assert (first.data["new"], first.data["scores"][0]["n"]) == (0, 1)
    assert (change.data["survey"], change.data["new"]) == ("post_purchase", 2)
    assert change.data["scores"] == [{name: score[name] for name in change.data["scores"][0]}]
    assert (end.name, end.data) == ("end", {"reason": "enough"})
    assert live.runtime.of(LiveWatches).connections == 0


async def test_whoever_comes_back_goes_on_where_they_were(live: Api) -> None:
    (first, *_) = await _now(live)
    await live.submit({"recommend": 9})
    await live.submit({"recommend": 8})

    (back, *_) = await _now(live, headers={"last-event-id": first.id})
    async with open_stream(live.runtime, live.http, PATH, events=1, after=back.id) as stream:
        await live.submit({"recommend": 1})
        await look(live.runtime)
        (change, *_) = await stream.events()

    assert (back.data["new"], change.data["new"]) == (2, 1)


async def test_a_response_that_only_goes_on_is_not_a_new_one(live: Api) -> None:
    sitting = {"id": "0190a0a0-0000-7000-8000-000000000001", "resume": "a" * 32}
    await live.submit({"recommend": 9}, **sitting, complete=False, sequence=1)
    (first, *_) = await _now(live)
    await live.submit({"recommend": 3}, **sitting, complete=True, sequence=2)

    (back, *_) = await _now(live, after=first.id)

    assert (first.data["scores"][0]["n"], back.data["new"]) == (1, 0)
    assert back.data["scores"][0]["score"] == -100.0


async def test_the_filter_is_that_of_the_scores(live: Api) -> None:
    async with open_stream(live.runtime, live.http, PATH, events=2, channel="email") as stream:
        await live.submit({"recommend": 0})
        await look(live.runtime)
        await live.submit({"recommend": 10}, channel="email")
        await look(live.runtime)
        _, change, _ = await stream.events()

    assert (change.data["new"], change.data["scores"][0]["score"]) == (1, 100.0)


async def test_whoever_is_slow_gets_the_latest_with_all_that_came_added_up(live: Api) -> None:
    followed = await _followed(live)
    async with live.runtime.of(LiveWatches).following(followed, "me") as view:
        seen = view.state
        for rating in (1, 2, 3):
            await live.submit({"recommend": rating})
            await look(live.runtime)

        assert view.state.came - seen.came == 3
        assert await view.changed(0.01) is False  # there is no queue: only what is now


async def test_one_look_at_a_survey_serves_all_who_follow_it(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    read = watching.last_positions

    async def counted(*place: object) -> object:
        looked.append(place)
        return await read(*place)  # pyright: ignore[reportArgumentType]

    async with (
        open_stream(live.runtime, live.http, PATH, events=2) as one,
        open_stream(live.runtime, live.http, PATH, events=2) as other,
        open_stream(live.runtime, live.http, PATH, events=2, channel="api") as third,
    ):
        monkeypatch.setattr(watching, "last_positions", counted)
        await live.submit({"recommend": 9}, channel="api")
        await look(live.runtime)

        found = [await stream.events() for stream in (one, other, third)]

    assert len(looked) <= 2  # its own, and perhaps that of the second that went by
    assert [events[1].data["new"] for events in found] == [1, 1, 1]


async def test_it_ends_when_the_key_is_revoked(live: Api) -> None:
    secret = await live.key("read")
    headers = {"authorization": f"Bearer {secret}"}
    async with open_stream(live.runtime, live.http, PATH, headers=headers) as stream:
        key = await keys.find_key(live.runtime.db, secret)
        assert key is not None
        assert (await live.http.delete(f"/v1/keys/{key.id}")).is_success
        await live.submit({"recommend": 9})
        await look(live.runtime)

        *_, end = await stream.events()

    assert end.data == {"reason": "revoked"}


async def test_it_ends_when_the_survey_closes_and_is_not_begun_after_that(live: Api) -> None:
    async with open_stream(live.runtime, live.http, PATH) as stream:
        await live.submit({"recommend": 9})
        assert (await live.http.post(CLOSE, json={"status": "closed"})).is_success
        await look(live.runtime)
        _, change, end = await stream.events()
    again = await live.http.get(PATH)

    assert (change.data["new"], end.data) == (1, {"reason": "closed"})
    assert (again.status_code, again.content) == (204, b"")


async def test_it_ends_when_the_server_does(live: Api) -> None:
    async with open_stream(live.runtime, live.http, PATH) as stream:
        live.runtime.of(LiveWatches).end()
        *_, end = await stream.events()
    late = await live.http.get(PATH)

    assert end.data == {"reason": "stopping"}
    assert (late.status_code, late.json()["code"]) == (503, "too_many_live")


async def test_one_key_has_so_many_connections_and_no_more(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_OF_ONE", 1)
    async with open_stream(live.runtime, live.http, PATH, events=2) as stream:
        more = await live.http.get(PATH)
        other = await live.http.get(
            PATH,
            params={"events": 1},
            headers={"authorization": f"Bearer {await live.key('read')}"},
        )
        await live.submit({"recommend": 9})
        await look(live.runtime)
        await stream.events()

    assert (more.status_code, more.json()["code"]) == (429, "too_many_live")
    assert int(more.headers["retry-after"]) > 0
    assert other.status_code == 200


async def test_one_process_has_so_many_connections_and_no_more(live: Api) -> None:
    full = LiveWatches(LiveSettings(live_connections=0))
    with pytest.raises(OverloadedError, match="HARKEN_LIVE_CONNECTIONS"):
        async with full.following(await _followed(live), "me"):
            pass


async def test_what_no_stream_gave_is_no_place_to_go_on_from(live: Api) -> None:
    reply = await live.http.get(PATH, headers={"last-event-id": "yesterday"})

    assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
    assert live.runtime.of(LiveWatches).connections == 0


async def test_of_a_survey_that_shows_nobody_alone_nothing_is_told_until_a_block_is(
    live: Api,
) -> None:
    await open_team(live)
    async with open_stream(live.runtime, live.http, "/v1/surveys/team/live", events=2) as stream:
        for rating in (10, 10, 9, 0):
            await answer(live, [rating])
            await look(live.runtime)
        await answer(live, [9])
        await look(live.runtime)
        first, block, _ = await stream.events()

    assert (first.id, first.data["new"], first.data["scores"][0]["n"]) == ("n0", 0, 0)
    assert (block.id, block.data["new"], block.data["scores"][0]["n"]) == ("n5", 5, 5)


async def test_the_page_behind_a_link_and_the_console_tell_the_same(live: Api) -> None:
    made = await live.http.post("/v1/surveys/post_purchase/results-link", json={})
    page = made.json()["url"].removeprefix("https://feedback.example.com")
    path, _, token = page.partition("?token=")
    visitor = await sign_in(live, "viewer")
    async with (
        open_stream(live.runtime, live.http, f"{path}/live", token=token, events=2) as behind,
        open_stream(
            live.runtime, visitor.http, visitor.at("/results/post_purchase/live"), events=2
        ) as inside,
    ):
        await live.submit({"recommend": 9})
        await look(live.runtime)
        found = [await stream.events() for stream in (behind, inside)]

    assert [events[1].data["new"] for events in found] == [1, 1]
    assert found[0][1].data["scores"] == found[1][1].data["scores"]
    forged = await live.http.get(f"{path}/live", params={"token": f"{token}x"})
    assert forged.status_code == 403


async def test_a_page_ends_with_its_link(live: Api) -> None:
    made = await live.http.post("/v1/surveys/post_purchase/results-link", json={})
    path, _, token = (
        made.json()["url"].removeprefix("https://feedback.example.com").partition("?token=")
    )
    async with open_stream(live.runtime, live.http, f"{path}/live", token=token) as stream:
        links = (await live.http.get("/v1/links")).json()["links"]
        assert (await live.http.delete(f"/v1/links/{links[0]['id']}")).is_success
        await live.submit({"recommend": 9})
        await look(live.runtime)
        *_, end = await stream.events()

    assert end.data == {"reason": "revoked"}


async def test_on_the_front_line_only_ones_own_stores_are_told_of(live: Api) -> None:
    visitor = await sign_in(live, "frontline", touchpoints=("till",))
    path = visitor.at("/results/post_purchase/live")
    async with open_stream(live.runtime, visitor.http, path, events=2) as stream:
        await live.submit({"recommend": 0}, touchpoint="desk")
        await look(live.runtime)
        await live.submit({"recommend": 10}, touchpoint="till")
        await look(live.runtime)
        _, change, _ = await stream.events()

    assert (change.data["new"], change.data["scores"][0]["score"]) == (1, 100.0)


async def _now(api: Api, *, headers: dict[str, str] | None = None, **query: str) -> list[Event]:
    reply = await api.http.get(PATH, params={"events": "1", **query}, headers=headers)
    assert reply.status_code == 200, reply.text
    return events_in(reply.text)


async def _followed(api: Api) -> Followed:
    loaded = await api.runtime.of(Catalog).find("post_purchase")
    return Followed(api.runtime, loaded, CountFilter())
