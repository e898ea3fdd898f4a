"""When and whom to ask: rules that never hold, windows that never open, quotas named twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harken_server.kernel.errors import Problem
from harken_server.surveys.asking import Quota, Rule, SurveyAsking, TouchpointAsking
from harken_server.surveys.files.draft import Draft

_PATH = "$.asking"


def check_asking(draft: Draft) -> Iterator[Problem]:
    """All of `asking`, when it could be read."""
    asking = draft.survey.asking
    if asking is not None and "asking" not in draft.unread_fields:
        yield from check_survey_asking(asking, _PATH)


def check_survey_asking(asking: SurveyAsking, path: str) -> Iterator[Problem]:
    """Everything wrong with how a survey asks; `path` is where it stands."""
    opens_at, closes_at = asking.opens_at, asking.closes_at
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        message = "`closes_at` must be later than `opens_at`."
        yield Problem(f"{path}.closes_at", "never_true", message, limit=opens_at.isoformat())
    yield from check_rules(asking.only_when, f"{path}.only_when")
    yield from _check_quotas(asking.quotas, f"{path}.quotas")


def check_touchpoint_asking(asking: TouchpointAsking, path: str) -> Iterator[Problem]:
    """Everything wrong with how a touchpoint asks; `path` is where it stands."""
    yield from check_rules(asking.only_when, f"{path}.only_when")


def check_rules(rules: Sequence[Rule], path: str) -> Iterator[Problem]:
    """Rules whose value does not suit what they do with it."""
    for place, rule in enumerate(rules):
        yield from _check_rule(rule, f"{path}[{place}].value")


def _check_quotas(quotas: Sequence[Quota], path: str) -> Iterator[Problem]:
    names = [quota.name for quota in quotas]
    for place, quota in enumerate(quotas):
        if quota.name in names[:place]:
            message = f"There is a quota `{quota.name}` already."
            yield Problem(f"{path}[{place}].name", "duplicate_key", message)
        yield from check_rules(quota.where, f"{path}[{place}].where")


def _check_rule(rule: Rule, path: str) -> Iterator[Problem]:
    value = rule.value
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    wanted = None
    if rule.op == "exists":
        if value is not None and not isinstance(value, bool):
            wanted = "true, false or nothing"
    elif rule.op == "one_of":
        if not isinstance(value, tuple):
            wanted = "a list"
    elif rule.op in ("at_least", "at_most"):
        if not is_number:
            wanted = "a number"
    elif rule.op == "contains":
        if not isinstance(value, str) or not value:
            wanted = "a text"
    elif value is None or isinstance(value, tuple):
        wanted = "a text, a number, true or false"
    if wanted is not None:
        yield Problem(path, "wrong_type", f"`{rule.op}` takes {wanted}.")
