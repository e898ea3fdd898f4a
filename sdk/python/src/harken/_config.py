"""Where the server is and with which key: arguments first, then the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from harken._errors import ConfigError

URL_VARIABLE = "HARKEN_URL"
KEY_VARIABLE = "HARKEN_API_KEY"
KEY_FILE_VARIABLE = "HARKEN_API_KEY_FILE"


class Config(msgspec.Struct, frozen=True):
    """What every request needs. `repr` does not show the key."""

    base_url: str
    """Without a trailing slash; may end in a path when the server lives under one."""
    api_key: str
    timeout_s: float
    max_attempts: int
    is_disabled: bool = False
    """Nothing is sent; address and key are empty."""

    def __repr__(self) -> str:
        return f"Config({self.base_url!r})"


def read_config(
    base_url: str | None,
    api_key: str | None,
    *,
    timeout_s: float,
    max_attempts: int,
    environ: Mapping[str, str],
    is_disabled: bool = False,
) -> Config:
    """Explicit arguments win over the environment; what is missing or wrong raises ConfigError."""
    if timeout_s <= 0:
        raise ConfigError(f"timeout_s must be more than 0 seconds, not {timeout_s}")
    if max_attempts < 1:
        raise ConfigError(f"max_attempts must be at least 1, not {max_attempts}")
    if is_disabled:
        return Config("", "", timeout_s, max_attempts, is_disabled=True)
    return Config(
        base_url=_checked_url(base_url or environ.get(URL_VARIABLE)),
        api_key=_checked_key(api_key or _key_from_environment(environ)),
        timeout_s=timeout_s,
        max_attempts=max_attempts,
    )


def _checked_url(url: str | None) -> str:
    if not url:
        raise ConfigError(
            f"{URL_VARIABLE} is not set: set it to the server's address, or pass base_url="
        )
    try:
        parts = urlsplit(url.strip())
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_address, parts = False, urlsplit("")
    if not is_address:
        raise ConfigError(f"{URL_VARIABLE} must start with http:// or https://, not {url!r}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError(f"{URL_VARIABLE} must be scheme, host and path only, without user or ?")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _key_from_environment(environ: Mapping[str, str]) -> str | None:
    key, file = environ.get(KEY_VARIABLE), environ.get(KEY_FILE_VARIABLE)
    if key and file:
        raise ConfigError(f"{KEY_VARIABLE} and {KEY_FILE_VARIABLE} are both set: keep one")
    if not file:
        return key
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{KEY_FILE_VARIABLE}: cannot read {file!r}: {error}") from error


def _checked_key(key: str | None) -> str:
    key = (key or "").strip()
    if not key:
        raise ConfigError(
            f"{KEY_VARIABLE} is not set: set it (or {KEY_FILE_VARIABLE}), or pass api_key="
        )
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ConfigError(f"{KEY_VARIABLE} holds characters that no key has; was it cut or joined?")
    return key
