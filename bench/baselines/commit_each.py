"""The usual server: each request is one transaction on SQLite (WAL, FULL), one thread, one file.

It stores the same typed rows as Harken, but neither checks the answers nor keeps counts.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.baselines.bare import decode, receipt_of, reply
from harken_server.responses.submission import Submission

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE response (number INTEGER PRIMARY KEY, id TEXT UNIQUE, survey TEXT, channel TEXT,
  locale TEXT, submitted_at TEXT, state TEXT);
CREATE TABLE answer (response_number INTEGER, question TEXT, rating INTEGER, text TEXT,
  PRIMARY KEY (response_number, question)) WITHOUT ROWID;
"""


def make_app(folder: Path, _url: str) -> Any:
    """The ASGI application."""
    thread = ThreadPoolExecutor(1)
    connection = thread.submit(_open, folder).result()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        body = b"{}"
        if scope["method"] == "POST":
            submission = decode((await receive())["body"])
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(thread, _store, connection, submission)
            body = receipt_of(submission)
        await reply(send, body)

    return app


def _open(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "commit_each.sqlite3", isolation_level=None)
    connection.executescript(SCHEMA)
    return connection


def _store(connection: sqlite3.Connection, submission: Submission) -> None:
    connection.execute("BEGIN IMMEDIATE")
    cursor = connection.execute(
        "INSERT INTO response (id, survey, channel, locale, submitted_at, state) "
        "VALUES (?, ?, ?, ?, ?, 'complete') ON CONFLICT DO NOTHING",
        (str(submission.id), submission.survey, submission.channel, submission.locale,
         datetime.now(UTC).isoformat()),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO answer VALUES (?, ?, ?, ?)",
        [
            (cursor.lastrowid, key, value if isinstance(value, int) else None,
             value if isinstance(value, str) else None)
            for key, value in submission.answers.items()
        ],
    )  # fmt: skip
    connection.execute("COMMIT")
