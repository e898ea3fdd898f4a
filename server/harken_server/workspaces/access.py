"""Who calls or changes something: workspaces, API keys, how far one reaches, from which site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.bodies import pairs_of
from harken_server.http.declared import Arrival
from harken_server.http.encodings import Headers
from harken_server.http.limits import Budget, is_loopback
from harken_server.http.operations import Need, Scope
from harken_server.http.problems import BadRequestError, ForbiddenError
from harken_server.http.runtime import Runtime, address_of, admit, require_luck, spend
from harken_server.http.settings import HttpSettings
from harken_server.kernel.cache import Cached
from harken_server.kernel.errors import AccessError, NotFoundError
from harken_server.workspaces.entries import Entry
from harken_server.workspaces.rules.origins import plain_origin
from harken_server.workspaces.settings import RightsSettings
from harken_server.workspaces.store import keys, workspaces
from harken_server.workspaces.store.audit import Act
from harken_server.workspaces.workspace import ApiKey, Workspace

Doer = TypeVar("Doer", bound="Acting")
KEY_PREFIX = "hk_"
MAX_KEY_CHARS = 100
FRESH_S = 1.0
"""A change made by another process is seen within twice this time."""
KEY_NEEDED = "Send an API key: Authorization: Bearer hk_…"

_ALL = frozenset[Need]({"manage", "write", "read", "public", "definitions"})
REACHES: dict[Scope, frozenset[Need]] = {
    "manage": _ALL,
    "write": frozenset({"write", "public", "definitions"}),
    "read": frozenset({"read", "definitions"}),
    "public": frozenset({"public"}),
}
"""What each scope of a key allows; one that writes reads no answers, people or scores."""
_ALL_OF: dict[Need, frozenset[Need]] = {"write and read": frozenset({"write", "read"})}
SAID: dict[Need, str] = {"definitions": "read or write"}
"""How a need is told where it is no scope itself."""


class WorkspaceCatalog:
    """Keeps workspaces and API keys in memory for a moment, to spare the database."""

    def __init__(self, db: Database, rights: RightsSettings) -> None:
        self._db = db
        self.longest_identity = rights.longest_identity
        """How long from now on a signed identity may last."""
        self._keys: Cached[ApiKey | None] = Cached(FRESH_S)
        self._signers: Cached[tuple[bytes, ...]] = Cached(FRESH_S)
        self._workspaces: Cached[Workspace | None] = Cached(FRESH_S)
        self._listeners: list[Callable[[], None]] = []

    def knows_key(self, secret: str) -> bool:
        """Whether it was looked up before: then nobody is guessing it now."""
        return self._keys.knows(secret)

    async def find_key(self, secret: str) -> ApiKey | None:
        """The API key with this secret, revoked ones included."""
        return await self._keys.get(secret, lambda: keys.find_key(self._db, secret))

    async def signing_digests(self, workspace_id: UUID, prefix: str) -> tuple[bytes, ...]:
        """The SHA-256 of the living keys with this prefix that may sign identities."""
        return await self._signers.get(
            (workspace_id, prefix), lambda: keys.signing_digests(self._db, workspace_id, prefix)
        )

    async def get(self, workspace_id: UUID) -> Workspace:
        """The workspace with this id. Raises NotFoundError (`workspace_unknown`)."""
        found = await self._workspaces.get(
            workspace_id, lambda: workspaces.get_workspace(self._db, workspace_id)
        )
        if found is None:
            raise NotFoundError("There is no such workspace.", code="workspace_unknown")
        return found

    def forget(self) -> None:
        """Ask again at once: something was just changed by this process."""
        self._keys.clear()
        self._signers.clear()
        self._workspaces.clear()
        for forget in self._listeners:
            forget()

    def on_forget(self, forget: Callable[[], None]) -> None:
        """Have others forget at the same time what they keep of surveys and keys."""
        self._listeners.append(forget)


class Acting(msgspec.Struct, frozen=True, kw_only=True):
    """What stories need to know of whoever asks for them."""

    runtime: Runtime
    workspace: Workspace
    headers: Headers
    api_key_id: UUID | None = None
    """The key with which they ask."""
    account_id: UUID | None = None
    """The person of the house who asks."""
    acts: list[str] = []
    """What stories write to the audit log by themselves, or need not be written."""
    noted: dict[str, Any] = {}
    """What the audit log says of it."""
    entry: Entry | None = None
    """What goes into the audit log with each change; None: nothing by itself."""

    @property
    def db(self) -> Database:
        """The open database."""
        return self.runtime.db

    @property
    def workspace_id(self) -> UUID:
        """The workspace in which it is done."""
        return self.workspace.id

    def header(self, name: str) -> str | None:
        """A header of the request."""
        value = self.headers.get(name.lower().encode())
        return None if value is None else value.decode("latin-1")

    def now(self) -> datetime:
        """The time, in UTC."""
        return self.runtime.clock()

    def local_now(self) -> datetime:
        """The same moment in the workspace's zone: its day is today."""
        return self.now().astimezone(self.workspace.zone)

    def act(self, action: str) -> Act:
        """What is about to be done, for the audit log: the story writes it down by itself."""
        self.acts.append(action)
        return self.act_of(action)

    def note(self, **detail: Any) -> None:
        """Have the audit log say more of what is done."""
        self.noted.update(detail)

    def changed_nothing(self) -> None:
        """What was asked for was so already, or only tried: no entry is made of it."""
        self.acts.append("")

    def act_of(self, action: str) -> Act:
        """The same beside what the story writes down."""
        if self.entry is not None and self.entry.act.action == action:
            return self.entry.act  # an entry made by then is written once more, and no second one
        id_ = self.runtime.new_id()
        return Act(id_, self.workspace_id, self.api_key_id, action, self.now(), self.account_id)


