"""A character that nothing may hold, in any field of the console: the form comes back filled."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from api_client import Api
from console_routes import console_routes
from named_things import PLAIN, Named
from read_page import Element, PageForm, forms_of, read_page
from signed_in import SignedIn

NUL = "a\x00b"
OTHERS = "Others"
OF_RESPONDENTS = "/preview/"
"""Pages in the looks of a survey: `tests/channels/page` asks the same of them."""
NOT_READ = "username"
"""What programs that keep passwords look for, and what confirms a password again."""


async def every_form(visitor: SignedIn, named: Named) -> AsyncIterator[tuple[Element, PageForm]]:
    """Each form that changes something, with the page that it is on."""
    for route in console_routes("GET"):
        if OF_RESPONDENTS in route.path:
            continue
        reply = await visitor.http.get(route.at(named.ids, named.slug))
        if reply.status_code == 200 and "text/html" in reply.headers["content-type"]:
            page = read_page(reply.text)
            for form in forms_of(page):
                if form.method == "post" and not form.action.endswith("/sign-out"):
                    yield page, form


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_every_field_of_every_form_says_what_it_does_not_take(api: Api) -> None:
    named = Named(api.runtime, PLAIN)
    visitor = await named.make()
    asked, wrong = 0, list[str]()
    async for page, form in every_form(visitor, named):
        for name in form.typed:
            if name == NOT_READ or is_hidden(page, name):
                continue
            asked += 1
            if said := await fault_of(visitor, form, name):
                wrong.append(f"{form.action} {name}: {said}")

    assert not wrong, "\n".join(wrong)
    assert asked > 40


@pytest.mark.processes
@pytest.mark.parametrize("engine_name", ["postgres"], indirect=True)
async def test_no_field_of_any_form_breaks_a_page_whatever_it_holds(api: Api) -> None:
    named = Named(api.runtime, PLAIN)
    visitor = await named.make()
    asked, broken = 0, list[str]()
    async for _, form in every_form(visitor, named):
        for name in form.fields:
            asked += 1
            reply = await visitor.http.post(form.action, data=form.fields | {name: [NUL]})
            if reply.status_code >= 500:
                broken.append(f"{form.action} {name}")

    assert not broken, "\n".join(broken)
    assert asked > 100


async def fault_of(visitor: SignedIn, form: PageForm, name: str) -> str:
    """What is wrong with the page that comes back."""
    others = {each: [OTHERS] for each in form.typed if form.fields.get(each) in ([""], None)}
    reply = await visitor.http.post(form.action, data=form.fields | others | {name: [NUL]})
    if reply.status_code != 422:
        return f"status {reply.status_code}"
    page = read_page(reply.text)
    fields = [each for each in page.every("input", "textarea") if is_named(each, name)]
    if not any(each.attributes.get("aria-invalid") == "true" for each in fields):
        return "no error at the field"
    return ""


def is_hidden(page: Element, name: str) -> bool:
    """Whether nobody types into it: a file, or what a form brings back."""
    fields = [each for each in page.every("input", "textarea") if is_named(each, name)]
    return any(
        each.attributes.get("type") == "file" or "hidden" in each.attributes for each in fields
    )


def is_named(field: Element, name: str) -> bool:
    return field.attributes.get("name") == name
