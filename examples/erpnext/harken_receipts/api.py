"""Signs the receipt of each POS Invoice when it is submitted, and draws its code for printing.

The tills are in the site's configuration, by POS Profile:

    "harken_tills": {"Counter 1": {"till": "hkr1.…", "store": "K7Q2-4"}}

`till` is the line that Harken gave when the till was made; `store` is the store's code for
customers who type instead of scanning, and may be left out.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timezone
from typing import Any

import frappe
from frappe.model.naming import getseries

from harken.printing import Slip, slip_svg, spoken_url
from harken.receipts import Till

FIELD = "harken_receipt_url"
SEQUENCES = 1 << 24
"""The token has three bytes for the till's running number; after 16,777,215 comes 0."""


def add_fields() -> None:
    """The invoice keeps its link, so that a copy of the receipt carries the same one."""
    from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

    field = {
        "fieldname": FIELD,
        "fieldtype": "Small Text",
        "label": "Harken receipt link",
        "insert_after": "remarks",
        "read_only": 1,
        "no_copy": 1,
        "print_hide": 1,
    }
    create_custom_fields({"POS Invoice": [field]})


def sign_receipt(invoice: Any, method: str | None = None) -> None:  # noqa: ARG001  (Frappe's order)
    """On submit. Whatever is wrong with the survey is logged: it never stops a sale."""
    try:
        configured = _configured(invoice)
        if configured and not invoice.is_return:
            till = Till.from_text(configured["till"])
            sequence = next_sequence(till.number)
            receipt = till.mint(sequence, datetime.now(timezone.utc))  # noqa: UP017  (Python 3.10)
            invoice.db_set(FIELD, receipt.url, update_modified=False)
    except Exception as problem:  # noqa: BLE001
        # With a message of its own, as the traceback that is kept otherwise shows the till's line.
        frappe.log_error(title="No survey code on a receipt", message=f"{invoice.name}: {problem}")


def next_sequence(till: int) -> int:
    """The till's running number: a counter in the database, under a lock until the sale is stored.

    Not made of the invoice's name: series restart, differ by company and are longer than three
    bytes, and a hash of it would give two receipts the same token sooner or later.
    """
    return int(getseries(f"HARKEN-TILL-{till}-", 8)) % SEQUENCES


@frappe.whitelist()
def receipt_url(invoice: str) -> str | None:
    """The link of a POS Invoice for other programs; None when its till prints none."""
    found = frappe.get_doc("POS Invoice", invoice)
    found.check_permission("read")
    return found.get(FIELD) or None


def harken_receipt(invoice: Any) -> dict[str, str] | None:
    """For print formats: `picture` (a data URL), `words` and `note`; None when there is no code."""
    url = invoice.get(FIELD)
    if not url:
        return None
    store = (_configured(invoice) or {}).get("store", "")
    svg = slip_svg(Slip(url=url, words=""))
    return {
        "picture": f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}",
        "words": spoken_url(url.rpartition("/")[0] + "/") if store else "",
        "note": f"store {store}  receipt {invoice.name}" if store else "",
    }


def _configured(invoice: Any) -> dict[str, str] | None:
    configured = (frappe.conf.get("harken_tills") or {}).get(invoice.pos_profile)
    return configured if isinstance(configured, dict) else None
