"""Processes in which Python hosts live: made, forked, served by, idle and stopped."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import time
import warnings
import weakref
from pathlib import Path

import httpx
import pytest
from ports import free_port
from tiers import chosen
from trigger_sink import KEY, Sink, environment, run

import harken


@pytest.mark.processes
def test_one_asynchronous_client_works_in_one_loop_after_another(sink: Sink) -> None:
    """As in Flask's async views, Django's under WSGI, and `asyncio.run` in a task queue."""
    code = (
        "import asyncio, harken\nclient = harken.AsyncClient()\n"
        "async def ask(n):\n"
        "    client.trigger_soon('a.b', respondent=f'soon-{n}')\n"
        "    return (await client.trigger('a.b', respondent=f'c-{n}')).reason\n"
        "print([asyncio.run(ask(n)) for n in range(4)] == ['cooldown'] * 4)\n"
        "async def last(): return client.trigger_counts.sent, await client.close()\n"
        "assert asyncio.run(last())[0] == 4\n"
    )

    status, said, took = run("import warnings; warnings.simplefilter('error')\n" + code, sink)

    assert (status, said) == (0, "")
    # A loop that ends stops what is on its way, which is sent again under the same idempotency key.
    assert sorted(set(sink.names)) == [f"{kind}-{n}" for kind in ("c", "soon") for n in range(4)]
    assert took < 10


def test_loops_of_several_threads_share_a_client(sink: Sink) -> None:
    client = harken.AsyncClient(sink.url, KEY)
    reasons: list[str] = []

    async def ask(number: int) -> None:
        client.trigger_soon("a.b", respondent=f"soon-{number}")
        reasons.append((await client.trigger("a.b", respondent=f"c-{number}")).reason)
        assert await client.flush(10)

    threads = [threading.Thread(target=asyncio.run, args=(ask(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert reasons == ["cooldown"] * 8
    assert sorted(set(sink.names)) == sorted(f"{k}-{n}" for k in ("c", "soon") for n in range(8))
    assert client.trigger_counts.waiting == 0


def test_a_loop_that_stands_still_has_its_triggers_taken_over(sink: Sink) -> None:
    client = harken.AsyncClient(sink.url, KEY)
    still = asyncio.new_event_loop()

    async def begin() -> None:
        client.trigger_soon("a.b", respondent="first")

    async def go_on() -> None:
        client.trigger_soon("a.b", respondent="second")
        assert await client.flush(10)

    still.run_until_complete(begin())
    asyncio.run(go_on())
    still.run_until_complete(still.shutdown_asyncgens())
    still.close()

    assert sorted(set(sink.names)) == ["first", "second"]


def test_loops_that_are_over_leave_nothing_behind(sink: Sink) -> None:
    client = harken.AsyncClient(sink.url, KEY)

    async def ask() -> None:
        assert (await client.trigger("a.b", respondent="c-1")).reason == "cooldown"

    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []
    for is_clean in (True, False, True, False):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(ask())
        loops.append(weakref.ref(loop))
        if is_clean:
            loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
    del loop
    asyncio.run(ask())
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()  # of connections that nobody closed, as nobody ended their loop

    assert [loop() for loop in loops] == [None] * 4


@pytest.mark.processes
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.few(1)
def test_a_child_of_multiprocessing_sends_what_waits_when_it_ends(
    method: str, sink: Sink, tmp_path: Path
) -> None:
    script = tmp_path / "job.py"
    script.write_text(
        "import multiprocessing, harken\nclient = harken.Client()\n"
        "def work(name): client.trigger_soon('a.b', respondent=name)\n"
        "if __name__ == '__main__':\n"
        "    client.trigger_soon('a.b', respondent='parent')\n"
        f"    context = multiprocessing.get_context({method!r})\n"
        "    children = [context.Process(target=work, args=(f'c-{n}',)) for n in range(3)]\n"
        "    for child in children: child.start()\n"
        "    for child in children: child.join()\n"
    )

    done = subprocess.run(
        [sys.executable, script],
        env=environment(sink),
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(sink.names) == ["c-0", "c-1", "c-2", "parent"]


APP = """
import harken, os
client = harken.Client()
client.trigger_soon("a.b", respondent="preload")
def app(environ, start):
    if environ["PATH_INFO"] == "/order":
        client.trigger_soon("a.b", respondent="order")
    if environ["PATH_INFO"] == "/now":
        client.trigger("a.b", respondent="now")
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return [b""]
"""
ASGI_APP = """
import harken
client = harken.AsyncClient()
async def app(scope, receive, send):
    if scope["type"] != "http": raise RuntimeError
    if scope["path"] == "/order": client.trigger_soon("a.b", respondent="order")
    if scope["path"] == "/now": await client.trigger("a.b", respondent="now")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
