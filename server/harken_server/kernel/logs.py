"""Log lines for people or machines. They carry no answers, tokens, keys or query strings."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec

from harken_server.kernel.settings import setting

FIELDS = (
    "method", "route", "status", "duration_ms", "request_id", "code",
    "touchpoint", "survey", "channel", "reason", "decision",
    "store", "till", "forged_here",
)  # fmt: skip
"""Extra fields that a line may carry, in this order."""
_VALUES = re.compile(r"(invalid input for query argument \$\d+|DETAIL): .*")


class LogSettings(msgspec.Struct, kw_only=True, frozen=True):
    """How log lines look, and which are written."""

    log_format: Annotated[Literal["pretty", "json"], setting("Shape of log lines.")] = "pretty"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], setting("Least severe log lines written.")
    ] = "info"


def set_up_logging(shape: str, level: str) -> None:
    """Send every logger to standard error in one shape: `pretty` or `json`."""
    sink = logging.StreamHandler(sys.stderr)
    sink.setFormatter(JsonLines() if shape == "json" else PrettyLines())
    root = logging.getLogger()
    root.handlers[:] = [sink]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "httpx", "asyncio", "litestar", "piccolo"):
        logging.getLogger(name).setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object a line; control characters are escaped, so a line stays a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line: dict[str, Any] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            line["exception"] = without_values(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True).replace("\x7f", "\\u007f")


class PrettyLines(logging.Formatter):
    """One readable line; control characters from outside are shown escaped.

    A traceback follows indented, so that no text in it can pass for a line of its own.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        extra = " ".join(f"{name}={_printable(value)}" for name, value in _extra(record).items())
        line = f"{_time(record)} {record.levelname:<7} {_printable(record.getMessage())}"
        text = f"{line}  {extra}" if extra else line
        if record.exc_info:
            traceback = without_values(self.formatException(record.exc_info))
            text += "".join(f"\n  {_printable(line)}" for line in traceback.splitlines())
        return text


def without_values(traceback: str) -> str:
    """A traceback without the parameters that PostgreSQL and its driver show in their messages."""
    return _VALUES.sub(r"\1: (not shown)", traceback)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}


def _printable(value: object) -> str:
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in str(value)
    )
