"""Links that were handed out, signed and personal ones: listed, and each revoked alone."""

from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.replies import Replied, link_to_next
from harken_server.http.resources import Resource
from harken_server.invitations import store
from harken_server.invitations.links import revoke_link
from harken_server.invitations.store import SignedLink
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.keyed import Call, delete, get
from harken_server.workspaces.store import audit

LINK = Resource("link", "link_not_found")
LinkId: TypeAlias = Annotated[UUID, LINK]
INVITATION = Resource("personal link that works", "invitation_unknown")
InvitationId: TypeAlias = Annotated[UUID, INVITATION]
MOST_OF_PERSON = 1_000


class LinkQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    before: UUID | None = None
    """The last link of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class LinkList(msgspec.Struct, kw_only=True):
    """Signed links, newest first, revoked and expired ones included."""

    links: list[SignedLink]


@get("/links", "list_links", "List signed links: results, exports, previews, hooks", scope="manage")
async def list_all(call: Call, query: LinkQuery) -> Replied[LinkList]:
    """Without their tokens, which are not kept; the `Link` header leads on."""
    found = await store.list_links(
        call.db, call.workspace_id, before=query.before, limit=query.limit
    )
    headers: dict[str, str] = {}
    if len(found) == query.limit:
        last = found[-1].id
        headers = link_to_next(call.runtime, "/v1/links", before=last, limit=query.limit)
    return Replied(LinkList(links=found), headers=headers)


@delete(
    "/links/{link_id:str}", "revoke_link", "Revoke a signed link", scope="manage", errors=(404,)
)
async def revoke(call: Call, link_id: LinkId) -> None:
    """It stops working at once, in every process; all others go on."""
    if not await revoke_link(call, link_id):
        raise LINK.missing(link_id)


class PersonQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Whose links are meant."""

    respondent: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class PersonalLinkItem(msgspec.Struct, kw_only=True):
    """One respondent's link to one survey. Its code, which opens it, is told to them alone."""

    id: UUID
    survey: str
    touchpoint: str
    channel: str
    created_at: datetime
    expires_at: datetime | None
    """When it stopped working, or will; null: never."""
    answered: bool
    """Whether a response was begun with it."""


class PersonalLinkList(msgspec.Struct, kw_only=True):
    """Personal links, the latest first, ended ones included; 1,000 at most."""

    invitations: list[PersonalLinkItem]


@get("/invitations", "list_personal_links", "List a respondent's personal links", scope="manage")
async def list_personal(call: Call, query: PersonQuery) -> PersonalLinkList:
    """Made by triggers, programmes and lists; those of `?rid=` and of receipts name nobody."""
    found = await store.list_of_person(
        call.db, call.workspace_id, query.respondent, limit=MOST_OF_PERSON
    )
    catalog = call.runtime.of(Catalog)
    return PersonalLinkList(
        invitations=[
            PersonalLinkItem(
                id=each.id,
                survey=(await catalog.by_id(call.workspace_id, each.survey_id)).record.key,
                touchpoint=each.touchpoint,
                channel=each.channel,
                created_at=each.created_at,
                expires_at=each.expires_at,
                answered=each.response_id is not None,
            )
            for each in found
        ]
    )


@delete(
    "/invitations/{invitation_id:str}", "revoke_personal_link", "Revoke a personal link",
    scope="manage", errors=(404,),
)  # fmt: skip
async def revoke_personal(call: Call, invitation_id: InvitationId) -> None:
    """Its page says that it has expired, and mail that waits with it is not sent."""
    act = call.act("revoke_personal_link")
    async with call.db.transaction() as tx:
        if not await store.end_invitation(tx, call.workspace_id, invitation_id, act.created_at):
            raise INVITATION.missing(invitation_id)
        await audit.write(tx, act, str(invitation_id))
