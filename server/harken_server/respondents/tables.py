"""The tables of what is known of a person, and of who must not be asked."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import Boolean, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Json, Names, Time


class Respondent(Table, tablename="respondent"):
    """What the host application told us of a person."""

    workspace_id = Id(primary_key=True)
    respondent = Varchar(length=200, primary_key=True)
    email = Varchar(length=320, null=True)
    phone = Varchar(length=40, null=True)
    locale = Varchar(length=12, null=True)
    timezone = Varchar(length=64, null=True)
    consent = Boolean(null=True)
    traits = Json()
    updated_at = Time()

    index_on: ClassVar[Indexes] = {
        "respondent_phone": "(workspace_id, phone) WHERE phone IS NOT NULL",
        "respondent_email": "(workspace_id, email) WHERE email IS NOT NULL",
    }
    is_key_only: ClassVar = True


class Suppression(Table, tablename="suppression"):
    """A respondent who must not be asked."""

    id = Id(primary_key=True)
    workspace_id = Id()
    respondent = Varchar(length=200)
    reason = Varchar(length=20)
    created_at = Time()

    unique_together: ClassVar[Names] = (("workspace_id", "respondent"),)


class SurveySuppression(Table, tablename="survey_suppression"):
    """A respondent who does not want to be asked one survey."""

    workspace_id = Id(primary_key=True)
    respondent = Varchar(length=200, primary_key=True)
    survey_id = Id(primary_key=True)
    created_at = Time()

    is_key_only: ClassVar = True


class SuppressionDigest(Table, tablename="suppression_digest"):
    """An address, or an erased respondent, that must not be asked: known by its digest only."""

    workspace_id = Id(primary_key=True)
    digest = Varchar(length=64, primary_key=True, help_text="SHA-256, hex.")
    reason = Varchar(length=20)
    created_at = Time()

    is_key_only: ClassVar = True
