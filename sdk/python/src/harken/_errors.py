"""Every failure a caller may want to handle, as one tree.

HarkenError
├── ConfigError                  a setting is missing or wrong; nothing was sent
│   └── MissingExtraError        an optional dependency is not installed
├── TransportError               no complete answer came back; the outcome is unknown
│   └── RequestTimeoutError      … within the time allowed
└── APIError                     the server answered, and refused
    ├── BadRequestError          400, and other 4xx without a class of their own
    ├── AuthenticationError      401: no key, an unknown key or a revoked one
    ├── PermissionDeniedError    403: the key's scopes are too narrow
    ├── NotFoundError            404: no such thing in this workspace
    ├── ConflictError            409: it clashes with what is stored, which stays unchanged
    ├── GoneError                410: it existed, and is over
    ├── ValidationError          422: what was sent does not fit; every problem is listed
    │   └── InvalidDefinitionError   a survey definition is unsound
    ├── RateLimitedError         429: too many requests; see `retry_after_s`
    ├── ServerError              5xx
    │   └── UnavailableError     503: refused now to keep serving; see `retry_after_s`
    └── UnexpectedReplyError     an answer that is not Harken's; often a wrong address
"""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with what was sent: where, what, and the limit it broke."""

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

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class HarkenError(Exception):
    """Base of every error this package raises."""


class ConfigError(HarkenError):
    """A setting is missing or wrong; the message names it. Nothing was sent."""


class MissingExtraError(ConfigError):
    """An optional dependency is not installed; the message names the extra to install."""


class TransportError(HarkenError):
    """No complete answer came back. The outcome is unknown; repeating with the same id is safe."""


class RequestTimeoutError(TransportError):
    """No complete answer came back within the time allowed."""


class APIError(HarkenError):
    """The server answered, and refused. `code` is stable; `title` and `detail` are for people."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        *,
        problems: tuple[Problem, ...] = (),
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(status, code, title, detail)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.problems = problems
        """Everything wrong with what was sent, all at once; empty when nothing was listed."""
        self.request_id = request_id
        """Quote it when asking the server's operator."""
        self.retry_after_s = retry_after_s
        """Seconds after which the server invites another try; None when it did not say."""

    def __str__(self) -> str:
        said = self.detail or self.title
        lines = [f"{said} ({self.status} {self.code})"]
        lines += [f"  {problem}" for problem in self.problems]
        return "\n".join(lines)


class BadRequestError(APIError):
    """400, and any other 4xx without a class of its own (405, 413, 415)."""


class AuthenticationError(APIError):
    """401: no key, an unknown key or a revoked one."""


class PermissionDeniedError(APIError):
    """403: the key's scopes are too narrow for this."""


class NotFoundError(APIError):
    """404: no such thing in this key's workspace."""


class ConflictError(APIError):
    """409: it clashes with what is stored, which stays unchanged."""


class GoneError(APIError):
    """410: it existed and is over: closed, expired, already answered."""


class ValidationError(APIError):
    """422: what was sent does not fit; `problems` lists everything found."""


class InvalidDefinitionError(ValidationError):
    """A survey definition is unsound; `problems` lists everything found, each with its path."""


class RateLimitedError(APIError):
    """429: too many requests; `retry_after_s` says when to try again."""


class ServerError(APIError):
    """5xx: the server failed. The outcome of a write is unknown; repeating it is safe."""


class UnavailableError(ServerError):
    """503: refused now to keep serving; `retry_after_s` says when to try again."""


class UnexpectedReplyError(APIError):
    """An answer that is not Harken's: another program, a proxy, or a wrong address."""
