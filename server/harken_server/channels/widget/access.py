"""Which key a page sent, and whether it may be used there."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from harken_server.channels.widget.configs import Wanted
from harken_server.channels.widget.state import WidgetState
from harken_server.http.encodings import Headers
from harken_server.http.runtime import Runtime, admit
from harken_server.workspaces.access import MAX_KEY_CHARS, find_key, require_origin, require_scope
from harken_server.workspaces.workspace import ApiKey

_SURVEYS = r"^[a-z][a-z0-9_]{0,63}(,[a-z][a-z0-9_]{0,63}){0,19}$"


class WidgetQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page asks for."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_KEY_CHARS)]
    """An API key of the scope public."""
    locale: (
        Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8}){0,4}$")] | None
    ) = None
    """Locale of the page; without it the Accept-Language header decides."""
    survey: Annotated[str, msgspec.Meta(pattern=_SURVEYS, max_length=400)] | None = None
    """Live surveys wanted though they are not listed for the widget, joined by commas."""

    def wanted(self, key: ApiKey, headers: Headers) -> Wanted:
        """The same, with what the key and the browser say."""
        return Wanted(
            locale=self.locale and self.locale.strip(),
            accept_language=headers.get(b"accept-language", b"").decode("latin-1"),
            names=tuple(self.survey.strip().split(",")) if self.survey else (),
            origins=key.origins,
        )


async def find_page_key(runtime: Runtime, scope: Any, headers: Headers, secret: str) -> ApiKey:
    """The key in a page's address, if pages of this origin may use it.

    Known keys cost nothing. Unknown ones are limited for each client, so that guessing does not
    keep the database busy. Raises AccessError, ForbiddenError, RateLimitedError.
    """
    keys = runtime.of(WidgetState).keys
    if not keys.knows(secret):
        admit(runtime, scope, "unknown keys")

    async def load() -> ApiKey:
        found = await find_key(runtime, secret)
        require_scope(found, "public")
        return found

    key = await keys.get(secret, load)
    origin = headers.get(b"origin")
    require_origin(key, None if origin is None else origin.decode("latin-1"))
    return key
