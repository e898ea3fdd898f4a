"""A key does what its scopes say, on every keyed route: what is documented, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from api_client import Api

REFERENCE = Path(__file__).parents[2] / "docs/reference/http-api.md"
OPERATION = re.compile(
    r"^## (\w+)\n\n`([A-Z]+) (/v1/[^`]+)`\n\n.*?^Scope: (.+?)\.$", re.DOTALL | re.MULTILINE
)
SCOPES = ("read", "write", "manage", "public")


class Documented(NamedTuple):
    """A keyed route as the reference describes it."""

    name: str
    method: str
    path: str
    needs: str

    def is_open_to(self, held: tuple[str, ...]) -> bool:
        if "manage" in held:
            return True
        named = set(re.findall(r"`(\w+)`", self.needs))
        return named <= {*held} if " and " in self.needs else not named.isdisjoint(held)


def documented() -> Iterator[Documented]:
    text = REFERENCE.read_text("utf-8")
    sections = re.split(r"(?=^## )", text, flags=re.MULTILINE)
    return (Documented(*found.groups()) for each in sections if (found := OPERATION.search(each)))


def held_together() -> list[tuple[str, ...]]:
    """Every set of scopes that a key can have."""
    return [held for size in range(1, len(SCOPES) + 1) for held in combinations(SCOPES, size)]


@pytest.mark.few(1)
async def test_every_route_is_open_to_just_the_scopes_that_the_reference_names(live: Api) -> None:
    """Both ways, over every keyed route and every set of scopes."""
    keys = {held: await live.key(*held) for held in held_together()}
    routes = sorted(documented())
    described = (await live.http.get("/openapi.json")).json()["paths"].values()
    keyed = {o["operationId"] for each in described for o in each.values() if "security" in o}
    assert {each.name for each in routes} == keyed

    wrong = [
        (each.name, held)
        for each in routes
        for held, secret in keys.items()
        if await is_let_in(live, each, secret) is not each.is_open_to(held)
    ]

    assert not wrong


async def test_a_key_that_writes_is_told_of_no_answer_person_or_score(live: Api) -> None:
    """Whatever it may call is called, on a workspace with marked answers of a marked person."""
    await live.submit({"recommend": 2, "why": "CANARY-ANSWER"}, respondent="CANARY-PERSON")
    asked = {"respondent": "CANARY-PERSON", "channel": "email", "email": "canary-mail@example.com"}
    assert (await live.trigger(**asked)).json()["asked"]
    secret = await live.key("write")
    reads = [each for each in documented() if each.is_open_to(("write",)) and each.method == "GET"]
    assert len(reads) >= 12

    for each in reads:
        path = each.path.replace("{key}", "post_purchase")
        reply = await live.http.get(path, headers={"authorization": f"Bearer {secret}"})
        assert "canary" not in reply.text.lower(), each.name


async def is_let_in(live: Api, route: Documented, secret: str) -> bool:
    """Nothing is meant by the request: names that are not there, and an empty body."""
    path = re.sub(r"\{\w+\}", "nothing", route.path)
    body: Any = None if route.method in {"GET", "DELETE"} else {"unknown": 1}
    reply = await live.http.request(
        route.method, path, json=body, headers={"authorization": f"Bearer {secret}"}
    )
    assert reply.status_code != 401, reply.text
    assert reply.status_code < 500, reply.text
    is_refused = reply.status_code == 403
    assert not is_refused or reply.json()["code"] == "forbidden_scope"
    return not is_refused
