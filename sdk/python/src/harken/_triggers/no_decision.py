"""What stands in for a decision that the server did not make: a trigger raises nothing."""

from __future__ import annotations

import logging

from harken import _errors as errors
from harken._types.decision import Decision, Reason

_log = logging.getLogger("harken")


def decision_after(error: Exception, touchpoint: str) -> Decision:
    """The decision that stands in for a failure, which is logged here, once."""
    decision = decision_for(error)
    _log.warning(
        "trigger %.64r asked nobody: %s (%s)", touchpoint, decision.reason, describe(error)
    )
    return decision


DISABLED = Decision(
    asked=False, reason="disabled", explanation="Nobody is asked: this client is disabled."
)


def decision_for(error: Exception) -> Decision:
    """The decision that stands in for a failure; nothing is logged."""
    explanation = str(error) or type(error).__name__
    return Decision(asked=False, reason=reason_for(error), explanation=explanation, error=error)


def reason_for(error: Exception) -> Reason:
    """`unauthorized`, `invalid` or `unavailable`: fix the key, fix the call, or wait."""
    match error:
        case errors.AuthenticationError() | errors.PermissionDeniedError():
            return "unauthorized"
        case errors.BadRequestError() | errors.ConflictError() | errors.ValidationError():
            return "invalid"
        case TypeError() | ValueError():
            return "invalid"
        case _:
            return "unavailable"


def describe(error: Exception) -> str:
    """What went wrong, without anything a respondent said or a key: class, status and code.

    Of a setting that is wrong, the sentence that names it.
    """
    if isinstance(error, errors.ConfigError):
        return str(error)
    if isinstance(error, errors.APIError):
        return f"{type(error).__name__}, {error.status} {error.code}"
    return type(error).__name__
