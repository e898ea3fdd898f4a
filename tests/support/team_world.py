"""A workspace of people who answer a survey of their team: all there is around it, and what each
of them said, in one of two ways that differ in who of them said what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from unittest.mock import patch
from uuid import UUID

from api_client import SURVEY, Api
from console_stage import ids_of_console
from dimension_steps import declare, work
from twins import Twin

CHOICES = [{"value": each, "label": each.title()} for each in ("pay", "people")]
TEAM: dict[str, Any] = {
    "key": "team",
    "title": "Working here",
    "touchpoints": ["desk"],
    "questions": [
        {"type": "nps", "variant": "employee", "key": "recommend", "text": "Would you?"},
        {"type": "csat", "key": "service", "text": "How is it?"},
        {"type": "single_choice", "key": "reason", "text": "Why that?", "choices": CHOICES},
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}
ANONYMOUS = {**TEAM, "anonymous": True}
OPEN = {**TEAM, "minimum_group": 0}
OSLO = (10, 9, 8, 3, 0)
"""The ratings of those who are shown together: of the first, the second …"""
BERGEN = (7, 6, 5, 4)
"""Of those who are one too few."""
_RESUME = "a secret of a device"
_JOURNEY = {
    "key": "work", "title": "Work",
    "stages": [{"key": "day", "title": "A day", "touchpoints": [{"key": "desk"}]}],
}  # fmt: skip
_SEGMENTS: dict[str, Any] = {
    "paying": {"of": "trait", "name": "plan", "value": "pro"},
    "oslo": {"of": "context", "name": "store", "value": "Oslo"},
    "unhappy": {"of": "answer", "name": "recommend", "value": 6, "op": "at_most"},
}


class Said(NamedTuple):
    """What everybody said, and when."""

    oslo: Sequence[int]
    bergen: Sequence[int]
    begun: int
    """By somebody who has not finished."""
    seconds: Sequence[float]
    """Between one answer and the next."""


async def open_world(api: Twin, survey: dict[str, Any]) -> dict[str, str]:
    """Everything but the answers; what stands in paths, by the word before it."""
    await _put(api, "POST", "/v1/surveys", SURVEY)
    with patch("os.urandom", api.dice):  # ids of clients, in tests
        ids = await ids_of_console(api)
    await declare(api, {"name": "store"})
    await _put(api, "POST", "/v1/surveys", survey)
    await _put(api, "POST", "/v1/journeys", _JOURNEY)
    for key, condition in _SEGMENTS.items():
        await _put(api, "PUT", f"/v1/segments/{key}", {"title": key, "conditions": [condition]})
    for number, name in enumerate(_people()):
        traits = {"plan": "pro" if number % 3 == 0 else "free"}
        await _put(api, "PUT", f"/v1/respondents/{name}", {"traits": traits})
        poor = await api.submit({"recommend": 0}, id=str(UUID(int=100 + number)), respondent=name)
        assert poor.is_success, poor.text
    targets = [{"question": "recommend", "value": 50}]
    await _put(api, "PUT", "/v1/surveys/team/targets", {"targets": targets})
    return {**ids, **await _addresses(api, ids)}


async def answer(api: Api, ids: Mapping[str, str], said: Said) -> None:
    """Those of Oslo become a block; those of Bergen wait; one has begun.

    Two of Oslo say themselves who they are, and the others come by their personal links.
    """
    codes = ids["codes"].split("|")
    number = 0
    for store, ratings in (("Oslo", said.oslo), ("Bergen", said.bergen)):
        for rating in ratings:
            api.clock.move(seconds=said.seconds[number])
            who = {"respondent": _people()[number]} if number < 2 else {"token": codes[number]}
            await _send(api, number, rating, store, **who)
            number += 1
    api.clock.move(seconds=said.seconds[number])
    await _send(
        api, number, said.begun, "Oslo", token=codes[number], complete=False, resume=_RESUME
    )


async def happen(api: Api) -> None:
    """What some of them did afterwards, and a file that was asked for."""
    at = (api.clock.now + timedelta(minutes=1)).isoformat()
    api.clock.move(days=1)
    events = [
        {"id": str(UUID(int=200 + number)), "respondent": name, "name": "churned", "at": at}
        for number, name in enumerate(_people()[:6])
    ]
    await _put(api, "POST", "/v1/events", {"events": events})


async def exported(api: Api) -> dict[str, str]:
    """The files of the whole survey, as they are downloaded, by `exports` and `export-file`."""
    made = await _put(api, "POST", "/v1/exports", {"survey": "team"})
    await work(api)
    url = (await api.http.get(f"/v1/exports/{made['id']}")).json()["url"]
    return {"exports": made["id"], "export-file": url.rpartition("/")[2]}


async def _send(api: Api, number: int, rating: int, store: str, **fields: Any) -> None:
    answers: dict[str, Any] = {
        "recommend": rating, "service": 1 + rating // 3,
        "reason": "pay" if rating % 2 else "people", "why": f"{store} gave {rating}.",
    }  # fmt: skip
    where = {} if "token" in fields else {"touchpoint": "desk", "channel": "web"}
    sent = await api.submit(
        answers, id=str(UUID(int=1 + number)), survey="team", context={"store": store},
        **where, **fields,
    )  # fmt: skip
    assert sent.is_success, sent.text


def _people() -> list[str]:
    return [f"p{number}" for number in range(len(OSLO) + len(BERGEN) + 1)]


async def _addresses(api: Api, ids: Mapping[str, str]) -> dict[str, str]:
    """Of things of the survey, in place of those of another; with the tokens that open them."""
    sheet = await _put(api, "POST", "/v1/surveys/team/sheets", {"name": "Weekly"})
    results = await _put(api, "POST", "/v1/surveys/team/results-link", {})
    export = await _put(api, "POST", "/v1/surveys/team/export-link", {})
    links = {"respondents": [{"respondent": each} for each in _people()]}
    personal = await api.http.post("/v1/surveys/team/links", json=links)
    codes = re.findall(r"/e/(\w+)", personal.text)
    happened = {"title": "Release", "day": "2026-11-20", "survey": "team"}
    annotation = await _put(api, "POST", "/v1/annotations", happened)
    token = sheet["token"]
    service = await api.http.get("/odata/team", params={"token": token})
    tables = [each["name"] for each in service.json()["value"]]
    return {
        "surveys": "team", "survey": "team", "share": "team", "results": "team",
        "responses": str(UUID(int=1)), "respondents": "p0", "journeys": "work", "journey": "work",
        "segments": "oslo", "segment_key": "oslo", "sheets": sheet["id"], "sheet": sheet["id"],
        "annotations": annotation["id"],
        "i": f"{codes[0]}|{codes[4]}", "I": codes[1], "e": codes[0], "E": codes[1],
        "codes": "|".join(codes),
        "sheets.survey": "team", "odata": "team", "resource": "|".join(["$metadata", *tables]),
        "export.survey": "team", "address": "team",
        **await _public(api, ids),
        "results?token": _query_of(results), "export?token": _query_of(export),
        "sheets?token": token, "odata?token": token, "workspace": "default",
        "invited": ids["people"],
    }  # fmt: skip


async def _public(api: Api, ids: Mapping[str, str]) -> dict[str, str]:
    """What stands in addresses for anybody."""
    asset = re.search(r"/assets/(\w+)/([^\"]+)", (await api.http.get("/sign-in")).text)
    assert asset is not None
    nobodys = dict.fromkeys(("set-up", "join", "reset", "guest", "u"), "none")
    return {
        "digest": asset[1], "assets.digest": asset[1], "name": asset[2], "logo": "none.png",
        "r": ids["place-codes"], "R": ids["place-codes"], "further": "$count", **nobodys,
    }  # fmt: skip


def _query_of(link: Mapping[str, Any]) -> str:
    found = re.search(r"token=([^&]+)", link["url"])
    assert found is not None
    return found[1]


async def _put(api: Api, method: str, path: str, body: Any) -> dict[str, Any]:
    reply = await api.http.request(method, path, json=body)
    assert reply.is_success, (path, reply.text)
    return reply.json()
