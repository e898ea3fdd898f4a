"""The widget on host sites of all kinds, in real browsers, against the real server."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Literal

import pytest
import pytest_asyncio
from either_browser import InChromium, InFirefox, Visitor
from firefox import Firefox
from host_site import HostSite, page_of, widget_tag
from libraries import serve_libraries
from live_server import LiveServer
from node import WIDGET, install_packages, run_node
from sittings import Sittings
from visit_survey import VISIT
from watched import Watched

_numbers = itertools.count(1)
HostPage = Callable[..., Awaitable[Watched]]
RECOMMEND = {
    "type": "nps",
    "key": "recommend",
    "required": True,
    "text": "How likely are you to recommend us?",
}


@pytest.fixture(scope="session")
def host_site() -> Iterator[HostSite]:
    """A site on another origin than the server."""
    site = HostSite()
    yield site
    site.close()


@pytest.fixture
def shop(live_server: LiveServer) -> LiveServer:
    """An empty workspace on the server, with a public key: its config holds this test's surveys."""
    return live_server.new_workspace()


@pytest.fixture
def publish(shop: LiveServer) -> Callable[..., str]:
    """Publishes a survey of one NPS question for the widget; gives its key.

    `publish(opens=[{"on": "time", "seconds": 0.2}], mode="modal")` sets its targeting, which
    without cooldowns opens at once; `survey={…}` replaces parts of the survey itself.
    """
    numbers = itertools.count(1)

    def make(survey: dict[str, Any] | None = None, **targeting: Any) -> str:
        key = f"ask_{next(numbers)}"
        widget = {
            "opens": [{"on": "load"}],
            "cooldown": {"shown_days": 0, "dismissed_days": 0, "answered_days": 0},
            **targeting,
        }
        made = {
            "key": key,
            "title": f"Survey {key}",
            "questions": [RECOMMEND],
            "endings": [{"key": "thanks", "title": "Thank you", "text": "We read every answer."}],
            "widget": widget,
            **(survey or {}),
        }
        shop.push(made)
        return made["key"]

    return make


@pytest.fixture
def host_page(open_page: Callable[..., Awaitable[Watched]], host_site: HostSite, shop) -> HostPage:
    """Opens a page of the host site with the widget in it, watched.

    `await host_page(body="<p>…</p>", tag={"data_memory": "local"}, policy="script-src …")`.
    `tag=None` leaves the tag out; a text replaces it. `on=watched` uses a tab that is open;
    `source` is a whole page.
    Further keywords go to `page_of` (head, doctype, html) and, as `browser={…}`, to `open_page`.
    """

    async def make(
        body: str = "",
        *,
        tag: str | dict[str, str] | None = {},  # noqa: B006  (never changed)
        path: str | None = None,
        policy: str = "",
        headers: dict[str, str] | None = None,
        on: Watched | None = None,
        browser: dict[str, Any] | None = None,
        source: str = "",
        wait: Literal["commit", "load"] = "load",
        **page: Any,
    ) -> Watched:
        written = tag if isinstance(tag, str) else ""
        if isinstance(tag, dict):
            written = widget_tag(shop.url, shop.public_key, **tag)
        path = path or f"/page/{next(_numbers)}"
        sent = dict(headers or {})
        if policy:
            sent["content_security_policy"] = f"{policy}; report-uri /policy-reports"
        address = host_site.put(path, source or page_of(body + written, **page), **sent)
        watched = on or await open_page(**(browser or {}))
        if on is None:
            await watched.watch_widget()
        await watched.page.goto(address, wait_until=wait)
        return watched

    return make


SITE = """import {init} from "@harken/widget";
const {key, server} = document.currentScript.dataset;
init(key, {server});"""


@pytest.fixture(scope="session")
def site_bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A site's own script with the npm package in it, made by a bundler.

    It reads the key and the server's address from `data-key` and `data-server` of its tag.
    """
    folder = tmp_path_factory.mktemp("site")
    install_packages()
    run_node("build.mjs", "--package")
    (folder / "site.js").write_text(SITE, "utf-8")
    run_node(
        WIDGET / "node_modules" / "esbuild" / "bin" / "esbuild", folder / "site.js", "--bundle",
        f"--alias:@harken/widget={WIDGET / 'dist' / 'npm.js'}", f"--outfile={folder / 'out.js'}",
    )  # fmt: skip
    return (folder / "out.js").read_text("utf-8")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    open_page: Callable[..., Awaitable[Watched]], host_site: HostSite, shop: LiveServer
) -> Sittings:
    """A page of a site, and the survey published."""
    shop.push(VISIT)
    made = Sittings((await open_page()).page, host_site, shop)
    await made.visit()
    return made


@pytest.fixture(scope="session")
def libraries(host_site: HostSite, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Frameworks and dialogs of others, on the site."""
    serve_libraries(host_site, tmp_path_factory.mktemp("libraries"))


@pytest_asyncio.fixture(loop_scope="session", params=["chromium", "firefox"])
async def visitor(
    request: pytest.FixtureRequest,
    open_page: Callable[..., Awaitable[Watched]],
    firefox: Firefox,
) -> Visitor:
    """Somebody in Chromium, and somebody in Firefox."""
    if request.param == "firefox":
        return Visitor(InFirefox(firefox))
    return Visitor(InChromium((await open_page()).page))
