"""Texts that are meant to break out, in every name that people can give: each page stays its own.

Of two workspaces that are alike but for their texts, one of them harmless, every page must have
the same elements with the same attributes.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from api_client import Api
from console_routes import ConsoleRoute, console_routes
from hostile_texts import TRICKS
from named_things import PLAIN, Named
from read_page import PageForm, faults_of, forms_of, read_page, skeleton_of
from signed_in import SignedIn
from tiers import first_of

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

AT_ONCE = 5
LAID_OUT = ("/poster", "/places/{print:str}")
"""Pages of paper: their lines break where the words say."""
MARKUP = ("<script>", "'\"><img", "{{7*7}}", '"; filename=', "]]>")
"""How the tricks begin that are tried before `nightly`."""
FIRST = sorted(TRICKS, key=lambda trick: not trick.startswith(MARKUP))
ROUNDS = [tuple(FIRST[at : at + AT_ONCE]) for at in range(0, len(FIRST), AT_ONCE)]
OF_RESPONDENTS = "/preview/"
"""Pages in the looks of a survey: `tests/channels/page` asks the same of them."""
NAMED_BY_API = {"surveys", "store.till", "responses", "keys", "stores", "tills", "devices"}


@pytest.mark.parametrize("tricks", first_of(ROUNDS, 1), ids=lambda tricks: tricks[0][:9])
async def test_a_page_is_the_same_whatever_its_names_are(api: Api, tricks: tuple[str, ...]) -> None:
    plain = await pages_of(api, PLAIN)
    assert plain

    for trick in tricks:
        for route, page in (await pages_of(api, trick)).items():
            assert not faults_of(page), (trick, route)
            if route.path.endswith(LAID_OUT):
                continue
            here, there = skeleton_of(page), skeleton_of(plain[route])
            if route.path.endswith("/audit"):  # what was done in one moment has no order
                here, there = sorted(here, key=str), sorted(there, key=str)
            assert here == there, (trick, route)


@pytest.mark.parametrize("tricks", first_of(ROUNDS, 1), ids=lambda tricks: tricks[0][:9])
async def test_a_form_comes_back_with_what_was_typed_as_text(
    api: Api, tricks: tuple[str, ...]
) -> None:
    named = Named(api.runtime, PLAIN)
    visitor = await named.make()

    for trick in tricks[:2]:
        for route in console_routes("GET"):
            reply = await visitor.http.get(route.at(named.ids, named.slug))
            for form in forms_in(reply):
                await send(visitor, form, trick)


async def pages_of(api: Api, text: str) -> dict[ConsoleRoute, Any]:
    """Every page of a workspace whose names are this text."""
    named = Named(api.runtime, text)
    visitor = await named.make()
    if text.startswith("<script>"):
        assert named.taken >= NAMED_BY_API, (text, named.taken)
    found: dict[ConsoleRoute, Any] = {}
    for route in console_routes("GET"):
        reply = await visitor.http.get(route.at(named.ids, named.slug))
        assert reply.status_code in {200, 303}, (route, reply.status_code, reply.text[-1000:])
        if is_page(reply) and not route.path.startswith(OF_RESPONDENTS):
            found[route] = read_page(reply.text)
    return found


def is_page(reply: httpx.Response) -> bool:
    """Whether it is HTML, under a policy that lets nothing inline run."""
    if not reply.headers.get("content-type", "").startswith("text/html"):
        return False
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy, policy
    scripts = [part for part in policy.split(";") if not part.strip().startswith("style-src")]
    assert "unsafe" not in ";".join(scripts), policy
    return True


def forms_in(reply: httpx.Response) -> list[PageForm]:
    """What it lets people fill in and send."""
    if reply.status_code != 200 or not is_page(reply):
        return []
    return [form for form in forms_of(read_page(reply.text)) if form.typed]


async def send(visitor: SignedIn, form: PageForm, trick: str) -> None:
    """Fill every field of a form with a text, and look at the page that comes of it."""
    fields = form.fields | {name: [trick] for name in form.typed}
    if form.method == "get":
        reply = await visitor.http.get(form.action, params=fields)
    else:
        reply = await visitor.http.post(form.action, data=fields)
    assert reply.status_code < 500, (form, reply.text[-1000:])
    if is_page(reply):
        assert not faults_of(read_page(reply.text)), (form, trick)
