"""Trigger Harken surveys from your application, and read responses and honest scores back.

>>> import harken
>>> harken.Client("http://127.0.0.1:8300", "hk_example")
harken.Client('http://127.0.0.1:8300')
"""

from __future__ import annotations

from harken._async.client import AsyncClient
from harken._async.devices import AsyncDevices
from harken._async.events import AsyncEvents
from harken._async.exports import AsyncExports
from harken._async.findings import AsyncAnnotations, AsyncFindings
from harken._async.intake import AsyncIntake
from harken._async.journeys import AsyncJourneys, AsyncProgrammes
from harken._async.links import AsyncLinks
from harken._async.mail import AsyncDeliveries, AsyncMail, AsyncReplies
from harken._async.people import (
    AsyncAsking,
    AsyncAudit,
    AsyncDecisions,
    AsyncEscalations,
    AsyncRespondents,
    AsyncSuppressions,
)
from harken._async.receipts import AsyncReceipts
from harken._async.responses import AsyncResponseIterator, AsyncResponses
from harken._async.segments import AsyncSegments
from harken._async.sheets import AsyncSheets
from harken._async.surveys import AsyncSurveys
from harken._default import default_client, flush, set_default_client, trigger, trigger_soon
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
from harken._sync.client import Client
from harken._sync.devices import Devices
from harken._sync.events import Events
from harken._sync.exports import Exports
from harken._sync.findings import Annotations, Findings
from harken._sync.intake import Intake
from harken._sync.journeys import Journeys, Programmes
from harken._sync.links import Links
from harken._sync.mail import Deliveries, Mail, Replies
from harken._sync.people import (
    Asking,
    Audit,
    Decisions,
    Escalations,
    Respondents,
    Suppressions,
)
from harken._sync.receipts import Receipts
from harken._sync.responses import ResponseIterator, Responses
from harken._sync.segments import Segments
from harken._sync.sheets import Sheets
from harken._sync.surveys import Surveys
from harken._types.asking import Channel, ChannelName, TriggerFields, TriggerOptions
from harken._types.comment import Comment, CommentOptions
from harken._types.decision import Decision, Invitation, Reason, ServerReason, TriggerCounts
from harken._types.device import Device, NewDevice
from harken._types.export import CsvOptions, ExportJob, ExportOptions
from harken._types.intake import IntakeItem, IntakeRefusal, TakenIn
from harken._types.journey import Journey, JourneyPush, JourneySummary, JourneyTemplate
from harken._types.link import PersonalLink, SignedLink
from harken._types.mailing import Delivery, MailEvent, MailHook, MailPreview, MailSnippet
from harken._types.numbers.chart import ChartOptions
from harken._types.numbers.control import Baseline, Control, ControlPoint
from harken._types.numbers.event import (
    Band,
    Behaviour,
    BehaviourFound,
    BehaviourOptions,
    EventFields,
    EventName,
    EventRefusal,
    EventsTold,
    Hazard,
    Moment,
    RateDifference,
)
from harken._types.numbers.finding import (
    Annotation,
    BeforeAfter,
    Driver,
    Drivers,
    FoundDrivers,
    ItemReliability,
    LeftOut,
    Reliability,
    ScaleReliability,
    Span,
)
from harken._types.numbers.heat_map import (
    HeatCell,
    HeatGroup,
    HeatMap,
    HeatMapOptions,
    HeatMaps,
    Leaderboard,
    LeaderboardOptions,
    RankedGroup,
)
from harken._types.numbers.journey_scores import (
    IndexChange,
    JourneyIndex,
    JourneyScore,
    JourneyScoreOptions,
    JourneyScores,
    StageScore,
    TouchpointScore,
)
from harken._types.numbers.live import LiveChange, LiveOptions, LiveScore
from harken._types.numbers.options import FilterOptions, ScoreOptions
from harken._types.numbers.rates import Quality, QuestionRates, Rate, Rates, Reached
from harken._types.numbers.score import (
    Compared,
    Score,
    ScoreDifference,
    ScoreGroup,
    Scores,
    ScoreTarget,
    SurveyTarget,
)
from harken._types.numbers.trend import Trend, TrendOptions, TrendPoint, Trends
from harken._types.numbers.weighting import MarginShare, Weighted, Weighting
from harken._types.programme import (
    MembersChange,
    Programme,
    ProgrammeDefinition,
    ProgrammeMember,
    ProgrammeProgress,
)
from harken._types.prompt import MessageHooks, NextPrompt, Prompt, PromptKey
from harken._types.respondent import (
    AskingClocks,
    AskingRules,
    AuditEntry,
    Erasure,
    ErasurePreview,
    Escalation,
    EscalationDetail,
    EscalationRule,
    Explanation,
    Prospect,
    Respondent,
    Suppression,
)
from harken._types.response import Receipt, Response
from harken._types.segment import Segment, SegmentCondition
from harken._types.sheet import NewSheetToken, SheetToken
from harken._types.survey import (
    ChangeLine,
    PushResult,
    ResultsLink,
    Survey,
    SurveySource,
    SurveySummary,
)
from harken._types.till import PlaceCode, RegisteredTill, RevokedKey, Store
from harken._version import VERSION

