"""Signed addresses, good for a time: results, exports, previews, hooks and unsubscribing.

All start from the addresses in the settings, never from what a request claims its host to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.http.declared import Arrival
from harken_server.http.runtime import Runtime, admit
from harken_server.http.settings import HttpSettings
from harken_server.invitations import store
from harken_server.invitations.store import SignedLink
from harken_server.kernel.errors import InvalidInputError, NotFoundError, Problem
from harken_server.kernel.tokens import sign_token, verify_token
from harken_server.surveys.catalog import Catalog, LoadedSurvey, slug_in_links, survey_address
from harken_server.workspaces.access import Acting
from harken_server.workspaces.settings import RightsSettings
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import Act
from harken_server.workspaces.workspace import Workspace

MAIL_HOOK_KIND = "mail hook"
SMS_HOOK_KIND = "sms hook"
UNSUBSCRIBE_KIND = "unsub"
MAX_ADDRESS_CHARS = 97
"""A survey key behind a workspace and a dot."""
UNSUBSCRIBE_TTL = timedelta(days=730)
"""How long the link of a mail goes on working."""


class SurveyLink(NamedTuple):
    """A kind of signed address that opens something of one survey, read-only."""

    kind: str
    """Of its tokens."""
    before: str
    after: str = ""
    """What stands in the path before and after the survey's own address."""

    def url(self, public_url: str, token: str, survey: str, workspace: str | None = None) -> str:
        """The address of such a link; `workspace` names any but the first one."""
        path = f"{self.before}/{survey_address(survey, workspace)}{self.after}"
        return f"{public_url.rstrip('/')}/{path}?token={token}"

    def is_good(
        self,
        keys: Sequence[bytes],
        token: str,
        *,
        workspace_id: UUID,
        survey: str,
        now: datetime,
    ) -> bool:
        """Whether a link's token is genuine, not over, and meant for this very survey."""
        claims = verify_token(
            keys, self.kind, token, now, workspace_id=workspace_id, subject=survey
        )
        return claims is not None


RESULTS = SurveyLink("results", "results")
"""The results page."""
EXPORT = SurveyLink("export", "export", "/responses.csv")
"""The CSV of all responses, for a spreadsheet to open."""
MAIL_PREVIEW = SurveyLink("mail-preview", "mail-preview")
"""A page that shows the survey's e-mail."""


class LinkReply(msgspec.Struct, kw_only=True):
    """A signed read-only link."""

    url: str
    expires_at: datetime


async def sign_link(
    runtime: Runtime,
    link: SurveyLink,
    survey: str,
    workspace: Workspace | None,
    *,
    days: int,
    act: Act | None = None,
) -> LinkReply:
    """A link that is good for so many days; without a workspace the survey is the first one's.

    With an act it is written down that somebody made it. Raises InvalidInputError for more days
    than the server is set to.
    """
    most = runtime.settings.of(RightsSettings).link_days
    if days > most:
        message = f"days must be {most} or less (HARKEN_LINK_DAYS), not {days}"
        raise InvalidInputError(message, (Problem("$.days", "out_of_range", message, limit=most),))
    owner = workspace.id if workspace else runtime.home
    life = timedelta(days=days)
    token, expires_at = await _handed_out(runtime, link.kind, owner, survey, life=life, act=act)
    slug = slug_in_links(runtime, workspace) if workspace else None
    url = link.url(runtime.settings.of(HttpSettings).public_url, token, survey, slug)
    return LinkReply(url=url, expires_at=expires_at)


async def address_again(
    runtime: Runtime, link: SurveyLink, kept: SignedLink, workspace: Workspace
) -> str:
    """The address of a link that was handed out: its token follows from what is kept.

    Empty where another secret key signed it, or it was revoked.
    """
    token = sign_token(runtime.signing_keys, link.kind, workspace.id, kept.subject, kept.expires_at)
    if not await is_handed_out(runtime, workspace.id, token):
        return ""
    slug = slug_in_links(runtime, workspace)
    return link.url(runtime.settings.of(HttpSettings).public_url, token, kept.subject, slug)


async def revoke_link(acting: Acting, link_id: UUID) -> bool:
    """End a link for good, in every process. False when there is none, or it has ended so."""
    act = acting.act("revoke_link")
    async with acting.db.transaction() as tx:
        if not await store.revoke_link(tx, acting.workspace_id, link_id, act.created_at):
            return False
        await audit.write(tx, act, str(link_id))
    return True


