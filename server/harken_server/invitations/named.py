"""Invitations that stand for a name in a public link: `/s/{survey}?rid=…`."""

from __future__ import annotations

from uuid import UUID, uuid5

NAME = "rid"
"""The field of the link's query, and the name in the context that keeps it."""


def name_id(survey_id: UUID, name: str) -> UUID:
    """The id that a survey's links with this name share."""
    return uuid5(survey_id, f"rid\n{name}")
