"""What anybody can make up is counted a few times over and then as `other`, and never listed (A10).

The fields are those of the bodies themselves: a new one that takes text is tried as well.
"""

from __future__ import annotations

import asyncio
from typing import Any, get_args
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
import pytest
from api_client import Api
from dimension_steps import declare, differences, fill, members

from harken_server.channels.kiosk.serve.presses import Press
from harken_server.responses import variety
from harken_server.responses.store.members import admit_member
from harken_server.responses.submission import Submission
from harken_server.workspaces.rules.dimensions import OTHER

WORDS = 12
MOST = 4
FOLDED = {"touchpoint", "context"}
COLUMNS = ("version", "touchpoint", "channel", "day", "dimension", "member", "question")


def _takes_text(kind: Any) -> bool:
    """Whether a word of anybody's fits, alone or as a value by name."""
    return kind is str or any(_takes_text(one) for one in get_args(kind))


def _fields(kind: type[msgspec.Struct]) -> list[str]:
    return [one.name for one in msgspec.structs.fields(kind) if _takes_text(one.type)]


CASES = [
    *(("responses", name) for name in _fields(Submission)),
    *(("presses", name) for name in _fields(Press)),
]


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variety, "MOST_TOUCHPOINTS", MOST)
    monkeypatch.setattr(variety, "MOST_MEMBERS", MOST)
    monkeypatch.setattr(admit_member, "__defaults__", (MOST,))


@pytest.fixture
async def stranger(live: Api) -> Stranger:
    return Stranger(live, await live.key("public"))


class Stranger:
    """Somebody with nothing but the key that stands in every page."""

    def __init__(self, api: Api, key: str) -> None:
        self._http = api.http
        self._headers = {"authorization": f"Bearer {key}"}

    async def send(self, route: str, field: str, word: str) -> int:
        """A request with a word in a field; its status."""
        values = {
            "context": {"store": word},
            "answers": {"recommend": 9, "why": word},
            "cleared": [word],
        }
        body: dict[str, Any] = {"survey": "post_purchase", "answers": {"recommend": 9}}
        body |= {"id": str(uuid4()), field: values.get(field, word)}
        sent = [body] if route == "presses" else body
        reply = await self._http.post(f"/v1/public/{route}", json=sent, headers=self._headers)
        return reply.status_code


async def counted(api: Api) -> dict[str, set[Any]]:
    rows = await api.runtime.db.fetch(f"SELECT {', '.join(COLUMNS)} FROM answer_count")
    return {name: {row[place] for row in rows} for place, name in enumerate(COLUMNS)}


async def listings(api: Api) -> str:
    """Whatever lists words: the page of results without its comments, and the API."""
    link = urlsplit((await api.http.post("/v1/surveys/post_purchase/results-link")).json()["url"])
    page = (await api.http.get(f"{link.path}?{link.query}")).text
    options = "".join(part.partition("</option>")[0] for part in page.split("<option")[1:])
    paths = ("touchpoints", "journeys", "channels", "surveys/post_purchase/scores", "surveys")
    replies = [await api.http.get(f"/v1/{path}") for path in paths]
    return options + "".join(reply.text for reply in replies)


@pytest.mark.parametrize(("route", "field"), CASES)
async def test_no_field_of_a_stranger_swells_counts_or_listings(
    live: Api, stranger: Stranger, route: str, field: str
) -> None:
    await declare(live, {"name": "store"})
    before = await counted(live)

    for number in range(WORDS):
        assert await stranger.send(route, field, f"madeup{number}") < 500
    after = await counted(live)

    grown = {name: len(after[name] - before[name] - {"", OTHER}) for name in COLUMNS}
    assert max(grown.values()) <= MOST, grown
    assert OTHER in after["touchpoint"] | after["member"] or field not in FOLDED
    assert "madeup" not in await listings(live)
    assert await differences(live) == []


@pytest.mark.parametrize("route", ["responses", "presses"])
async def test_words_of_a_stranger_are_taken(stranger: Stranger, route: str) -> None:
    for field in ("touchpoint", "context", "answers"):
        assert await stranger.send(route, field, "word") in {200, 201}


def test_fields_that_take_text_are_found() -> None:
    assert {("responses", "touchpoint"), ("responses", "context"), ("presses", "touchpoint")} <= {
        *CASES
    }


async def test_all_that_is_too_much_is_found_again_under_other(
    live: Api, stranger: Stranger
) -> None:
    await declare(live, {"name": "store"})
    await asyncio.gather(
        *(stranger.send("responses", "touchpoint", f"made{number}") for number in range(WORDS)),
        *(stranger.send("responses", "context", f"made{number}") for number in range(WORDS)),
    )

    export = await live.http.get(
        "/v1/surveys/post_purchase/export.csv", params={"touchpoint": OTHER}
    )
    # Of two that come in one moment one may be folded where there was still room.
    others = (await live.score(touchpoint=OTHER))["n"]
    assert WORDS - MOST <= others <= WORDS - MOST + 2
    assert len(export.text.splitlines()) == 1 + others
    assert WORDS - MOST <= (await members(live, "store"))[OTHER] <= WORDS - MOST + 2
    assert await differences(live) == []


async def test_what_is_declared_or_sent_with_a_key_is_never_folded(
    live: Api, stranger: Stranger
) -> None:
    await live.http.put("/v1/touchpoints/shop.left", json={"survey": "post_purchase"})
    for number in range(WORDS):
        await stranger.send("responses", "touchpoint", f"made{number}")
    for touchpoint in ("keyed.one", "keyed.two"):
        await live.submit({"recommend": 9}, touchpoint=touchpoint)

    assert await stranger.send("responses", "touchpoint", "shop.left") == 201
    assert {"shop.left", "keyed.one", "keyed.two"} <= (await counted(live))["touchpoint"]
    assert "shop.left" in await listings(live)


async def test_filling_a_dimension_later_is_bounded_too(live: Api, stranger: Stranger) -> None:
    for number in range(WORDS):
        await stranger.send("responses", "context", f"made{number}")

    await declare(live, {"name": "store"})
    await fill(live)

    found = await members(live, "store")
    assert len(found) == MOST + 1
    assert found[OTHER] == WORDS - MOST
    assert await differences(live) == []
