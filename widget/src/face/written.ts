/** Answers that are written: texts, numbers, dates, addresses. */

import type { Talk } from "../sitting/types";
import type { Question } from "../types";
import { make, type Fields } from "./make";

export function written(question: Question, talk: Talk): Fields {
  const { type, key, field } = question;
  const input = make(field!.rows ? ("textarea" as "input") : "input", {
    ...field,
    className: "box",
    dir: "auto",
    placeholder: talk._say(question.placeholder),
    value: talk._answers[key] ?? "",
  });
  const unit = talk._say(question.unit);
  return {
    _parts: [input, unit && make("p", {}, unit)],
    _input: input,
    _read() {
      const text = input.value.trim();
      return type === "number" ? numberOf(text) : text;
    },
  };
}

/** A number as people type it: spaces between thousands, a comma or a point for decimals. */
function numberOf(typed: string): number | string {
  const plain = typed.replace(/\s/g, "").replace(",", ".").replace("\u2212", "-");
  return /^[-+]?[\d.]+$/.test(plain) && isFinite(+plain) ? +plain : typed;
}
