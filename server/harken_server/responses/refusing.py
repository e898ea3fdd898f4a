"""Why a survey takes no new responses: what strangers and the invited are told."""

from __future__ import annotations

from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import ConflictError, GoneError, HarkenError, NotFoundError
from harken_server.responses.submission import Submission
from harken_server.surveys.catalog import SURVEY, LoadedSurvey


def refusal_of_survey(
    loaded: LoadedSurvey, invitation: Invitation | None, address: str | None = None
) -> HarkenError | None:
    """Why a survey takes no new responses; None when it is live.

    Who was not invited is told of one that is not published what they are told of none, by the
    `address` under which they asked for it.
    """
    key = loaded.record.key
    match loaded.record.status:
        case "live":
            return None
        case "draft" if invitation is None:
            return SURVEY.missing(address or key)
        case "draft":
            return NotFoundError(f"Survey {key} is not published yet.", code="survey_draft")
        case "closed":
            return GoneError(f"Survey {key} is closed.", code="survey_closed")


def finished(submission: Submission) -> ConflictError:
    """The error for more answers to a response that is complete."""
    return ConflictError(
        f"Response {submission.id} is complete and takes no further answers.",
        code="response_finished",
    )


def conflicting(submission: Submission) -> ConflictError:
    """The error for the same response and sequence with another body."""
    return ConflictError(
        f"Response {submission.id} is stored with another body for sequence "
        f"{submission.sequence}; nothing was changed.",
        code="response_conflict",
    )
