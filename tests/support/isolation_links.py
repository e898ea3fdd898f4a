"""Calls about links that are listed and ended."""

from __future__ import annotations

from uuid import UUID

from isolation import LATER, NOW, OPEN, OURS, SECRET, Theme, fresh, invitation, within

from harken_server.database.database import Database
from harken_server.invitations import store as links
from harken_server.invitations.store import SignedLink
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import Act

LINK = UUID(int=0xA51)
MADE = "create_results_link"
TOKEN = "the token of ours"  # made up


def link(link_id: UUID, subject: str = SECRET) -> SignedLink:
    return SignedLink(id=link_id, kind="results", subject=subject, created_at=NOW, expires_at=LATER)


async def build(db: Database) -> None:
    await links.add_link(db, OURS, link(LINK), TOKEN)
    made = Act(LINK, OURS, UUID(int=1), MADE, NOW)
    await within(db, lambda tx: audit.write(tx, made, SECRET))
    await links.add_invitation(db, invitation(OURS, context={"note": SECRET}))


LINKS = Theme(
    build=build,
    reads={
        "workspaces.audit.list_acts": lambda db, w: audit.list_acts(db, w, [MADE], [SECRET]),
        "invitations.find_link": lambda db, w: links.find_link(db, w, TOKEN),
        "invitations.list_of_person": lambda db, w: links.list_of_person(db, w, "kim", limit=9),
        "invitations.list_links": lambda db, w: links.list_links(db, w, before=None, limit=9),
        "invitations.list_links_to": lambda db, w: links.list_links_to(
            db, w, SECRET, ("results",), limit=9
        ),
    },
    changes={
        "invitations.end_invitation": lambda db, w: within(
            db, lambda tx: links.end_invitation(tx, w, OPEN, NOW)
        ),
        "invitations.revoke_link": lambda db, w: within(
            db, lambda tx: links.revoke_link(tx, w, LINK, LATER)
        ),
    },
    additions={
        "invitations.add_link: another one": lambda db, w: links.add_link(
            db, w, link(fresh(w), "theirs"), f"another token of {w}"
        ),
    },
    taken={
        "invitations.add_link": lambda db, w: links.add_link(
            db, w, link(fresh(w), "theirs"), TOKEN
        ),
    },
)
