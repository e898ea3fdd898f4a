// A page drawn by React: `start` draws it, `hydrate` takes over what the server sent, `draw` redraws it.

import {createElement as h, StrictMode, useState} from "react";
import {createRoot, hydrateRoot} from "react-dom/client";

function Page({place, strict}) {
  const [{version, key}, set] = useState({version: 1, key: 1});
  window.draw = version => set({version, key});
  window.remount = version => set({version, key: key + 1});
  const {survey} = place;
  const spot = survey ? h("harken-survey", {survey}) : h("div", {id: "spot"});
  const box = h("div", {id: "box", key}, h("p", {id: "mark"}, "Version " + version), spot);
  return strict ? h(StrictMode, null, box) : box;
}

window.start = (place, strict) => createRoot(document.querySelector("#app")).render(h(Page, {place, strict}));
window.hydrate = place => hydrateRoot(document.querySelector("#app"), h(Page, {place}));
