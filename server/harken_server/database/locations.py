"""Where a database is, read from its URL."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from harken_server.kernel.errors import StorageError


class SqliteLocation(NamedTuple):
    """A SQLite file; a relative path is relative to the working directory."""

    path: str


class PostgresLocation(NamedTuple):
    """A PostgreSQL server and database."""

    url: str
    shown: str
    """The URL without its password, for messages."""


def parse_location(url: str) -> SqliteLocation | PostgresLocation:
    """Read `sqlite:///path`, `sqlite:////absolute/path` or `postgres(ql)://…`.

    Raises StorageError (`bad_database_url`), never showing a password.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme == "sqlite":
        path = unquote(rest[1:]) if rest.startswith("/") else ""
        if not path or path.endswith("/") or "\0" in path:
            raise _bad_url("sqlite:///relative/file or sqlite:////absolute/file")
        return SqliteLocation(path)
    if separator and scheme in {"postgres", "postgresql"}:
        return _parse_postgres(url)
    raise _bad_url("sqlite:///file or postgresql://user@host/database")


def _parse_postgres(url: str) -> PostgresLocation:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _bad_url("postgresql://user:password@host:port/database") from error
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    user = f"{parts.username}@" if parts.username else ""
    place = f"{user}{host}:{port}" if port else f"{user}{host}"
    return PostgresLocation(url, urlunsplit((parts.scheme, place, parts.path, "", "")))


def _bad_url(expected: str) -> StorageError:
    return StorageError(
        f"The database URL cannot be understood; expected {expected}.", code="bad_database_url"
    )
