"""Links start from the configured addresses and keep their QR small."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from harken_server.invitations.codes import (
    invitation_qr_text,
    invitation_qr_url,
    invitation_url,
    receipt_url,
)
from harken_server.invitations.links import EXPORT, MAIL_PREVIEW, RESULTS, SurveyLink
from harken_server.kernel.tokens import sign_token
from harken_server.qr.pictures import make_symbol
from harken_server.surveys.catalog import survey_url

CODE = "7KQ2W8XM4TRDB"
KEYS = (b"k" * 32,)
HOME = UUID("019a8f00-0000-7000-8000-000000000001")
ELSEWHERE = UUID("019a8f00-0000-7000-8000-000000000002")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=90)


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("https://fb.acme.com", f"https://FB.ACME.COM/I/{CODE}"),
        ("https://fb.acme.com/", f"https://FB.ACME.COM/I/{CODE}"),
        ("http://127.0.0.1:8300", f"http://127.0.0.1:8300/I/{CODE}"),
        ("http://[::1]:8300", f"http://[::1]:8300/I/{CODE}"),
        ("https://acme.com/F", f"https://ACME.COM/F/I/{CODE}"),
        ("https://acme.com/feedback", f"https://acme.com/feedback/i/{CODE}"),
        ("https://Acme.com/Feedback/", f"https://Acme.com/Feedback/i/{CODE}"),
        ("https://straße.example", f"https://straße.example/i/{CODE}"),
    ],
)
def test_a_qr_holds_a_link_in_capitals_where_case_does_not_matter(base: str, link: str) -> None:
    assert invitation_qr_text(base, CODE) == link


@pytest.mark.parametrize("base", ["https://fb.acme.com", "https://fb.acme.com/", "https://A.co/F"])
def test_a_link_to_be_read_keeps_the_case_of_its_address(base: str) -> None:
    plain = base.rstrip("/")

    assert invitation_url(base, CODE) == f"{plain}/i/{CODE}"
    assert receipt_url(base, CODE) == f"{plain}/r/{CODE}"


def test_a_capital_link_saves_a_version_over_a_small_one() -> None:
    link = invitation_qr_text("https://feedback.acme-stores.com", CODE)

    assert make_symbol(link).version == 3
    assert make_symbol(link.lower()).version == 4


def test_survey_and_image_links_keep_their_case() -> None:
    assert survey_url("https://fb.acme.com/", "post_purchase") == (
        "https://fb.acme.com/s/post_purchase"
    )
    assert survey_url("https://fb.acme.com/x", "nps", workspace="acme") == (
        "https://fb.acme.com/x/s/acme.nps"
    )
    assert invitation_qr_url("https://fb.acme.com", CODE, "svg") == (
        f"https://fb.acme.com/i/{CODE}/qr.svg"
    )


def test_a_results_link_opens_its_own_survey_until_it_expires() -> None:
    signed = sign_token(KEYS, RESULTS.kind, HOME, "nps", LATER)
    link = urlsplit(RESULTS.url("https://fb.acme.com", signed, "nps"))
    token = parse_qs(link.query)["token"][0]

    assert link.path == "/results/nps"
    assert RESULTS.is_good(KEYS, token, workspace_id=HOME, survey="nps", now=NOW)
    assert not RESULTS.is_good(KEYS, token, workspace_id=HOME, survey="csat", now=NOW)
    assert not RESULTS.is_good(KEYS, token, workspace_id=ELSEWHERE, survey="nps", now=NOW)
    assert not RESULTS.is_good(KEYS, token, workspace_id=HOME, survey="nps", now=LATER)
    assert not RESULTS.is_good((b"x" * 32,), token, workspace_id=HOME, survey="nps", now=NOW)


def test_a_results_link_of_another_workspace_names_it() -> None:
    link = RESULTS.url("https://fb.acme.com", "token", "nps", workspace="acme")

    assert urlsplit(link).path == "/results/acme.nps"


@pytest.mark.parametrize("other", [EXPORT, MAIL_PREVIEW])
def test_a_token_of_another_kind_opens_no_results(other: SurveyLink) -> None:
    token = sign_token(KEYS, other.kind, HOME, "nps", LATER)

    assert other.is_good(KEYS, token, workspace_id=HOME, survey="nps", now=NOW)
    assert not RESULTS.is_good(KEYS, token, workspace_id=HOME, survey="nps", now=NOW)
