"""What a played server answers about journeys, receipts, kiosks, people and mail."""

from __future__ import annotations

import json
from typing import Any

import httpx
from played_findings import findings_reply

AT = "2026-06-01T10:00:00Z"
JOURNEY_PUSH = {
    "key": "shop",
    "change": "first",
    "changes": [{"kind": "added", "path": "$.stages.use", "message": "The stage use is new."}],
    "warnings": [
        {
            "path": "$.stages[0].touchpoints[0].survey",
            "code": "survey_unknown",
            "message": "Not yet.",
        }
    ],
}
JOURNEY = {
    "key": "shop",
    "updated_at": "2026-06-01T10:00:00+00:00",
    "definition": {"key": "shop", "title": "Shop", "stages": [{"key": "use", "title": "Use"}]},
    "touchpoints": [],
}
PROGRAMME = {
    "programme": {
        "key": "nps_quarterly",
        "survey": "nps",
        "touchpoint": "relationship.quarterly",
        "channel": "email",
        "every": "quarter",
        "starts_on": "2026-06-01",
        "spread_days": None,
        "timezone": "UTC",
        "is_active": True,
        "created_at": "2026-06-01T10:00:00+00:00",
        "updated_at": "2026-06-01T10:00:00+00:00",
    },
    "state": "running",
    "progress": {
        "wave": 1,
        "wave_began_at": "2026-06-01T00:00:00Z",
        "next_wave_at": "2026-09-01T00:00:00Z",
        "members": 2,
        "decided": 1,
        "due": 0,
        "asked": 1,
        "answered": 0,
        "next_asking_at": None,
    },
}


STORE = {"code": "K7Q2-2", "name": "Oslo", "details": {}, "created_at": "2026-06-01T10:00:00Z"}
TILL = {
    "number": 17,
    "name": "Till 1",
    "store": "K7Q2-2",
    "touchpoint": "order.delivered",
    "key_number": 0,
    "created_at": "2026-06-01T10:00:00Z",
    "configuration": "hkr1.17.0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.HTTPS://FB.ACME.COM",
}
DEVICE = {
    "id": "device-1",
    "name": "Front door",
    "touchpoint": "order.delivered",
    "survey": None,
    "settings": {},
    "state": "waiting",
    "created_at": AT,
}
NEW_DEVICE = DEVICE | {"pairing_code": "12345678", "kiosk_url": "https://feedback.example/kiosk"}
DECISION = {
    "id": "decision-1",
    "asked": False,
    "reason": "cooldown",
    "explanation": "Not asked: asked 3 days ago.",
    "touchpoint": "order.delivered",
    "channel": "api",
    "decided_at": AT,
}
RESPONDENT = {"respondent": "c-42", "email": "ada@example.com", "traits": {"plan": "pro"}}
EXPLANATION = {
    "respondent": "c-42",
    "at": AT,
    "surveys": [
        {
            "survey": "post_purchase",
            "touchpoint": "order.delivered",
            "asked": False,
            "reason": "cooldown",
            "detail": "survey.asked",
            "explanation": "Asked 3 days ago.",
        }
    ],
}
SIGNED_LINK: dict[str, Any] = {
    "id": "link-1", "kind": "results", "subject": "post_purchase", "created_at": AT,
    "expires_at": "2027-01-31T12:00:00Z", "revoked_at": None,
}  # fmt: skip
PERSONAL_LINK: dict[str, Any] = {
    "id": "invitation-1", "survey": "post_purchase", "touchpoint": "order.delivered",
    "channel": "email", "created_at": AT, "expires_at": None, "answered": True,
}  # fmt: skip
AUDIT_ENTRY = {
    "id": "act-1", "api_key_id": "key-1", "action": "suppress_respondent",
    "subject": "respondent 1f", "detail": {"reason": "manual"}, "created_at": AT,
}  # fmt: skip
ESCALATION = {
    "id": "escalation-1",
    "respondent": "c-7",
    "detail": {"poor_answers": 2, "within_days": 90.0},
    "opened_at": AT,
}
DELIVERY = {
    "id": "delivery-1",
    "invitation": "invitation-1",
    "respondent": "c-42",
    "wave": "",
    "kind": "invitation",
    "address": "ada@example.com",
    "state": "sent",
    "attempts": 1,
    "created_at": AT,
    "due_at": AT,
    "channel": "email",
    "handed_over_at": AT,
    "finished_at": AT,
    "note": None,
}
PREVIEW = {
    "subject": "Your order",
    "preheader": "",
    "from_name": "Acme",
    "locale": "en",
    "direction": "ltr",
    "html": "<html></html>",
    "text": "",
    "preview_url": "https://feedback.example/mail/x",
    "expires_at": AT,
}
SNIPPET = {
    "provider": "mailchimp",
    "way": "links",
    "html": "<table></table>",
    "steps": ["Upload the list."],
    "column": "HARKEN",
    "source": "",
    "unconfirmed": "",
}
ASKING = {
    "cooldown": {"asked_days": 0, "shown_days": 0, "dismissed_days": 30, "answered_days": 0},
    "escalation": {"poor_answers": 2, "within_days": 90},
}
NEXT = {"say": "Thank you.", "done": True, "complete": True, "locale": "en"}
SUPPRESSION = {"respondent": "c-7", "reason": "manual", "created_at": AT}
LINKS = b"respondent,link\r\nc-42,https://feedback.example/e/7Q2M9XKD4TRWA\r\n"


