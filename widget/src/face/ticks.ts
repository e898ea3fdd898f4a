/** What is ticked: ratings, a choice, a consent. */

import type { Talk } from "../sitting/types";
import type { Option, Question } from "../types";
import { drawing, make, type Fields } from "./make";

/** An input that knows what it stands for. */
export type Tick = HTMLInputElement & { _option: Option };

export function ticks(question: Question, talk: Talk): Fields {
  const { key, ends, many } = question;
  const box = boxOf(question, talk, [talk._answers[key]]);
  return {
    _parts: [box, ends && make("p", { ariaHidden: "true" }, ...ends.map((end) => make("span", {}, talk._say(end))))],
    _isRadio: !many,
    _read: () => ticked(box)[0]?._option.value,
  };
}

export function ticked(box: Element): Tick[] {
  return [...box.querySelectorAll<Tick>(":checked")];
}

/** The options of a question, each with its label. */
export function boxOf({ key, options, style, many }: Question, talk: Talk, chosen: unknown[]): HTMLElement {
  return make(
    "div",
    { className: style ?? "" },
    ...options!.map((option) =>
      make(
        "label",
        { className: "box" },
        make("input", {
          type: many ? "checkbox" : "radio",
          name: key,
          value: option.value,
          checked: chosen.includes(option.value),
          _option: option,
        } as object),
        option.mark && drawing(option.mark),
        option.label && make("span", {}, talk._say(option.label)),
        option.name && make("i", {}, ` ${talk._say(option.name)}`),
      ),
    ),
  );
}
