/** One question: its words, its fields, and what is wrong with the answer. */

import type { Talk } from "../sitting/types";
import type { Question } from "../types";
import { fieldsOf } from "./fields";
import { make, quiet } from "./make";

export interface Asked {
  readonly _box: HTMLElement;
  /** Say what is wrong, and go there. */
  _object(problem: string): void;
}

/** `changed` is called after each answer, and told whether one press has answered the question. */
export function ask(question: Question, talk: Talk, changed: (isDone: boolean) => void): Asked {
  const { key, notes = [], mark } = question;
  const { _parts, _read, _input, _isRadio } = fieldsOf(question, talk);
  const error = make("strong");
  const label = make(
    _input ? "label" : "legend",
    { className: "ask" },
    `${talk._say(question.text)} `,
    mark && make("small", {}, mark),
  );
  const box = make(
    _input ? "div" : "fieldset",
    { tabIndex: -1, role: _isRadio ? "radiogroup" : null },
    label,
    make("div", { id: `${key}-` }, ...notes.map((note) => make("p", {}, talk._say(note))), error),
    ..._parts,
  );
  // What a site gave beforehand counts as far as it can be chosen here.
  if (talk._answers[key] != null) talk._answers[key] = _read?.(label as any)!;
  const target = _input ?? box;
  target.setAttribute("aria-describedby", `${key}-`);
  if (_input) (label as HTMLLabelElement).htmlFor = _input.id = key;
  box.oninput = quiet((event) => {
    const answer = _read!(event.target as HTMLInputElement);
    error.textContent = "";
    target.ariaInvalid = null;
    talk._answer(key, answer);
    changed(!!_isRadio && answer !== "other" && typeof answer !== "object");
  });
  return {
    _box: box,
    _object(problem) {
      error.textContent = problem;
      target.ariaInvalid = "true";
      (_input ?? box.querySelector<HTMLElement>("input,button"))?.focus();
    },
  };
}
