"""`/share/{survey}/email`: the first question as HTML for a mail service, and how a mail looks."""

from __future__ import annotations

from pathlib import Path

from harken_server.channels.email.message.snippets import (
    PROVIDERS,
    Provider,
    SnippetView,
    SnippetWay,
    render_snippet,
)
from harken_server.channels.email.serve.preview import sample_mail
from harken_server.channels.page.wording import choose_locale
from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, Shown
from harken_server.invitations.links import MAIL_PREVIEW, sign_link
from harken_server.kernel.languages import language_name
from harken_server.responses.seen import signal_on
from harken_server.surveys.sharing import SURVEY, Shared, open_shared
from harken_server.surveys.survey import offered_locales
from harken_server.workspaces.signed_in import Visit, act, page

FOLDER = Path(__file__).parents[1] / "templates"
PATH = SURVEY + "/email"
PREVIEW_DAYS = 7
_WAYS: tuple[tuple[SnippetWay, str], ...] = (
    ("rid", "Paste and send"),
    ("links", "Personal links"),
)
"""What needs nothing but the snippet comes first."""


@page(PATH, right="edit")
async def show_email(visit: Visit, survey: str) -> Shown:
    """The snippet for one mail service, with the steps to take."""
    shared = await open_shared(visit, survey)
    locale, provider, way = _locale(shared), _provider(visit), _way(visit)
    made = render_snippet(
        SnippetView(
            survey=shared.loaded.survey, locale=locale, survey_url=shared.url,
            provider=provider, way=way,
        )
    )  # fmt: skip
    mail, _ = sample_mail(visit.runtime, shared.loaded, locale, "invitation")
    locales = [(each, language_name(each)) for each in offered_locales(shared.loaded.survey)]
    return visit.render(
        FOLDER, "share_email.html", title="In your mails", crumbs=shared.crumbs, shared=shared,
        signal=await signal_on(shared, "email"), snippet=made, ways=_WAYS, way=way,
        providers=[(each.key, each.name) for each in PROVIDERS.values()],
        provider=provider.key, locales=locales, locale=locale, subject=mail.subject,
    )  # fmt: skip


@act(PATH + "/preview", "create_mail_preview_link", right="edit")
async def open_preview(visit: Visit, survey: str) -> Shown:
    """On to the page that shows the mail, by a link for people without an account as well."""
    shared = await open_shared(visit, survey)
    link = await sign_link(
        visit.runtime, MAIL_PREVIEW, shared.key, visit.workspace, days=PREVIEW_DAYS
    )
    return Reply(303, {**PRIVATE, "location": link.url}, b"")


def _locale(shared: Shared) -> str:
    wanted = shared.visit.said().get("locale", "")[:35]
    return choose_locale(shared.loaded.survey, wanted, "")


def _provider(visit: Visit) -> Provider:
    wanted = visit.said().get("provider", "plain")
    return next((each for each in PROVIDERS.values() if each.key == wanted), PROVIDERS["plain"])


def _way(visit: Visit) -> SnippetWay:
    return "links" if visit.said().get("way") == "links" else "rid"
