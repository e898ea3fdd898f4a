// Dialogs of React libraries: `show("radix")` opens one, `hide()` closes it.

import {createElement as h, useState} from "react";
import {createRoot} from "react-dom/client";
import * as Radix from "@radix-ui/react-dialog";
import {Dialog, DialogPanel} from "@headlessui/react";

const BOX = {position: "fixed", top: 80, left: 80, background: "#fff", padding: 20};
const field = () => h("input", {id: "field"});

function radix(open, close, modal) {
  return h(Radix.Root, {open, onOpenChange: close, modal},
    h(Radix.Portal, null,
      h(Radix.Overlay, {style: {position: "fixed", inset: 0, background: "#0008"}}),
      h(Radix.Content, {style: BOX, "aria-describedby": undefined}, h(Radix.Title, null, "Sure?"), field())));
}

const KINDS = {
  radix: (open, close) => radix(open, close, true),
  "radix-beside-the-page": (open, close) => radix(open, close, false),
  headless: (open, close) => h(Dialog, {open, onClose: close}, h(DialogPanel, {style: BOX}, field())),
};

function Page() {
  const [kind, set] = useState("");
  window.show = set;
  window.hide = () => set("");
  return Object.entries(KINDS).map(([name, draw]) => h("div", {key: name}, draw(kind === name, () => set(""))));
}

createRoot(document.body.appendChild(document.createElement("div"))).render(h(Page));
