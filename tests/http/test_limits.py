"""What is let in is counted by the item, and what can be guessed by the wrong guess (A9, A12)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api_client import Api, let_in, let_keys_in
from hypothesis import example, given
from hypothesis import strategies as st
from tiers import first_of

from harken_server.app import create_app
from harken_server.http.limits import Budget, Limits, network_of
from harken_server.http.runtime import GUESSES_AT_ONCE

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
Call = Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]]


class Ticking:
    """A clock that is moved by hand."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@given(
    st.lists(
        st.tuples(st.floats(0, 30), st.integers(1, 40)),
        min_size=1,
        max_size=60,
    )
)
@example([(0.1, 7), (0.7, 9), (1.3, 10), (0.2, 10)])
@example([(0.1, 10)] * 40)
def test_no_more_is_let_in_than_the_budget_and_one_request(asked: list[tuple[float, int]]) -> None:
    clock, budget, admitted = Ticking(), Budget("items", a_minute=60, at_once=10), 0
    limits = Limits(clock)

    for pause, items in asked:
        clock.seconds += pause
        wait_s = limits.take(budget, "a", items)
        if wait_s == 0:
            admitted += items
            continue
        clock.seconds += wait_s
        assert limits.wait_s(budget, "a", items) == 0, "what Retry-After says is enough"

    assert admitted <= 10 + (clock.seconds - 1_000) * 1 + max(items for _, items in asked)


def test_clients_and_budgets_are_apart_and_a_network_is_one() -> None:
    limits, budget = Limits(Ticking()), Budget("items", 5, 5)
    for _ in range(5):
        assert limits.take(budget, network_of("2001:db8::1")) == 0

    assert limits.take(budget, network_of("2001:db8::ffff")) > 0
    assert limits.take(budget, network_of("2001:db8:0:1::1")) == 0
    assert limits.take(Budget("others", 5, 5), network_of("2001:db8::1")) == 0


