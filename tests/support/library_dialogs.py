"""Dialogs as the libraries of others make them: how a page has one, opens it and closes it."""

from __future__ import annotations

from typing import NamedTuple

FIELD = "<input id=field>"
BOX = "position:fixed;top:80px;left:80px;background:#fff;padding:20px"


class LibraryDialog(NamedTuple):
    """A dialog with a field in it."""

    uses: tuple[str, ...]
    """The libraries."""
    open: str
    close: str
    body: str = ""


def _react(name: str) -> LibraryDialog:
    return LibraryDialog(("dialogs",), f"show('{name}')", "hide()")


def _jquery_ui(options: str) -> LibraryDialog:
    opened = f"$('#d').dialog({options})"
    body = f"<div id=d title=Sure? style=display:none>{FIELD}</div>"
    return LibraryDialog(("jquery", "jquery-ui"), opened, "$('#d').dialog('close')", body)


LIBRARY_DIALOGS = {
    "radix": _react("radix"),
    "radix-beside-the-page": _react("radix-beside-the-page"),
    "headless-ui": _react("headless"),
    "jquery-ui": _jquery_ui("{modal: true}"),
    "jquery-ui-beside-the-page": _jquery_ui("{modal: false}"),
    "sweetalert2": LibraryDialog(
        ("sweetalert2",),
        "Swal.fire({title: 'Sure?', input: 'text', inputAttributes: {id: 'field'}})",
        "Swal.close()",
    ),
    "bootstrap-modal": LibraryDialog(
        ("bootstrap",),
        "new bootstrap.Modal('#d').show()",
        "bootstrap.Modal.getInstance('#d').hide()",
        "<div id=d class='modal fade' tabindex=-1><div class=modal-dialog>"
        f"<div class=modal-content><div class=modal-body>{FIELD}</div></div></div></div>",
    ),
    "bootstrap-offcanvas": LibraryDialog(
        ("bootstrap",),
        "new bootstrap.Offcanvas('#d').show()",
        "bootstrap.Offcanvas.getInstance('#d').hide()",
        f"<div id=d class='offcanvas offcanvas-start' tabindex=-1>{FIELD}</div>",
    ),
    "jquery-modal-without-a-role": LibraryDialog(
        ("jquery", "jquery-modal"),
        "$('#d').modal()",
        "$.modal.close()",
        f"<div id=d class=modal style=display:none>{FIELD}</div>",
    ),
    "magnific-popup-without-a-role": LibraryDialog(
        ("jquery", "magnific-popup"),
        f"$.magnificPopup.open({{items: {{src: '<div style=background:#fff>{FIELD}</div>', "
        "type: 'inline'}})",
        "$.magnificPopup.close()",
    ),
    "tingle-without-a-role": LibraryDialog(
        ("tingle",),
        f"window.d = new tingle.modal(); d.setContent('{FIELD}'); d.open()",
        "d.close()",
    ),
    "micromodal": LibraryDialog(
        ("micromodal",),
        "MicroModal.show('d')",
        "MicroModal.close('d')",
        "<style>#d{display:none}#d.is-open{display:block}</style><div id=d aria-hidden=true>"
        f"<div tabindex=-1 style='{BOX}'><div role=dialog aria-modal=true>{FIELD}</div>"
        "</div></div>",
    ),
    "a11y-dialog": LibraryDialog(
        ("a11y-dialog",),
        "window.made = new A11yDialog(document.querySelector('#d')); made.show()",
        "made.hide()",
        "<style>#d[aria-hidden=true]{display:none}</style><div id=d aria-hidden=true>"
        f"<div style='{BOX}'>{FIELD}</div></div>",
    ),
    "native": LibraryDialog(
        (), "document.querySelector('#d').showModal()", "document.querySelector('#d').close()",
        f"<dialog id=d>{FIELD}</dialog>",
    ),
    "native-beside-the-page": LibraryDialog(
        (), "document.querySelector('#d').show()", "document.querySelector('#d').close()",
        f"<dialog id=d>{FIELD}</dialog>",
    ),
    "popover": LibraryDialog(
        (), "document.querySelector('#d').showPopover()",
        "document.querySelector('#d').hidePopover()", f"<div id=d popover>{FIELD}</div>",
    ),
}  # fmt: skip