async def _handed_out(
    runtime: Runtime,
    kind: str,
    workspace_id: UUID,
    subject: str,
    *,
    life: timedelta,
    act: Act | None = None,
) -> tuple[str, datetime]:
    """A token that stands in the list of links from now on, and when it ends."""
    now = runtime.clock()
    expires_at = (now + life).replace(microsecond=0)
    while True:
        token = sign_token(runtime.signing_keys, kind, workspace_id, subject, expires_at)
        link = SignedLink(
            id=runtime.new_id(), kind=kind, subject=subject, created_at=now, expires_at=expires_at
        )
        async with runtime.db.transaction() as tx:
            if await store.add_link(tx, workspace_id, link, token):
                if act is not None:
                    await audit.write(tx, act, str(link.id), kind=kind, survey=subject)
                return token, expires_at
        kept = await store.find_link(runtime.db, workspace_id, token)
        if kept is not None and kept.revoked_at is None:
            return token, expires_at
        expires_at -= timedelta(seconds=1)  # one that was made in the same second is revoked


async def is_handed_out(runtime: Runtime, workspace_id: UUID, token: str) -> bool:
    """Whether a genuine token stands in the list of links and was not revoked."""
    kept = await store.find_link(runtime.db, workspace_id, token)
    return kept is not None and kept.revoked_at is None


async def follow_link(
    runtime: Runtime, link: SurveyLink, address: str, token: str
) -> LoadedSurvey | None:
    """The survey behind a link; None when the link is not, or no longer, good.

    Raises NotFoundError (`survey_unknown`).
    """
    loaded = await runtime.of(Catalog).find(address)
    is_good = link.is_good(
        runtime.signing_keys,
        token,
        workspace_id=loaded.workspace.id,
        survey=loaded.record.key,
        now=runtime.clock(),
    )
    if not is_good or not await is_handed_out(runtime, loaded.workspace.id, token):
        return None
    return loaded


async def open_link(arrival: Arrival, link: SurveyLink) -> LoadedSurvey | None:
    """The survey that the address of a page names, if its token is good for that.

    A wrong survey, token or time comes to the same: nothing is told apart.
    """
    address = arrival.piece("survey")
    admit(arrival.runtime, arrival.scope)
    if len(address) > MAX_ADDRESS_CHARS:
        return None
    try:
        return await follow_link(arrival.runtime, link, address, arrival.said().get("token", ""))
    except NotFoundError:
        return None


def unsubscribe_url(
    public_url: str,
    keys: Sequence[bytes],
    *,
    workspace_id: UUID,
    invitation_id: UUID,
    now: datetime,
) -> str:
    """Give the address that stops mail to whom this invitation was for, good for two years.

    It names the invitation, so that nobody reads a person's name or address out of it.
    """
    expires_at = now + UNSUBSCRIBE_TTL
    token = sign_token(keys, UNSUBSCRIBE_KIND, workspace_id, invitation_id.hex, expires_at)
    return f"{public_url.rstrip('/')}/u/{token}"


def read_unsubscribe(keys: Sequence[bytes], token: str, now: datetime) -> tuple[UUID, UUID] | None:
    """Workspace and invitation of an unsubscribe link's token; None when it is not genuine."""
    claims = verify_token(keys, UNSUBSCRIBE_KIND, token, now)
    return (claims.workspace_id, UUID(hex=claims.subject)) if claims is not None else None


async def sign_hook(
    runtime: Runtime, kind: str, workspace_id: UUID, subject: str = ""
) -> tuple[str, datetime]:
    """The token of an address that others call for a workspace, and when it ends."""
    life = timedelta(days=runtime.settings.of(RightsSettings).hook_days)
    return await _handed_out(runtime, kind, workspace_id, subject, life=life)


async def read_hook(runtime: Runtime, kind: str, token: str, subject: str = "") -> UUID | None:
    """The workspace that a hook's token is for; None when it is not good, or for another."""
    claims = verify_token(runtime.signing_keys, kind, token, runtime.clock(), subject=subject)
    if claims is None or not await is_handed_out(runtime, claims.workspace_id, token):
        return None
    return claims.workspace_id
