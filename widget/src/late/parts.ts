/** A file of its own: questions of many parts, choices with a text of one's own, numbers and phone numbers. */

import { written } from "../face/written";
import type { Fields } from "../face/make";
import type { Talk } from "../sitting/types";
import type { Question } from "../types";
import { choices } from "./choices";
import { matrix } from "./matrix";
import { numberOf, phoneOf, typedForm } from "./numbers";
import { ranking } from "./ranking";

export { default as style } from "./parts.css";

export function fields(question: Question, talk: Talk): Fields {
  const { type, rows, is_whole } = question;
  const { signs } = talk._ask.survey;
  return type === "number"
    ? written(question, talk, (typed) => numberOf(typed, signs, is_whole), (answer) => typedForm(answer, signs))
    : type === "phone"
      ? written(question, talk, phoneOf)
      : rows
        ? matrix(question, talk)
        : type === "ranking"
          ? ranking(question, talk)
          : choices(question, talk);
}
