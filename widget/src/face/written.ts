/** Answers that are written: texts, dates, addresses. */

import type { Talk } from "../sitting/types";
import type { Answer, Question } from "../types";
import { make, type Fields } from "./make";

/** `read` makes the answer of what is typed, and `show` what may be typed of an answer. */
export function written(
  question: Question,
  talk: Talk,
  read = (typed: string): Answer => typed,
  show = (answer: any): any => answer,
): Fields {
  const { key, field } = question;
  const input = make(field!.rows ? ("textarea" as "input") : "input", {
    ...field,
    className: "box",
    dir: "auto",
    placeholder: talk._say(question.placeholder),
    value: show(talk._answers[key] ?? ""),
  });
  const unit = talk._say(question.unit);
  return {
    _parts: [input, unit && make("p", {}, unit)],
    _input: input,
    _read: () => read(input.value.trim()),
  };
}
