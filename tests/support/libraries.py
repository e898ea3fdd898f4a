"""Libraries from npm that the widget meets on the pages of others, served by a host site."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from host_site import HostSite
from node import install_packages, run_node
from source_files import ROOT

FOLDER = ROOT / "tests" / "widget" / "libraries"
FILES = {
    "turbo": "@hotwired/turbo/dist/turbo.es2017-umd.js",
    "htmx": "htmx.org/dist/htmx.min.js",
    "idiomorph": "idiomorph/dist/idiomorph-ext.min.js",
    "morphdom": "morphdom/dist/morphdom-umd.min.js",
    "alpine-morph": "@alpinejs/morph/dist/cdn.min.js",
    "alpine": "alpinejs/dist/cdn.min.js",
    "vue": "vue/dist/vue.global.prod.js",
    "jquery": "jquery/dist/jquery.min.js",
    "jquery-ui": "jquery-ui/dist/jquery-ui.min.js",
    "jquery-modal": "jquery-modal/jquery.modal.min.js",
    "magnific-popup": "magnific-popup/dist/jquery.magnific-popup.min.js",
    "bootstrap": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "sweetalert2": "sweetalert2/dist/sweetalert2.all.min.js",
    "micromodal": "micromodal/dist/micromodal.min.js",
    "a11y-dialog": "a11y-dialog/dist/a11y-dialog.min.js",
    "tingle": "tingle.js/dist/tingle.min.js",
}
STYLES = {
    "jquery-modal": "jquery-modal/jquery.modal.min.css",
    "magnific-popup": "magnific-popup/dist/magnific-popup.css",
    "jquery-ui": "jquery-ui/dist/themes/base/jquery-ui.min.css",
    "bootstrap": "bootstrap/dist/css/bootstrap.min.css",
    "tingle": "tingle.js/dist/tingle.min.css",
}
BUNDLES = {
    "react19": ("react_page.js",),
    "react18": ("react_page.js", "--alias:react=react18", "--alias:react-dom=react-dom18"),
    "dialogs": ("dialogs_page.js",),
}
"""What a bundler makes of a page's own script and the libraries that it imports."""


def bundle(name: str, folder: Path) -> bytes:
    """A page's script with its libraries in it, made for people's browsers."""
    entry, *options = BUNDLES[name]
    made = folder / f"{name}.js"
    esbuild = install_packages() / "esbuild" / "bin" / "esbuild"
    run_node(
        esbuild, FOLDER / entry, "--bundle", "--minify", f"--outfile={made}",
        '--define:process.env.NODE_ENV="production"', *options, folder=FOLDER,
    )  # fmt: skip
    return made.read_bytes()


def serve_libraries(site: HostSite, folder: Path) -> None:
    """Put all of them on the site."""
    modules = install_packages(FOLDER)
    for name, path in FILES.items():
        site.put(f"/libraries/{name}.js", (modules / path).read_bytes(), "text/javascript")
    for name, path in STYLES.items():
        site.put(f"/libraries/{name}.css", (modules / path).read_bytes(), "text/css")
    for name in BUNDLES:
        site.put(f"/libraries/{name}.js", bundle(name, folder), "text/javascript")


def tags_of(names: Iterable[str]) -> str:
    """The tags of a page that uses these, in this order."""
    return "".join(
        (f'<link rel=stylesheet href="/libraries/{name}.css">' if name in STYLES else "")
        + f'<script src="/libraries/{name}.js"></script>'
        for name in names
    )
