"""Feedback that nobody was asked for, taken in by a key."""

from typing import Annotated, TypeAlias

import msgspec

from harken_server.http.resources import Resource
from harken_server.intake.rules import MAX_AT_ONCE, Item, Kind, Scale
from harken_server.intake.taking import Source, TakenIn, open_source, take_in
from harken_server.responses.asked import collection_of
from harken_server.surveys.survey import SURVEY_KEY_PATTERN
from harken_server.workspaces.keyed import Call, post

SOURCE = Resource("source", "survey_unknown")
MAX_INTAKE_BYTES = 4 * 1024 * 1024
SourceKey: TypeAlias = Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]


class IntakeBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Reviews, posts, call notes or tickets of one source."""

    items: Annotated[tuple[Item, ...], msgspec.Meta(min_length=1, max_length=MAX_AT_ONCE)]
    kind: Kind = "review"
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    """Of the source, when it is new; by its kind unless said."""
    scale: Scale | None = None
    """What its ratings lie between; 1 to 5 for a new source unless said."""


@post(
    "/intake/{source:str}",
    "take_in_feedback",
    "Take in reviews, social posts, call notes or tickets",
    scope="write",
    errors=(409,),
    limit=MAX_INTAKE_BYTES,
    everyday="imports bring thousands, and each becomes a response with its source",
)
async def take(call: Call, source: str, body: IntakeBody) -> TakenIn:
    """Each becomes a response of the survey named as the source, which the first one makes.

    Stored once under the id that the source gave it; scores, comments and exports have it as any
    other. What was refused is listed, each with why.
    """
    SOURCE.check_key(source, SourceKey, "lower-case letters, digits and _, first a letter")
    room = collection_of(call.runtime)
    wanted = Source(source, body.kind, body.title, body.scale)
    survey = await open_source(room, call.workspace, wanted, new_id=call.runtime.new_id)
    return await take_in(room, call.workspace, wanted, survey, body.items)
