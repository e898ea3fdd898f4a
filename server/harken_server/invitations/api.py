"""Signed links that were handed out: listed, and each revoked alone."""

from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.replies import Replied, link_to_next
from harken_server.http.resources import Resource
from harken_server.invitations import store
from harken_server.invitations.store import SignedLink
from harken_server.workspaces.keyed import Call, delete, get
from harken_server.workspaces.store import audit

LINK = Resource("link", "link_not_found")
LinkId: TypeAlias = Annotated[UUID, LINK]


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
    act = call.act("revoke_link")
    async with call.db.transaction() as tx:
        if not await store.revoke_link(tx, call.workspace_id, link_id, act.created_at):
            raise LINK.missing(link_id)
        await audit.write(tx, act, str(link_id))
