"""The story of an owner: invites two people, restricts, revokes, is locked out and comes back."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from either_browser import Driver
from live_server import LiveServer
from paced import Paced
from served import COMMAND, clean_environ
from told_stories import EMAIL, OWNER, PASSWORD, set_up

from harken_server.workspaces.people.new_people import make_setup_link

Another = Callable[[], Awaitable[Driver]]
"""A browser of somebody else, in which nobody is signed in."""

SURVEY: dict[str, Any] = {
    "key": "visit", "title": "Your visit", "touchpoints": ["store.visit"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "How likely to recommend us?"},
        {"type": "long_text", "key": "why", "text": "Why?"},
    ],
}  # fmt: skip
OSLO, BERGEN = "The queue in Oslo was short", "Bergen was out of bread"
NEW_PASSWORD = "four quite other words"
EVERYTHING = "Home Surveys Results Segments Customers Import Share People Keys Settings Audit log"
SECTIONS = """return [...document.querySelectorAll('.sections a')]
  .map(part => part.innerText.trim()).join(' ')"""
COPIED = "return document.querySelector(`[data-copy*='/join/']`)?.dataset.copy"
SHOWN = "return document.body.innerText"


async def begin(owner: Paced, live: LiveServer) -> None:
    """Two stores that answers came from, and an owner who is signed in."""
    live.call("PUT", "/v1/dimensions", {"dimensions": [{"name": "store"}]})
    live.push(SURVEY)
    for store, why in (("Oslo", OSLO), ("Bergen", BERGEN)):
        live.call("POST", "/v1/stores", {"name": store})
        live.call("POST", "/v1/public/responses", {
            "id": str(uuid4()), "survey": SURVEY["key"], "context": {"store": store},
            "answers": {"recommend": 9, "why": why},
        })  # fmt: skip
    await set_up(owner, live.run_inside(make_setup_link))
    owner.steps.clear()  # they are signed in when the story begins


async def invite(owner: Paced, email: str, *restricted: str, picture: str = "") -> str:
    """Invite somebody as a viewer, or on the front line of a store; gives the link."""
    await owner.press("Invite somebody", "E-mail address")
    await owner.type("E-mail address", email)
    for choice in restricted:
        await owner.press(choice)
    await owner.looks(picture)
    await owner.press("Make invitation", f"Invitation for {email}")
    link = await owner.until(COPIED)
    await owner.press("Copy")
    await owner.press("Done", "Invited")
    return link


async def join(person: Paced, link: str, name: str) -> None:
    """Make an account by the link, and arrive at home."""
    await person.open(link, "open the invitation", "Join Berg")
    await person.type("Your name", name)
    await person.type("Password", PASSWORD)
    await person.press("Join", "Your visit")


async def check_sees(person: Paced, sections: str, *, reads: tuple[str, ...]) -> None:
    """The navigation has these sections, and of the comments these are read."""
    assert await person.driver.run(SECTIONS) == sections
    shown = await person.driver.run(SHOWN)
    assert tuple(text for text in (OSLO, BERGEN) if text in shown) == reads


async def check_refused(person: Paced, live: LiveServer) -> None:
    """The list of people is not there by its address either."""
    home = await person.driver.run("return location.pathname")
    await person.driver.open(f"{live.url}{home}/people")
    await person.until("return document.body.innerText.includes(arguments[0])", "does not reach")
    assert EMAIL not in await person.driver.run(SHOWN)
    await person.driver.open(f"{live.url}{home}")


async def sign_in(person: Paced, live: LiveServer) -> None:
    """With the first password."""
    await person.open(f"{live.url}/sign-in", "open the console", "Forgotten your password?")
    await person.type("E-mail", EMAIL)
    await person.type("Password", PASSWORD)
    await person.press("Sign in", "Your visit")


async def live_with_people(owner: Paced, live: LiveServer, another: Another) -> None:
    """Invite a viewer and somebody for one store; give the one more, and take out the other."""
    await owner.press("People", "Who may do what")
    link = await invite(owner, "vera@shop.example")
    vera = owner.beside("Vera", await another())
    await join(vera, link, "Vera Lund")
    await check_sees(vera, "Home Surveys Results Segments", reads=())
    await check_refused(vera, live)
    link = await invite(owner, "finn@shop.example", "Front line", "Oslo", picture="invite")
    finn = owner.beside("Finn", await another())
    await join(finn, link, "Finn Dahl")
    await check_sees(finn, "Home Results", reads=(OSLO,))
    await check_refused(finn, live)
    await owner.press("People", "Vera Lund", picture="people")
    await owner.press("Vera Lund", "What they may do")
    await owner.press("Analyst")
    await owner.press("Save role", "is analyst now")
    await vera.press("Home", BERGEN)
    await check_sees(vera, "Home Surveys Results Segments Customers", reads=(OSLO, BERGEN))
    await owner.press("Finn Dahl", "What they may do")
    await owner.press("Remove from workspace", "is no longer in this workspace", is_asked=True)
    await finn.press("Results", "No workspace yet")
    assert OSLO not in await finn.driver.run(SHOWN)


async def lose_the_password(owner: Paced, live: LiveServer, another: Another) -> None:
    """Sign out, not find in again, have whoever runs the server help, and be alone in there."""
    phone = owner.beside("on the phone", await another())
    await sign_in(phone, live)
    await owner.press(OWNER, "Sign out")
    await owner.press("Sign out", "You are signed out.")
    await owner.type("E-mail", EMAIL)
    await owner.type("Password", "three plain worlds")
    await owner.press("Sign in", "is not right")
    await owner.press("Forgotten your password?", "harken-server people reset", picture="reset")
    link = await reset_by_command(live)
    await owner.act("have the server's command run: `harken-server people reset`", presses=0)
    await owner.open(link, "open its link", "Choose a new password")
    await owner.type("New password", NEW_PASSWORD)
    await owner.press("Set the password", "Your new password is set")
    await phone.press("Results", "Forgotten your password?")
    await owner.type("E-mail", EMAIL)
    await owner.type("Password", NEW_PASSWORD)
    await owner.press("Sign in", "Your visit")
    await check_sees(owner, EVERYTHING, reads=(OSLO, BERGEN))


async def reset_by_command(live: LiveServer) -> str:
    """What the command prints that whoever runs the server knows."""
    done = await asyncio.to_thread(
        subprocess.run, [*COMMAND, "people", "reset", EMAIL], env=clean_environ(**live.environ),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.strip()