def further_reply(request: httpx.Request, path: str) -> httpx.Response | None:
    """The answer for this path below `/v1/`, or None where there is nothing."""
    parts = (request.method, *path.split("/"))
    return (
        _journey_reply(request, parts)
        or _till_reply(parts)
        or findings_reply(request, parts)
        or _people_reply(request, parts)
    )


def _journey_reply(request: httpx.Request, parts: tuple[str, ...]) -> httpx.Response | None:
    match parts:
        case ("POST", "journeys", *_):
            return _json(JOURNEY_PUSH, 201)
        case ("GET", "journeys", "templates"):
            template = {"key": "k", "title": "K", "description": "", "stages": ["Use"]}
            return _json({"templates": [template]})
        case ("GET", "journeys", _):
            return _json(JOURNEY)
        case ("PUT" | "GET", "programmes", _):
            return _json(PROGRAMME)
        case ("PUT", "programmes", _, "members"):
            sent = json.loads(request.content)
            figures = {"added": len(sent["members"]), "removed": len(sent["remove"])}
            return _json({**figures, "known": 0, "skipped": 0})
        case _:
            return None


def _till_reply(parts: tuple[str, ...]) -> httpx.Response | None:
    match parts:
        case ("POST", "stores"):
            return _json(STORE, 201)
        case ("POST", "stores", "K7Q2-2", "tills"):
            return _json(TILL, 201)
        case ("POST", "devices"):
            return _json(NEW_DEVICE, 201)
        case ("GET", "devices"):
            return _json({"devices": [DEVICE]})
        case ("PUT", "devices", "device-1"):
            return _json(DEVICE)
        case ("DELETE", "devices", "device-1"):
            return httpx.Response(204)
        case _:
            return None


def _people_reply(request: httpx.Request, parts: tuple[str, ...]) -> httpx.Response | None:
    match parts:
        case ("GET", "decisions", _):
            return _json(DECISION)
        case ("PUT" | "DELETE", "suppressions", _):
            return httpx.Response(204)
        case ("POST", "surveys", "post_purchase", "status"):
            line = {"key": "post_purchase", "title": "T", "version": 3, "updated_at": AT}
            return _json(line | {"status": json.loads(request.content)["status"]})
        case ("POST", "surveys", "post_purchase", "results-link"):
            days = json.loads(request.content)["days"]
            return _json({"url": f"https://feedback.example/{days}", "expires_at": AT}, 201)
        case ("DELETE", "links", "link-1") | ("DELETE", "invitations", "invitation-1"):
            return httpx.Response(204)
        case ("POST", "surveys", "post_purchase", "links"):
            return httpx.Response(200, content=LINKS)
        case _:
            body = _PEOPLE.get(" ".join(parts))
            return None if body is None else _json(body)


_PEOPLE: dict[str, Any] = {
    "GET respondents c-42": RESPONDENT,
    "PUT respondents c-42": RESPONDENT,
    "GET respondents c-42 explain": EXPLANATION,
    "GET respondents nobody explain": EXPLANATION | {"surveys": []},
    "GET suppressions": {"suppressions": [SUPPRESSION]},
    "GET audit": {"entries": [AUDIT_ENTRY]},
    "GET invitations": {"invitations": [PERSONAL_LINK]},
    "GET links": {"links": [SIGNED_LINK, SIGNED_LINK | {"id": "link-2", "revoked_at": AT}]},
    "GET escalations": {"escalations": [ESCALATION]},
    "POST escalations escalation-1 close": ESCALATION | {"closed_at": AT},
    "GET asking": ASKING,
    "PUT asking": ASKING,
    "GET surveys post_purchase deliveries": {"deliveries": [DELIVERY]},
    "GET deliveries delivery-1": DELIVERY,
    "GET surveys post_purchase mail-preview": PREVIEW,
    "GET surveys post_purchase mail-snippet": SNIPPET,
    "POST mail hooks": {"hooks": [{"provider": "ses", "url": "https://feedback.example/v1/x"}]},
    "GET mail events": {"events": []},
    "POST public replies": NEXT,
}


def _json(body: object, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)
