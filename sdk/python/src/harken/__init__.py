"""Trigger Harken surveys from your application, and read responses and honest scores back.

>>> import harken
>>> harken.Client("http://127.0.0.1:8300", "hk_example")
harken.Client('http://127.0.0.1:8300')
"""

from __future__ import annotations

from harken._async_client import AsyncClient
from harken._async_devices import AsyncDevices
from harken._async_exports import AsyncExports
from harken._async_journeys import AsyncJourneys, AsyncProgrammes
from harken._async_mail import AsyncDeliveries, AsyncMail, AsyncReplies
from harken._async_people import (
    AsyncAsking,
    AsyncDecisions,
    AsyncEscalations,
    AsyncRespondents,
    AsyncSuppressions,
)
from harken._async_receipts import AsyncReceipts
from harken._async_resources import AsyncResponseIterator, AsyncResponses, AsyncSurveys
from harken._backlog import TriggerCounts
from harken._decisions import Decision, Invitation
from harken._devices import Device, NewDevice
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
from harken._journeys import Journey, JourneyPush, JourneySummary, JourneyTemplate
from harken._mailing import Delivery, MailEvent, MailHook, MailPreview, MailSnippet
from harken._people import (
    AskingClocks,
    AskingRules,
    Escalation,
    EscalationDetail,
    EscalationRule,
    Explanation,
    Prospect,
    Respondent,
    Suppression,
)
from harken._programmes import (
    MembersChange,
    Programme,
    ProgrammeDefinition,
    ProgrammeMember,
    ProgrammeProgress,
)
from harken._replying import MessageHooks, NextPrompt, Prompt, PromptKey
from harken._responses import Receipt, Response
from harken._scores import Score, Scores
from harken._surveys import ChangeLine, PushResult, Survey, SurveySummary
from harken._sync_client import Client
from harken._sync_devices import Devices
from harken._sync_exports import Exports
from harken._sync_journeys import Journeys, Programmes
from harken._sync_mail import Deliveries, Mail, Replies
from harken._sync_people import Asking, Decisions, Escalations, Respondents, Suppressions
from harken._sync_receipts import Receipts
from harken._sync_resources import ResponseIterator, Responses, Surveys
from harken._tills import PlaceCode, RegisteredTill, RevokedKey, Store
from harken._version import VERSION

__version__ = VERSION

__all__ = [
    "APIError",
    "Asking",
    "AskingClocks",
    "AskingRules",
    "AsyncAsking",
    "AsyncClient",
    "AsyncDecisions",
    "AsyncDeliveries",
    "AsyncDevices",
    "AsyncEscalations",
    "AsyncExports",
    "AsyncJourneys",
    "AsyncMail",
    "AsyncProgrammes",
    "AsyncReceipts",
    "AsyncReplies",
    "AsyncRespondents",
    "AsyncResponseIterator",
    "AsyncResponses",
    "AsyncSuppressions",
    "AsyncSurveys",
    "AuthenticationError",
    "BadRequestError",
    "ChangeLine",
    "Client",
    "ConfigError",
    "ConflictError",
    "Decision",
    "Decisions",
    "Deliveries",
    "Delivery",
    "Device",
    "Devices",
    "Escalation",
    "EscalationDetail",
    "EscalationRule",
    "Escalations",
    "Explanation",
    "Exports",
    "GoneError",
    "HarkenError",
    "InvalidDefinitionError",
    "Invitation",
    "Journey",
    "JourneyPush",
    "JourneySummary",
    "JourneyTemplate",
    "Journeys",
    "Mail",
    "MailEvent",
    "MailHook",
    "MailPreview",
    "MailSnippet",
    "MembersChange",
    "MessageHooks",
    "MissingExtraError",
    "NewDevice",
    "NextPrompt",
    "NotFoundError",
    "PermissionDeniedError",
    "PlaceCode",
    "Problem",
    "Programme",
    "ProgrammeDefinition",
    "ProgrammeMember",
    "ProgrammeProgress",
    "Programmes",
    "Prompt",
    "PromptKey",
    "Prospect",
    "PushResult",
    "RateLimitedError",
    "Receipt",
    "Receipts",
    "RegisteredTill",
    "Replies",
    "RequestTimeoutError",
    "Respondent",
    "Respondents",
    "Response",
    "ResponseIterator",
    "Responses",
    "RevokedKey",
    "Score",
    "Scores",
    "ServerError",
    "Store",
    "Suppression",
    "Suppressions",
    "Survey",
    "SurveySummary",
    "Surveys",
    "TransportError",
    "TriggerCounts",
    "UnavailableError",
    "UnexpectedReplyError",
    "ValidationError",
    "__version__",
    "sign_identity",
]
