"""What tests of live sheets do often."""

from __future__ import annotations

import base64
from typing import Any

from api_client import Api

SHEETS = "/v1/surveys/post_purchase/sheets"
RESPONSES = "/sheets/post_purchase/responses.csv"
SCORES = "/sheets/post_purchase/scores.csv"


async def make_sheet(api: Api, name: str = "Weekly figures", path: str = SHEETS) -> dict[str, Any]:
    """A new token with its addresses."""
    made = await api.http.post(path, json={"name": name})
    assert made.status_code == 201, made.text
    return made.json()


def basic(password: str, user: str = "anybody") -> dict[str, str]:
    """The header of HTTP Basic."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


NOBODY = {"authorization": ""}
"""In place of the client's own key."""
