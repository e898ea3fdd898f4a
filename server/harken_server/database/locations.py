"""Where a database is, read from its URL."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from harken_server.kernel.errors import StorageError

SESSIONS = ("any", "primary", "standby", "read-write", "read-only", "prefer-standby")
"""What `target_session_attrs` may be, as PostgreSQL's own clients have it."""


class SqliteLocation(NamedTuple):
    """A SQLite file; a relative path is relative to the working directory."""

    path: str

    @property
    def shown(self) -> str:
        """For messages."""
        return self.path

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        return Path(self.path).exists()


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
    """One host or several, each with its port: `postgresql://user@a:5432,b:5433/harken`.

    Of several hosts the one is used that can be written to, unless `target_session_attrs` says
    another.
    """
    scheme, _, rest = url.partition("://")
    place, separator, behind = rest.partition("/")
    login, at, hosts = place.rpartition("@")
    if not all(_is_host(host) for host in hosts.split(",")):
        raise _bad_url("postgresql://user:password@host:port/database, hosts separated by commas")
    database, _, options = behind.partition("?")
    wanted = parse_qs(options).get("target_session_attrs", [""])[-1]
    if not wanted and "," in hosts:  # of several, the one that can be written to is meant
        wanted = "read-write"
        url = f"{url}{'&' if options else '?'}target_session_attrs={wanted}"
    if wanted and wanted not in SESSIONS:
        raise StorageError(
            f"target_session_attrs in the database URL is {wanted[:40]!r}; "
            f"it may be {', '.join(SESSIONS)}.",
            code="bad_database_url",
        )
    user = login.partition(":")[0]
    return PostgresLocation(url, f"{scheme}://{user}{at}{hosts}{separator}{database}")


def _is_host(text: str) -> bool:
    """A name or an address, perhaps with a port; empty means PostgreSQL's default."""
    try:
        urlsplit(f"//{text}").port  # noqa: B018  # reading it checks it
    except ValueError:
        return False
    return True


def _bad_url(expected: str) -> StorageError:
    return StorageError(
        f"The database URL cannot be understood; expected {expected}.", code="bad_database_url"
    )