"""
SERVERS = {
    "sync": ["gunicorn", "-w", "1"],
    "sync preload": ["gunicorn", "-w", "1", "--preload"],
    "gthread preload": ["gunicorn", "-w", "1", "-k", "gthread", "--threads", "4", "--preload"],
    "gevent": ["gunicorn", "-w", "1", "-k", "gevent"],
    "gevent preload": ["gunicorn", "-w", "1", "-k", "gevent", "--preload"],
    "uvicorn": ["uvicorn", "--lifespan", "off"],
    "uvicorn workers": ["uvicorn", "--lifespan", "off", "--workers", "2"],
}
OFTEN = ("sync preload", "gevent", "uvicorn workers")


@pytest.mark.processes
@pytest.mark.parametrize("name", chosen(SERVERS, *OFTEN))
@pytest.mark.few(2)
def test_a_server_answers_at_once_and_loses_no_trigger_when_it_stops(
    name: str, sink: Sink, tmp_path: Path
) -> None:
    is_wsgi = SERVERS[name][0] == "gunicorn"
    (tmp_path / "shop.py").write_text(APP if is_wsgi else ASGI_APP)
    port = free_port()
    place = ["-b", f"127.0.0.1:{port}"] if is_wsgi else ["--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", *SERVERS[name], *place, "shop:app"],
        env=environment(sink),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            wait_until_it_answers(http)
            took_s = [visit(http, path) for path in ("/order", "/", "/now", "/", "/order", "/")]
            visit(http, "/order")
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=30)

    assert max(took_s) < 2, (took_s, said)
    assert sink.names.count("order") == 3, said
    assert sink.names.count("now") == 1
    assert "not sent" not in said


def visit(http: httpx.Client, path: str) -> float:
    began = time.monotonic()
    http.get(path).raise_for_status()
    return time.monotonic() - began


def wait_until_it_answers(http: httpx.Client) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            http.get("/")
        except httpx.TransportError:
            assert time.monotonic() < deadline, "the server does not come up"
            threading.Event().wait(0.05)
        else:
            return


@pytest.mark.processes
def test_threads_that_are_replaced_after_the_client_was_used_hold_nothing_up(sink: Sink) -> None:
    """`import harken` before `gevent.monkey.patch_all()`, with a thread of the old kind at work."""
    code = (
        "import warnings, harken\nwarnings.simplefilter('ignore')\n"
        "client = harken.Client()\n"
        "client.trigger('a.b', respondent='before')\n"
        "client.trigger_soon('a.b', respondent='soon-before')\n"
        "from gevent import monkey; monkey.patch_all()\n"
        "import gevent, time\n"
        "slowest = [0.0]\n"
        "def tick():\n"
        "    while True:\n"
        "        began = time.monotonic(); gevent.sleep(0.01)\n"
        "        slowest[0] = max(slowest[0], time.monotonic() - began)\n"
        "ticking = gevent.spawn(tick)\n"
        "for n in range(3):\n"
        "    client.trigger_soon('a.b', respondent=f'soon-{n}')\n"
        "    client.trigger('a.b', respondent=f'c-{n}')\n"
        "    gevent.sleep(0.2)\n"
        "assert client.flush(10)\n"
        "ticking.kill()\n"
        "assert slowest[0] < 1.5, slowest\n"
    )

    status, said, took = run(code, sink)

    assert (status, said) == (0, "")
    assert set(sink.names) == {"before", "soon-before"} | {
        f"{kind}-{n}" for kind in ("c", "soon") for n in range(3)
    }
    assert took < 15
