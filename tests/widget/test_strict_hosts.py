"""Sites with a strict policy: each way in works, and nothing is violated."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable

import pytest
from host_site import widget_tag
from live_server import LiveServer
from tiers import pairwise
from widget_steps import answer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REST = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'"
TYPES = "; require-trusted-types-for 'script'; trusted-types site"
"""The site has a policy named `site` of its own, and no other may be made."""

Way = Callable[[LiveServer, str], str]


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=20) as reply:
        return reply.read()


def tag(shop: LiveServer, survey: str) -> str:
    return widget_tag(shop.url, shop.public_key, nonce="n")


def tag_with_key_only(shop: LiveServer, survey: str) -> str:
    address = f"{shop.url}/widget/v1.js"
    return f'<script async nonce=n src="{address}" data-key="{shop.public_key}"></script>'


def pinned(shop: LiveServer, survey: str) -> str:
    published = json.loads(fetched(f"{shop.url}/widget/integrity.json"))
    [name] = [name for name in published if name.startswith("harken-")]
    return (
        f'<script async nonce=n src="{shop.url}/widget/{name}" integrity="{published[name]}"'
        f' crossorigin="anonymous" data-key="{shop.public_key}"></script>'
    )


def element(shop: LiveServer, survey: str) -> str:
    return f'<harken-survey survey="{survey}"></harken-survey>' + widget_tag(
        shop.url, shop.public_key, nonce="n", data_auto="false"
    )


def injected(shop: LiveServer, survey: str) -> str:
    """As a tag manager does: made by a script, without attributes that scripts could read."""
    address = f"{shop.url}/widget/v1.js?key={shop.public_key}"
    return f"""<script nonce=n>
      const script = document.createElement("script"), own = {{createScriptURL: text => text}};
      const made = window.trustedTypes ? trustedTypes.createPolicy("site", own) : own;
      script.nonce = "n";
      script.src = made.createScriptURL({json.dumps(address)});
      document.head.append(script);
    </script>"""


def stubbed(shop: LiveServer, survey: str) -> str:
    """Calls from before the script came."""
    before = "window.harken = window.harken || []; harken.push(['track', 'bought', {total: 3}])"
    return f"<script nonce=n>{before}</script>" + tag(shop, survey)


WAYS: list[Way] = [tag, tag_with_key_only, pinned, element, injected, stubbed]
SCRIPTS = {
    "nonce": "script-src 'nonce-n'",
    "host": "script-src {server} 'nonce-n'",
    "strict-dynamic": "script-src 'nonce-n' 'strict-dynamic' https:",
}


async def shows_and_submits(host_page, shop, survey: str, body: str, policy: str) -> None:
    """The survey is shown and stored, and the page has nothing to complain of."""
    watched = await host_page(body, tag=None, policy=f"{REST}; connect-src {shop.url}; {policy}")

    await watched.event("shown")
    await answer(watched)

    [stored] = shop.responses(survey)
    assert stored["answers"] == {"recommend": 9}
    assert watched.violations == []
    assert watched.complaints == []


@pytest.mark.parametrize(
    *pairwise(way=WAYS, types=[TYPES, ""]),
    ids=lambda types: {TYPES: "typed", "": "plain"}.get(types),
)
async def test_every_way_in_works_under_a_policy_of_nonces(host_page, shop, publish, way, types):
    survey = publish(
        opens=[{"on": "event", "name": "bought"}] if way is stubbed else [{"on": "load"}]
    )

    await shows_and_submits(
        host_page, shop, survey, way(shop, survey), f"{SCRIPTS['nonce']}{types}"
    )


@pytest.mark.parametrize(*pairwise(way=[tag, pinned, injected], scripts=["host", "strict-dynamic"]))
async def test_lists_of_hosts_and_strict_dynamic_work(host_page, shop, publish, way, scripts):
    survey = publish()
    policy = SCRIPTS[scripts].format(server=shop.url)

    await shows_and_submits(host_page, shop, survey, way(shop, survey), f"{policy}{TYPES}")


async def test_two_lines_of_policy_are_all_a_strict_site_needs(host_page, shop, publish):
    """`script-src` and `connect-src` with the server, as the documents say: no nonce anywhere."""
    survey = publish()
    body = widget_tag(shop.url, shop.public_key)

    await shows_and_submits(host_page, shop, survey, body, f"script-src {shop.url}{TYPES}")


async def test_a_changed_file_is_refused_by_its_digest(host_page, shop, publish, host_site):
    """The published digest is of the very bytes: one more byte, and the browser loads nothing."""
    publish()
    whole = pinned(shop, "")
    name = whole.split("/widget/")[1].split('"')[0]
    changed = fetched(f"{shop.url}/widget/{name}") + b" "
    address = host_site.put(
        f"/copy/{name}", changed, "text/javascript", access_control_allow_origin="*"
    )

    watched = await host_page(whole.replace(f"{shop.url}/widget/{name}", address), tag=None)

    await watched.until(lambda: watched.complaints, "the browser's refusal")
    assert "integrity" in watched.complaints[0]
    assert await watched.page.evaluate("typeof window.harken") == "undefined"


async def test_the_bundle_of_a_site_works_without_any_script_of_ours(
    host_page, shop, publish, site_bundle
):
    """`@harken/widget` inside the site's own script: one address in `connect-src` is enough."""
    survey = publish()
    names = f'nonce=n data-key="{shop.public_key}" data-server="{shop.url}"'
    body = f"<script {names}>{site_bundle}</script>"

    await shows_and_submits(host_page, shop, survey, body, f"script-src 'nonce-n'{TYPES}")
