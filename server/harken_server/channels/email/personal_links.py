"""Personal links for a list of respondents, to be sent by somebody else's mail service.

The list comes in as a CSV file with heads, or as JSON.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.asking.requests import (
    MAX_CONTEXT_ENTRIES,
    MAX_CONTEXT_TEXT,
    MAX_LOCALE,
    MAX_NAME,
)
from harken_server.channels.email.store import (
    MAIL,
    PersonalLink,
    find_links,
    take_turn,
)
from harken_server.database.database import Transaction
from harken_server.http.runtime import Runtime
from harken_server.invitations import codes
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitations
from harken_server.kernel import ids
from harken_server.kernel.errors import ConflictError, InvalidInputError, Problem
from harken_server.kernel.ids import Random
from harken_server.kernel.person_names import PersonName, trim_respondent
from harken_server.respondents.store.suppressions import get_suppression, is_suppressed

MAX_RECIPIENTS = 10_000
MAX_WAVE = 80
CHUNK = 100
"""Respondents looked at and stored in one transaction, so that others get their turn between."""

_Context: TypeAlias = dict[
    Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)],
    Annotated[str, msgspec.Meta(max_length=MAX_CONTEXT_TEXT)] | int | float | bool | None,
]


class Recipient(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One respondent who shall get a personal link."""

    respondent: PersonName
    """The host's own lasting name for the person, as in triggers."""
    locale: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LOCALE)] | None = None
    context: Annotated[_Context, msgspec.Meta(max_length=MAX_CONTEXT_ENTRIES)] = {}

    def __post_init__(self) -> None:
        """Blanks around the name are no part of it."""
        trim_respondent(self)


class LinkWishes(msgspec.Struct, kw_only=True, frozen=True):
    """What all the links have in common."""

    workspace_id: UUID
    survey_id: UUID
    touchpoint: str
    """What responses are filed under."""
    made_at: datetime
    ttl_days: int
    """Days for which a new link can be answered."""
    wave: str = ""
    """One link a respondent and wave; another wave gives new links."""


async def make_links(
    runtime: Runtime, wishes: LinkWishes, recipients: Sequence[Recipient]
) -> list[PersonalLink]:
    """The personal link of each recipient, in the order given; a repeated one stands once.

    Repeating it gives the same links, as first made: a link's locale, context and expiry stay.
    Stored in chunks, each whole or not at all, so that a call that broke off can be repeated.
    """
    unique = list({recipient.respondent: recipient for recipient in recipients}.values())
    made: list[PersonalLink] = []
    for start in range(0, len(unique), CHUNK):
        made += await _make_chunk(runtime, wishes, unique[start : start + CHUNK])
    return made


async def _make_chunk(
    runtime: Runtime, wishes: LinkWishes, chunk: Sequence[Recipient]
) -> list[PersonalLink]:
    """In one transaction; another one, with other codes, in the rare case that one is taken."""
    while True:
        try:
            async with runtime.db.transaction() as tx:
                return await _store_chunk(tx, wishes, chunk, runtime.random)
        except ConflictError:
            continue


async def _store_chunk(
    tx: Transaction, wishes: LinkWishes, chunk: Sequence[Recipient], random: Random
) -> list[PersonalLink]:
    await take_turn(tx, wishes.workspace_id, wishes.survey_id)
    names = [recipient.respondent for recipient in chunk]
    known = await find_links(tx, wishes.workspace_id, wishes.survey_id, wishes.wave, names)
    made: list[PersonalLink] = []
    invitations: list[Invitation] = []
    for recipient in chunk:
        name = recipient.respondent
        if reason := await _why_not(tx, wishes, name):
            made.append(PersonalLink(respondent=name, reason=reason))
        elif name in known:
            made.append(known[name])
        else:
            new = _invitation(wishes, recipient, random)
            invitations.append(new)
            made.append(PersonalLink(respondent=name, code=new.code, expires_at=new.expires_at))
    await add_invitations(tx, wishes.workspace_id, invitations)
    return made


async def _why_not(tx: Transaction, wishes: LinkWishes, respondent: str) -> str:
    if not await is_suppressed(tx, wishes.workspace_id, respondent, wishes.survey_id):
        return ""
    found = await get_suppression(tx, wishes.workspace_id, respondent)
    return f"suppressed: {found.reason}" if found else "suppressed"


def _invitation(wishes: LinkWishes, recipient: Recipient, random: Random) -> Invitation:
    return Invitation(
        id=ids.uuid7(wishes.made_at, random(ids.RANDOM_BYTES)),
        workspace_id=wishes.workspace_id,
        survey_id=wishes.survey_id,
        code=codes.make_code(random(codes.RANDOM_BYTES)),
        touchpoint=wishes.touchpoint,
        channel=MAIL,
        respondent=recipient.respondent,
        locale=recipient.locale,
        context=dict(recipient.context),
        created_at=wishes.made_at,
        expires_at=wishes.made_at + timedelta(days=wishes.ttl_days),
        wave=wishes.wave,
    )


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
