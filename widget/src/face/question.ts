/** One question: its words, its fields, and what is wrong with the answer. */

import type { Talk } from "../sitting/types";
import type { Question } from "../types";
import { fieldsOf } from "./fields";
import { make, quiet } from "./make";

export interface Asked {
  readonly _box: HTMLElement;
  /** What is to be asked about before going on. */
  _doubt?: (() => string | false | undefined) | undefined;
  /** Say what is wrong, and go there. */
  _object(problem: string): void;
}

/** `changed` is called after each answer, and told whether one press has answered the question. */
export function ask(question: Question, talk: Talk, changed: (isDone: boolean) => void): Asked {
  const { key, notes = [], mark, required } = question;
  const { _parts, _read, _input, _isRadio, _object, _doubt } = fieldsOf(question, talk);
  const error = make("strong");
  const label = make(
    _input ? "label" : "legend",
    { className: "ask" },
    `${talk._say(question.text)} `,
    mark && make("small", {}, mark),
  );
  const told = make("div", { id: `${key}-` }, ...notes.map((note) => make("p", {}, talk._say(note))), error);
  const box = make(
    _input ? "div" : "fieldset",
    { tabIndex: -1, role: _isRadio ? "radiogroup" : null },
    label,
    told,
    ..._parts,
  );
  // What a site gave beforehand counts as far as it can be chosen here.
  if (talk._answers[key] != null) talk._answers[key] = _read?.(label as any)!;
  const target = _input ?? box;
  target.setAttribute("aria-describedby", `${key}-`);
  if (_input) (label as HTMLLabelElement).htmlFor = _input.id = key;
  let pressed = [...box.querySelectorAll(":checked")];
  box.oninput = quiet((event) => {
    const answer = _read!(event.target as HTMLInputElement);
    error.textContent = "";
    for (const one of [target, ...box.querySelectorAll<HTMLElement>("[aria-invalid]")]) one.ariaInvalid = null;
    talk._answer(key, answer);
    changed(!!_isRadio && answer != null && answer !== "other" && typeof answer !== "object");
  });
  /** Pressed again, what may be left out is taken back. */
  const takeBack = (radio: HTMLInputElement): boolean => {
    const isMeant = radio.type === "radio" && !required && pressed.includes(radio);
    if (isMeant) {
      radio.checked = false;
      radio.dispatchEvent(new Event("input", { bubbles: true }));
    }
    pressed = [...box.querySelectorAll(":checked")];
    return isMeant;
  };
  box.onclick = quiet((event) => {
    const { detail, pointerType, target } = event as PointerEvent;
    // Twice at once with the mouse is once.
    if (detail < 2 || pointerType === "touch") takeBack(target as HTMLInputElement);
  });
  // The space bar does nothing by itself on what is chosen.
  let isBack = false;
  box.onkeydown = (event) => {
    isBack = event.key === " " && takeBack(event.target as HTMLInputElement);
    if (isBack) event.preventDefault();
  };
  box.onkeyup = (event) => {
    if (isBack) event.preventDefault();
  };
  return {
    _box: box,
    _doubt,
    _object(problem) {
      told.append(error);
      error.textContent = problem;
      const part = _object?.(problem, error) ?? target;
      part.ariaInvalid = "true";
      (part.matches("input,textarea") ? part : part.querySelector<HTMLElement>("input,button"))?.focus();
    },
  };
}
