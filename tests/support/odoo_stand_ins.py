"""Small stand-ins for the modules of Odoo that the example imports, as packages for Node.

They keep what the example relies on: `patch` puts the old method behind `super`, an order gives its
receipt's fields, and a component waits for `onWillStart` before it is drawn.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ADDON = Path(__file__).parents[2] / "examples" / "odoo" / "harken_receipt"
ORDER_RECEIPT = "screens/receipt_screen/receipt/order_receipt"

_FILES = {
    "@odoo/owl": {
        ".": """
export const starts = [];
export const onWillStart = (work) => starts.push(work);
"""
    },
    "@web/core": {
        "./utils/patch": """
export function patch(target, extension) {
    const before = {};
    for (const [name, found] of Object.entries(Object.getOwnPropertyDescriptors(extension))) {
        const old = Object.getOwnPropertyDescriptor(target, name);
        if (old) Object.defineProperty(before, name, old);
        Object.defineProperty(target, name, found);
    }
    Object.setPrototypeOf(before, Object.getPrototypeOf(target));
    Object.setPrototypeOf(extension, before);
}
"""
    },
    "@point_of_sale/app": {
        "./models/pos_order": """
export class PosOrder {
    constructor(values) { Object.assign(this, values); }
    export_for_printing(baseUrl, headerData) { return { name: this.pos_reference, headerData }; }
}
""",
        f"./{ORDER_RECEIPT}": """
export class OrderReceipt {
    constructor(props) { this.props = props; this.setup(); }
    setup() { this.wasSetUp = true; }
}
""",
    },
}


def lay_out(folder: Path) -> None:
    """Write the stand-ins and the add-on's modules below `folder`/node_modules."""
    for name, files in _FILES.items():
        _package(folder, name, files)
    for path in ADDON.glob("static/src/*.js"):
        _package(folder, f"@harken_receipt/{path.stem}", {".": path.read_text("utf-8")})


def _package(folder: Path, name: str, files: dict[str, str]) -> None:
    package = folder / "node_modules" / name
    package.mkdir(parents=True)
    exports = {key: f"./{i}.js" for i, key in enumerate(files)}
    (package / "package.json").write_text(
        json.dumps({"name": name, "type": "module", "exports": exports}), "utf-8"
    )
    for i, text in enumerate(files.values()):
        (package / f"{i}.js").write_text(text, "utf-8")


class Config:
    """What the add-on's check uses of a point of sale, and of all of them."""

    def __init__(self, every: list[Config], till: str | None) -> None:
        self.id = len(every)
        self.harken_till = till
        self._every = every
        every.append(self)

    def __iter__(self) -> Any:
        return iter([self])

    def filtered(self, field: str) -> Any:
        return [self] if getattr(self, field) else []

    def sudo(self) -> Config:
        return self

    def search_count(self, domain: list[tuple[str, str, Any]]) -> int:
        (_, like, pattern), (_, differs, own) = domain
        assert (like, differs) == ("=like", "!=")
        others = [each.harken_till or "" for each in self._every if each.id != own]
        return sum(till.startswith(pattern.removesuffix("%")) for till in others)
