"""Every setting: name, type, default and meaning, in one table, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from harken_server.kernel.errors import HarkenError
from harken_server.kernel.setting_options import MIN_SECRET_CHARS, OPTIONS, Option

__all__ = [
    "MIN_SECRET_CHARS",
    "OPTIONS",
    "PREFIX",
    "Option",
    "Settings",
    "SettingsError",
    "describe_settings",
    "load_settings",
]

PREFIX = "HARKEN_"
REDACTED = "(secret)"

CLIENT_NAMES = frozenset({"HARKEN_URL", "HARKEN_API_KEY", "HARKEN_API_KEY_FILE"})
"""Names that belong to the SDK and may stand in the same environment."""


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
    worker: str
    smtp_url: str
    """Empty means: mail is queued and not sent."""
    mail_from: str
    mail_reply_to: str
    mail_bounce_domain: str
    mail_daily_cap: int
    mail_window: str
    mailgun_signing_key: str


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
    if values["smtp_url"] and not values["mail_from"]:
        raise SettingsError("HARKEN_MAIL_FROM: must be set when HARKEN_SMTP_URL is")
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
