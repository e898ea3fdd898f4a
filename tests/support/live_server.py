"""The real application on SQLite, served by uvicorn on a loopback port, in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
import threading
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import uvicorn
from cheap_passwords import with_cheap_passwords

from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.http.operations import Scope
from harken_server.http.runtime import Runtime
from harken_server.workspaces.api import make_key
from harken_server.workspaces.store.workspaces import add_workspace

T = TypeVar("T")
Do = Callable[[Callable[[Runtime], Coroutine[Any, Any, T]]], T]


class LiveServer:
    """The application on a port of its own, a workspace in it, and keys to that workspace."""

    def __init__(self, url: str, key: str, public_key: str, do: Do[Any], slug: str = "") -> None:
        self.url = url
        self.key = key
        self.public_key = public_key
        self.slug = slug
        self.environ: dict[str, str] = {}
        """The settings, for commands beside it."""
        self._do = do

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the keyed API; gives the decoded answer."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"authorization": f"Bearer {self.key}", "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as reply:
            return json.loads(reply.read() or b"null")

    def push(self, survey: dict[str, Any]) -> str:
        """Publish a survey; gives its address."""
        self.call("POST", "/v1/surveys", survey)
        return f"{self.url}/{self.slug + '/' if self.slug else ''}s/{survey['key']}"

    def responses(self, key: str) -> list[dict[str, Any]]:
        """Everything stored for a survey."""
        return self.call("GET", f"/v1/surveys/{key}/responses?limit=1000")["responses"]

    def run_inside(self, work: Callable[[Runtime], Coroutine[Any, Any, T]]) -> T:
        """Do something in the server's own loop."""
        return self._do(work)

    def new_workspace(self) -> LiveServer:
        """The same server with an empty workspace and keys of its own."""

        async def make(runtime: Runtime) -> tuple[str, str, str]:
            new_id = runtime.new_id()
            slug = f"w{secrets.token_hex(6)}"
            await add_workspace(runtime.db, new_id, slug, slug, runtime.clock())
            return slug, *await _make_keys(runtime, new_id)

        slug, key, public_key = self._do(make)
        return LiveServer(self.url, key, public_key, self._do, slug)


class _ServerThread(threading.Thread):
    """Runs the server in a loop of its own until asked to end."""

    def __init__(self, folder: Path, *, is_demo: bool, environ: Mapping[str, str]) -> None:
        super().__init__(name="live-server", daemon=True)
        self._folder = folder
        self._environ = environ
        self._is_demo = is_demo
        self.ready = threading.Event()
        self.failure: BaseException | None = None
        self.live: LiveServer
        self.server: uvicorn.Server

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001  (told to the test by the fixture)
            self.failure = failure
        finally:
            self.ready.set()

    async def _serve(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environ = {
            "HARKEN_DATABASE_URL": f"sqlite:///{self._folder}/live.db",
            "HARKEN_DATA_DIR": str(self._folder),
            "HARKEN_PUBLIC_URL": url,
            "HARKEN_SECRET_KEY": secrets.token_urlsafe(32),
            "HARKEN_RATE_LIMIT": "100000",
            "HARKEN_PROGRAM_STRICTNESS": "0",  # tests press sooner than people
            **self._environ,
        }
        settings = load_settings(environ)
        async with open_runtime(settings) as opened:
            cheap = with_cheap_passwords(opened)
            runtime = msgspec.structs.replace(cheap, is_demo=self._is_demo)
            loop = asyncio.get_running_loop()

            def do(work: Callable[[Runtime], Coroutine[Any, Any, Any]]) -> Any:
                return asyncio.run_coroutine_threadsafe(work(runtime), loop).result(20)

            self.live = LiveServer(url, *await _make_keys(runtime, runtime.home), do)
            self.live.environ = environ
            config = uvicorn.Config(
                create_app(runtime), lifespan="off", access_log=False, log_config=None
            )
            self.server = uvicorn.Server(config)
            self.ready.set()
            await self.server.serve(sockets=[listener])


@contextlib.contextmanager
def serving(folder: Path, *, is_demo: bool = False, **environ: str) -> Iterator[LiveServer]:
    """A server with its database in `folder` and further settings, stopped at the end."""
    thread = _ServerThread(folder, is_demo=is_demo, environ=environ)
    thread.start()
    assert thread.ready.wait(30), "the server did not start"
    if thread.failure is not None:
        raise thread.failure
    yield thread.live
    thread.server.should_exit = True
    thread.join(20)


async def _make_keys(runtime: Runtime, workspace_id: Any) -> tuple[str, str]:
    scopes: tuple[tuple[Scope, ...], ...] = (("manage",), ("public",))
    made = [await make_key(runtime, workspace_id, "browser", held) for held in scopes]
    return made[0][1], made[1][1]
