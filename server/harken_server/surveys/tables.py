"""The tables of surveys, their versions and touchpoints."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import DoublePrecision, Integer, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Encoded, Id, Json, Names, Time


class Survey(Table, tablename="survey"):
    """A survey without its definition; `version` is the number of the published one."""

    id = Id(primary_key=True)
    number = Integer(unique=True, help_text="Under what its responses and counts name it.")
    workspace_id = Id()
    key = Varchar(length=64)
    status = Varchar(length=8)
    version = Integer()
    created_at = Time()
    updated_at = Time()
    targets = Json(null=True, help_text="What its scores are to reach; NULL: nothing was said.")

    unique_together: ClassVar[Names] = (("workspace_id", "key"),)


class SurveyVersion(Table, tablename="survey_version"):
    """One published, unchangeable definition."""

    id = Id(primary_key=True)
    workspace_id = Id()
    survey_id = Id()
    number = Integer()
    definition = Encoded(help_text="Canonical JSON.")
    digest = Varchar(length=64)
    change = Varchar(length=9)
    published_at = Time()
    source = Text(null=True, help_text="The text as it was pushed; NULL: it came as JSON.")
    source_format = Varchar(length=4, null=True, help_text="yaml or toml.")

    unique_together: ClassVar[Names] = (("survey_id", "number"),)


class SurveyDraft(Table, tablename="survey_draft"):
    """What somebody of the house works on, of a survey that is published or is yet to be."""

    id = Id(primary_key=True)
    workspace_id = Id()
    key = Varchar(length=64, help_text="The survey's key.")
    text = Text(help_text="The file as it was saved, sound or not.")
    format = Varchar(length=4, help_text="yaml, toml or json.")
    revision = Integer(help_text="Goes up with each time it is saved, from 1.")
    version = Integer(help_text="The published version it began with; 0: none.")
    account_id = Id(null=True, help_text="Who saved it last.")
    updated_at = Time()

    unique_together: ClassVar[Names] = (("workspace_id", "key"),)


class Touchpoint(Table, tablename="touchpoint"):
    """A moment in the customer's journey, and how often it may ask."""

    id = Id(primary_key=True)
    workspace_id = Id()
    key = Varchar(length=64)
    survey = Varchar(length=64, null=True, help_text="The survey's key.")
    sample_rate = DoublePrecision()
    cooldown_days = Integer()
    link_ttl_days = Integer()
    updated_at = Time()
    title = Text()
    journey = Text(null=True, help_text="The journey's key.")
    stage = Text(null=True, help_text="The stage's key.")
    place = Integer(help_text="Order within the stage.")
    weight = DoublePrecision()
    owner = Text()
    question = Text(help_text="The business question.")
    asking = Json()

    unique_together: ClassVar[Names] = (("workspace_id", "key"),)
