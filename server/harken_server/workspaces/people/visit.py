"""A visit of a person of the house: who they are, what they see, and how pages answer them."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from harken_server.design.pages import POLICY, render
from harken_server.design.times import when
from harken_server.http.declared import Arrival
from harken_server.http.failure_pages.rendered import title_of
from harken_server.http.header_values import own_location
from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, Document, Shown
from harken_server.http.problems import status_of
from harken_server.kernel.errors import HarkenError
from harken_server.workspaces.access import Acting
from harken_server.workspaces.people.account import Account, Membership, Session
from harken_server.workspaces.people.cookies import SAID, cookie_of, set_cookie
from harken_server.workspaces.people.rules import Reach, Right, may
from harken_server.workspaces.people.signed_on import SignedOn, who_is_signed_on
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.workspace import Workspace

CONSOLE = "/console/{workspace:str}"
SIGN_IN = "/sign-in"
CONFIRMED_FOR = timedelta(minutes=10)
FOLDER = Path(__file__).parent / "templates"


class Section(NamedTuple):
    """A place of the console, as the navigation shows it."""

    label: str
    path: str
    """Below the workspace's address; empty for home."""
    icon: str
    right: Right
    is_scoped: bool = False


class Sections(NamedTuple):
    """All places, in their order; joined in `routes`."""

    all: tuple[Section, ...]


class Visit(Acting, frozen=True, kw_only=True):
    """Somebody who is signed in, in one workspace of theirs."""

    arrival: Arrival
    who: SignedOn
    member: Membership | None
    """None: they are not in this workspace."""
    memberships: tuple[tuple[Workspace, Membership], ...]
    rules: list[Any]

    @property
    def account(self) -> Account:
        """The person."""
        return self.who.account

    @property
    def session(self) -> Session:
        """The session of this browser."""
        return self.who.session

    @property
    def token(self) -> str:
        """What each form of this session carries."""
        return self.who.token

    @property
    def reach(self) -> Reach | None:
        """What somebody on the front line sees; None: everything."""
        if self.member is None or self.member.role != "frontline":
            return None
        return Reach(self.member.stores, self.member.touchpoints)

    def may(self, right: Right) -> bool:
        """Whether their role has the right."""
        return self.member is not None and may(self.member.role, right)

    def path(self, path: str = "") -> str:
        """The address of a page of this workspace's console."""
        return f"/console/{quote(self.workspace.slug)}{path}"

    def said(self) -> dict[str, str]:
        """The query, the first of each name."""
        return self.arrival.said()

    def is_confirmed(self) -> bool:
        """Whether the password was given just now."""
        at = self.session.confirmed_at
        return at is not None and self.now() - at < CONFIRMED_FOR

    def render(
        self, folder: Path, name: str, *, title: str, status: int = 200,
        crumbs: tuple[tuple[str, str], ...] = (), **parts: Any,
    ) -> Document:  # fmt: skip
        """A page of the slice's folder inside the shell."""
        said = self._said()
        body = render(
            folder, name, title=title, visit=self, csrf=self.token, may=self.may,
            at=self.path, when=partial(when, now=self.local_now()),
            shell=self._shell(said, crumbs), **parts,
        )  # fmt: skip
        headers = (("set-cookie", set_cookie(self.runtime, SAID, "", 0)),) if said else ()
        return Document(body.encode(), POLICY, status, "en", headers)

    def to(self, path: str, said: str = "") -> Reply:
        """Go on to another page of this console, which says what happened."""
        if not said:
            return go_to(self.path(path))
        sealed = urlsafe_b64encode(said.encode()).decode()
        value = f"{sealed}.{self._seal(sealed)}"
        return go_to(self.path(path), set_cookie(self.runtime, SAID, value, 60))

    def _shell(self, said: str, crumbs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
        here = self.arrival.scope["path"].removeprefix(self.path())
        ways = (here, *(href.removeprefix(self.path()) for _, href in crumbs[:1]))
        sections = [
            {"label": one.label, "href": self.path(one.path), "icon": one.icon,
             "is_current": here == one.path
             or bool(one.path and any(way.startswith(one.path) for way in ways))}
            for one in self.runtime.of(Sections).all
            if self.may(one.right) and (self.reach is None or one.is_scoped)
        ]  # fmt: skip
        return {
            "workspace": name_of(self.workspace),
            "workspaces": [
                (name_of(each), f"/console/{quote(each.slug)}", each.id == self.workspace.id)
                for each, _ in self.memberships
            ],
            "person": {
                "name": self.account.name or self.account.email,
                "email": self.account.email,
                "href": self.path("/me"),
            },
            "sections": sections,
            "csrf": self.token,
            "sign_out": "/sign-out",
            "said": said,
            "crumbs": crumbs,
        }

    def _said(self) -> str:
        sealed, _, seal = cookie_of(self.arrival, SAID).rpartition(".")
        if not sealed or not hmac.compare_digest(seal.encode(), self._seal(sealed).encode()):
            return ""
        return urlsafe_b64decode(sealed).decode()

    def _seal(self, sealed: str) -> str:
        key = f"said {self.who.secret}".encode()
        return hmac.new(key, sealed.encode(), hashlib.sha256).hexdigest()


def go_to(path: str, cookie: str = "") -> Reply:
    """Go on to a path of ours."""
    headers = {**PRIVATE, "location": own_location(path)}
    return Reply(303, {**headers, "set-cookie": cookie} if cookie else headers, b"")


def name_of(workspace: Workspace) -> str:
    """What a workspace is called."""
    return workspace.name or workspace.slug


async def open_visit(arrival: Arrival) -> Visit | None:
    """Who is signed in with the cookie of a request; None: nobody."""
    who = await who_is_signed_on(arrival)
    if who is None:
        return None
    slug, runtime = arrival.piece("workspace"), arrival.runtime
    workspaces = await accounts.workspaces_of(runtime.db, who.account.id)
    here = next((each for each in workspaces if each[0].slug == slug), None)
    workspace = here[0] if here else workspaces[0][0] if workspaces else None
    if workspace is None:
        return None
    return Visit(
        runtime=runtime, workspace=workspace, headers=arrival.headers, arrival=arrival, who=who,
        member=here[1] if here else None, memberships=tuple(workspaces), rules=[],
        account_id=who.account.id,
    )  # fmt: skip


def ask_to_sign_in(arrival: Arrival) -> Shown:
    """Nobody is signed in: on to the door, and back afterwards."""
    return go_to(f"{SIGN_IN}?next={quote(arrival.scope['path'])}")


def ask_to_confirm(visit: Visit) -> Shown:
    """What is dangerous is done soon after the password was given."""
    return go_to(visit.path(f"/confirm?next={quote(visit.arrival.scope['path'])}"))


def show_failure(visit: Visit, error: HarkenError) -> Shown:
    """A page that says what went wrong and leads on."""
    status = status_of(error)
    return visit.render(
        FOLDER, "failure.html", title=title_of(status), status=status,
        message=error.message, problems=getattr(error, "problems", ()),
    )  # fmt: skip
