/** What is wrong with answers that can be given here; the server sent the limits, and checks again. */

import type { Answers, Question } from "../types";
import { count, isBlank, own } from "./values";

/** The first fault of each question that has one, as the key of its sentence in `says`. */
export function check(questions: Question[], answers: Answers): [Question, string][] {
  return questions.flatMap((question): [Question, string][] => {
    const value = own(answers, question.key);
    const missing = question.required && "required";
    const fault = isBlank(value) ? missing : faultOf(question, value) || lackOf(question, value);
    return fault ? [[question, fault]] : [];
  });
}

/** Why an answer cannot be stored, be it complete or not. */
export function faultOf(question: Question, value: any): string | undefined {
  const { type, pattern, min, max, max_chars, most } = question;
  if (type == "number" && value !== +value) return "wrong_type";
  if (pattern && !RegExp(pattern, "u").test(value)) return "invalid";
  if (value < min!) return "too_low";
  if (value > max!) return "too_high";
  if (question.is_whole && value % 1) return "not_whole";
  if (count(`${value}`) > max_chars!) return "too_long";
  return value.length > most! ? "too_many_choices" : undefined;
}

/** What a complete response still needs. */
function lackOf({ type, required, rows, least, options }: Question, value: any): string | undefined {
  if (required && rows?.some((row) => own(value, row.value) == null)) return "incomplete";
  const isAlone = options?.some((option) => option.alone && option.value === value[0]);
  if (value.length >= least! || !least || isAlone) return undefined;
  return type == "ranking" ? "incomplete" : "too_few_choices";
}
