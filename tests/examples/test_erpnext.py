"""The app for ERPNext, with a stand-in for Frappe: submitted, printed, answered."""

from __future__ import annotations

import importlib
import re
import sys
import threading
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import jinja2
import pytest
from paper_reading import draw_svg, read_code

APP = Path(__file__).parents[2] / "examples" / "erpnext"
TEXT = "hkr1.17.0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.HTTPS://FB.ACME.COM"


class Invoice:
    """What the app uses of a POS Invoice."""

    def __init__(self, name: str = "ACC-PSINV-2026-00012", profile: str = "Counter 1") -> None:
        self.name = name
        self.pos_profile = profile
        self.is_return = 0
        self.fields: dict[str, Any] = {}
        self.checked: list[str] = []

    def get(self, field: str) -> Any:
        return self.fields.get(field)

    def db_set(self, field: str, value: str, *, update_modified: bool) -> None:
        assert not update_modified
        self.fields[field] = value

    def check_permission(self, kind: str) -> None:
        self.checked.append(kind)


class Frappe:
    """Frappe's modules as far as the app calls them, and what it left there."""

    def __init__(self) -> None:
        self.tills: Any = {"Counter 1": {"till": TEXT, "store": "K7Q2-2"}}
        self.series: dict[str, int] = {}
        self.errors: list[dict[str, str]] = []
        self.fields: dict[str, Any] = {}
        self.invoices: dict[str, Invoice] = {}
        self.whitelisted: list[str] = []
        self._lock = threading.Lock()

    def getseries(self, key: str, digits: int) -> str:
        """As `frappe.model.naming` counts: under the row's lock."""
        with self._lock:
            self.series[key] = self.series.get(key, 0) + 1
            return str(self.series[key]).zfill(digits)

    def whitelist(self) -> Any:
        def mark(function: Any) -> Any:
            self.whitelisted.append(function.__name__)
            return function

        return mark

    def modules(self) -> dict[str, ModuleType]:
        custom = "frappe.custom.doctype.custom_field"
        parts: dict[str, dict[str, Any]] = {
            "frappe": {
                "conf": SimpleNamespace(get=lambda _: self.tills),
                "log_error": lambda **said: self.errors.append(said),
                "get_doc": lambda _, name: self.invoices[name],
                "whitelist": self.whitelist,
            },
            "frappe.model": {},
            "frappe.model.naming": {"getseries": self.getseries},
            "frappe.custom": {},
            "frappe.custom.doctype": {},
            custom: {},
            f"{custom}.custom_field": {"create_custom_fields": self.fields.update},
        }
        made: dict[str, ModuleType] = {}
        for name, values in parts.items():
            made[name] = ModuleType(name)
            vars(made[name]).update(values)
        return made


@pytest.fixture
def frappe() -> Frappe:
    return Frappe()


