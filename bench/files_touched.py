"""Files of the server that one response, one trigger and one form post pass through.

A reader who follows one of them has to open these. The paths are walked for real, warm, on SQLite;
what runs is noted by the interpreter's own profiling hook. What every path stands on (`kernel`,
`database` and `http`) is counted apart, and so are definitions that run at import.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import UUID

import httpx

import harken_server
from harken_server.app import create_app, open_runtime
from harken_server.channels.page.forms import make_form_id
from harken_server.configuration import load_settings
from harken_server.workspaces.api import make_key

SERVER = Path(harken_server.__file__).parent
GROUND = frozenset({"kernel", "database", "http"})
"""Rooms that every path stands on."""
PATHS = ("response", "trigger", "form_post")
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": ["visit.ended"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?", "required": True},
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}

Walk = Callable[[], Awaitable[Any]]


class Tracer:
    """Notes the server's files in the order in which their functions are first called."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.changes = 0
        """How often the path went from one room to another."""
        self._room = ""
        self.is_on = False

    def note(self, frame: FrameType, event: str, _argument: Any) -> None:
        """The profiling hook."""
        if not self.is_on or event != "call" or frame.f_code.co_name == "<module>":
            return
        path = Path(frame.f_code.co_filename)
        if not path.is_relative_to(SERVER):
            return
        name = path.relative_to(SERVER).as_posix()
        room = name.partition("/")[0]
        if room in GROUND:
            return
        self.files[name] = None
        self.changes += room != self._room
        self._room = room


def run(quick: bool) -> dict[str, Any]:
    """Walk the three paths; `value` is the number of files of a trigger, the longest one."""
    del quick
    paths = asyncio.run(walk_paths())
    return {
        "name": "files_touched",
        "unit": "files of a trigger",
        "value": len(paths["trigger"]["files"]),
        "baseline_name": "files of a response",
        "baseline": len(paths["response"]["files"]),
        "ratio": round(len(paths["trigger"]["files"]) / len(paths["response"]["files"]), 2),
        "details": paths,
    }


async def walk_paths() -> dict[str, dict[str, Any]]:
    """By path: `files` in their order, and `changes` of room."""
    tracer = Tracer()
    threading.setprofile(tracer.note)  # the writer's thread starts later
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = load_settings(
                {"HARKEN_DATA_DIR": folder, "HARKEN_PUBLIC_URL": "https://feedback.example.com"}
            )
            async with open_runtime(settings) as runtime, _client(runtime) as http:
                walks = await _walks(runtime, http)
                return {name: await _trace(tracer, walks[name]) for name in PATHS}
    finally:
        threading.setprofile(None)


def _client(runtime: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(runtime)), base_url="http://test"
    )


async def _walks(runtime: Any, http: httpx.AsyncClient) -> dict[str, Walk]:
    """The three requests, each a new one at every call."""
    _, secret = await make_key(runtime, runtime.home, "bench", ("manage",))
    key = {"authorization": f"Bearer {secret}"}
    (await http.post("/v1/surveys", json=SURVEY, headers=key)).raise_for_status()
    count = iter(range(1, 1_000))

    async def respond() -> httpx.Response:
        answers = {"recommend": 9, "why": "Quick."}
        body = {"id": _fresh(next(count)), "survey": "visit", "answers": answers}
        return await http.post("/v1/public/responses", json=body)

    async def trigger() -> httpx.Response:
        body = {"touchpoint": "visit.ended", "respondent": f"r{next(count)}"}
        return await http.post("/v1/triggers", json=body, headers=key)

    async def post_form() -> httpx.Response:
        form_id = make_form_id(runtime.signing_keys, UUID(_fresh(next(count))))
        form = {"r": str(form_id), "v": "1", "after": "", "lang": "en", "go": "next"}
        form |= {"a_recommend": "9", "a_why": "Quick."}
        return await http.post("/s/visit", data=form)

    return {"response": respond, "trigger": trigger, "form_post": post_form}


async def _trace(tracer: Tracer, walk: Walk) -> dict[str, Any]:
    _require((await walk()).status_code)  # warm: what is loaded once is not part of the way
    tracer.files, tracer.changes = {}, 0
    tracer.is_on = True
    sys.setprofile(tracer.note)
    try:
        reply = await walk()
    finally:
        sys.setprofile(None)
        tracer.is_on = False
    _require(reply.status_code)
    return {"files": list(tracer.files), "changes": tracer.changes}


def _require(status: int) -> None:
    if status >= 400:
        raise RuntimeError(f"the path ended with {status}")


def _fresh(number: int) -> str:
    return str(UUID(int=number, version=4))
