"""What a pushed journey changes: stages and touchpoints that come, go, move or differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec

from harken_server.journeys.rules.journeys import Journey, encode_journey, placed, plan_touchpoints
from harken_server.kernel.documents.paths import child_path
from harken_server.kernel.errors import Problem
from harken_server.surveys.asking import TouchpointAsking
from harken_server.surveys.published import Touchpoint

JourneyChangeKind: TypeAlias = Literal["added", "removed", "moved", "changed"]

_SETTINGS = (
    "title", "weight", "owner", "question", "survey", "sample_rate", "cooldown_days",
    "link_ttl_days", "asking",
)  # fmt: skip


class JourneyChange(msgspec.Struct, frozen=True):
    """One difference between the journey pushed and what is stored."""

    kind: JourneyChangeKind
    path: str
    """Names stages and touchpoints by key: `$.stages.use`, `$.touchpoints["order.delivered"]`."""
    message: str


def compare_journeys(
    old: Journey | None, new: Journey, known: Mapping[str, Touchpoint]
) -> tuple[JourneyChange, ...]:
    """Everything that differs; `known` are the touchpoints of the workspace by key."""
    lines = (
        *_compare_headings(old, new),
        *_compare_stages(old, new),
        *_compare_touchpoints(new, known),
        *_find_leavers(new, known),
    )
    if lines or old is None or encode_journey(old) == encode_journey(new):
        return lines
    message = "The definition says more or less about its touchpoints; how they ask stays."
    return (JourneyChange("changed", "$", message),)


def find_foreign(journey: Journey, known: Mapping[str, Touchpoint]) -> Iterator[Problem]:
    """Touchpoints that belong to another journey: each belongs to one at most."""
    for path, _, _, said in placed(journey):
        stored = known.get(said.key)
        if stored is not None and stored.journey not in {None, journey.key}:
            message = (
                f"The touchpoint `{said.key}` is on the journey {stored.journey}; a touchpoint is"
                " on one journey at most. Take it off there first."
            )
            yield Problem(f"{path}.key", "on_another_journey", message, limit=stored.journey)


def find_unknown_surveys(journey: Journey, surveys: frozenset[str]) -> Iterator[Problem]:
    """Surveys that are not there yet: allowed, because they may be pushed later."""
    for path, _, _, said in placed(journey):
        if said.survey is not None and said.survey not in surveys:
            message = (
                f"There is no survey `{said.survey}` yet; until it is pushed, {said.key} asks"
                " nobody."
            )
            yield Problem(f"{path}.survey", "survey_unknown", message)


def leavers(journey: str, kept: frozenset[str], known: Mapping[str, Touchpoint]) -> list[str]:
    """Keys of the touchpoints that are on the journey now and are not among `kept`."""
    return [key for key, stored in known.items() if stored.journey == journey and key not in kept]


def _compare_headings(old: Journey | None, new: Journey) -> Iterator[JourneyChange]:
    for name in ("title", "description"):
        if old is not None and getattr(old, name) != getattr(new, name):
            yield JourneyChange("changed", f"$.{name}", f"The {name} changed.")


def _compare_stages(old: Journey | None, new: Journey) -> Iterator[JourneyChange]:
    before = {stage.key: stage for stage in old.stages} if old else {}
    after = {stage.key: stage for stage in new.stages}
    for key, stage in after.items():
        path = f"$.stages.{key}"
        if key not in before:
            yield JourneyChange("added", path, f"The stage {key} is new.")
            continue
        for name in ("title", "description", "weight"):
            if getattr(before[key], name) != getattr(stage, name):
                yield JourneyChange("changed", path, f"The {name} of the stage {key} changed.")
    for key in before:
        if key not in after:
            yield JourneyChange("removed", f"$.stages.{key}", f"The stage {key} is gone.")
    if [key for key in after if key in before] != [key for key in before if key in after]:
        yield JourneyChange("moved", "$.stages", "The stages come in another order.")


def _compare_touchpoints(new: Journey, known: Mapping[str, Touchpoint]) -> Iterator[JourneyChange]:
    for planned in plan_touchpoints(new, known):
        path = child_path("$.touchpoints", planned.key)
        stored = known.get(planned.key)
        if stored is None or stored.journey != new.key:
            message = f"The touchpoint {planned.key} joins the stage {planned.stage}."
            yield JourneyChange("added", path, message)
        elif stored.stage != planned.stage:
            message = (
                f"The touchpoint {planned.key} moves from the stage {stored.stage} to"
                f" {planned.stage}."
            )
            yield JourneyChange("moved", path, message)
        elif stored.place != planned.place:
            message = (
                f"The touchpoint {planned.key} moves from place {stored.place + 1} of its stage"
                f" to {planned.place + 1}."
            )
            yield JourneyChange("moved", path, message)
        if stored is not None:
            yield from _compare_settings(path, stored, planned)


def _compare_settings(
    path: str, stored: Touchpoint, planned: Touchpoint
) -> Iterator[JourneyChange]:
    for name in _SETTINGS:
        before, after = getattr(stored, name), getattr(planned, name)
        if before == after:
            continue
        message = f"The {name} of {planned.key} changes from {_shown(before)} to {_shown(after)}."
        if isinstance(after, TouchpointAsking):
            message = f"The rules for asking at {planned.key} changed."
        yield JourneyChange("changed", f"{path}.{name}", message)


def _find_leavers(new: Journey, known: Mapping[str, Touchpoint]) -> Iterator[JourneyChange]:
    kept = frozenset(said.key for _, _, _, said in placed(new))
    for key in leavers(new.key, kept, known):
        message = f"The touchpoint {key} leaves the journey; it asks as before."
        yield JourneyChange("removed", child_path("$.touchpoints", key), message)


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    return f'"{value}"' if isinstance(value, str) else str(value)