@pytest.fixture
def app(frappe: Frappe, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The app's module, imported anew where Frappe is."""
    for name, module in frappe.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.syspath_prepend(APP)
    for name in ("harken_receipts", "harken_receipts.api", "harken_receipts.hooks"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module("harken_receipts.api")
    for name in [name for name in sys.modules if name.startswith("harken_receipts")]:
        del sys.modules[name]


def printed(app: Any, invoice: Invoice) -> str:
    """The snippet, as Frappe renders a print format."""
    environment = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined)
    template = environment.from_string((APP / "print_format.html").read_text("utf-8"))
    return template.render(doc=invoice, harken_receipt=app.harken_receipt, _=str)


def code_in(html: str) -> str:
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert picture
    return read_code(draw_svg(b64decode(picture[1]).decode("utf-8")))


def test_a_submitted_invoice_is_printed_answered_and_counted(
    app: Any, frappe: Frappe, counter: Any
) -> None:
    frappe.tills = {"Counter 1": {"till": counter.till, "store": counter.store}}
    invoice = Invoice()

    app.sign_receipt(invoice, "on_submit")
    html = printed(app, invoice)
    assert counter.answer(code_in(html), 10) == 200

    (stored,) = counter.stored()
    assert (stored["standing"], stored["flags"]) == ("counted", [])
    assert stored["context"]["store_code"] == counter.store
    assert counter.counted() == 1
    assert f"store {counter.store}  receipt ACC-PSINV-2026-00012" in html
    assert frappe.errors == []


def test_the_number_typed_from_the_receipt_is_taken(app: Any, frappe: Frappe, counter: Any) -> None:
    frappe.tills = {"Counter 1": {"till": counter.till, "store": counter.store}}
    invoice = Invoice()
    app.sign_receipt(invoice)
    found = re.search(r"store (\S+)  receipt (\S+)</small>", printed(app, invoice))
    assert found

    query = f"store={found[1]}&number={found[2]}"
    assert counter.answer(f"{counter.live.url}/r/typed?{query}", 3) == 200

    (stored,) = counter.stored()
    assert (stored["standing"], stored["flags"]) == ("unverified", ["receipt_typed"])


def test_a_reprint_has_the_same_code(app: Any) -> None:
    invoice = Invoice()
    app.sign_receipt(invoice)

    assert printed(app, invoice) == printed(app, invoice)


def test_tills_count_for_themselves_and_no_number_comes_twice(app: Any, frappe: Frappe) -> None:
    other = TEXT.replace("hkr1.17.", "hkr1.18.")
    frappe.tills["Counter 2"] = {"till": other}
    invoices = [Invoice(f"A-{i}", f"Counter {i % 2 + 1}") for i in range(200)]

    with ThreadPoolExecutor(8) as cashiers:
        list(cashiers.map(app.sign_receipt, invoices))

    assert len({invoice.get(app.FIELD) for invoice in invoices}) == 200
    assert frappe.series == {"HARKEN-TILL-17-": 100, "HARKEN-TILL-18-": 100}


def test_the_counter_starts_again_after_three_bytes(app: Any, frappe: Frappe) -> None:
    frappe.series["HARKEN-TILL-17-"] = (1 << 24) - 2

    assert [app.next_sequence(17) for _ in range(3)] == [(1 << 24) - 1, 0, 1]


@pytest.mark.parametrize(
    "tills", [None, {}, {"Counter 1": None}, {"Counter 1": TEXT}, {"Counter 2": {"till": TEXT}}]
)
def test_a_profile_without_a_till_prints_no_code(app: Any, frappe: Frappe, tills: Any) -> None:
    frappe.tills = tills
    invoice = Invoice()

    app.sign_receipt(invoice)

    assert printed(app, invoice).strip() == ""
    assert frappe.errors == []


def test_a_returned_sale_is_not_asked_about(app: Any) -> None:
    invoice = Invoice()
    invoice.is_return = 1

    app.sign_receipt(invoice)

    assert invoice.fields == {}


@pytest.mark.parametrize("till", [{}, {"till": 5}, {"till": TEXT.replace("hkr1", "hkr9")}])
def test_what_is_wrong_never_stops_a_sale_and_keeps_the_secret(
    app: Any, frappe: Frappe, till: Any
) -> None:
    frappe.tills = {"Counter 1": till or {"store": "K7Q2-2"}}
    invoice = Invoice()

    app.sign_receipt(invoice)

    (error,) = frappe.errors
    assert error["message"].startswith("ACC-PSINV-2026-00012: ")
    assert "AAECAwQF" not in str(error)
    assert printed(app, invoice).strip() == ""


def test_the_whitelisted_method_asks_for_the_right_to_read(app: Any, frappe: Frappe) -> None:
    invoice = Invoice()
    frappe.invoices["A-1"] = invoice
    app.sign_receipt(invoice)

    assert app.receipt_url("A-1") == invoice.get(app.FIELD)
    assert invoice.checked == ["read"]
    assert frappe.whitelisted == ["receipt_url"]


def test_the_hooks_name_what_there_is(app: Any, frappe: Frappe) -> None:
    hooks = importlib.import_module("harken_receipts.hooks")
    named = [hooks.after_install, *hooks.jinja["methods"]]
    named += [path for events in hooks.doc_events.values() for path in events.values()]

    for path in named:
        module, _, name = path.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))
    app.add_fields()
    (field,) = frappe.fields["POS Invoice"]
    assert field["fieldname"] == app.FIELD
