"""Lists of recipients as they come in: a CSV file with heads, or JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from harken_server.channels.email.lists.personal_links import MAX_RECIPIENTS, Recipient
from harken_server.kernel.errors import InvalidInputError, Problem

RESPONDENT = "respondent"
LOCALE = "locale"
MAX_LISTED = 100
"""Problems told at once."""


def read_recipient_file(raw: bytes, context: Mapping[str, str]) -> list[Recipient]:
    """The recipients of a CSV file, separated by commas or semicolons, in UTF-8.

    Its first line names the columns: `respondent`, perhaps `locale`, and any name of the survey's
    `context`; other columns, such as an address, are not read at all. Raises InvalidInputError.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal([Problem("$", "bad_encoding", "the file must be UTF-8")]) from error
    lines = _lines(text)
    heads = [head.strip() for _, cells in islice(lines, 1) for head in cells]
    if heads.count(RESPONDENT) != 1:
        message = "the first line must name exactly one column respondent"
        raise _refusal([Problem("$[0]", "column_missing", message)])
    return _recipients(lines, heads, context)


def check_recipients(recipients: list[Recipient]) -> None:
    """Raise InvalidInputError for a list that is empty, too long, or names what cannot be kept."""
    problems = [
        Problem(f"$.respondents[{place}].respondent", "bad_character", "it must not hold NUL")
        for place, recipient in enumerate(recipients)
        if "\x00" in recipient.respondent or not recipient.respondent.strip()
    ]
    if not recipients:
        problems.append(Problem("$.respondents", "empty", "there is nobody in the list"))
    if len(recipients) > MAX_RECIPIENTS:
        message = f"a list has at most {MAX_RECIPIENTS} respondents, not {len(recipients)}"
        problems.append(Problem("$.respondents", "too_many", message, limit=MAX_RECIPIENTS))
    if problems:
        raise _refusal(problems)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Number (from 1) and cells of each line; InvalidInputError for what is no CSV."""
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in lines:
            yield lines.line_num, cells
    except csv.Error as error:
        message = f"line {lines.line_num} is not CSV: {error}"
        raise _refusal([Problem(f"$[{lines.line_num}]", "malformed_csv", message)]) from error


def _recipients(
    lines: Iterator[tuple[int, list[str]]], heads: list[str], context: Mapping[str, str]
) -> list[Recipient]:
    found: list[Recipient] = []
    problems: list[Problem] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        row = {head: cell.strip() for head, cell in zip(heads, cells, strict=False)}
        try:
            found.append(_recipient(row, context))
        except msgspec.ValidationError as error:
            message = f"line {line}: {error}"
            problems.append(Problem(f"$[{line - 1}]", "wrong_shape", message))
        if len(problems) >= MAX_LISTED or len(found) > MAX_RECIPIENTS:
            break
    if problems:
        raise _refusal(problems)
    return found


def _recipient(row: Mapping[str, str], context: Mapping[str, str]) -> Recipient:
    given = {
        RESPONDENT: row.get(RESPONDENT, ""),
        LOCALE: row.get(LOCALE) or None,
        "context": {name: row[name] for name in context if row.get(name)},
    }
    return msgspec.convert(given, Recipient)


def _refusal(problems: list[Problem]) -> InvalidInputError:
    return InvalidInputError("the list of recipients is not acceptable", tuple(problems))
