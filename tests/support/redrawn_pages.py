"""Pages that frameworks draw anew around a survey: how each is written, and how it redraws."""

from __future__ import annotations

from typing import NamedTuple


class Redrawn(NamedTuple):
    """A page with a box in it, that `redraw` makes anew with "Version 2"."""

    uses: tuple[str, ...]
    """The libraries."""
    redraw: str
    """A script that knows the new `box` and `page`, and where they are: `boxAt`, `pageAt`."""
    body: str = "<div id=app>{box}</div>"
    """The widget's own tag stands in the head, or where `{tag}` is."""
    head: str = ""
    is_sent: bool = True
    """Whether the box is in the page as it is sent; a script draws it else."""


def _drawn_by(uses: str, start: str, redraw: str) -> Redrawn:
    """A page that a script draws."""
    body = "<div id=app></div><script>" + start + "</script>"
    return Redrawn((uses,), redraw, body, is_sent=False)


MORPH = '<meta name="turbo-refresh-method" content="morph">'
STREAM = (
    "Turbo.renderStreamMessage(`<turbo-stream {0}><template>${{box}}</template></turbo-stream>`)"
)
VUE = (
    "window.state = Vue.reactive({{version: 1, key: 1}}); Vue.{0}({{setup: () => () => "
    "Vue.h('div', {{id: 'box', key: state.key}}, [Vue.h('p', {{id: 'mark'}}, 'Version ' + "
    "state.version), PLACE.survey ? Vue.h('harken-survey', {{survey: PLACE.survey}}) : "
    "Vue.h('div', {{id: 'spot'}})])}}).mount('#app');"
)
VUE_SPA = VUE.format("createApp")
REDRAWN = {
    "turbo-morphs-the-page": Redrawn(
        ("turbo",), "Turbo.visit(location.href, {action: 'replace'})", head=MORPH
    ),
    "turbo-replaces-the-body": Redrawn(
        ("turbo",), "Turbo.visit(location.href, {action: 'replace'})"
    ),
    "turbo-frame": Redrawn(
        ("turbo",), "app.src = pageAt", "<turbo-frame id=app>{box}</turbo-frame>"
    ),
    "turbo-frame-morphs": Redrawn(
        ("turbo",),
        "app.setAttribute('refresh', 'morph'); app.setAttribute('src', pageAt)",
        "<turbo-frame id=app>{box}</turbo-frame>",
    ),
    "turbo-stream-replaces": Redrawn(("turbo",), STREAM.format("action=replace target=box")),
    "turbo-stream-morphs": Redrawn(
        ("turbo",), STREAM.format("action=replace method=morph target=box")
    ),
    "turbo-stream-updates": Redrawn(("turbo",), STREAM.format("action=update target=app")),
    "htmx-outer": Redrawn(
        ("htmx",), "htmx.ajax('GET', boxAt, {target: '#box', swap: 'outerHTML'})"
    ),
    "htmx-inner": Redrawn(
        ("htmx",), "htmx.ajax('GET', boxAt, {target: '#app', swap: 'innerHTML'})"
    ),
    "htmx-with-a-view-transition": Redrawn(
        ("htmx",),
        "const start = document.startViewTransition?.bind(document);"
        "if (start) document.startViewTransition = work => window.moving = start(work);"
        "htmx.ajax('GET', boxAt, {target: '#box', swap: 'outerHTML transition:true'})",
    ),
    "htmx-morphs": Redrawn(
        ("htmx", "idiomorph"),
        "htmx.ajax('GET', boxAt, {target: '#box', swap: 'morph:outerHTML'})",
        "<div id=app hx-ext=morph>{box}</div>",
    ),
    "htmx-body": Redrawn(("htmx",), "htmx.ajax('GET', pageAt, {target: 'body'})"),
    "turbo-morphs-the-page-with-its-tag": Redrawn(
        ("turbo",),
        "Turbo.visit(location.href, {action: 'replace'})",
        "<div id=app>{box}</div>{tag}",
        MORPH,
    ),
    "turbo-replaces-the-body-with-its-tag": Redrawn(
        ("turbo",),
        "Turbo.visit(location.href, {action: 'replace'})",
        "<div id=app>{box}</div>{tag}",
    ),
    "htmx-body-with-its-tag": Redrawn(
        ("htmx",), "htmx.ajax('GET', pageAt, {target: 'body'})", "<div id=app>{box}</div>{tag}"
    ),
    "idiomorph-page-with-its-tag": Redrawn(
        ("idiomorph",),
        "Idiomorph.morph(document.documentElement, page, {head: {style: 'morph'}})",
        "<div id=app>{box}</div>{tag}",
    ),
    "idiomorph-box": Redrawn(
        ("idiomorph",), "Idiomorph.morph(document.querySelector('#box'), box)"
    ),
    "idiomorph-page": Redrawn(
        ("idiomorph",),
        "Idiomorph.morph(document.documentElement, page, {head: {style: 'morph'}})",
    ),
    "morphdom": Redrawn(("morphdom",), "morphdom(document.querySelector('#box'), box)"),
    "alpine-morphs": Redrawn(
        ("alpine-morph", "alpine"), "Alpine.morph(document.querySelector('#box'), box)"
    ),
    "react19": _drawn_by("react19", "start(PLACE)", "draw(2)"),
    "react19-strict": _drawn_by("react19", "start(PLACE, true)", "remount(2)"),
    "react19-with-another-key": _drawn_by("react19", "start(PLACE)", "remount(2)"),
    "react19-hydrates": Redrawn(("react19",), "hydrate(PLACE); setTimeout(() => draw(2), 300)"),
    "react18": _drawn_by("react18", "start(PLACE)", "draw(2)"),
    "react18-with-another-key": _drawn_by("react18", "start(PLACE)", "remount(2)"),
    "react18-hydrates": Redrawn(("react18",), "hydrate(PLACE); setTimeout(() => draw(2), 300)"),
    "vue": _drawn_by("vue", VUE_SPA, "state.version = 2"),
    "vue-with-another-key": _drawn_by("vue", VUE_SPA, "state.version = state.key = 2"),
    "vue-hydrates": Redrawn(
        ("vue",),
        VUE.format("createSSRApp") + "setTimeout(() => state.version = 2, 300)",
    ),
}