def begin(acting: Doer, action: str, subject: str) -> Doer:
    """The same caller, about to change something: what is changed through this one's database has
    its entry."""
    entry = Entry(acting.db, acting.act_of(action), subject, acting.noted, acting.acts)
    return msgspec.structs.replace(acting, runtime=entry.over(acting.runtime), entry=entry)


async def write_down(acting: Acting, action: str, subject: str) -> None:
    """Tell the audit log all that is known of what was just done, unless the story did by itself.

    That it was done is there since it was (`begin`).
    """
    if acting.entry is not None and not acting.acts:
        await acting.entry.complete(subject)
        acting.acts.append(action)


class Call(Acting, frozen=True):
    """One call with a key that is live and reaches far enough."""

    key: ApiKey


async def call_of(arrival: Arrival) -> Call:
    """Who calls with the key of the request. Raises AccessError and ForbiddenError."""
    runtime, sent = arrival.runtime, arrival.header("authorization")
    if sent is not None and not runtime.of(WorkspaceCatalog).knows_key(_secret_of(sent)):
        require_luck(runtime, arrival.scope)
    key = await find_bearer(runtime, sent)
    require_scope(key, arrival.needs)
    _charge(arrival, key, 1)
    workspace = await runtime.of(WorkspaceCatalog).get(key.workspace_id)
    return Call(
        runtime=runtime, workspace=workspace, headers=arrival.headers, key=key, api_key_id=key.id
    )


def charge_key(arrival: Arrival, call: Call, items: int) -> None:
    """Count what a call with a key brings; raises RateLimitedError."""
    _charge(arrival, call.key, items)


def _charge(arrival: Arrival, key: ApiKey, items: int) -> None:
    runtime = arrival.runtime
    limit = runtime.settings.of(HttpSettings).key_rate_limit
    if limit and not is_loopback(address_of(runtime, arrival.scope)):
        spend(runtime, Budget("calls and items with this key", limit, limit), key.id, items)


async def find_bearer(runtime: Runtime, authorization: str | None) -> ApiKey:
    """The live key of an Authorization header.

    Raises AccessError: `key_missing`, `key_malformed`, `key_unknown`, `key_revoked`.
    """
    if authorization is None:
        raise AccessError(KEY_NEEDED, code="key_missing")
    if authorization.partition(" ")[0].lower() != "bearer":
        raise AccessError("The API key must look like: Bearer hk_…", code="key_malformed")
    return await find_key(runtime, _secret_of(authorization))


def _secret_of(authorization: str) -> str:
    return authorization.partition(" ")[2].strip()


async def find_public_key(runtime: Runtime, secret: str, origin: str | None) -> ApiKey:
    """The live key of a request from a web page: it stands in the page and may be seen by all.

    Raises AccessError as `find_bearer` does, and ForbiddenError as `require_public`.
    """
    return require_public(await find_key(runtime, secret), origin)


async def find_key(runtime: Runtime, secret: str) -> ApiKey:
    """The live key with this secret. Raises AccessError as `find_bearer` does."""
    if not secret.startswith(KEY_PREFIX) or len(secret) > MAX_KEY_CHARS or not secret.isascii():
        raise AccessError("An API key must look like hk_…", code="key_malformed")
    key = await runtime.of(WorkspaceCatalog).find_key(secret)
    if key is None:
        raise AccessError("There is no such API key.", code="key_unknown")
    if key.revoked_at is not None:
        raise AccessError("This API key was revoked.", code="key_revoked")
    return key


def require_public(key: ApiKey, origin: str | None) -> ApiKey:
    """The key, if it may be used from a web page, and from this one.

    `origin` is the Origin header, which browsers do not let pages choose; without one nobody
    forged a page, so the key alone decides. Raises ForbiddenError: `forbidden_scope`,
    `origin_not_allowed`.
    """
    require_scope(key, "public")
    require_origin(key, origin)
    return key


def require_scope(key: ApiKey, need: Need) -> None:
    """Raise ForbiddenError unless the key's scopes together reach what is needed."""
    if not reaches(key, need):
        held = ", ".join(key.scopes)
        raise ForbiddenError(f"This needs the scope {SAID.get(need, need)}; the key has {held}.")


def reaches(key: ApiKey, need: Need) -> bool:
    """Whether the key's scopes together reach what is needed."""
    held = frozenset[Need]().union(*(REACHES[scope] for scope in key.scopes))
    return held >= _ALL_OF.get(need, frozenset({need}))


def require_origin(key: ApiKey, origin: str | None) -> None:
    """Raise ForbiddenError `origin_not_allowed` for a page on a site that the key is not for."""
    if origin is None or not key.origins or plain_origin(origin) in key.origins:
        return
    raise ForbiddenError(
        "This API key may not be used from this site; its origins do not list it.",
        code="origin_not_allowed",
    )


async def key_of_page(arrival: Arrival) -> ApiKey:
    """The key in the address of a request from a web page, which must be for this site.

    Raises AccessError, ForbiddenError (see `find_public_key`) and RateLimitedError.
    """
    admit(arrival.runtime, arrival.scope)
    secret = key_in_query(arrival.scope["query_string"])
    if secret is None:
        raise AccessError("Name an API key in the address: ?key=hk_…", code="key_missing")
    return await find_public_key(arrival.runtime, secret, arrival.header("origin"))


def key_in_query(query: bytes) -> str | None:
    """The parameter `key` of a raw query; other parameters are nobody's business here."""
    values = [value for name, value in pairs_of(query) if name == "key"]
    if len(values) > 1:
        raise BadRequestError("The parameter 'key' stands twice.", code="bad_parameter")
    return values[0] if values else None
