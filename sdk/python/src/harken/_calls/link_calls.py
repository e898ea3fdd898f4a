"""Requests about signed and personal links, as `Call`s."""

from __future__ import annotations

from harken._calls.conversation import Call
from harken._calls.reading import read_list, read_nothing
from harken._calls.request import bare, get, segment
from harken._types.link import PersonalLink, SignedLink
from harken._values import Id


def list_links(before: str | None, limit: int) -> Call[tuple[SignedLink, ...]]:
    """GET /v1/links: one page."""
    return get("/v1/links", read_list("links", SignedLink), before=before, limit=limit)


def revoke_link(id: Id) -> Call[None]:
    """DELETE /v1/links/{id}."""
    return bare("DELETE", f"/v1/links/{segment(id)}", read_nothing, may_repeat=False)


def list_personal(respondent: str) -> Call[tuple[PersonalLink, ...]]:
    """GET /v1/invitations: those of one respondent."""
    read = read_list("invitations", PersonalLink)
    return get("/v1/invitations", read, respondent=respondent)


def revoke_personal(id: Id) -> Call[None]:
    """DELETE /v1/invitations/{id}."""
    return bare("DELETE", f"/v1/invitations/{segment(id)}", read_nothing, may_repeat=False)
