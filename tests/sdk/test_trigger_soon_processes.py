"""`trigger_soon` where processes fork and end: nothing hangs, and what is lost is said."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time

import httpx
import pytest
from trigger_sink import DECISION, KEY, Sink, run

import harken


@pytest.mark.processes
def test_a_program_that_just_ends_sends_what_waits(sink: Sink) -> None:
    code = (
        "import harken\nclient = harken.Client()\n"
        "for n in range(700): client.trigger_soon('a.b', respondent=f'c-{n}')\n"
    )

    status, said, _ = run(code, sink)

    assert (status, said) == (0, "")
    assert sorted(sink.names) == sorted(f"c-{n}" for n in range(700))


@pytest.mark.processes
def test_a_trigger_from_the_very_end_of_a_program_is_sent(sink: Sink) -> None:
    """When exit handlers run, no thread can be started any more."""
    code = (
        "import atexit, harken\nclient = harken.Client()\n"
        "atexit.register(lambda: client.trigger_soon('a.b', respondent='c-1'))\n"
    )

    status, said, _ = run(code, sink)

    assert (status, said) == (0, "")
    assert sink.names == ["c-1"]


@pytest.mark.processes
def test_a_program_ends_in_time_when_the_server_does_not_answer(sink: Sink) -> None:
    sink.delay_s = 20
    code = (
        "import harken\none, other = harken.Client(), harken.Client()\n"
        "one.trigger_soon('a.b', respondent='c-1')\nother.trigger_soon('a.b', respondent='c-2')\n"
    )

    status, said, took = run(code, sink)

    assert status == 0
    assert took < 6
    assert said.count("1 triggers were not sent") == 2


LAST_WORDS = (
    "import asyncio, harken\nclient = harken.AsyncClient()\n"
    "async def main(): client.trigger_soon('a.b', respondent='c-1')\nasyncio.run(main())\n"
)


@pytest.mark.processes
def test_an_event_loop_that_ends_sends_what_waits(sink: Sink) -> None:
    status, said, _ = run(LAST_WORDS, sink)

    assert (status, said) == (0, "")
    assert sink.names == ["c-1"]


@pytest.mark.processes
def test_an_event_loop_ends_in_time_and_says_what_is_lost(sink: Sink) -> None:
    sink.delay_s = 20

    status, said, took = run(LAST_WORDS, sink)

    assert status == 0
    assert took < 6
    assert "1 triggers were not sent" in said


@pytest.mark.processes
def test_processes_that_fork_while_locks_are_held_send_and_end(sink: Sink) -> None:
    """A thread sends all the time and holds every lock at some fork or other."""
    client = harken.Client(sink.url, KEY, max_waiting=100_000)
    is_over = threading.Event()

    def work() -> None:
        number = 0
        while not is_over.is_set():
            client.trigger_soon("a.b", respondent=f"parent-{number}")
            number += 1
            time.sleep(0.0002)

    thread = threading.Thread(target=work)
    thread.start()
    children = [fork_and_send(client, place, held=place % 4 == 0) for place in range(40)]
    statuses = [wait_for(child) for child in children]
    is_over.set()
    thread.join()
    assert client.flush(20)
    sent = client.trigger_counts.sent
    client.close()

    assert statuses == [0] * 40
    assert sorted(name for name in sink.names if name.startswith("child")) == sorted(
        f"child-{place}" for place in range(40)
    )
    parents = [name for name in sink.names if name.startswith("parent")]
    assert len(parents) == len(set(parents)) == sent, "a child sends nothing of its parent's"


def fork_and_send(client: harken.Client, place: int, *, held: bool) -> int:
    if held:
        with client._sender._changed:
            child = os.fork()
    else:
        child = os.fork()
    if child == 0:
        client.trigger_soon("a.b", respondent=f"child-{place}")
        os._exit(0 if client.flush(20) and client.trigger_counts.sent == 1 else 1)
    return child


def wait_for(child: int) -> int:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return -1


@pytest.mark.processes
def test_a_process_that_was_forked_in_c_sends(sink: Sink) -> None:
    """As uWSGI's workers are: Python's own hooks are not called, and dead threads look alive."""
    code = (
        "import ctypes, os, harken\nclient = harken.Client()\n"
        "client.trigger_soon('a.b', respondent='parent-1')\n"
        "assert client.flush(10)\n"
        "child = ctypes.PyDLL(None).fork()\n"
        "if not child:\n"
        "    assert client.trigger_counts.sent == 0\n"
        "    client.trigger_soon('a.b', respondent='child-1')\n"
        "    os._exit(0 if client.flush(10) else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "client.trigger_soon('a.b', respondent='parent-2')\n"
    )

    status, said, _ = run(code, sink)

    assert (status, said) == (0, "")
    assert sorted(sink.names) == ["child-1", "parent-1", "parent-2"]


async def test_a_task_sends_and_comes_back_after_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harken._triggers.backlog.BASE_WAIT_S", 0.02)
    names: list[str] = []
    troubles: list[Exception | httpx.Response] = [httpx.ConnectError("x"), httpx.Response(500)]

    def answer(request: httpx.Request) -> httpx.Response:
        if troubles:
            trouble = troubles.pop(0)
            if isinstance(trouble, Exception):
                raise trouble
            return trouble
        triggers = json.loads(request.content)["triggers"]
        names.extend(trigger["respondent"] for trigger in triggers)
        results = [{"status": 201, "decision": DECISION} for _ in triggers]
        return httpx.Response(200, json={"results": results})

    async with harken.AsyncClient("http://x", KEY, transport=httpx.MockTransport(answer)) as client:
        for number in range(600):
            client.trigger_soon("a.b", respondent=f"c-{number}")
        while not await client.flush(0.1):
            pass
        client.trigger_soon("a.b", respondent="last")

    assert names == [*(f"c-{number}" for number in range(600)), "last"]
    assert client.trigger_counts.sent == 601


@pytest.mark.seconds
async def test_closing_an_asynchronous_client_takes_two_seconds_at_most() -> None:
    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        return httpx.Response(500)

    client = harken.AsyncClient("http://x", KEY, transport=httpx.MockTransport(hang))
    client.trigger_soon("a.b")
    began = time.monotonic()

    await client.close()

    assert 1.9 < time.monotonic() - began < 2.6
    assert client.trigger_counts.dropped == 1
