/** A matrix: the same choices for each of its rows. */

import { make, type Fields } from "../face/make";
import { boxOf, ticked } from "../face/ticks";
import type { Talk } from "../sitting/types";
import type { Question } from "../types";

export function matrix(question: Question, talk: Talk): Fields {
  const rows = question.rows!;
  const given = talk._answers[question.key] as Record<string, string> | undefined;
  const boxes = rows.map(({ value, label }) =>
    make(
      "fieldset",
      { role: "radiogroup" },
      make("legend", {}, talk._say(label)),
      ...boxOf({ ...question, key: value }, talk, [given?.[value]]).children,
    ),
  );
  const valueIn = (at: number) => ticked(boxes[at]!)[0]?._option.value;
  return {
    _parts: boxes,
    _read: () => Object.fromEntries(rows.map(({ value }, at) => [value, valueIn(at) as string]).filter((pair) => pair[1])),
    // Said at the first row that is left out; all of them are marked.
    _object(problem, error) {
      const lacking = boxes.filter((_box, at) => !valueIn(at));
      for (const box of lacking) box.ariaInvalid = "true";
      const [first] = lacking;
      if (!first) return undefined;
      const row = first.firstChild as HTMLElement;
      row.after(error);
      error.textContent = `${row.textContent}: ${problem}`;
      first.setAttribute("aria-describedby", (error.id = `${question.key}!`));
      return first;
    },
  };
}
