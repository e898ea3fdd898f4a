"""Writes the reference pages that are made from the code; `--check` only compares them."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

os.environ["COLUMNS"] = "100"

from harken_server.app import create_app, open_runtime
from harken_server.cli import main
from harken_server.configuration import OWNERS, load_settings
from harken_server.deliveries.channels import HandedOn, Sends, Waits
from harken_server.journeys.rules.schema import journey_schema
from harken_server.kernel.settings import options_of
from harken_server.reference.openapi import build_document
from harken_server.routes import CHANNELS
from harken_server.surveys.files.schema import survey_schema
from harken_server.upkeep.exit_statuses import EXIT_STATUS

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference"
SECURITY = "../explanation/security.md"
PROMISES = DOCS.parent / "tests" / "attacks" / "register.toml"
TABLE = re.compile(r"(?<=<!-- from tests/attacks/register.toml -->\n).*(?=<!-- end -->)", re.DOTALL)
COMMANDS = (
    (),
    ("serve",),
    ("demo",),
    ("worker",),
    ("migrate",),
    ("backup",),
    ("restore",),
    ("move",),
    ("doctor",),
    ("mail", "test"),
    ("keys", "create"),
    ("config", "check"),
    ("schema",),
)


_SCOPES = (DOCS / "scopes.txt").read_text("utf-8").splitlines()


def settings_page() -> str:
    """Every setting from the table."""
    lines = [
        "# Settings",
        "",
        "Settings are environment variables, read once at the start. A wrong or unknown `HARKEN_…` name",
        "stops the start with status 78 and one line that names it. A secret may also come from a file:",
        "add `_FILE` to its name. `harken-server config check` prints what is in force.",
        "",
        "| name | default | meaning |",
        "|---|---|---|",
    ]
    for option in (each for owner in OWNERS for each in options_of(owner)):
        shown = f"`{option.name}`" + (f", `{option.name}_FILE`" if option.is_secret else "")
        lines.append(
            f"| {shown} | {f'`{option.default}`' if option.default else ''} | {option.meaning} |"
        )
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The help of every command, and the exit statuses."""
    lines = [
        "# Commands",
        "",
        ("`harken-server` runs the server; settings come from the [environment](settings.md)."),
        "",
    ]
    for command in COMMANDS:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            main([*command, "--help"])
        lines += [
            f"## harken-server {' '.join(command)}".rstrip(),
            "",
            "```text",
            printed.getvalue().rstrip(),
            "```",
            "",
        ]
    lines += [
        "## Exit statuses",
        "",
        "| status | when |",
        "|---|---|",
        ("| 0 | done, or stopped by SIGTERM after finishing what was under way |"),
        "| 2 | the command line is wrong |",
    ]
    for status in sorted(set(EXIT_STATUS.values())):
        codes = ", ".join(f"`{code}`" for code, value in EXIT_STATUS.items() if value == status)
        lines.append(f"| {status} | {codes} |")
    return "\n".join(lines) + "\n"


def channels_page() -> str:
    """Every registered channel: how it reaches a person."""
    lines = [
        "# Channels",
        "",
        "A trigger and a programme name the channel on which a person is reached: one of these, or one of your own that the",
        'workspace declared with `PUT /v1/channels` (`{"channels": ["poster"]}`), on which your application hands on the link.',
        "Any other name is refused with `channel_unknown` and the word that is near: for `e-mail`, `email`.",
        "",
        "On a channel on which Harken sends, nobody is asked who cannot be reached: without the address or number that it",
        "needs, or while it is not set up, the reason is [`unreachable`](reasons.md), and no cooldown starts.",
        "",
        "| channel | how the person is reached | needs | reminds | counts as delivered | said by | more |",
        "|---|---|---|---|---|---|---|",
    ]
    for channel in CHANNELS:
        cells = " | ".join(_way_cells(channel.way))
        title = (DOCS / channel.document).read_text("utf-8").partition("\n")[0].lstrip("# ")
        texts = ", takes texts" if channel.takes_texts else ""
        said_by = _SAID_BY[channel.said_by]
        row = (
            f"| `{channel.name}`{texts} | {cells} | {said_by} | [{title}](../{channel.document}) |"
        )
        lines.append(row)
    return "\n".join([*lines, *_CHANNELS_SAID]) + "\n"


_SAID_BY = {"anybody": "anybody", "holder": "whoever holds the link", "server": ""}
_CHANNELS_SAID = (
    "",
    "## Who may say it",
    "",
    "A channel that proves something is set by the server, from the mail's link, the receipt, the device or the route by which a",
    "response came. Without a key that may write, a body of `POST /v1/public/responses` may name the channels above that anybody",
    "says, and your own; with the code of an invitation that named no channel, also those that whoever holds the link says. Any",
    "other is refused with [`channel_unproved`](errors.md); in a reply it is left out.",
)


