"""A character that nothing may hold, in any field of the console: the form comes back filled."""

from __future__ import annotations

import pytest
from api_client import Api
from console_routes import console_routes
from named_things import PLAIN, Named
from read_page import Element, PageForm, forms_of, read_page
from signed_in import SignedIn

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

REFUSED = "a\x00b"
SHOWN = "ab"
OF_RESPONDENTS = "/preview/"
"""Pages in the looks of a survey: `tests/channels/page` asks the same of them."""


async def test_every_field_of_every_form_says_what_it_does_not_take(api: Api) -> None:
    named = Named(api, PLAIN)
    visitor = await named.make()
    asked = 0
    wrong: list[str] = []
    for route in console_routes("GET"):
        if OF_RESPONDENTS in route.path:
            continue
        reply = await visitor.http.get(route.at(named.ids, named.slug))
        if reply.status_code != 200 or "text/html" not in reply.headers["content-type"]:
            continue
        for form in forms_of(read_page(reply.text)):
            for name in form.typed if form.method == "post" else ():
                asked += 1
                if said := await fault_of(visitor, form, name):
                    wrong.append(f"{route.path} {form.action.rpartition('/')[2]} {name}: {said}")

    assert not wrong, "\n".join(wrong)
    assert asked > 40


async def fault_of(visitor: SignedIn, form: PageForm, name: str) -> str:
    """What is wrong with the page that comes back."""
    reply = await visitor.http.post(form.action, data=form.fields | {name: [REFUSED]})
    if reply.status_code != 422:
        return f"status {reply.status_code}"
    page = read_page(reply.text)
    fields = [each for each in page.every("input", "textarea") if is_named(each, name)]
    if not any(each.attributes.get("aria-invalid") == "true" for each in fields):
        return "no error at the field"
    return ""


def is_named(field: Element, name: str) -> bool:
    return field.attributes.get("name") == name
