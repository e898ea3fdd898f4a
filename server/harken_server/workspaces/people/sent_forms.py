"""What forms of the house's pages sent, and whether a page of ours sent it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from harken_server.http.bodies import pairs_of
from harken_server.http.declared import Arrival
from harken_server.http.problems import BadRequestError, ForbiddenError
from harken_server.http.settings import HttpSettings
from harken_server.workspaces.multipart import MEDIA_TYPE, parts_of
from harken_server.workspaces.people.signed_on import SignedOn

TOKEN = "csrf"  # noqa: S105  # the field's name


class Form(NamedTuple):
    """What a form sent."""

    values: dict[str, list[str]]
    files: Mapping[str, bytes] = MappingProxyType({})
    """The content of files, by the field's name."""

    def text(self, name: str) -> str:
        """The first value of that name without blanks at its ends; empty when there is none."""
        return self.exact(name).strip()

    def exact(self, name: str) -> str:
        """The first value of that name as it was typed, as of a password."""
        return self.values.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Every value of that name."""
        return self.values.get(name, [])


def read_form(body: bytes, content_type: str = "") -> Form:
    """What a form sent; its texts may hold NUL. Raises BadRequestError (`bad_form`)."""
    values: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    try:
        if content_type.lower().startswith(MEDIA_TYPE):
            parts = [*parts_of(body, content_type)]
            files = {part.name: part.content for part in parts if part.is_file}
            fields = [(part.name, part.content.decode()) for part in parts if not part.is_file]
        else:
            fields = [*pairs_of(body, "strict")]
    except UnicodeDecodeError:
        raise BadRequestError("The form is not valid UTF-8.", code="bad_form") from None
    for name, value in fields:
        values.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Form(values, files)


def require_no_nul(form: Form) -> None:
    """Raise BadRequestError (`nul_character`) for a form of which some text holds NUL."""
    for name, values in form.values.items():
        if any("\x00" in value for value in values):
            raise BadRequestError(f"The field {name!r} holds NUL.", code="nul_character")


def require_own_page(arrival: Arrival, *, has_token: bool) -> None:
    """Raise ForbiddenError (`cross_site_form`) for a form that a page of another site sent.

    Browsers say so in `Sec-Fetch-Site` over HTTPS and on loopback, else in `Origin`, which a page
    without referrers sends as `null`: a form with a token of its own is good enough then. What
    says neither is no browser.
    """
    fetched, origin = arrival.header("sec-fetch-site"), arrival.header("origin")
    if fetched is not None:
        is_ours = fetched in {"same-origin", "none"}
    elif origin is None or (origin == "null" and has_token):
        is_ours = True
    else:
        is_ours = origin.partition("://")[2] in _own_hosts(arrival)
    if not is_ours:
        raise ForbiddenError(
            "This form was sent by a page of another site. Open the page here and send it again.",
            code="cross_site_form",
        )


def require_token(who: SignedOn, form: Form) -> None:
    """Raise ForbiddenError (`form_expired`) for a form that is not one of this session."""
    if not who.is_token(form.text(TOKEN)):
        raise ForbiddenError(
            "This form is no longer good: it was opened before you signed in, or not by you. "
            "Go back, load the page again and send it once more.",
            code="form_expired",
        )


def _own_hosts(arrival: Arrival) -> set[str]:
    public = urlsplit(arrival.runtime.settings.of(HttpSettings).public_url).netloc
    return {public, arrival.header("host") or public}
