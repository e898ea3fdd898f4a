/** The fields of a question: what is drawn, and how the answer is read from it. */

import { isRare, late } from "../late";
import type { Talk } from "../sitting/types";
import type { Question } from "../types";
import type { Fields } from "./make";
import { ticks } from "./ticks";
import { written } from "./written";

export function fieldsOf(question: Question, talk: Talk): Fields {
  const { options, field } = question;
  if (isRare(question)) return late.fields(question, talk);
  return options ? ticks(question, talk) : field ? written(question, talk) : { _parts: [] };
}
