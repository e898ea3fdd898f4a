"""Signed addresses, good for a time: results, exports, previews, hooks and unsubscribing.

All start from the addresses in the settings, never from what a request claims its host to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from harken_server.kernel.tokens import sign_token, verify_token
from harken_server.surveys.addresses import survey_address

RESULTS_KIND = "results"
EXPORT_KIND = "export"
MAIL_HOOK_KIND = "mail hook"
SMS_HOOK_KIND = "sms hook"
MAIL_PREVIEW_KIND = "mail-preview"
UNSUBSCRIBE_KIND = "unsub"
UNSUBSCRIBE_TTL = timedelta(days=730)
"""How long the link of a mail goes on working."""


def results_url(
    public_url: str,
    keys: Sequence[bytes],
    *,
    workspace_id: UUID,
    survey: str,
    expires_at: datetime,
    workspace: str | None = None,
) -> str:
    """Give a read-only link to the results page of one survey, good until `expires_at`."""
    token = sign_token(keys, RESULTS_KIND, workspace_id, survey, expires_at)
    return f"{public_url.rstrip('/')}/results/{survey_address(survey, workspace)}?token={token}"


def may_see_results(
    keys: Sequence[bytes], token: str, *, workspace_id: UUID, survey: str, now: datetime
) -> bool:
    """Whether a results link's token is genuine, still good and meant for this very survey."""
    claims = verify_token(keys, RESULTS_KIND, token, now, workspace_id=workspace_id, subject=survey)
    return claims is not None


def export_url(
    public_url: str,
    keys: Sequence[bytes],
    *,
    workspace_id: UUID,
    survey: str,
    expires_at: datetime,
    workspace: str | None = None,
) -> str:
    """Give a link to the CSV of all responses of one survey, for a spreadsheet to open."""
    token = sign_token(keys, EXPORT_KIND, workspace_id, survey, expires_at)
    page = f"{public_url.rstrip('/')}/export/{survey_address(survey, workspace)}"
    return f"{page}/responses.csv?token={token}"


def may_export(
    keys: Sequence[bytes], token: str, *, workspace_id: UUID, survey: str, now: datetime
) -> bool:
    """Whether an export link's token is genuine, still good and meant for this very survey."""
    claims = verify_token(keys, EXPORT_KIND, token, now, workspace_id=workspace_id, subject=survey)
    return claims is not None


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


def mail_hook_url(
    public_url: str,
    keys: Sequence[bytes],
    *,
    workspace_id: UUID,
    provider: str,
    expires_at: datetime,
) -> str:
    """Give the address where one mail provider tells of bounces and complaints."""
    token = sign_token(keys, MAIL_HOOK_KIND, workspace_id, provider, expires_at)
    return f"{public_url.rstrip('/')}/v1/hooks/mail/{provider}?token={token}"


def read_mail_hook(keys: Sequence[bytes], token: str, provider: str, now: datetime) -> UUID | None:
    """The workspace that a hook's token is for; None when it is not genuine, or for another."""
    claims = verify_token(keys, MAIL_HOOK_KIND, token, now, subject=provider)
    return None if claims is None else claims.workspace_id


def mail_preview_url(
    public_url: str,
    keys: Sequence[bytes],
    *,
    workspace_id: UUID,
    survey: str,
    expires_at: datetime,
    workspace: str | None = None,
) -> str:
    """Give a link to a page that shows a survey's e-mail, good until `expires_at`."""
    token = sign_token(keys, MAIL_PREVIEW_KIND, workspace_id, survey, expires_at)
    return (
        f"{public_url.rstrip('/')}/mail-preview/{survey_address(survey, workspace)}?token={token}"
    )


def may_preview_mail(
    keys: Sequence[bytes], token: str, *, workspace_id: UUID, survey: str, now: datetime
) -> bool:
    """Whether a preview link's token is genuine, still good and meant for this very survey."""
    claims = verify_token(
        keys, MAIL_PREVIEW_KIND, token, now, workspace_id=workspace_id, subject=survey
    )
    return claims is not None
