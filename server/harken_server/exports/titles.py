"""What the fixed columns of a typed file hold, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "whole", "decimal", "truth", "time", "day", "choice"]
"""What the values of a column are. `choice` is a text of which there are few."""

METADATA: Mapping[str, tuple[Kind, str]] = {
    "response_id": ("text", "Id that the client made"),
    "survey": ("choice", "Key of the survey"),
    "survey_version": ("whole", "Version that was shown"),
    "state": ("choice", "partial or complete"),
    "submitted_at": ("time", "When the first submission arrived"),
    "answered_at": ("time", "When it was answered"),
    "started_at": ("time", "When the respondent began, as the client claims"),
    "completed_at": ("time", "When it was completed"),
    "duration_s": ("whole", "Whole seconds it took"),
    "channel": ("choice", "How the respondent was reached"),
    "touchpoint": ("choice", "Moment that caused the asking"),
    "locale": ("choice", "Language of the page"),
    "respondent": ("text", "Who answered, when known"),
    "is_sample": ("truth", "Whether it is sample data"),
    "context": ("text", "What is known of the occasion, as JSON"),
    "hidden_answers": ("text", "Answers that the logic hides, as JSON; never scored"),
    "respondent_verified": ("truth", "Whether the respondent is proved"),
    "respondent_proof": ("choice", "What proves the respondent"),
    "claimed_context": ("text", "Names in the context that nobody vouches for, as JSON"),
    "probability": ("decimal", "With which the person was asked"),
    "origin_proof": ("choice", "What proves where it comes from"),
    "standing": ("choice", "Whether it counts, or why not"),
    "flags": ("text", "Why somebody should look at it"),
}
"""By the names of `exports.rules.METADATA_COLUMNS`."""
