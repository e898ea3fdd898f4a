/** A file of its own: rows of stars, and surveys that stand otherwise than as a popover or in the page. */

import { make } from "../face/make";
import type { Talk } from "../sitting/types";

export { default as looks } from "./looks.css";

export function drawTab(talk: Talk, onclick: () => void): HTMLElement {
  return make("button", { part: "tab", onclick }, make("span", {}, talk._say(talk._ask.survey.button)));
}
