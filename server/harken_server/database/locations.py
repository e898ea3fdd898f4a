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
    each: tuple[str, ...] = ()
    """Of several hosts a URL for each, to be asked side by side; which of them fits is used."""


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
    before, _, options = rest.partition("?")
    place, separator, database = before.partition("/")
    login, at, hosts = place.rpartition("@")
    if not all(_is_host(host) for host in hosts.split(",")):
        raise _bad_url("postgresql://user:password@host:port/database, hosts separated by commas")
    given = parse_qs(options)
    if "," in given.get("host", [""])[-1]:
        raise _bad_url("several hosts before the database: postgresql://user@a:5432,b:5432/harken")
    wanted = given.get("target_session_attrs", [""])[-1]
    if wanted and wanted not in SESSIONS:
        raise StorageError(
            f"target_session_attrs in the database URL is {wanted[:40]!r}; "
            f"it may be {', '.join(SESSIONS)}.",
            code="bad_database_url",
        )
    shown = f"{scheme}://{login.partition(':')[0]}{at}{hosts}{separator}{database}"
    if "," not in hosts:
        return PostgresLocation(url, shown)
    if not wanted:  # of several, the one that can be written to is meant
        options = "&".join(filter(None, [options, "target_session_attrs=read-write"]))
    apart = [hosts] if wanted == "prefer-standby" else hosts.split(",")
    url, *each = (f"{scheme}://{login}{at}{some}/{database}?{options}" for some in [hosts, *apart])
    return PostgresLocation(url, shown, tuple(each))


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
