"""Decisions as typed rows: when, where, about whom, whether they were asked, and why."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from uuid import UUID

import msgspec

from harken_server.asking.decision import Decision
from harken_server.asking.explaining import read_facts
from harken_server.asking.rules.reasons import MEANINGS
from harken_server.asking.store.listing_sql import (
    Unnamed,
    Wanted,
    stream_decisions,
    stream_unnamed,
)
from harken_server.database.database import Database
from harken_server.exports.cells import json_text
from harken_server.exports.columns.shaping import Beside, Shape
from harken_server.exports.table import Block, TypedColumn, Value
from harken_server.exports.titles import Kind
from harken_server.kernel.local.zones import to_ms
from harken_server.kernel.pieces import pieces_of

AT_ONCE = 15
"""Reckoned again and told in half a millisecond."""
_COLUMNS: Mapping[str, tuple[Kind, str]] = {
    "decision_id": ("text", "Id of the decision"),
    "decided_at": ("time", "When it was decided"),
    "touchpoint": ("choice", "Moment that was told"),
    "channel": ("choice", "How the person was to be reached"),
    "respondent": ("text", "Whom it is about, when known"),
    "survey": ("choice", "Key of the survey that was to be asked"),
    "asked": ("truth", "Whether the person was asked"),
    "reason": ("choice", "Why, or why not"),
    "detail": ("text", "What exactly: a clock, a quota, a rule"),
    "explanation": ("text", "One sentence with the figures that were decided on"),
    "probability": ("decimal", "With which the person was to be asked"),
    "invitation_id": ("text", "Id of the invitation"),
    "context": ("text", "What rules looked at of the occasion, as JSON"),
    "traits": ("text", "What rules looked at of the person, as JSON"),
}
_READ_FROM_FACTS = ("detail", "explanation", "context", "trait")
"""How columns begin that are read in the facts kept with a decision."""
COLUMNS = tuple(
    TypedColumn(name, kind, title, {**MEANINGS} if name == "reason" else {})
    for name, (kind, title) in _COLUMNS.items()
)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What is read, and from where."""

    db: Database
    workspace_id: UUID
    wanted: Wanted
    surveys: Mapping[UUID, str]
    """All keys by id."""
    protected: Sequence[UUID]
    """Surveys that show nobody alone: nothing about them is told that leads to a person."""

    @property
    def tells_unnamed(self) -> bool:
        """Whether decisions about protected surveys can be told: of no person, and not piece by
        piece."""
        wanted = self.wanted
        return bool(self.protected) and not any((wanted.respondent, wanted.after, wanted.latest))


async def stream_rows(reading: Reading, shape: Shape) -> AsyncGenerator[Block]:
    """The earliest first; those about protected surveys, by day, behind all others.

    There is at least one block, though it be empty, and it comes after the database has answered.
    """
    wants_facts = any(column.name.startswith(_READ_FROM_FACTS) for column in shape.columns)
    read = (reading.db, reading.workspace_id, reading.wanted)
    is_empty = True
    async with aclosing(stream_decisions(*read, reading.protected)) as chunks:
        async for decisions in chunks:
            async for some in pieces_of(decisions, AT_ONCE):
                is_empty = False
                rows = [_row(each, reading.surveys, wants_facts=wants_facts) for each in some]
                yield shape.rows_of(rows, [Beside({}, each.id.hex) for each in some])
    if reading.tells_unnamed:
        async with aclosing(stream_unnamed(*read, reading.protected)) as chunks:
            async for unnamed in chunks:
                async for few in pieces_of(unnamed, AT_ONCE):
                    is_empty = False
                    rows = [_unnamed_row(each, reading.surveys) for each in few]
                    yield shape.rows_of(rows, [Beside({}, "")] * len(rows))
    if is_empty:
        yield []


def _row(decision: Decision, surveys: Mapping[UUID, str], *, wants_facts: bool) -> list[Value]:
    detail, explanation, context, traits = "", "", None, None
    if wants_facts:
        facts, verdict, explanation = read_facts(decision)
        detail = verdict.detail
        if facts is not None:
            context, traits = json_text(facts.context), json_text(facts.traits)
    survey, invitation = decision.survey_id, decision.invitation_id
    return [
        str(decision.id), to_ms(decision.created_at), decision.touchpoint, decision.channel,
        decision.respondent, surveys.get(survey) if survey else None, decision.is_asked,
        decision.reason, detail or None, explanation, decision.probability,
        str(invitation) if invitation else None, context, traits,
    ]  # fmt: skip


def _unnamed_row(unnamed: Unnamed, surveys: Mapping[UUID, str]) -> list[Value]:
    return [
        None, to_ms(unnamed.day), unnamed.touchpoint, unnamed.channel, None,
        surveys.get(unnamed.survey_id), unnamed.is_asked, unnamed.reason,
        None, None, None, None, None, None,
    ]  # fmt: skip
