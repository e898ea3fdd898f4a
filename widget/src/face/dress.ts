/** Opens the host element's shadow root, and gives the box in it that has the survey's look. */

import { late } from "../late";
import type { Ask } from "../types";
import { make } from "./make";
import style from "./style.css";

export function dress({ host, scheme, mode, position, survey }: Ask): HTMLElement {
  const root = host.shadowRoot || host.attachShadow({ mode: "open" });
  const { shape, light, dark } = survey.look;
  // No content security policy forbids a constructed sheet, and it needs no nonce.
  const sheet = new CSSStyleSheet();
  const night = { light: "not all", dark: "all", auto: "(prefers-color-scheme:dark)" }[scheme];
  sheet.replaceSync(`${style}${late.style || ""}${late.looks || ""}:host>*{${shape}${light}}@media ${night}{:host>*{${dark}}}`);
  root.adoptedStyleSheets = [sheet];
  const box = make("div", {
    className: `${mode} ${position}`,
    dir: survey.rtl ? "rtl" : "ltr",
    lang: survey.locale,
  });
  root.append(box);
  return box;
}
