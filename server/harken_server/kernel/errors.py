"""Every failure a caller can name, as one tree; the few of one slice stand there.

HarkenError
├── InvalidInputError           what was sent is not acceptable; carries every problem found
│   ├── InvalidDefinitionError  a survey definition is unsound
│   └── InvalidSubmissionError  a submission does not fit its survey version
├── NotFoundError               no such thing in this workspace
├── ConflictError               it clashes with what is stored
├── GoneError                   it existed, and is over (closed, expired, already answered)
├── AccessError                 no key, a wrong key, or too narrow a scope
│   └── ForbiddenError          who asks is known, and may not            (http/problems)
├── OverloadedError             refused now to keep serving; try again
│   └── RateLimitedError        this client asks too often                (http/problems)
├── StorageError                storage cannot take or give data now; outcome unknown
│   ├── ConstraintError         a row was refused by the schema           (database/failures)
│   └── TransactionEndedError   its transaction is over                   (database/failures)
├── BadRequestError             the request itself is malformed           (http/problems)
├── SettingsError               one or more settings are wrong            (kernel/settings)
├── ListenError                 the address cannot be listened on         (server)
└── WidgetFilesError            the installed widget files are damaged    (channels/widget/files)
"""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing wrong with an input: where, what, and the limit it broke."""

    path: str
    """Where, as a JSON path: `$.questions[2].choices` or `$.answers.recommend`."""
    code: str
    """Stable snake_case name of the rule, such as `out_of_range`."""
    message: str
    """A sentence naming the thing and the limit."""
    question: str | None = None
    """The question's key, when the problem belongs to one."""
    limit: int | float | str | None = None
    """The limit that was broken, when there is one."""


class HarkenError(Exception):
    """Base of all named failures. `code` is stable and part of the API."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInputError(HarkenError):
    """What was sent is not acceptable."""

    code = "invalid_input"

    def __init__(
        self, message: str, problems: tuple[Problem, ...] = (), *, code: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.problems = problems


class InvalidDefinitionError(InvalidInputError):
    """A survey definition is unsound; every problem is listed."""

    code = "invalid_definition"


class InvalidSubmissionError(InvalidInputError):
    """A submission does not fit its survey version; every problem is listed."""

    code = "invalid_submission"


class NotFoundError(HarkenError):
    """No such thing in this workspace."""

    code = "not_found"


class ConflictError(HarkenError):
    """It clashes with what is stored, which stays unchanged."""

    code = "conflict"


class GoneError(HarkenError):
    """It existed and is over: closed, expired, already answered."""

    code = "gone"


class AccessError(HarkenError):
    """No key, a wrong key, or a key whose scopes are too narrow."""

    code = "unauthorized"
    challenge = 'Bearer realm="harken"'
    """How to say who one is (RFC 9110 section 11.6.1)."""


class OverloadedError(HarkenError):
    """Refused now so that accepted work can finish; try again after `retry_after_s`."""

    code = "overloaded"
    retry_after_s = 1


class StorageError(HarkenError):
    """Storage cannot take or give data now. The outcome is unknown: repeat with the same id."""

    code = "storage_unavailable"
    retry_after_s = 5
