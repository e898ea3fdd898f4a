"""Settings from the environment: each owner declares its own, and all are read once at the start.

An owner's settings are a frozen struct. The type of a field says what is accepted, its default is
written as it would be in the environment, and `setting` adds what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin
from urllib.parse import quote, urlsplit

import msgspec

from harken_server.kernel.errors import HarkenError

PREFIX = "HARKEN_"
REDACTED = "(secret)"

CLIENT_NAMES = frozenset({"HARKEN_URL", "HARKEN_API_KEY", "HARKEN_API_KEY_FILE"})
"""Names that belong to the SDK and may stand in the same environment."""

Owner = TypeVar("Owner", bound=msgspec.Struct)


class SettingsError(HarkenError):
    """One or more settings are wrong; the message names each."""

    code = "bad_setting"


class Settings:
    """The effective settings of one process, by the owner's type: `settings.of(MailSettings)`."""

    def __init__(self, parts: Iterable[msgspec.Struct]) -> None:
        self.parts: Mapping[type[msgspec.Struct], Any] = {type(part): part for part in parts}

    def of(self, owner: type[Owner]) -> Owner:
        """The settings of this owner; it is one of those that were read."""
        return self.parts[owner]


class Option(NamedTuple):
    """One setting, as its owner declares it."""

    name: str
    """In the environment."""
    field: str
    type: Any
    default: str
    meaning: str
    is_secret: bool
    read: Callable[[str], str] | None


def setting(
    meaning: str,
    *,
    low: int | None = None,
    high: int | None = None,
    read: Callable[[str], str] | None = None,
    is_secret: bool = False,
    default: str = "",
) -> msgspec.Meta:
    """What a field's type cannot say: its meaning, the bounds of a number, the form of a text.

    `read` gives the text as it is to be used, or raises ValueError with what is wrong. `default`
    is how the default is written where the value itself is written differently.
    """
    more = {"read": read, "is_secret": is_secret, "default": default}
    return msgspec.Meta(description=meaning, ge=low, le=high, extra=more)


def checked_by(parse: Callable[[str], object]) -> Callable[[str], str]:
    """Keep the text as written, once it has been found to mean something."""

    def read(text: str) -> str:
        parse(text)
        return text

    return read


@cache
def options_of(owner: type[msgspec.Struct]) -> Sequence[Option]:
    """What an owner declares, in its order."""
    found: list[Option] = []
    for field in msgspec.structs.fields(owner):
        kind, meta = get_args(field.type)
        more: dict[str, Any] = meta.extra
        found.append(
            Option(
                name=PREFIX + field.name.upper(),
                field=field.name,
                type=field.type if kind is int else kind,
                default=more["default"] or str(field.default),
                meaning=meta.description,
                is_secret=more["is_secret"],
                read=more["read"],
            )
        )
    return tuple(found)


def read_settings(environ: Mapping[str, str], owners: Iterable[type[msgspec.Struct]]) -> Settings:
    """Read all settings; raise one SettingsError that names every problem at once."""
    options = {owner: options_of(owner) for owner in owners}
    problems = _unknown_names(environ, [each for found in options.values() for each in found])
    values: dict[type[msgspec.Struct], dict[str, Any]] = {owner: {} for owner in options}
    for owner, found in options.items():
        for option in found:
            try:
                if raw := _raw_value(option, environ):
                    values[owner][option.field] = _decode(option, raw)
            except (ValueError, OSError) as error:
                problems.append(f"{option.name}: {error}")
    if problems:
        raise SettingsError("; ".join(problems))
    return Settings(owner(**given) for owner, given in values.items())


def describe_settings(settings: Settings) -> list[tuple[str, str]]:
    """Name and effective value (secrets redacted) of each setting, for people."""
    rows: list[tuple[str, str]] = []
    for owner, part in settings.parts.items():
        for option in options_of(owner):
            value = str(getattr(part, option.field))
            rows.append((option.name, _redact(value) if option.is_secret and value else value))
    return rows


def _raw_value(option: Option, environ: Mapping[str, str]) -> str:
    name = option.name
    if option.is_secret and (path := environ.get(name + "_FILE")):
        if environ.get(name):
            raise ValueError(f"set either {name} or {name}_FILE, not both")
        return Path(path).read_text(encoding="utf-8").strip()
    return environ.get(name, "")


def _decode(option: Option, raw: str) -> Any:
    value = int(raw) if raw.strip().isdecimal() and get_args(option.type)[:1] == (int,) else raw
    try:
        decoded = msgspec.convert(value, option.type, dec_hook=lambda kind, text: kind(text))
    except msgspec.ValidationError as error:
        raise ValueError(f"{_expected(option.type)}, not {raw!r}") from error
    return option.read(decoded) if option.read else decoded


def _expected(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return f"must be one of {', '.join(get_args(kind))}"
    meta = get_args(kind)[1]
    return f"must be a whole number from {meta.ge} to {meta.le}"


def _unknown_names(environ: Mapping[str, str], options: Iterable[Option]) -> list[str]:
    known = set(CLIENT_NAMES)
    for option in options:
        known |= {option.name, option.name + "_FILE"} if option.is_secret else {option.name}
    return [
        f"{name}: no such setting (`harken-server config check` lists all)"
        for name in sorted(environ)
        if name.startswith(PREFIX)
        and name not in known
        and not name.startswith((PREFIX + "TEST_", PREFIX + "CRASH_", PREFIX + "FSYNC_"))
    ]


def _redact(value: str) -> str:
    parts = urlsplit(value)
    if not parts.scheme or not parts.password:
        return value if parts.scheme == "sqlite" or parts.hostname else REDACTED
    return (
        value.replace(f":{parts.password}@", f":{quote(REDACTED)}@")
        .replace("%28", "(")
        .replace("%29", ")")
    )
