"""What happened when: deploys, campaigns, incidents; shown in trends, and before beside after."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.http.replies import Replied
from harken_server.http.resources import Resource
from harken_server.insights.store import annotations as store
from harken_server.insights.store.annotations import Annotation
from harken_server.kernel.errors import ConflictError
from harken_server.kernel.shown_text import check_name
from harken_server.workspaces.keyed import Call, delete, get, post, put

ANNOTATION = Resource("annotation", "annotation_unknown")
AnnotationId: TypeAlias = Annotated[UUID, ANNOTATION]
Kind: TypeAlias = Literal["deploy", "campaign", "incident", "price", "other"]
Key: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class AnnotationBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What happened; without `at` and `day` it is now."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    kind: Kind = "other"
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """The moment, with its offset; of a thing that took all day, `day` instead."""
    day: date | None = None
    """The UTC day."""
    survey: Key | None = None
    """Only of this survey; left out: of all."""
    touchpoint: Key | None = None
    link: (
        Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^https://[^\s]+(?!\n)$")] | None
    ) = None
    """Where to read more, https only."""

    def __post_init__(self) -> None:
        """What cannot be seen is no part of a title."""
        check_name("title", self.title)


class NewAnnotation(AnnotationBody, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """With an id of the caller's own it is safe to send again."""

    id: UUID | None = None


class AnnotationItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One annotation."""

    id: UUID
    title: str
    kind: str
    day: date
    """Its UTC day."""
    at: datetime | None = None
    survey: str | None = None
    touchpoint: str | None = None
    link: str | None = None


class AnnotationList(msgspec.Struct, kw_only=True):
    """Annotations by day, the newest 1,000 of those asked for."""

    annotations: list[AnnotationItem]


class AnnotationsQuery(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Of which days, and about what."""

    from_: date | None = None
    to: date | None = None
    survey: Key | None = None
    """Those of this survey, and those that are about all."""
    touchpoint: Key | None = None


@post(
    "/annotations",
    "add_annotation",
    "Note that something happened",
    scope="write",
    status=201,
    also=(200,),
    errors=(409,),
)
async def add(call: Call, body: NewAnnotation) -> Replied[AnnotationItem]:
    """201 when it is new; 200 when it was noted before, 409 when its id says another thing."""
    annotation = _annotation(call, body.id or call.runtime.new_id(), body)
    if await store.add_annotation(call.db, call.workspace_id, annotation):
        return Replied(annotation_item(annotation), 201)
    known = await store.get_annotation(call.db, call.workspace_id, annotation.id)
    if known is not None and body.at is None and body.day is None:  # sent again, later
        annotation = msgspec.structs.replace(annotation, at=known.at, day=known.day)
    if known is None or not annotation.is_same(known):
        raise ConflictError(
            f"The id {annotation.id} is that of another annotation.", code="annotation_exists"
        )
    call.changed_nothing()
    return Replied(annotation_item(known), 200)


@get("/annotations", "list_annotations", "List what happened")
async def list_all(call: Call, query: AnnotationsQuery) -> AnnotationList:
    """By day; of a survey or a touchpoint also those that are about all."""
    days = [each.toordinal() if each else None for each in (query.from_, query.to)]
    found = await store.list_annotations(
        call.db, call.workspace_id, days=(days[0], days[1]), survey=query.survey,
        touchpoint=query.touchpoint,
    )  # fmt: skip
    return AnnotationList(annotations=[annotation_item(each) for each in found])


@get("/annotations/{annotation:str}", "get_annotation", "Read an annotation", errors=(404,))
async def read(call: Call, annotation: AnnotationId) -> AnnotationItem:
    """One of them."""
    return annotation_item(await find_annotation(call, annotation))


@put(
    "/annotations/{annotation:str}",
    "change_annotation",
    "Let an annotation say something else",
    scope="write",
    errors=(404,),
)
async def change(call: Call, annotation: AnnotationId, body: AnnotationBody) -> AnnotationItem:
    """All of it is replaced; without `at` and `day` it keeps its moment."""
    known = await find_annotation(call, annotation)
    if body.at is None and body.day is None:
        body = msgspec.structs.replace(body, at=known.at, day=None if known.at else known.date)
    changed = _annotation(call, annotation, body)
    if not await store.change_annotation(call.db, call.workspace_id, changed):
        raise ANNOTATION.missing(annotation)
    return annotation_item(changed)


@delete(
    "/annotations/{annotation:str}",
    "remove_annotation",
    "Forget an annotation",
    scope="write",
    errors=(404,),
)
async def remove(call: Call, annotation: AnnotationId) -> None:
    """404 when there is no such annotation."""
    if not await store.remove_annotation(call.db, call.workspace_id, annotation):
        raise ANNOTATION.missing(annotation)


async def find_annotation(call: Call, annotation_id: UUID) -> Annotation:
    """The one with this id; raises NotFoundError."""
    found = await store.get_annotation(call.db, call.workspace_id, annotation_id)
    return ANNOTATION.found(found, annotation_id)


def annotation_item(annotation: Annotation) -> AnnotationItem:
    """As the API has it."""
    return AnnotationItem(
        id=annotation.id,
        title=annotation.title,
        kind=annotation.kind,
        day=annotation.date,
        at=annotation.at,
        survey=annotation.survey,
        touchpoint=annotation.touchpoint,
        link=annotation.link,
    )


def _annotation(call: Call, annotation_id: UUID, body: AnnotationBody) -> Annotation:
    if body.at is not None and body.day is not None:
        raise BadRequestError("Say either at or day.", code="bad_parameter")
    now = call.now()
    at = body.at if body.at or body.day else now
    at = (
        None
        if at is None
        else at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
    )
    day = body.day if at is None else at.date()
    return Annotation(
        id=annotation_id, day=(day or now.date()).toordinal(), at=at, kind=body.kind,
        title=body.title, survey=body.survey, touchpoint=body.touchpoint, link=body.link,
        created_at=now,
    )  # fmt: skip
