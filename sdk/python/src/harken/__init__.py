"""Trigger Harken surveys from your application, and read responses and honest scores back.

>>> import harken
>>> harken.Client("http://127.0.0.1:8300", "hk_example")
harken.Client('http://127.0.0.1:8300')
"""

from __future__ import annotations

from harken._async_client import AsyncClient
from harken._async_exports import AsyncExports
from harken._async_resources import AsyncResponseIterator, AsyncResponses, AsyncSurveys
from harken._decisions import Decision, Invitation
from harken._errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConfigError,
    ConflictError,
    GoneError,
    HarkenError,
    InvalidDefinitionError,
    MissingExtraError,
    NotFoundError,
    PermissionDeniedError,
    Problem,
    RateLimitedError,
    RequestTimeoutError,
    ServerError,
    TransportError,
    UnavailableError,
    UnexpectedReplyError,
    ValidationError,
)
from harken._identity import sign_identity
from harken._responses import Receipt, Response
from harken._scores import Score, Scores
from harken._surveys import ChangeLine, PushResult, Survey, SurveySummary
from harken._sync_client import Client
from harken._sync_exports import Exports
from harken._sync_resources import ResponseIterator, Responses, Surveys
from harken._version import VERSION

__version__ = VERSION

__all__ = [
    "APIError",
    "AsyncClient",
    "AsyncExports",
    "AsyncResponseIterator",
    "AsyncResponses",
    "AsyncSurveys",
    "AuthenticationError",
    "BadRequestError",
    "ChangeLine",
    "Client",
    "ConfigError",
    "ConflictError",
    "Decision",
    "Exports",
    "GoneError",
    "HarkenError",
    "InvalidDefinitionError",
    "Invitation",
    "MissingExtraError",
    "NotFoundError",
    "PermissionDeniedError",
    "Problem",
    "PushResult",
    "RateLimitedError",
    "Receipt",
    "RequestTimeoutError",
    "Response",
    "ResponseIterator",
    "Responses",
    "Score",
    "Scores",
    "ServerError",
    "Survey",
    "SurveySummary",
    "Surveys",
    "TransportError",
    "UnavailableError",
    "UnexpectedReplyError",
    "ValidationError",
    "__version__",
    "sign_identity",
]
