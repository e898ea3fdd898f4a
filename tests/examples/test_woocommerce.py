"""The plugin for WooCommerce, run by PHP with stand-ins for WordPress: its links are answered."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harken.receipts import Till

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples" / "woocommerce"
VECTORS = json.loads((ROOT / "tests" / "vectors" / "receipts.json").read_text("utf-8"))
TEXT = VECTORS["good"][0]["configuration"]
SECRET = TEXT.split(".")[3]
COMPLETED = {"id": "customer_completed_order", "admin": False, "plain": False}
ORDER = {"id": 1734, "made": "2026-03-01T12:00:00Z"}


def php(**asked: Any) -> dict[str, Any]:
    """What the plugin answers."""
    program = shutil.which("php")
    assert program, "no PHP: install php-cli, as bootstrap.py does on Debian"
    command = [program, Path(__file__).with_name("wordpress.php"), PLUGIN / "harken-receipts.php"]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def link_in(text: str) -> str:
    found = re.search(r'href="([^"]+)"', text)
    assert found, text
    return html.unescape(found[1])


@pytest.mark.processes
def test_php_mints_the_vectors() -> None:
    said = php(vectors=VECTORS["good"])

    assert said["minted"] == [[vector["token"], vector["url"]] for vector in VECTORS["good"]]


def test_the_port_is_the_one_on_the_reference_page() -> None:
    page = (ROOT / "docs" / "reference" / "receipt-tokens.md").read_text("utf-8")
    (code,) = re.findall(r"^```php\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)

    assert (PLUGIN / "class-harken-till.php").read_text("utf-8") == code


@pytest.mark.processes
def test_an_order_is_answered_once_and_counted(counter: Any) -> None:
    made = datetime.now(UTC) - timedelta(days=3)
    order = {"id": 4711, "made": made.isoformat()}
    said = php(till=counter.till, orders=[order], mails=[COMPLETED])
    (page,), (mail,) = said["pages"], said["mails"]

    assert link_in(page) == link_in(mail)
    assert counter.answer(link_in(mail), 8) == 200

    (stored,) = counter.stored()
    assert (stored["standing"], stored["flags"]) == ("counted", [])
    assert stored["context"]["receipt"].endswith("-4711")
    assert counter.counted() == 1
    assert said["logged"] == []


@pytest.mark.processes
def test_the_orders_number_and_time_are_the_tokens() -> None:
    said = php(till=TEXT, orders=[ORDER, {**ORDER, "id": (1 << 24) + 5}])

    till, at = Till.from_text(TEXT), datetime.fromisoformat(ORDER["made"])
    assert [link_in(page) for page in said["pages"]] == [
        till.mint(1734, at).url,
        till.mint(5, at).url,
    ]


@pytest.mark.processes
@pytest.mark.parametrize(
    "mail",
    [
        {**COMPLETED, "admin": True},
        {**COMPLETED, "id": "customer_processing_order"},
        {**COMPLETED, "id": None},
    ],
)
def test_other_mails_carry_no_link(mail: dict[str, Any]) -> None:
    assert php(till=TEXT, orders=[ORDER], mails=[mail])["mails"] == [""]


@pytest.mark.processes
def test_a_plain_mail_has_the_bare_link() -> None:
    (mail,) = php(till=TEXT, orders=[ORDER], mails=[{**COMPLETED, "plain": True}])["mails"]

    assert "<" not in mail
    assert mail.endswith(f"\n{VECTORS['good'][0]['url']}\n")


@pytest.mark.processes
@pytest.mark.parametrize("status", ["failed", "cancelled", "refunded"])
def test_an_order_that_came_to_nothing_is_not_asked_about(status: str) -> None:
    assert php(till=TEXT, orders=[{**ORDER, "status": status}])["pages"] == [""]


@pytest.mark.processes
@pytest.mark.parametrize(
    ("till", "made", "is_logged"),
    [
        ("", ORDER["made"], False),
        ("hkr1.nonsense", ORDER["made"], True),
        (TEXT, "2019-01-01T00:00:00Z", True),
        (TEXT, None, False),
    ],
)
def test_what_cannot_be_signed_shows_nothing_and_stops_nothing(
    till: str, made: str | None, is_logged: bool
) -> None:
    said = php(till=till, orders=[{"id": 1, "made": made}], mails=[COMPLETED])

    assert (said["pages"], said["mails"]) == ([""], [""])
    assert bool(said["logged"]) is is_logged
    assert SECRET not in str(said)


@pytest.mark.processes
def test_the_settings_keep_the_line_and_never_show_it() -> None:
    other = VECTORS["good"][-1]["configuration"]
    said = php(till=TEXT, typed=["", f" {other} ", "none", "nonsense"])

    assert said["kept"] == [TEXT, other, "", TEXT]
    assert len(said["refused"]) == 1
    assert SECRET not in said["settings"]
    assert 'type="password"' in said["settings"]
    assert said["setting"][:2] == ["harken_receipts", "harken_receipts_till"]
