"""Bring a file to the console, change how it is understood, have it read."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from api_client import Api
from read_page import forms_of, read_page
from signed_in import SignedIn

from harken_server.database.settings import DatabaseSettings
from harken_server.http.runtime import Runtime
from harken_server.importers.receiving import receive_file
from harken_server.routes import CHANNELS
from harken_server.worker import Worker, jobs_of
from harken_server.workspaces.access import Acting
from harken_server.workspaces.store.workspaces import get_workspace

REVIEWS = """\ufeffid,When,Stars,text,store,link
1,2026-01-02T10:00:00Z,5,"Quick,
and kind",Oslo,https://reviews.example.com/1
2,2026-01-03,2,,Bergen,
3,yesterday,4,Fine,Oslo,
4,2026-01-05,7,Fine,Oslo,
,2026-01-06,3,No id of its own,Oslo,ftp://x
,2026-01-07,3,No id of its own,Oslo,
"""
ORDERS = (
    "Customer;Date;Amount;size\r\nkim;31.01.2026;1.234,50;L\r\nada;30.01.2026;7,00;\r\n"
    ";30.01.2026;7,00;M\r\n"
)


async def bring_file(runtime: Runtime, workspace_id: UUID, text: str = "Oslo") -> str:
    """The id of a file that waits to be looked at, with this text wherever one may stand."""
    workspace = await get_workspace(runtime.db, workspace_id)
    assert workspace is not None

    async def pieces() -> AsyncIterator[bytes]:
        cell = text.replace("\x00", "").replace('"', '""')
        line = f'"{cell}","{cell}",5,2026-01-02\n"{cell}","{cell}",5,"{cell}"\n'
        yield f'text,"{cell}",rating,at\n{line}'.encode()

    acting = Acting(runtime=runtime, workspace=workspace, headers={})
    return str((await receive_file(acting, "review", text, pieces())).id)


class Importing:
    """An editor with files."""

    def __init__(self, api: Api, visitor: SignedIn) -> None:
        self.api, self.visitor = api, visitor

    async def bring(
        self, content: str | bytes, kind: str = "review", name: str = "reviews.csv"
    ) -> httpx.Response:
        """Send it; the answer leads to its page, or says what is wrong."""
        raw = content.encode() if isinstance(content, str) else content
        return await self.visitor.post(
            "/imports/load", files={"file": (name, raw, "text/csv")}, kind=kind
        )

    async def load(self, content: str | bytes, kind: str = "review") -> str:
        """The path of its page, below the workspace's address."""
        reply = await self.bring(content, kind)
        assert reply.status_code == 303, reply.text
        return reply.headers["location"].removeprefix(self.visitor.at())

    async def page(self, path: str) -> str:
        """The page as a text."""
        reply = await self.visitor.get(path)
        assert reply.status_code == 200, reply.text
        return read_page(reply.text).text()

    async def choose(self, path: str, do: str = "import", **changes: Any) -> httpx.Response:
        """Send the form as its page fills it in, with these changes."""
        page = read_page((await self.visitor.get(path)).text)
        form = next(form for form in forms_of(page) if form.action.endswith("/start"))
        return await self.visitor.http.post(
            form.action,
            data=form.fields | {name: [value] for name, value in changes.items()} | {"do": [do]},
        )

    async def work(self) -> None:
        """Have the worker do what is due."""
        await Worker(self.api.runtime, jobs_of(CHANNELS), ()).run_once()

    async def take_in(self, content: str | bytes, kind: str = "review", **changes: Any) -> str:
        """All of it: the path of the page that says what became of it."""
        path = await self.load(content, kind)
        reply = await self.choose(path, **changes)
        assert reply.status_code == 303, read_page(reply.text).text()
        await self.work()
        return path

    async def refused(self, path: str) -> list[dict[str, str]]:
        """The rows of the list of what was refused."""
        reply = await self.visitor.get(f"{path}/refused.csv")
        assert reply.status_code == 200, reply.text
        return list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))

    def files(self) -> list[Path]:
        """What lies in the data directory."""
        data = self.api.runtime.settings.of(DatabaseSettings).data_dir
        return sorted((data / "imports").glob("*"))
