"""Annotations of a workspace: what happened when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from harken_server.database.database import Executor
from harken_server.database.records import Condition, Records
from harken_server.insights.tables import Annotation as T


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; the survey and the touchpoint that it is about, if not all."""

    id: UUID
    day: int
    at: datetime | None
    kind: str
    title: str
    survey: str | None
    touchpoint: str | None
    link: str | None
    created_at: datetime

    @property
    def date(self) -> date:
        """Its UTC day."""
        return date.fromordinal(self.day)

    def is_same(self, other: Annotation) -> bool:
        """Whether it says the same, whenever it was first said."""
        return msgspec.structs.replace(other, created_at=self.created_at) == self


_ANNOTATIONS = Records(T, Annotation)
MOST = 1_000


async def get_annotation(
    db: Executor, workspace_id: UUID, annotation_id: UUID
) -> Annotation | None:
    """The one with this id."""
    return await _ANNOTATIONS.of(workspace_id).first(db, T.id == annotation_id)


async def list_annotations(
    db: Executor,
    workspace_id: UUID,
    *,
    days: tuple[int | None, int | None] = (None, None),
    survey: str | None = None,
    touchpoint: str | None = None,
) -> list[Annotation]:
    """By day, the newest 1,000; of a survey or touchpoint also those that are about all."""
    first, last = days
    where: list[Condition] = []
    if first is not None:
        where.append(T.day >= first)
    if last is not None:
        where.append(T.day <= last)
    if survey is not None:
        where.append((T.survey == survey) | T.survey.is_null())
    if touchpoint is not None:
        where.append((T.touchpoint == touchpoint) | T.touchpoint.is_null())
    found = await _ANNOTATIONS.of(workspace_id).all(
        db, *where, order_by=(T.day, T.id), is_descending=True, limit=MOST
    )
    return found[::-1]


async def add_annotation(db: Executor, workspace_id: UUID, annotation: Annotation) -> bool:
    """False, with nothing stored, when its id is taken."""
    return await _ANNOTATIONS.of(workspace_id).add(db, _ANNOTATIONS.values_of(annotation))


async def change_annotation(db: Executor, workspace_id: UUID, annotation: Annotation) -> bool:
    """Let it say this from now on. False when there is none of this id."""
    values = _ANNOTATIONS.values_of(annotation)
    del values[T.id], values[T.created_at]
    return bool(await _ANNOTATIONS.of(workspace_id).change(db, values, T.id == annotation.id))


async def remove_annotation(db: Executor, workspace_id: UUID, annotation_id: UUID) -> bool:
    """Forget it. False when there was none."""
    return bool(await _ANNOTATIONS.of(workspace_id).remove(db, T.id == annotation_id))
