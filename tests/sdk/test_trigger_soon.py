"""`trigger_soon`: sent in the background, whatever the server, the process or the caller does."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

import harken
from harken._sync import sender as _sync_sender

URL = "https://feedback.example"
KEY = "hk_test_0123456789"


class Batches:
    """A server that decides on batches; what is put into `replies` is answered first."""

    def __init__(self) -> None:
        self.replies: list[httpx.Response | Exception] = []
        self.judge: Callable[[dict[str, Any]], int] = lambda _: 201
        self.seen: list[list[dict[str, Any]]] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.gate.wait(10)
        triggers = json.loads(request.content)["triggers"]
        self.seen.append(triggers)
        if self.replies:
            reply = self.replies.pop(0)
            if isinstance(reply, Exception):
                raise reply
            return reply
        statuses = [self.judge(trigger) for trigger in triggers]
        if 599 in statuses:
            return httpx.Response(500)
        return httpx.Response(200, json={"results": [result(status) for status in statuses]})

    def client(self, **options: Any) -> harken.Client:
        return harken.Client(URL, KEY, transport=httpx.MockTransport(self), **options)

    def names(self) -> list[str]:
        return [trigger["respondent"] for triggers in self.seen for trigger in triggers]


def result(status: int) -> dict[str, Any]:
    if status < 300:
        decision = {"id": "d", "asked": False, "reason": "cooldown", "explanation": ""}
        return {"status": status, "decision": decision}
    problem = {"title": "No", "status": status, "detail": "my secret", "code": "invalid_trigger"}
    return {"status": status, "problem": problem}


@pytest.fixture
def batches() -> Iterator[Batches]:
    made = Batches()
    yield made
    made.gate.set()


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harken._triggers.backlog.BASE_WAIT_S", 0.02)
    monkeypatch.setattr("harken._triggers.backlog.LONGEST_WAIT_S", 0.2)


def test_everything_is_sent_once_in_its_order_many_at_a_time(batches: Batches) -> None:
    batches.gate.clear()
    with batches.client() as client:
        for number in range(1201):
            client.trigger_soon("order.delivered", respondent=f"c-{number}", email="a@b.example")
        assert client.trigger_counts.waiting == 1201
        batches.gate.set()
        assert client.flush(10)
        counts = client.trigger_counts

    assert batches.names() == [f"c-{number}" for number in range(1201)]
    assert max(map(len, batches.seen)) == 500
    assert len({trigger["idempotency_key"] for each in batches.seen for trigger in each}) == 1201
    assert batches.seen[0][0]["email"] == "a@b.example"
    assert (counts.sent, counts.waiting, counts.refused, counts.dropped) == (1201, 0, 0, 0)


def test_the_caller_never_waits(batches: Batches) -> None:
    batches.gate.clear()
    client = batches.client()
    took: list[float] = []
    for number in range(2000):
        began = time.perf_counter()
        client.trigger_soon("order.delivered", respondent=f"c-{number}", context={"store": "oslo"})
        took.append(time.perf_counter() - began)

    batches.gate.set()
    client.close()
    assert statistics.quantiles(took, n=100)[98] < 0.001


def test_a_server_that_comes_back_gets_everything_with_the_same_keys(
    batches: Batches, caplog: pytest.LogCaptureFixture
) -> None:
    refused, gone = httpx.ConnectError("refused"), httpx.Response(503, headers={"Retry-After": "0"})
    batches.replies += [refused, httpx.ReadTimeout("slow"), gone, httpx.Response(404), refused]

    with batches.client() as client:
        client.trigger_soon("order.delivered", respondent="c-1")
        client.trigger_soon("order.delivered", respondent="c-2")
        deadline = time.monotonic() + 10
        while client.trigger_counts.sent < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        counts = client.trigger_counts

    sent = [(each["respondent"], each["idempotency_key"]) for some in batches.seen for each in some]
    assert len(set(sent)) == 2, "every attempt carries the key of the first"
    assert (counts.sent, counts.waiting, counts.dropped) == (2, 0, 0)
    said = [record for record in caplog.records if record.name == "harken"]
    assert len(said) == 1, "the trouble is said once, not at every attempt"


@pytest.mark.parametrize("status", [422, 599])
def test_a_poisonous_trigger_is_dropped_alone(batches: Batches, status: int) -> None:
    """422 is told for the one; at 599 the server falls over, whatever else is in the batch."""
    batches.judge = lambda trigger: status if trigger["respondent"] == "c-5" else 201
    batches.gate.clear()

    with batches.client() as client:
        for number in range(12):
            client.trigger_soon("order.delivered", respondent=f"c-{number}")
        batches.gate.set()
        deadline = time.monotonic() + 20
        while client.trigger_counts.waiting and time.monotonic() < deadline:
            time.sleep(0.01)
        counts = client.trigger_counts

    assert (counts.sent, counts.refused, counts.dropped, counts.waiting) == (11, 1, 0, 0)
    assert set(batches.names()) == {f"c-{number}" for number in range(12)}


def test_a_batch_that_is_refused_as_a_whole_is_halved(batches: Batches) -> None:
    batches.replies.append(httpx.Response(413))
    batches.gate.clear()

    with batches.client() as client:
        for number in range(8):
            client.trigger_soon("order.delivered", respondent=f"c-{number}")
        batches.gate.set()
        assert client.flush(10)
        assert client.trigger_counts.sent >= 7


def test_what_is_busy_for_one_is_tried_again_for_that_one(batches: Batches) -> None:
    answers = iter([503, 429])
    batches.judge = lambda trigger: next(answers, 201) if trigger["respondent"] == "c-1" else 201
    batches.gate.clear()

    with batches.client() as client:
        for number in range(3):
            client.trigger_soon("order.delivered", respondent=f"c-{number}")
        batches.gate.set()
        deadline = time.monotonic() + 10
        while client.trigger_counts.sent < 3 and time.monotonic() < deadline:
            time.sleep(0.01)

    names = batches.names()
    assert [names.count(name) for name in ("c-0", "c-1", "c-2")] == [1, 3, 1]


def test_a_key_that_may_not_write_is_not_tried_again(
    batches: Batches, caplog: pytest.LogCaptureFixture
) -> None:
    batches.replies.append(httpx.Response(403))

    with batches.client() as client:
        client.trigger_soon("order.delivered", respondent="c-1", context={"note": "my secret"})
        assert client.flush(5)
        assert client.trigger_counts.refused == 1

    assert len(batches.seen) == 1
    assert "PermissionDeniedError" in caplog.text
    assert "secret" not in caplog.text
    assert KEY not in caplog.text


def test_the_oldest_are_dropped_and_counted(
    batches: Batches, caplog: pytest.LogCaptureFixture
) -> None:
    batches.replies += [httpx.ConnectError("refused")] * 3
    batches.gate.clear()

    client = batches.client(max_waiting=10)
    for number in range(25):
        client.trigger_soon("order.delivered", respondent=f"c-{number}")
    batches.gate.set()
    client.close()

    counts = client.trigger_counts
    assert (counts.sent, counts.dropped) == (10, 15)
    assert batches.names()[-10:] == [f"c-{number}" for number in range(15, 25)]
    assert "triggers were dropped: more than 10 wait" in caplog.text


@pytest.mark.parametrize(
    "arguments",
    [
        {"touchpoint": None},
        {"touchpoint": "a", "respondent": True},
        {"touchpoint": "a", "respondent": "\ud800"},
        {"touchpoint": "a", "send_at": datetime(2026, 1, 1)},  # noqa: DTZ001
    ],
)
async def test_a_slip_of_the_caller_is_counted_not_raised(batches: Batches, arguments: Any) -> None:
    with batches.client() as client:
        client.trigger_soon(**arguments)
    async with harken.AsyncClient(URL, KEY, transport=httpx.MockTransport(batches)) as other:
        other.trigger_soon(**arguments)

    assert (client.trigger_counts.refused, other.trigger_counts.refused) == (1, 1)
    assert batches.seen == []


def test_a_queue_for_nothing_is_refused(batches: Batches) -> None:
    with pytest.raises(harken.ConfigError, match="max_waiting"):
        batches.client(max_waiting=0)


@pytest.mark.seconds
def test_closing_takes_two_seconds_at_most_and_says_what_is_lost(
    batches: Batches, caplog: pytest.LogCaptureFixture
) -> None:
    batches.gate.clear()
    client = batches.client()
    client.trigger_soon("order.delivered", respondent="c-1")
    client.trigger_soon("order.delivered", respondent="c-2")

    began = time.monotonic()
    client.close()
    took = time.monotonic() - began
    client.trigger_soon("order.delivered", respondent="c-3")

    assert 1.9 < took < 2.6
    assert client.trigger_counts.dropped == 3
    assert "2 triggers were not sent" in caplog.text


def test_flushing_tries_at_once_and_tells_whether_all_is_gone(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harken._triggers.backlog.LONGEST_WAIT_S", 60)
    batches.replies += [httpx.Response(503, headers={"Retry-After": "60"})]
    with batches.client() as client:
        client.trigger_soon("order.delivered", respondent="c-1")
        while not batches.seen:
            time.sleep(0.005)
        time.sleep(0.05)

        assert client.flush(5)
        batches.gate.clear()
        client.trigger_soon("order.delivered", respondent="c-2")
        assert not client.flush(0.1)
        batches.gate.set()


def test_a_thread_without_work_ends_and_another_is_begun(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_sync_sender, "IDLE_S", 0.05)
    with batches.client() as client:
        for number in range(20):
            client.trigger_soon("order.delivered", respondent=f"c-{number}")
            time.sleep(0.04 + number * 0.001)
        assert client.flush(5)
        time.sleep(0.3)

        assert client._sender._thread is None
        assert batches.names() == [f"c-{number}" for number in range(20)]


def test_many_threads_lose_nothing(batches: Batches) -> None:
    with batches.client(max_waiting=100_000) as client:

        def work(place: int) -> None:
            for number in range(500):
                client.trigger_soon("order.delivered", respondent=f"{place}-{number}")

        threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert client.flush(20)

    assert sorted(batches.names()) == sorted(f"{p}-{n}" for p in range(8) for n in range(500))