__version__ = VERSION

__all__ = [
    "APIError", "Annotation", "Annotations", "Asking", "AskingClocks", "AskingRules",
    "AsyncAnnotations", "AsyncAsking", "AsyncAudit", "AsyncClient", "AsyncDecisions",
    "AsyncDeliveries", "AsyncDevices", "AsyncEscalations", "AsyncEvents", "AsyncExports",
    "AsyncFindings", "AsyncIntake", "AsyncJourneys", "AsyncLinks", "AsyncMail", "AsyncProgrammes",
    "AsyncReceipts", "AsyncReplies", "AsyncRespondents", "AsyncResponseIterator", "AsyncResponses",
    "AsyncSegments", "AsyncSheets", "AsyncSuppressions", "AsyncSurveys", "Audit", "AuditEntry",
    "AuthenticationError", "BadRequestError", "Band", "Baseline", "BeforeAfter", "Behaviour",
    "BehaviourFound", "BehaviourOptions", "ChangeLine", "Channel", "ChannelName", "ChartOptions",
    "Client", "Comment", "CommentOptions", "Compared", "ConfigError", "ConflictError", "Control",
    "ControlPoint", "CsvOptions", "Decision", "Decisions", "Deliveries", "Delivery", "Device",
    "Devices", "Driver", "Drivers", "Erasure", "ErasurePreview", "Escalation", "EscalationDetail",
    "EscalationRule", "Escalations", "EventFields", "EventName", "EventRefusal", "Events",
    "EventsTold", "Explanation", "ExportJob", "ExportOptions", "Exports", "FilterOptions",
    "Findings", "FoundDrivers", "GoneError", "HarkenError", "Hazard", "HeatCell", "HeatGroup",
    "HeatMap", "HeatMapOptions", "HeatMaps", "IndexChange", "Intake", "IntakeItem", "IntakeRefusal",
    "InvalidDefinitionError", "Invitation", "ItemReliability", "Journey", "JourneyIndex",
    "JourneyPush", "JourneyScore", "JourneyScoreOptions", "JourneyScores", "JourneySummary",
    "JourneyTemplate", "Journeys", "Leaderboard", "LeaderboardOptions", "LeftOut", "Links",
    "LiveChange", "LiveOptions", "LiveScore", "Mail", "MailEvent", "MailHook", "MailPreview",
    "MailSnippet", "MarginShare", "MembersChange", "MessageHooks", "MissingExtraError", "Moment",
    "NewDevice", "NewSheetToken", "NextPrompt", "NotFoundError", "PermissionDeniedError",
    "PersonalLink", "PlaceCode", "Problem", "Programme", "ProgrammeDefinition", "ProgrammeMember",
    "ProgrammeProgress", "Programmes", "Prompt", "PromptKey", "Prospect", "PushResult", "Quality",
    "QuestionRates", "RankedGroup", "Rate", "RateDifference", "RateLimitedError", "Rates",
    "Reached", "Reason", "Receipt", "Receipts", "RegisteredTill", "Reliability", "Replies",
    "RequestTimeoutError", "Respondent", "Respondents", "Response", "ResponseIterator", "Responses",
    "ResultsLink", "RevokedKey", "ScaleReliability", "Score", "ScoreDifference", "ScoreGroup",
    "ScoreOptions", "ScoreTarget", "Scores", "Segment", "SegmentCondition", "Segments",
    "ServerError", "ServerReason", "SheetToken", "Sheets", "SignedLink", "Span", "StageScore",
    "Store", "Suppression", "Suppressions", "Survey", "SurveySource", "SurveySummary",
    "SurveyTarget", "Surveys", "TakenIn", "TouchpointScore", "TransportError", "Trend",
    "TrendOptions", "TrendPoint", "Trends", "TriggerCounts", "TriggerFields", "TriggerOptions",
    "UnavailableError", "UnexpectedReplyError", "ValidationError", "Weighted", "Weighting",
    "__version__", "default_client", "flush", "set_default_client", "sign_identity", "trigger",
    "trigger_soon",
]  # fmt: skip
