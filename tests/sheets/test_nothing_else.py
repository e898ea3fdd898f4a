"""A sheet token opens its survey for a sheet, and nothing else: walked over all routes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from api_client import Api
from one_of_each import one_of_each
from sheet_steps import basic, bearer, make_sheet
from tiers import first_of

from harken_server.http.declared import Declared
from harken_server.http.operations import OPERATION
from harken_server.routes import KEYED, PUBLIC
from harken_server.sheets.access import READER
from harken_server.workspaces.people.visit import CONSOLE


def declared_of(handler: Any) -> Declared | None:
    return handler.opt.get("declared")


def reads_sheets(handler: Any) -> bool:
    declared = declared_of(handler)
    return declared is not None and declared.caller is READER


def filled(path: str, ids: dict[str, str]) -> str:
    """The path with what there is, or with something in its place."""
    found = re.sub(
        r"/([a-z-]+)/\{[^}]+\}", lambda at: f"/{at[1]}/{ids.get(at[1], 'post_purchase')}", path
    )
    return re.sub(r"\{[^}]+\}", "post_purchase", found)


async def answers(
    live: Api, method: str, path: str, token: str, *, is_listed: bool
) -> list[tuple[int, bytes]]:
    """To the token in each of its places, and to nothing at all."""
    nobody = {"authorization": "", "accept": "*/*"}
    sent = [
        await live.http.request(method, path, headers={**nobody, **headers}, params=params)
        for headers, params in (
            ({}, None), (basic(token), None), (bearer(token), None), ({}, {"token": token}),
        )
    ]  # fmt: skip
    return [(each.status_code, each.content if is_listed else b"") for each in sent]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_no_keyed_route_takes_it(live: Api) -> None:
    ids = await one_of_each(live)
    token = (await make_sheet(live))["token"]
    for handler in KEYED:
        for path in handler.paths:
            for method in sorted({*handler.http_methods} - {"OPTIONS", "HEAD"}):
                at = filled(f"/v1{path}", ids)
                told = await answers(live, method, at, token, is_listed=False)
                assert {status for status, _ in told} <= {401}, (method, at, told)


PARTS = 4


@pytest.mark.parametrize("part", first_of(range(PARTS), 1))
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_every_other_route_answers_as_it_does_without(live: Api, part: int) -> None:
    """Or refuses what it does not know; none of them gives more than nothing would."""
    ids = await one_of_each(live)
    token = (await make_sheet(live))["token"]
    walked = 0
    for handler in PUBLIC[part::PARTS]:
        if reads_sheets(handler) or "GET" not in handler.http_methods:
            continue
        for path in handler.paths:
            at = filled(path, ids)
            without, *withal = await answers(live, "GET", at, token, is_listed=False)
            walked += 1
            if without[0] >= 400 or path.startswith(CONSOLE):
                assert {status for status, _ in withal} <= {*range(303, 304), *range(400, 500)}, (
                    at, without, withal,
                )  # fmt: skip
            else:
                assert {status for status, _ in withal} <= {without[0], 400, 401, 403, 404}, at
    assert walked > 80 / PARTS


async def test_every_route_of_sheets_asks_who_reads() -> None:
    found = [path for handler in PUBLIC if reads_sheets(handler) for path in handler.paths]
    under = [
        path
        for handler in (*PUBLIC, *KEYED)
        for path in handler.paths
        if path.startswith(("/sheets", "/odata"))
    ]
    assert sorted(found) == sorted(under)
    assert len(found) >= 2
    assert not any(OPERATION in each.opt and each.opt[OPERATION].is_keyed
                   for each in PUBLIC if reads_sheets(each))  # fmt: skip
