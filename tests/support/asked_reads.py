"""Values of all parameters that narrow or divide what is read."""

from __future__ import annotations

from harken_server.database.lanes import encode_cursor

ASKED: dict[str, tuple[str, ...]] = {
    "where": ("store:Oslo", "store:Bergen"),
    "segment": ("oslo", "paying", "unhappy"),
    "standing": ("waiting", "excluded", "quarantined"),
    "by": ("store", "touchpoint", "channel", "version", "stage"),
    "compare": ("previous", "store:Bergen", "2026-11-01..2026-11-20", "channel:email"),
    "from": ("2026-11-21", "2027-02-23"),
    "to": ("2026-11-20", "2027-02-22"),
    "days": ("7", "all"),
    "store": ("Bergen",),
    "touchpoint": ("desk",),
    "channel": ("email",),
    "version": ("1",),
    "period": ("hour", "day", "month"),
    "periods": ("3",),
    "question": ("recommend", "reason"),
    "choice": ("pay",),
    "about": ("service",),
    "rows": ("store", "weekday"),
    "columns": ("channel", "hour", "recommend,context__store,trait__plan", "context__*,why,cursor"),
    "tz": ("Asia/Kathmandu",),
    "kind": ("breakdown", "trend", "distribution", "score", "heat_map", "drivers"),
    "repeated": ("latest", "clustered"),
    "weight": ("asked", "raked"),
    "q": ("Bergen", "Oslo"),
    "band": ("detractors", "promoters"),
    "tone": ("low",),
    "beside": ("year", "none"),
    "drivers": ("1",),
    "latest": ("2",),
    "limit": ("2",),
    "after": (encode_cursor({0: 3}), "c-1"),
    "labels": ("both",),
    "layout": ("long",),
    "header": ("label",),
    "locale": ("de",),
    "level": ("0.8",),
    "method": ("wald", "wilson", "lmg", "bootstrap"),
    "limits": ("laney", "ewma"),
    "missing": ("listwise",),
    "outcome": ("recommend",),
    "items": ("service,recommend",),
    "reverse": ("service",),
    "event": ("churned",),
    "annotation": ("{annotations}",),
    "respondent": ("p0",),
    "state": ("open", "sent"),
    "flag": ("fast",),
    "survey": ("team",),
    "$filter": ("channel eq 'email'", "recommend ge 9", "Question eq 'recommend'"),
    "$orderby": ("recommend desc", "channel"),
    "$select": ("recommend",),
    "$top": ("2",),
    "$skip": ("2",),
    "$skiptoken": ("2",),
    "$count": ("true",),
}
"""A route takes what it knows of them; in braces: the id of what the world has."""
NARROWS_NOTHING = {
    "token", "dialect", "theme", "width", "scale", "format", "$format", "part", "provider", "way",
    "metric", "margin", "difference", "power", "promoters", "detractors", "share", "deviation",
    "population", "key", "before", "action", "subject", "account", "program", "since", "until",
    "invitation",
}  # fmt: skip
"""Parameters of how it is written, of what nobody answered, and places that replies give."""
NEVER_WITH_200 = {
    "/design": "there in development alone",
    "/design/console": "there in development alone",
    "/.well-known/security.txt": "nobody is named in the settings",
    "/e/{token}/x": "leads to the survey itself",
    "/E/{token}/x": "leads to the survey itself",
    "/u/{token}": "a token that mails alone have; tells how to be reached",
    "/u/{token}/preferences": "a token that mails alone have; tells how to be reached",
    "/mail-preview/{survey}": "a token that the console alone gives; shows what is asked",
    "/widget/config": "a key of a page; tells what is asked",
    "/widget/{file}": "a part of the widget",
    "/widget/logo/{name}": "a picture of the house",
    "/v1/public/kiosk/config": "a device's secret; tells what is asked",
    "/kiosk/{file}": "a part of the page for kiosks",
    "/console/{workspace}/surveys/{key}/publish": "there is no draft",
    "/sign-in": "leads whoever is signed in to the console",
    "/console": "leads to the workspace",
    "/set-up/{token}": "a secret of the house",
    "/join/{token}": "a secret of the house",
    "/reset/{token}": "a secret of the house",
    "/guest/{token}": "a secret of the house",
    "/console/{workspace}/share/{survey}/places/codes.zip": "no place asks this survey",
    "/console/{workspace}/share/{survey}/places/{print}": "no place asks this survey",
}
"""Routes that the walk cannot open, and why that does not matter here: the replies are compared."""
NEEDED = {
    "/v1/sample-size": {"metric": "nps", "margin": "5"},
    "/v1/invitations": {"respondent": "p0"},
}
"""Without these a route says nothing."""
WITH: dict[str, dict[str, str]] = {
    "rows": {"columns": "channel"},
    "columns": {"rows": "store"},
    "items": {"outcome": "recommend"},
}
"""What a value says nothing without."""
