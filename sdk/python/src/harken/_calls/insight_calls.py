"""Requests about drivers, reliability and annotations, as `Call`s."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_list
from harken._calls.request import delete, get, segment, send, without_none
from harken._ids import new_id
from harken._types.numbers.finding import Annotation, BeforeAfter, Drivers, Reliability
from harken._types.numbers.options import FilterOptions
from harken._values import Id

if TYPE_CHECKING:
    from typing_extensions import Unpack


def get_drivers(
    survey: str,
    outcome: str | None,
    items: Sequence[str] | None,
    method: str | None,
    missing: str | None,
    **filters: Unpack[FilterOptions],
) -> Call[Drivers]:
    """GET /v1/surveys/{key}/drivers."""
    named = {
        "outcome": outcome, "items": _joined(items), "method": method, "missing": missing,
        **filters,
    }  # fmt: skip
    return get(f"{_path(survey)}/drivers", read_as(Drivers), **without_none(named))


def get_reliability(
    survey: str,
    items: Sequence[str] | None,
    reverse: Sequence[str] | None,
    **filters: Unpack[FilterOptions],
) -> Call[Reliability]:
    """GET /v1/surveys/{key}/reliability."""
    named = {"items": _joined(items), "reverse": _joined(reverse), **filters}
    return get(f"{_path(survey)}/reliability", read_as(Reliability), **without_none(named))


def before_after(
    survey: str,
    annotation: Id | None,
    *,
    days: int | None,
    touchpoint: str | None,
    channel: str | None,
    level: float | None,
) -> Call[BeforeAfter]:
    """GET /v1/surveys/{key}/before-after."""
    return get(
        f"{_path(survey)}/before-after", read_as(BeforeAfter),
        annotation=None if annotation is None else str(annotation), days=days,
        touchpoint=touchpoint, channel=channel, level=level,
    )  # fmt: skip


def annotate(
    title: str,
    kind: str,
    *,
    at: datetime | None,
    day: date | str | None,
    survey: str | None,
    touchpoint: str | None,
    link: str | None,
    id: Id | None,
) -> Call[Annotation]:
    """POST /v1/annotations; the id, made by the client, makes a repeat change nothing."""
    body = _body(title, kind, at=at, day=day, survey=survey, touchpoint=touchpoint, link=link)
    body["id"] = str(id or new_id())
    return send("POST", "/v1/annotations", read_as(Annotation), body)


def change_annotation(id: Id, title: str, kind: str, **fields: object) -> Call[Annotation]:
    """PUT /v1/annotations/{id}."""
    return send("PUT", _annotation(id), read_as(Annotation), _body(title, kind, **fields))


def list_annotations(
    *,
    from_: date | str | None,
    to: date | str | None,
    survey: str | None,
    touchpoint: str | None,
) -> Call[tuple[Annotation, ...]]:
    """GET /v1/annotations."""
    return get(
        "/v1/annotations", read_list("annotations", Annotation),
        from_=from_, to=to, survey=survey, touchpoint=touchpoint,
    )  # fmt: skip


def get_annotation(id: Id) -> Call[Annotation]:
    """GET /v1/annotations/{id}."""
    return get(_annotation(id), read_as(Annotation))


def remove_annotation(id: Id) -> Call[None]:
    """DELETE /v1/annotations/{id}."""
    return delete(_annotation(id))


def _body(title: str, kind: str, **fields: object) -> dict[str, object]:
    return {"title": title, "kind": kind, **without_none(fields)}


def _joined(names: Sequence[str] | None) -> str | None:
    if names is None:
        return None
    return names if isinstance(names, str) else ",".join(names)


def _path(survey: str) -> str:
    return f"/v1/surveys/{segment(survey)}"


def _annotation(id: Id) -> str:
    return f"/v1/annotations/{segment(id)}"
