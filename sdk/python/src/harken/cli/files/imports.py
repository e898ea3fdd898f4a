"""The command `harken import`: a CSV of reviews, tickets or events, taken in line by line."""

from __future__ import annotations

import csv
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import NAMESPACE_URL, uuid5

from harken._sync.client import Client
from harken._types.intake import IntakeItem
from harken.cli.terminal import DONE, FAILED, remark, say

EVENTS = "events"
AT_ONCE = 200
ITEM = ("id", "at", "rating", "text", "link", "respondent", "touchpoint", "locale")
EVENT = ("id", "respondent", "name", "at", "value")
"""Columns by their names; all others go into the context, or the properties."""


class Line(NamedTuple):
    """A line of the file that could be read, or why it could not."""

    number: int
    row: Mapping[str, str]
    body: dict[str, Any] | None
    problem: str = ""


def add_options(command: ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("source", metavar="SOURCE", help=f"the source's key, or `{EVENTS}`")
    command.add_argument("file", metavar="FILE.csv", help="its first line names the columns")
    command.add_argument(
        "--kind", choices=("review", "social", "call", "ticket", "other"), default="review"
    )
    command.add_argument("--title", help="of a source that is new")
    command.add_argument("--scale", metavar="LOW-HIGH", help="of its ratings, 1-5 unless said")
    command.add_argument(
        "--map", action="append", default=[], metavar="NAME=COLUMN",
        help="which column holds what, as rating=Stars; columns of that name need none",
    )  # fmt: skip


def run(options: Namespace) -> int:
    """Do it; the exit status: 0 when every line was taken."""
    path = Path(options.file)
    wanted = EVENT if options.source == EVENTS else ITEM
    names = _names(options.map, wanted)
    refused: list[tuple[Line, str]] = []
    stored = read = 0
    with Client(options.url) as client, path.open(newline="", encoding="utf-8-sig") as file:
        lines = _lines(file, names, wanted, options.source)
        while some := list(islice(lines, AT_ONCE)):
            good = [line for line in some if line.body is not None]
            taken, why = _send(client, options, [line.body or {} for line in good])
            refused += [(line, line.problem) for line in some if line.body is None]
            refused += [(good[place], message) for place, message in why]
            stored, read = stored + taken, read + len(some)
            remark(f"{read} lines read, {stored} stored, {len(refused)} refused")
    if not refused:
        say(f"{stored} of {read} lines are stored")
        return DONE
    told = _write_refused(path, refused)
    say(f"{stored} of {read} lines are stored; why {len(refused)} are not stands in {told}")
    return FAILED


def _send(
    client: Client, options: Namespace, bodies: list[dict[str, Any]]
) -> tuple[int, list[tuple[int, str]]]:
    """How many are stored, and of the others their place and why."""
    if not bodies:
        return 0, []
    if options.source == EVENTS:
        told = client.events.tell(bodies)
        return told.stored + told.repeated, [(each.index, each.message) for each in told.refused]
    taken = client.intake(
        options.source,
        cast("list[IntakeItem]", bodies),
        kind=options.kind,
        title=options.title,
        scale=_scale(options.scale),
    )
    return taken.stored, [(each.index, each.message) for each in taken.refused]


def _scale(text: str | None) -> tuple[int, int] | None:
    if not text:
        return None
    low, dash, high = text.partition("-")
    if not (dash and low.isdecimal() and high.isdecimal()):
        raise ValueError(f"--scale {text}: it must be two whole numbers, as 1-5")
    return int(low), int(high)


def _names(given: Iterable[str], wanted: tuple[str, ...]) -> dict[str, str]:
    names = {name: name for name in wanted}
    for each in given:
        name, equals, column = each.partition("=")
        if not equals or name not in names:
            raise ValueError(f"--map {each}: it must be one of {', '.join(wanted)}, = and a column")
        names[name] = column
    return names


def _lines(
    file: Iterable[str], names: Mapping[str, str], wanted: tuple[str, ...], source: str
) -> Iterator[Line]:
    rows = csv.DictReader(file, restkey="…", restval="")
    for row in rows:
        number = rows.line_num
        row.pop("…", None)
        try:
            body = _body(row, names, wanted, source)
        except ValueError as error:
            yield Line(number, row, None, str(error))
        else:
            yield Line(number, row, body)


def _body(
    row: Mapping[str, str], names: Mapping[str, str], wanted: tuple[str, ...], source: str
) -> dict[str, Any]:
    said = {name: row.get(column, "").strip() for name, column in names.items()}
    taken = {names[name] for name in wanted}
    others = {name: text for name, text in row.items() if name not in taken and text}
    body: dict[str, Any] = {name: text for name, text in said.items() if text}
    body["at"] = _time(said["at"])
    if wanted is EVENT:
        for needed in ("respondent", "name"):
            if not said[needed]:
                raise ValueError(f"{needed} is missing")
        body["id"] = str(uuid5(NAMESPACE_URL, said["id"] or repr(sorted(row.items()))))
        if said["value"]:
            body["value"] = float(said["value"])
        return {**body, "properties": others} if others else body
    if not said["id"]:
        body["id"] = str(uuid5(NAMESPACE_URL, repr((source, sorted(row.items())))))
    if said["rating"]:
        body["rating"] = int(said["rating"])
    return {**body, "context": others} if others else body


def _time(text: str) -> datetime:
    """As the file has it; a time without a zone is UTC."""
    if not text:
        raise ValueError("at is missing")
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)


def _write_refused(path: Path, refused: list[tuple[Line, str]]) -> Path:
    """The refused lines as they were, with their number and why, in a file beside."""
    told = path.with_suffix(".refused.csv")
    with told.open("w", newline="", encoding="utf-8") as file:
        columns = list(refused[0][0].row)
        out = csv.writer(file)
        out.writerow(["line", "why", *columns])
        for line, why in refused:
            out.writerow([line.number, why, *(line.row.get(each, "") for each in columns)])
    return told
