"""What a server does not load before its first answer: a start would take longer for nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harken_server.app import build_routes

LATE = frozenset({
    "PIL", "aiosmtplib", "attr", "black", "httpx", "jinja2", "pydantic", "qrcode", "smtplib",
})  # fmt: skip
OWN_LATE = "harken_server.sample"
PROGRAM = """
import asyncio, sys
import harken_server.cli, harken_server.server, harken_server.start
from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings

async def answer_once():
    async with open_runtime(load_settings({"HARKEN_DATA_DIR": sys.argv[1]})) as runtime:
        said = []
        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}
        async def send(message):
            said.append(message)
        await create_app(runtime)({
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "path": "/healthz", "raw_path": b"/healthz", "query_string": b"", "headers": [],
            "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1),
        }, receive, send)
        assert said[0]["status"] == 200

asyncio.run(answer_once())
print(*sys.modules)
"""


@pytest.mark.processes
def test_a_server_that_starts_again_loads_no_more_than_its_first_answer_needs(
    tmp_path: Path,
) -> None:
    first, again = [_loaded_by_a_start(tmp_path) for _ in range(2)]

    assert "harken_server.routes" in again
    assert not LATE & {*again}
    assert not [name for name in first + again if name.startswith(OWN_LATE)]


def test_the_framework_brings_no_plugin_for_a_library_that_is_not_used() -> None:
    plugins = {type(plugin).__module__ for plugin in build_routes().plugins}

    assert not [name for name in plugins if "pydantic" in name or "attrs" in name]


def _loaded_by_a_start(home: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home)], capture_output=True, text=True, check=True
    )
    return done.stdout.split()
