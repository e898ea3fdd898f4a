"""Why a survey is asked or not: one code for each reason, the same in server, widget and API."""

from __future__ import annotations

from typing import Literal, TypeAlias

DecisionReason: TypeAlias = Literal[
    "no_survey",
    "not_live",
    "not_open",
    "suppressed",
    "no_consent",
    "not_in_segment",
    "unreachable",
    "sampled_out",
    "quota_full",
    "cooldown",
    "escalated",
    "open_invitation",
    "asked",
]
"""Given by the server when a touchpoint is triggered; the first that holds, in this order."""

WidgetReason: TypeAlias = Literal[
    "shown",
    "answered",
    "waiting",
    "wrong_page",
    "wrong_locale",
    "wrong_device",
    "max_shown",
    "another_open",
    "open_elsewhere",
    "host_modal",
    "no_element",
    "opted_out",
    "not_targeted",
    "origin_not_allowed",
]
"""Given by the widget alone, which gives the codes of decisions too."""

ReasonCode: TypeAlias = Literal[DecisionReason, WidgetReason]

MEANINGS: dict[ReasonCode, str] = {
    "asked": "The respondent is asked, or will be at the next page view.",
    "shown": "The survey is on the page.",
    "answered": "The visitor has answered the survey.",
    "waiting": "Nothing stands against it, but what opens it has not happened yet.",
    "no_survey": "There is no such survey, or the touchpoint has none assigned.",
    "not_live": "The survey is a draft or closed.",
    "not_open": "The survey asks only later, asks no longer, or has the answers it wants.",
    "not_targeted": "The survey has no targeting, so it is shown only where it is named.",
    "suppressed": "This respondent must not be asked: unsubscribed, bounced or erased.",
    "opted_out": "The visitor wants no surveys.",
    "no_consent": "The respondent has refused, or the survey needs a consent that is not known.",
    "not_in_segment": "A trait or the context is not what survey or touchpoint ask for.",
    "sampled_out": "The respondent or visitor is not in the share that is asked.",
    "quota_full": "There are enough answers from people like this respondent.",
    "cooldown": "The respondent or visitor was asked, or closed or answered it, too recently.",
    "escalated": "The last answers were poor, so a person should call instead of a survey.",
    "open_invitation": "The respondent has an invitation to this survey that can be answered.",
    "max_shown": "The visitor was shown the survey as often as its targeting allows.",
    "wrong_page": "The address of the page is not among those of the targeting.",
    "wrong_locale": "The locale of the page is not among those of the targeting.",
    "wrong_device": "The window has another width than the devices of the targeting.",
    "another_open": "Another survey is open on this page.",
    "open_elsewhere": "A survey is open in another tab of this site.",
    "host_modal": "The page shows a dialog of its own.",
    "no_element": "The element for an inline survey is not on the page.",
    "origin_not_allowed": "The key may not be used on this site.",
    "unreachable": "The channel cannot reach the respondent, or the widget not the server.",
}
"""One sentence each, for developers; from lasting reasons to passing ones within each group."""
