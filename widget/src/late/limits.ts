/** Limits of answers; the server sent them, and checks again. */

import { count, own } from "../rules/values";
import type { Question } from "../types";

/** Why an answer cannot be stored, or with `isWhole`, what a complete response still needs of it. */
export function faultOf(question: Question, value: any, isWhole?: boolean): string | undefined {
  const { type, pattern, min, max, max_chars, most } = question;
  if (type == "number" && value !== +value) return "wrong_type";
  if (pattern && !RegExp(pattern, "u").test(value)) return "invalid";
  if (value < min!) return "too_low";
  if (value > max!) return "too_high";
  if (question.is_whole && value % 1) return "not_whole";
  if (count(`${value}`) > max_chars!) return "too_long";
  if (value.length > most!) return "too_many_choices";
  return isWhole ? lackOf(question, value) : undefined;
}

function lackOf({ type, required, rows, least, options }: Question, value: any): string | undefined {
  if (required && rows?.some((row) => own(value, row.value) == null)) return "incomplete";
  const isAlone = options?.some((option) => option.alone && option.value === value[0]);
  if (value.length >= least! || !least || isAlone) return undefined;
  return type == "ranking" ? "incomplete" : "too_few_choices";
}
