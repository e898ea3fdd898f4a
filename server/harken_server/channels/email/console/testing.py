"""Mail: whether it is set up, and a test message to oneself."""

from __future__ import annotations

from pathlib import Path

from harken_server.channels.email.rules.addresses import parse_smtp_url
from harken_server.channels.email.settings import MailSettings, missing_names
from harken_server.http.limits import Budget
from harken_server.http.pages import Shown
from harken_server.http.runtime import spend
from harken_server.workspaces.access import write_down
from harken_server.workspaces.console.settings import tabs_of
from harken_server.workspaces.signed_in import Visit, act, page

FOLDER = Path(__file__).parents[1] / "templates"
TRIALS = Budget("test messages", 5, 5)
"""Of one person: five at once, then five a minute."""
OPTIONS = ("mail_from", "mail_reply_to", "mail_bounce_domain", "mail_window", "mail_daily_cap")


@page("/settings/mail", right="manage")
async def show_mail(visit: Visit) -> Shown:
    """What the server's environment says of mail; never a secret."""
    return _page(visit, [], is_taken=None)


@act("/settings/mail", "send_test_mail", right="manage")
async def send_test(visit: Visit) -> Shown:
    """Send a message to oneself, and show what the mail server said at each step."""
    # The mail library is loaded with the first message, not with the server.
    from harken_server.channels.email.sending.trial import try_mail

    spend(visit.runtime, TRIALS, visit.account.id)
    steps: list[str] = []
    is_taken = await try_mail(
        visit.runtime.settings, visit.account.email, visit.now(), say=steps.append
    )
    visit.note(taken=is_taken)
    await write_down(visit, "send_test_mail", "mail")
    return _page(visit, steps, is_taken=is_taken)


def _page(visit: Visit, steps: list[str], *, is_taken: bool | None) -> Shown:
    settings = visit.runtime.settings
    mail = settings.of(MailSettings)
    server = parse_smtp_url(mail.smtp_url).label if mail.smtp_url else ""
    shown = [(f"HARKEN_{name.upper()}", getattr(mail, name)) for name in ("name", *OPTIONS)]
    return visit.render(
        FOLDER, "mail.html", title="Mail", tabs=tabs_of(visit), server=server, shown=shown,
        missing=missing_names(settings) if server else [], address=visit.account.email,
        steps=steps, is_taken=is_taken,
    )  # fmt: skip
