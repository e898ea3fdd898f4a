/** Answers that fit their questions: a bad one would make the server refuse all of them. */

import { own } from "../rules/values";
import type { Answer, Answers, Survey } from "../types";
import { faultOf } from "./limits";

/** `meant`: only these questions. */
export function sound({ questions }: Survey, answers: Answers, meant?: Set<string>): Answers {
  const given: Answers = {};
  for (const question of questions) {
    const { key } = question;
    const value = own(answers, key) as Answer | undefined;
    if (value !== undefined && meant?.has(key) != false && !faultOf(question, value)) given[key] = value;
  }
  return given;
}