def outside(api: Api, **headers: str) -> httpx.AsyncClient:
    """A client that is not on this machine."""
    transport = httpx.ASGITransport(create_app(api.runtime), client=("203.0.113.9", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)


async def presses(http: httpx.AsyncClient, at: int) -> httpx.Response:
    sent = [
        {"id": f"{at}/{number}", "survey": "post_purchase", "answers": {"recommend": 9}}
        for number in range(20)
    ]
    return await http.post("/v1/public/presses", json=sent)


async def answers(http: httpx.AsyncClient, at: int) -> httpx.Response:
    items = [{"sequence": at * 20 + number} for number in range(20)]
    return await http.post("/v1/public/kiosk/responses", json={"items": items})


async def triggers(http: httpx.AsyncClient, at: int) -> httpx.Response:
    happened = [{"touchpoint": "order.delivered", "respondent": f"{at}-{n}"} for n in range(20)]
    return await http.post("/v1/triggers", json=happened)


async def links(http: httpx.AsyncClient, at: int) -> httpx.Response:
    people = [{"respondent": f"{at}-{number}"} for number in range(20)]
    return await http.post("/v1/surveys/post_purchase/links", json={"respondents": people})


async def device_token(api: Api) -> str:
    body = {"name": "Door", "touchpoint": "order.delivered", "survey": "post_purchase"}
    made = (await api.http.post("/v1/devices", json=body)).json()
    paired = await api.http.post("/v1/public/kiosk/pair", json={"code": made["pairing_code"]})
    return paired.json()["token"]


BATCHES: dict[str, tuple[Call, str]] = {
    "presses": (presses, "public"),
    "answers of a kiosk": (answers, "device"),
    "triggers": (triggers, "write"),
    "personal links": (links, "write"),
}


@ON_SQLITE
@pytest.mark.parametrize("batch", BATCHES)
async def test_batches_count_by_their_items(live: Api, batch: str) -> None:
    send, scope = BATCHES[batch]
    secret = await (device_token(live) if scope == "device" else live.key(scope))
    let_in(live.runtime, 70)
    let_keys_in(live.runtime, 70)
    async with outside(live, authorization=f"Bearer {secret}") as http:
        said = [await send(http, at) for at in range(6)]

    statuses = [reply.status_code for reply in said]
    assert set(statuses[:3]) <= {200, 201}, said[0].text
    assert set(statuses[4:]) == {429}
    assert 1 <= int(said[-1].headers["retry-after"]) <= 60
    assert said[-1].json()["code"] == "rate_limited"


@ON_SQLITE
async def test_a_batch_larger_than_the_budget_is_taken_and_paid_off(live: Api) -> None:
    key = await live.key("public")
    let_in(live.runtime, 5)
    async with outside(live, authorization=f"Bearer {key}") as http:
        first, second = await presses(http, 1), await presses(http, 2)

    assert first.status_code == 429 or second.status_code == 429
    assert int(second.headers["retry-after"]) >= 1


@ON_SQLITE
async def test_a_device_is_limited_whatever_its_address(live: Api) -> None:
    headers = {"authorization": f"Bearer {await device_token(live)}"}
    let_in(live.runtime, 40)
    transport = httpx.ASGITransport(create_app(live.runtime))
    async with httpx.AsyncClient(transport=transport, base_url="http://t", headers=headers) as http:
        statuses = [(await answers(http, at)).status_code for at in range(5)]

    assert statuses[0] == 200
    assert statuses[-1] == 429


def get(path: str) -> Call:
    return lambda http, at: http.get(path.replace("NN", f"{at:04}"))


def post(path: str, **sent: Any) -> Call:
    def send(http: httpx.AsyncClient, at: int) -> Awaitable[httpx.Response]:
        body = {name: str(value).replace("NN", f"{at:04}") for name, value in sent.items()}
        return http.post(path.replace("NN", f"{at:04}"), json=body)

    return send


def bearer(method: str, path: str) -> Call:
    return lambda http, at: http.request(
        method, path, headers={"authorization": f"Bearer hk_no{at}"}, json={}
    )


GUESSES: dict[str, Call] = {
    "an invitation's page": get("/i/000000000NN"),
    "a picture of its code": get("/i/000000000NN/qr.svg"),
    "a mail's link": get("/e/000000000NN"),
    "a receipt's page": get("/r/NN-0000"),
    "results": get("/results/post_purchase?token=NN"),
    "results as a file": get("/results/post_purchase/scores.csv?token=NN"),
    "an export's link": get("/export/post_purchase/responses.csv?token=NN"),
    "a live sheet": get("/sheets/post_purchase/responses.csv?token=NN"),
    "a preview's link": get("/mail-preview/post_purchase?token=NN"),
    "a link that stops mail": get("/u/NN"),
    "a reply": post("/v1/public/replies", token="000000000NN", channel="sms"),
    "a hook for mail": post("/v1/hooks/mail/ses?token=NN"),
    "a hook for texts": post("/v1/hooks/sms/generic?token=NN"),
    "a pairing code": post("/v1/public/kiosk/pair", code="0000NN"),
    "a device's token": bearer("GET", "/v1/public/kiosk/config"),
    "a key": bearer("GET", "/v1/surveys"),
    "a key for triggers": bearer("POST", "/v1/triggers"),
    "a key for presses": bearer("POST", "/v1/public/presses"),
    "a key in a page": get("/widget/config?key=hk_noNN"),
}


@ON_SQLITE
@pytest.mark.parametrize("guess", first_of(GUESSES, 6))
async def test_guessing_has_a_small_budget_on_every_route(live: Api, guess: str) -> None:
    let_in(live.runtime, 1_000)
    let_keys_in(live.runtime, 1_000_000)
    async with outside(live) as http:
        said = [await GUESSES[guess](http, at) for at in range(GUESSES_AT_ONCE + 12)]

    statuses = [reply.status_code for reply in said]
    assert statuses[0] in {401, 403, 404}, said[0].text
    assert 429 not in statuses[: GUESSES_AT_ONCE - 1]
    assert statuses[-1] == 429
    assert 1 <= int(said[-1].headers["retry-after"]) <= 60


@ON_SQLITE
async def test_who_guessed_at_one_thing_may_do_another(live: Api) -> None:
    key = await live.key("read")
    async with outside(live) as http:
        for at in range(GUESSES_AT_ONCE + 5):
            last = await GUESSES["an invitation's page"](http, at)
        page = await http.get("/s/post_purchase")
        await live.http.get("/v1/surveys", headers={"authorization": f"Bearer {key}"})
        keyed = await http.get("/v1/surveys", headers={"authorization": f"Bearer {key}"})

    assert last.status_code == 429
    assert (page.status_code, keyed.status_code) == (200, 200)


@ON_SQLITE
async def test_a_code_is_limited_however_it_is_typed_and_wherever_from(live: Api) -> None:
    made = (await live.trigger(touchpoint="order.delivered", respondent="a")).json()
    code = made["invitation"]["code"]
    let_in(live.runtime, 10)
    spellings = (code, code.lower(), f"{code[:4]}-{code[4:]}", code.replace("0", "o"))
    statuses = [
        (
            await live.http.post(
                "/v1/public/responses",
                json={"id": str(uuid4()), "survey": "post_purchase", "token": spelling,
                      "answers": {"recommend": 9}},
            )
        ).status_code
        for spelling in spellings * 4
    ]  # fmt: skip

    assert statuses[-1] == 429
    assert 429 not in statuses[:10]
