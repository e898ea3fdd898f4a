"""The addresses that people get: invitations, surveys, QR images and results.

All start from the addresses in the settings, never from what a request claims its host to be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit
from uuid import UUID

from harken_server.core.tokens import sign_token, verify_token

RESULTS_KIND = "results"
EXPORT_KIND = "export"

_QR_ALPHANUMERIC_PATH = re.compile(r"[0-9A-Z $%*+./:-]*\Z")


def invitation_url(short_url: str, code: str) -> str:
    """Give the link of an invitation, in capitals so that its QR takes the alphanumeric mode.

    Scheme and host do not care about case and the page answers at `/I/` and `/i/` alike. A base
    path may care: one with small letters stays, and the link is then written the ordinary way.

    >>> invitation_url("https://fb.acme.com", "ABCDEFGHJKMNP")
    'HTTPS://FB.ACME.COM/I/ABCDEFGHJKMNP'
    >>> invitation_url("https://acme.com/feedback", "ABCDEFGHJKMNP")
    'https://acme.com/feedback/i/ABCDEFGHJKMNP'
    """
    base = short_url.rstrip("/")
    if base.isascii() and _QR_ALPHANUMERIC_PATH.match(urlsplit(base).path):
        return f"{base.upper()}/I/{code}"
    return f"{base}/i/{code}"


def invitation_qr_url(public_url: str, code: str, extension: str) -> str:
    """Give the address of an invitation's QR image; `extension` is "svg" or "png"."""
    return f"{public_url.rstrip('/')}/i/{code}/qr.{extension}"


def survey_url(public_url: str, survey: str, *, workspace: str | None = None) -> str:
    """Give the public page of a survey; `workspace` is the slug of any but the default one."""
    return f"{public_url.rstrip('/')}/s/{_address(survey, workspace)}"


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
    return f"{public_url.rstrip('/')}/results/{_address(survey, workspace)}?token={token}"


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
    page = f"{public_url.rstrip('/')}/export/{_address(survey, workspace)}"
    return f"{page}/responses.csv?token={token}"


def may_export(
    keys: Sequence[bytes], token: str, *, workspace_id: UUID, survey: str, now: datetime
) -> bool:
    """Whether an export link's token is genuine, still good and meant for this very survey."""
    claims = verify_token(keys, EXPORT_KIND, token, now, workspace_id=workspace_id, subject=survey)
    return claims is not None


def _address(survey: str, workspace: str | None) -> str:
    return quote(survey if workspace is None else f"{workspace}.{survey}")
