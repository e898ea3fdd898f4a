"""The tables of invitations and of signed links."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Boolean, DoublePrecision, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Json, Time, Words


class Invitation(Table, tablename="invitation"):
    """One respondent's personal link, for one survey."""

    id = Id(primary_key=True)
    workspace_id = Id()
    survey_id = Id()
    code = Varchar(length=16, unique=True)
    touchpoint = Varchar(length=64)
    channel = Varchar(length=64)
    respondent = Varchar(length=200, null=True)
    locale = Varchar(length=12, null=True)
    context = Json()
    is_single_use = Boolean()
    created_at = Time()
    expires_at = Time(null=True)
    response_id = Id(null=True, help_text="The response that claimed it.")
    shown_at = Time(null=True)
    dismissed_at = Time(null=True)
    wave = Text(help_text="Of a programme; empty: none.")
    quotas = Words(help_text="Of the survey, that its answer fills.")
    probability = DoublePrecision(
        null=True, help_text="With which the person was asked; NULL: nobody was drawn."
    )

    index_on: ClassVar[Indexes] = {
        "invitation_respondent": "(workspace_id, respondent) WHERE respondent IS NOT NULL",
        "invitation_wave": "(workspace_id, wave) WHERE wave <> ''",
        "invitation_open": (
            "(workspace_id, respondent, channel, created_at)"
            " WHERE respondent IS NOT NULL AND dismissed_at IS NULL"
        ),
    }


class SignedLink(Table, tablename="signed_link"):
    """A signed address that was handed out: it is good while it stands here and is not revoked."""

    id = Id(primary_key=True)
    workspace_id = Id()
    kind = Varchar(length=32, help_text="Of its token.")
    subject = Varchar(length=255, help_text="What it opens: a survey's key, or a provider.")
    digest = Varchar(length=64, unique=True, help_text="SHA-256 of the token, hex.")
    created_at = Time()
    expires_at = Time()
    revoked_at = Time(null=True)

    index_on: ClassVar[Indexes] = {
        "signed_link_workspace": "(workspace_id, id)",
    }