def _way_cells(way: Sends | Waits | HandedOn) -> tuple[str, str, str, str]:
    match way:
        case Sends():
            reminds = "once" if way.reminds else "no"
            delivered = ", ".join(f"`{state}`" for state in way.delivered)
            return "Harken sends", f"`{way.needs}`", reminds, delivered
        case Waits():
            return "the question waits until they come by", "", "", ""
        case HandedOn():
            return "the application hands on the link or message", "", "", ""


def api_page(document: dict[str, Any]) -> str:
    """Every operation of the OpenAPI document."""
    lines = [
        "# HTTP API",
        "",
        'Keyed routes take `Authorization: Bearer hk_…`. Bodies are decoded strictly: `"5"` is not 5.',
        "Errors are `application/problem+json` with a stable `code`: see [errors](errors.md). Your server",
        "describes itself at `/docs` (a page) and `/openapi.json`.",
        "",
        "Names in a path are percent-encoded: the respondent `acme/users/17` is",
        "`/v1/respondents/acme%2Fusers%2F17`. Where a program on the way changes such a path, and for `..`,",
        "put the respondent into the query and `-` into the path: `/v1/respondents/-?respondent=..`.",
        "Blanks at the ends of a respondent's name are no part of it, wherever it is given.",
        "",
        *_SCOPES,
        "",
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            lines += [
                f"## {operation['operationId']}",
                "",
                f"`{method.upper()} {path}`",
                "",
                f"{operation['summary']}.",
                "",
            ]
            scope = operation.get("x-scope")
            lines.append(f"Scope: {_scope_said(scope)}." if scope else "Needs no key.")
            lines += _parameter_lines(operation)
            statuses = ", ".join(f"{status}" for status in operation["responses"])
            lines += ["", f"Answers: {statuses}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _scope_said(scope: str) -> str:
    return re.sub(r"\b(read|write|manage)\b", r"`\1`", scope)


def _parameter_lines(operation: dict[str, Any]) -> list[str]:
    parameters = [p for p in operation.get("parameters", ()) if p["in"] != "path"]
    if not parameters:
        return []
    names = ", ".join(f"`{p['name']}` ({p['in']})" for p in parameters)
    return ["", f"Parameters: {names}."]


async def _document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_runtime(load_settings({"HARKEN_DATA_DIR": folder})) as runtime:
            return build_document(create_app(runtime).app, "https://feedback.example.com")


BESIDE_COMMANDS = "../../sdk/python/src/harken/cli"
"""From the reference to the commands of the SDK, which look at files with the same schemas."""


def bare(schema: Any) -> str:
    """A schema without what is only for readers."""
    return json.dumps(_without_words(schema), separators=(",", ":"), ensure_ascii=False) + "\n"


def _without_words(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_words(each) for each in part]
    if not isinstance(part, dict):
        return part
    words = {"title", "description", "default", "format"}
    return {
        name: {key: _without_words(each) for key, each in value.items()}
        if name in {"properties", "$defs"}
        else _without_words(value)
        for name, value in part.items()
        if name not in words
    }


def promises_table() -> str:
    """What is promised, by its parts, and the tests that prove it."""
    lines: list[str] = []
    part = ""
    for promise in tomllib.loads(PROMISES.read_text("utf-8"))["promise"]:
        if promise["part"] != part:
            part = promise["part"]
            lines += [
                "",
                f"### {part}",
                "",
                "| what is promised | which test proves it |",
                "|---|---|",
            ]
        tests = "<br>".join(f"`tests/{test}`" for test in promise["tests"])
        lines.append(f"| {promise['says']} | {tests} |")
    return "\n".join([*lines, "", ""])


def pages() -> dict[str, str]:
    """File name and text of each generated page."""
    schema = json.dumps(survey_schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        "channels.md": channels_page(),
        "settings.md": settings_page(),
        "cli.md": commands_page(),
        "http-api.md": api_page(asyncio.run(_document())),
        SECURITY: TABLE.sub(lambda _: promises_table(), (REFERENCE / SECURITY).read_text("utf-8")),
        "survey.schema.json": schema,
        f"{BESIDE_COMMANDS}/survey.schema.json": bare(survey_schema()),
        f"{BESIDE_COMMANDS}/journey.schema.json": bare(journey_schema()),
        "journey.schema.json": json.dumps(journey_schema(), indent=2, ensure_ascii=False) + "\n",
    }


if __name__ == "__main__":
    stale = [
        name
        for name, text in pages().items()
        if not (REFERENCE / name).exists() or (REFERENCE / name).read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        if stale:
            sys.exit(f"stale: {', '.join(stale)}; run: just docs")
    else:
        for name, text in pages().items():
            (REFERENCE / name).write_text(text, encoding="utf-8")
