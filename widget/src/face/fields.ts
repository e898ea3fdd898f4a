/** The fields of a question: what is drawn, and how the answer is read from it. */

import type { Talk } from "../sitting/types";
import type { Answer, Question } from "../types";
import type { Inner } from "./make";
import { ticks } from "./ticks";
import { written } from "./written";

export interface Fields {
  _parts: Inner[];
  /** The answer now; `changed` is what the person has just changed. Statements have none. */
  _read?(changed: HTMLInputElement): Answer | undefined;
  /** A single input, which the question is the label of; else the question is a group. */
  _input?: HTMLElement;
  /** One press answers the question. */
  _isRadio?: boolean;
}

export function fieldsOf(question: Question, talk: Talk): Fields {
  const { options, field } = question;
  return options ? ticks(question, talk) : field ? written(question, talk) : { _parts: [] };
}
