"""No body of any accepted size keeps everybody else waiting: turns of the event loop are short.

A turn is measured by the processor time of the loop's own thread, which neither other programs nor
the thread that reads long bodies make longer.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import measured_parsers as measured
import pytest
from api_client import Api
from tiers import POSTGRES_NIGHTLY

from harken_server.routes import KEYED, PUBLIC

MOST_S = 0.05
SHAPES = ("a run of lines", "a run of commas", "groups", "tiny maps", "entries", "people")
PATHS = {
    handler.opt["declared"].operation.id: (
        sorted(handler.http_methods - {"OPTIONS"})[0],
        ("/v1" if handler in KEYED else "") + re.sub(r"\{[^}]*\}", "x", sorted(handler.paths)[0]),
    )
    for handler in (*KEYED, *PUBLIC)
    if "declared" in handler.opt
}


@contextmanager
def longest_turn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Seconds of the longest turn of the event loop meanwhile."""
    longest = [0.0]
    run: Any = asyncio.Handle._run  # the one place that every turn passes

    def measured_run(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        longest[0] = max(longest[0], time.thread_time() - began)

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", measured_run)
        yield longest


def largest_bodies(operation: str) -> Iterator[tuple[str, bytes]]:
    """Of a kind that is likely to be long to read; one of each shape."""
    declared = measured.declared_bodies()[operation]
    for media_type in declared.operation.body_types:
        for parser in measured._of_route(operation, declared, media_type):
            for shape in SHAPES:
                name = next((each for each in parser.shapes if each.startswith(shape)), None)
                if name is not None:
                    size = parser.most - 1_024
                    yield media_type, parser.shapes[name](size)[: parser.most]


@pytest.mark.nightly
@pytest.mark.parametrize("operation", sorted(measured.declared_bodies()))
async def test_the_longest_bodies_of_each_operation_leave_the_loop_free(
    live: Api, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _send_all(live, operation, monkeypatch)


@POSTGRES_NIGHTLY
async def test_the_longest_definitions_mails_and_lists_leave_the_loop_free(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for operation in ("push_survey", "trigger", "take_mail_notice"):
        await _send_all(live, operation, monkeypatch)


async def _send_all(live: Api, operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    method, path = PATHS[operation]
    if operation == "take_mail_notice":
        hooks = (await live.http.post("/v1/mail/hooks")).json()
        (url,) = (hook["url"] for hook in hooks["hooks"] if hook["provider"] == "dsn")
        path = url.partition(".example.com")[2]
    for media_type, raw in largest_bodies(operation):
        headers = {"content-type": media_type}
        turns: list[float] = []
        while not turns or (turns[-1] > MOST_S and len(turns) < 3):  # the collector comes by
            with longest_turn(monkeypatch) as longest:
                request = live.http.request(method, path, content=raw, headers=headers)
                reply = await asyncio.create_task(request)  # in turns of its own
            turns += longest

        assert reply.status_code < 500, (operation, media_type, raw[:80])
        assert min(turns) > 0
        assert min(turns) <= MOST_S, (operation, media_type, raw[:80], turns)
