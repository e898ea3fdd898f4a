"""Journeys: the ordered stages of a relationship, with the touchpoints of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple, TypeAlias

import msgspec

from harken_server.kernel.documents.canonical import FilePart, canonical_json
from harken_server.kernel.errors import Problem
from harken_server.surveys.asking import TouchpointAsking
from harken_server.surveys.checks.asking import check_touchpoint_asking
from harken_server.surveys.files.parsing import Syntax, first_problems, read_definition
from harken_server.surveys.files.shapes import ShapeReader, shape_of
from harken_server.surveys.published import Touchpoint
from harken_server.surveys.questions.types import Key
from harken_server.surveys.survey import SURVEY_KEY_PATTERN, TouchpointKey

MAX_STAGES = 30
MAX_STAGE_TOUCHPOINTS = 100
MAX_TOUCHPOINTS = 500
"""Of one journey."""
RESERVED_KEY = "templates"
LOWEST_WEIGHT, HIGHEST_WEIGHT = 0.01, 1000

JourneyKey: TypeAlias = Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]
Title: TypeAlias = Annotated[str, msgspec.Meta(max_length=120)]
Owner: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]
Purpose: TypeAlias = Annotated[str, msgspec.Meta(max_length=500)]
Weight: TypeAlias = Annotated[float, msgspec.Meta(ge=LOWEST_WEIGHT, le=HIGHEST_WEIGHT)]
Heading: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Description: TypeAlias = Annotated[str, msgspec.Meta(max_length=1000)]
_SurveyKey: TypeAlias = Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]


class JourneyTouchpoint(FilePart, kw_only=True, frozen=True):
    """A touchpoint as a journey's file says it.

    The file always governs title, weight, owner and question. What it leaves out of the rest stays
    as the touchpoint has it, so that a survey's file may say which survey is asked.
    """

    key: TouchpointKey
    title: Title = ""
    weight: Weight = 1.0
    """How much it matters beside the others of the journey."""
    owner: Owner = ""
    """Who answers for it: a name or an address."""
    question: Purpose = ""
    """What the business wants to learn here."""
    survey: _SurveyKey | None = None
    """Key of the survey it asks; one that is not there yet may be named."""
    sample_rate: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    """Share of respondents asked."""
    cooldown_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] | None = None
    """Days after being asked anything in which the same respondent is not asked here."""
    link_ttl_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None
    """Days for which an invitation can be answered."""
    asking: TouchpointAsking | None = None
    """Rules over traits and context, clocks of its own, responses a week."""


class Stage(FilePart, kw_only=True, frozen=True):
    """One part of a journey."""

    key: Key
    title: Heading
    description: Description = ""
    weight: Weight = 1.0
    """How much it matters beside the other stages of the journey."""
    touchpoints: Annotated[
        tuple[JourneyTouchpoint, ...], msgspec.Meta(max_length=MAX_STAGE_TOUCHPOINTS)
    ] = ()
    """In the order in which a customer meets them."""


class Journey(FilePart, kw_only=True, frozen=True):
    """The stages of a relationship from first to last."""

    key: JourneyKey
    title: Heading
    stages: Annotated[tuple[Stage, ...], msgspec.Meta(min_length=1, max_length=MAX_STAGES)]
    schema: str | None = msgspec.field(default=None, name="$schema")
    """Ignored by the server; lets an editor find the JSON Schema."""
    description: Description = ""


class Placed(NamedTuple):
    """A touchpoint of a journey with where it stands."""

    path: str
    stage: Stage
    place: int
    touchpoint: JourneyTouchpoint


_OPTIONAL = ("survey", "sample_rate", "cooldown_days", "link_ttl_days", "asking")


def decode_journey(raw: bytes, format: Syntax) -> Journey:  # noqa: A002 (the word users know)
    """The journey in a file's bytes.

    Raises InvalidDefinitionError with every problem at once; those of YAML files name the line.
    """
    return read_definition(raw, format, "journey", _judge)


def encode_journey(journey: Journey) -> bytes:
    """Canonical JSON: sorted keys, defaults left out, no `$schema`; equal ones, equal bytes."""
    return canonical_json(msgspec.structs.replace(journey, schema=None))


def read_journey(encoded: bytes | str) -> Journey:
    """A journey from stored canonical JSON."""
    return msgspec.json.decode(encoded, type=Journey)


def check_journey(journey: Journey) -> Iterator[Problem]:
    """What the types cannot say: keys used twice, too many touchpoints."""
    if journey.key == RESERVED_KEY:
        message = f"The journey key `{RESERVED_KEY}` is reserved for the built-in journeys."
        yield Problem("$.key", "reserved_key", message)
    stages: set[str] = set()
    for number, stage in enumerate(journey.stages):
        if stage.key in stages:
            message = f"The stage key `{stage.key}` is used twice."
            yield Problem(f"$.stages[{number}].key", "duplicate_key", message)
        stages.add(stage.key)
    seen: dict[str, str] = {}
    for path, _, _, touchpoint in placed(journey):
        earlier = seen.setdefault(touchpoint.key, path)
        if earlier != path:
            message = f"The touchpoint `{touchpoint.key}` is on this journey already: {earlier}."
            yield Problem(f"{path}.key", "duplicate_key", message)
        if touchpoint.asking is not None:
            yield from check_touchpoint_asking(touchpoint.asking, f"{path}.asking")
    if len(seen) > MAX_TOUCHPOINTS:
        message = f"A journey may have {MAX_TOUCHPOINTS} touchpoints at most, not {len(seen)}."
        yield Problem("$.stages", "too_many", message, limit=MAX_TOUCHPOINTS)


def placed(journey: Journey) -> Iterator[Placed]:
    """Every touchpoint of the journey in order."""
    for number, stage in enumerate(journey.stages):
        for place, touchpoint in enumerate(stage.touchpoints):
            path = f"$.stages[{number}].touchpoints[{place}]"
            yield Placed(path, stage, place, touchpoint)


def plan_touchpoints(journey: Journey, known: Mapping[str, Touchpoint]) -> list[Touchpoint]:
    """The touchpoints as they are to be stored; `known` are those of the workspace by key."""
    planned: list[Touchpoint] = []
    for _, stage, place, said in placed(journey):
        before = known.get(said.key, Touchpoint(key=said.key, survey=None))
        wanted = {name: getattr(said, name) for name in _OPTIONAL}
        planned.append(
            msgspec.structs.replace(
                before,
                title=said.title,
                weight=float(said.weight),
                owner=said.owner,
                question=said.question,
                journey=journey.key,
                stage=stage.key,
                place=place,
                **{name: value for name, value in wanted.items() if value is not None},
            )
        )
    return planned


def current_journey(journey: Journey, known: Mapping[str, Touchpoint]) -> Journey:
    """The definition as it holds now: what it governs may have been set by other means since.

    Read anew from its canonical form, so that defaults are left out wherever it is encoded.
    """
    stages = tuple(
        msgspec.structs.replace(
            stage,
            touchpoints=tuple(_current(said, known.get(said.key)) for said in stage.touchpoints),
        )
        for stage in journey.stages
    )
    return read_journey(encode_journey(msgspec.structs.replace(journey, stages=stages)))


def _current(said: JourneyTouchpoint, stored: Touchpoint | None) -> JourneyTouchpoint:
    if stored is None:
        return said
    governed = {
        name: getattr(stored, name) for name in _OPTIONAL if getattr(said, name) is not None
    }
    return msgspec.structs.replace(
        said,
        title=stored.title,
        weight=stored.weight,
        owner=stored.owner,
        question=stored.question,
        **governed,
    )


def _judge(root: Any, problems: list[Problem]) -> Journey | None:
    reader = ShapeReader()
    kept = reader.read_root(root, shape_of(Journey))
    problems += reader.problems
    if problems:
        return None
    try:
        journey = msgspec.convert(kept, Journey)
    except msgspec.ValidationError as error:
        problems.append(Problem("$", "wrong_shape", str(error)))
        return None
    problems += first_problems(check_journey(journey))
    return journey
