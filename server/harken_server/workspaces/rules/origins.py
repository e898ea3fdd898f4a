"""Origins that may use a key: `https://shop.example`, as a browser's Origin header says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harken_server.kernel.errors import InvalidInputError, Problem

MAX_ORIGINS = 20
MAX_ORIGIN_CHARS = 200

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_NAME = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ORIGIN = re.compile(
    rf"(https?)://({_NAME}(?:\.{_NAME})*|\[[0-9a-f:.]+\])(?::([1-9][0-9]{{0,4}}))?"
)
_MEANT = (
    "must be a scheme and a host, such as https://shop.example, with a port where there is one: "
    "no path, no *, and international names in their ASCII form"
)


def read_origins(given: Sequence[str]) -> tuple[str, ...]:
    """The origins in the spelling that browsers send, each once.

    InvalidInputError with every problem: too many, too long, or no origin.

    >>> read_origins(["HTTPS://Shop.Example:443", "https://shop.example", "http://127.0.0.1:8080"])
    ('https://shop.example', 'http://127.0.0.1:8080')
    """
    problems: list[Problem] = []
    if len(given) > MAX_ORIGINS:
        message = f"origins holds at most {MAX_ORIGINS} entries, not {len(given)}"
        problems.append(Problem("$.origins", "too_many", message, limit=MAX_ORIGINS))
    found: dict[str, None] = {}
    for index, text in enumerate(given[:MAX_ORIGINS]):
        origin = plain_origin(text)
        if origin is None:
            problems.append(_problem(f"origins[{index}]", text))
        else:
            found[origin] = None
    if problems:
        raise InvalidInputError("; ".join(problem.message for problem in problems), tuple(problems))
    return tuple(found)


def plain_origin(text: str) -> str | None:
    """An origin in small letters and without its scheme's own port; None when it is none."""
    if len(text) > MAX_ORIGIN_CHARS:
        return None
    found = _ORIGIN.fullmatch(text.lower())
    if found is None:
        return None
    scheme, host, port = found.groups()
    is_default = port is None or port == _DEFAULT_PORTS[scheme]
    return f"{scheme}://{host}" if is_default else f"{scheme}://{host}:{port}"


def _problem(name: str, text: str) -> Problem:
    if len(text) > MAX_ORIGIN_CHARS:
        message = f"{name} must have 1 to {MAX_ORIGIN_CHARS} characters, not {len(text)}"
        return Problem(f"$.{name}", "length", message, limit=MAX_ORIGIN_CHARS)
    return Problem(f"$.{name}", "bad_origin", f"{name} {_MEANT}, not {text!r}")
