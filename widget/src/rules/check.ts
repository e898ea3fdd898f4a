/** What is wrong with answers that can be given here. */

import { late } from "../late";
import type { Answers, Question } from "../types";
import { isBlank, own } from "./values";

/** The first fault of each question that has one, as the key of its sentence in `says`. */
export function check(questions: Question[], answers: Answers): [Question, string][] {
  return questions.flatMap((question): [Question, string][] => {
    const value = own(answers, question.key);
    const missing = question.required && "required";
    // Without the limits, which come once a survey shows, the server's word will do.
    const fault = isBlank(value) ? missing : late.faultOf?.(question, value, true);
    return fault ? [[question, fault]] : [];
  });
}
