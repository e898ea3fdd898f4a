"""Declared operations: what the framework takes amiss is refused, and what they say is so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Response, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromQuery, JSONBody
from routes_alone import client_of

from harken_server.http.declared import Arrival, Caller, declare
from harken_server.http.failures import answer_harken_error, answer_http_error
from harken_server.http.operations import OPERATION, Operation
from harken_server.http.replies import Replied, item_of
from harken_server.http.resources import Resource
from harken_server.kernel.errors import HarkenError
from harken_server.routes import KEYED


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the routes of this test take."""

    count: int = 1
    paid: bool = False


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of something."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


async def find_nobody(arrival: Arrival) -> str:
    """Who calls is the header `x-name`."""
    return arrival.headers.get(b"x-name", b"nobody").decode()


NOBODY = Caller(find_nobody)


@post("/plain", status_code=200)
async def plain_order(data: JSONBody[Order]) -> Order:
    """As the framework reads a body."""
    return data


@get("/plain")
async def plain_page(
    limit: FromQuery[Annotated[int, msgspec.Meta(ge=1, le=1000)]] = 200,
) -> dict[str, int]:
    """As the framework reads a query."""
    return {"limit": limit}


@declare("POST", "/orders/{shop:str}", "order", "Order", caller=NOBODY, limit=100)
async def order(who: str, shop: str, body: Order) -> Replied[dict[str, Any]]:
    """As it is declared here."""
    told = {"who": who, "shop": shop, "count": body.count}
    return Replied(told, 201, {"link": "</next>"})


@declare("GET", "/orders", "page", "Page", caller=NOBODY)
async def page(_: str, query: Wanted) -> Wanted:
    """A page."""
    return query


@declare("POST", "/again", "again", "Again", caller=NOBODY, may_be_empty=True)
async def again(_: str, body: Order) -> Order:
    """The body may be left out."""
    return body


@declare("DELETE", "/orders", "forget", "Forget", caller=NOBODY)
async def forget(_: str) -> None:
    """Nothing to say."""


CRATE = Resource("crate", "crate_unknown")


@declare("GET", "/crates/{crate_id:str}", "crate", "Crate", caller=NOBODY)
async def crate(_: str, crate_id: Annotated[UUID, CRATE]) -> dict[str, Any]:
    """One that is named by its id."""
    return {"version": crate_id.version}


class Crate(NamedTuple):
    """As it is kept."""

    name: str
    made_at: datetime
    seen_at: datetime
    count: int


class CrateItem(msgspec.Struct):
    """As it is told."""

    name: str
    made_at: str
    seen_at: datetime
    full: bool


@declare("GET", "/file", "file", "File", caller=NOBODY, reply_type="text/csv")
async def file(_: str) -> Response[bytes]:
    """An answer of the framework's own."""
    return Response(b"a,b\n", media_type="text/csv")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """An app of these routes."""
    routes = [plain_order, plain_page, order, page, again, forget, crate, file]
    async with client_of(
        routes, {HarkenError: answer_harken_error, HTTPException: answer_http_error}
    ) as client:
        yield client


@pytest.mark.parametrize("wrong", [{"count": "5"}, {"count": 5.0}, {"paid": "true"}, {"paid": 1}])
async def test_the_framework_takes_another_type_in_a_body_and_a_declared_operation_does_not(
    http: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    lax = await http.post("/plain", json=wrong)
    strict = await http.post("/orders/a", json=wrong)

    assert lax.status_code == 200
    assert strict.status_code == 422
    assert strict.json()["code"] == "wrong_shape"


async def test_the_framework_passes_over_limits_of_a_query_and_a_declared_operation_does_not(
    http: httpx.AsyncClient,
) -> None:
    lax = await http.get("/plain?limit=5000")
    strict = await http.get("/orders?limit=5000")

    assert lax.json() == {"limit": 5000}
    assert strict.status_code == 400
    assert strict.json()["code"] == "bad_parameter"


@pytest.mark.parametrize("query", ["limit=1&limit=2", "limiit=1", "limit=1%00"])
async def test_a_query_that_is_doubtful_is_refused(http: httpx.AsyncClient, query: str) -> None:
    assert (await http.get(f"/orders?{query}")).status_code == 400


async def test_caller_path_and_body_reach_the_function_and_its_reply_the_client(
    http: httpx.AsyncClient,
) -> None:
    reply = await http.post("/orders/lisbon", json={"count": 2}, headers={"x-name": "kim"})

    assert reply.status_code == 201
    assert reply.json() == {"who": "kim", "shop": "lisbon", "count": 2}
    assert reply.headers["link"] == "</next>"
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"


async def test_only_a_body_that_may_be_empty_may_be_left_out(
    http: httpx.AsyncClient,
) -> None:
    assert (await http.post("/again")).json() == {"count": 1, "paid": False}
    assert (await http.post("/orders/a")).status_code == 400


async def test_a_body_over_the_limit_of_its_operation_is_refused(
    http: httpx.AsyncClient,
) -> None:
    within = await http.post("/orders/a", content=b"{}" + b" " * 98)
    over = await http.post("/orders/a", content=b"{}" + b" " * 99)

    assert within.status_code == 201
    assert over.status_code == 413
    assert over.json()["detail"] == "The body is larger than the limit of 100 bytes."


async def test_nothing_is_answered_with_204_and_a_file_as_it_is(
    http: httpx.AsyncClient,
) -> None:
    nothing = await http.delete("/orders")
    whole = await http.get("/file")

    assert (nothing.status_code, nothing.content) == (204, b"")
    assert whole.headers["content-type"].startswith("text/csv")


def test_a_function_that_does_not_take_what_its_path_names_is_refused_at_the_start() -> None:
    async def lost(_: str, shop: str) -> None:
        del shop

    with pytest.raises(TypeError, match="'shop'"):
        declare("GET", "/orders/{store:str}", "lost", "Lost", caller=NOBODY)(lost)


def test_the_description_says_what_the_types_say() -> None:
    operation: Operation = order.opt[OPERATION]

    assert operation.bodies == (Order,)
    assert operation.replies == (dict[str, Any],)
    assert set(operation.errors) == {413, 422}
    assert forget.opt[OPERATION].status == 204


def test_every_route_below_v1_asks_for_a_key() -> None:
    assert len(KEYED) >= 70
    assert [route for route in KEYED if not route.opt[OPERATION].is_keyed] == []


@pytest.mark.parametrize("text", ["none", "0", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5"])
async def test_an_id_that_cannot_be_one_is_as_unknown_as_any_other(
    http: httpx.AsyncClient, text: str
) -> None:
    reply = await http.get(f"/crates/{text}")

    assert reply.status_code == 404
    assert reply.json()["code"] == "crate_unknown"
    assert reply.json()["detail"] == f"There is no crate {text!r} here."


async def test_an_id_reaches_the_function_as_one(http: httpx.AsyncClient) -> None:
    reply = await http.get("/crates/0190A1B2-C3D4-7E5F-8A9B-0C1D2E3F4A5B")

    assert reply.json() == {"version": 7}


def test_a_reply_has_the_fields_of_the_record_and_times_as_text_where_it_says_so() -> None:
    made = datetime(2026, 3, 1, tzinfo=UTC)

    item = item_of(CrateItem, Crate("a", made, made, 3), full=True)

    assert item == CrateItem("a", "2026-03-01T00:00:00+00:00", made, full=True)


def test_a_reply_lacks_no_field_that_its_record_has_not() -> None:
    with pytest.raises(AttributeError, match="full"):
        item_of(CrateItem, Crate("a", datetime.now(UTC), datetime.now(UTC), 3))
