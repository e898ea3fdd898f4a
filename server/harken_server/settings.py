"""Every setting: name, type, default and meaning, in one table, read once from the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

from harken_server.core.errors import HarkenError

PREFIX = "HARKEN_"
REDACTED = "(secret)"


class SettingsError(HarkenError):
    """One or more settings are wrong; the message names each."""

    code = "bad_setting"


class Settings(msgspec.Struct, kw_only=True, frozen=True):
    """The effective settings of one process."""

    database_url: str
    data_dir: Path
    host: str
    port: int
    public_url: str
    short_url: str
    secret_key: str
    """Empty means: kept in the file `secret.key` of the data directory, made at first start."""
    synchronous: str
    queue_limit: int
    rate_limit: int
    trusted_proxies: int
    log_format: str
    log_level: str


class Option(NamedTuple):
    """One setting of the table."""

    name: str
    parse: Callable[[str], Any]
    default: str
    meaning: str
    is_secret: bool = False


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read all settings; raise one SettingsError that names every problem at once."""
    problems = _unknown_names(environ)
    values: dict[str, Any] = {}
    for option in OPTIONS:
        try:
            values[option.name] = option.parse(_raw_value(option, environ))
        except (ValueError, OSError) as error:
            problems.append(f"{PREFIX}{option.name.upper()}: {error}")
    if problems:
        raise SettingsError("; ".join(problems))
    return _with_derived_defaults(values)


def describe_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """Name, effective value (secrets redacted) and meaning of each setting, for people."""
    rows: list[tuple[str, str, str]] = []
    for option in OPTIONS:
        value = str(getattr(settings, option.name))
        if option.is_secret and value:
            value = _redact(value)
        rows.append((PREFIX + option.name.upper(), value, option.meaning))
    return rows


def _raw_value(option: Option, environ: Mapping[str, str]) -> str:
    name = PREFIX + option.name.upper()
    if option.is_secret and (path := environ.get(name + "_FILE")):
        if environ.get(name):
            raise ValueError(f"set either {name} or {name}_FILE, not both")
        return Path(path).read_text(encoding="utf-8").strip()
    return environ.get(name) or option.default


def _unknown_names(environ: Mapping[str, str]) -> list[str]:
    known = {PREFIX + option.name.upper() for option in OPTIONS}
    known |= {PREFIX + option.name.upper() + "_FILE" for option in OPTIONS if option.is_secret}
    known |= CLIENT_NAMES
    return [
        f"{name}: no such setting (`harken-server config check` lists all)"
        for name in sorted(environ)
        if name.startswith(PREFIX)
        and name not in known
        and not name.startswith((PREFIX + "TEST_", PREFIX + "CRASH_", PREFIX + "FSYNC_"))
    ]


def _with_derived_defaults(values: dict[str, Any]) -> Settings:
    data_dir: Path = values["data_dir"]
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{data_dir / 'harken.sqlite3'}"
    if not values["public_url"]:
        host = values["host"]
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  (compared only)
        shown = f"[{shown}]" if ":" in shown else shown
        values["public_url"] = f"http://{shown}:{values['port']}"
    if not values["short_url"]:
        values["short_url"] = values["public_url"]
    return Settings(**values)


def _redact(value: str) -> str:
    parts = urlsplit(value)
    if not parts.scheme or not parts.password:
        return value if parts.scheme == "sqlite" or parts.hostname else REDACTED
    return (
        value.replace(f":{parts.password}@", f":{quote(REDACTED)}@")
        .replace("%28", "(")
        .replace("%29", ")")
    )


def _text(value: str) -> str:
    return value


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.strip().isdecimal() or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return int(value)

    return parse


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}, not {value!r}")
        return value

    return parse


def _url(value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    is_plain = URL_CHARACTERS.fullmatch(value) and "@" not in parts.netloc
    is_base = parts.scheme in {"http", "https"} and not parts.query and not parts.fragment
    if not (is_plain and is_base and parts.hostname):
        raise ValueError(
            f"must be an http or https address such as https://feedback.example, not {value!r}"
        )
    _ = parts.port
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if value and urlsplit(value).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


def _secret(value: str) -> str:
    if value and any(len(part.strip()) < MIN_SECRET_CHARS for part in value.split(",")):
        raise ValueError(f"each key must have at least {MIN_SECRET_CHARS} characters")
    return value


MIN_SECRET_CHARS = 32
URL_CHARACTERS = re.compile(r"[A-Za-z0-9:/.\[\]_~%-]+")
"""What an address of ours may consist of: it goes into pages, headers and QR codes as it is."""

CLIENT_NAMES = frozenset({"HARKEN_URL", "HARKEN_API_KEY", "HARKEN_API_KEY_FILE"})
"""Names that belong to the SDK and may stand in the same environment."""

OPTIONS: tuple[Option, ...] = (
    Option(
        "database_url",
        _database_url,
        "",
        "Where data is kept: sqlite:///path or postgresql://user:password@host/name. "
        "Default: a SQLite file in the data directory.",
        is_secret=True,
    ),
    Option(
        "data_dir",
        Path,
        "./harken-data",
        "Folder for the SQLite file and the generated secret key.",
    ),
    Option("host", _text, "127.0.0.1", "Address to listen on; 0.0.0.0 for all."),
    Option("port", _whole(1, 65_535), "8300", "Port to listen on, 1 to 65535."),
    Option(
        "public_url",
        _url,
        "",
        "Address under which people reach the server; all links are built from it, never from "
        "the Host header. Default: http://HOST:PORT.",
    ),
    Option(
        "short_url",
        _url,
        "",
        "Shorter address for invitation links and QR codes. Default: the public URL.",
    ),
    Option(
        "secret_key",
        _secret,
        "",
        f"Signs links; {MIN_SECRET_CHARS} characters or more. Several, separated by commas: the "
        "first signs, all verify. Default: made at first start and kept in the data directory.",
        is_secret=True,
    ),
    Option(
        "synchronous",
        _one_of("full", "normal"),
        "full",
        "SQLite durability: full survives power loss; normal may lose the last seconds then.",
    ),
    Option(
        "queue_limit",
        _whole(16, 100_000),
        "1000",
        "Submissions waiting to be stored before more are refused with 503, 16 to 100000.",
    ),
    Option(
        "rate_limit",
        _whole(0, 1_000_000),
        "1200",
        "Submissions and page posts a minute from one client address (IPv6: one /64); 0 is no "
        "limit. Clients on the machine itself are not limited.",
    ),
    Option(
        "trusted_proxies",
        _whole(0, 10),
        "0",
        "How many reverse proxies stand in front; that many last entries of X-Forwarded-For "
        "are believed. 0 believes none.",
    ),
    Option("log_format", _one_of("pretty", "json"), "pretty", "Shape of log lines."),
    Option(
        "log_level",
        _one_of("debug", "info", "warning", "error"),
        "info",
        "Least severe log lines written.",
    ),
)
