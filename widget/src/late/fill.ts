/** Placeholders in survey texts, `{{context.name|fallback}}`; `surveys/logic/placeholders.py` here. */

import type { Answers, Context, Question, Survey } from "../types";
import { typedForm } from "./numbers";
import { count, isMap, isText, own } from "../rules/values";

/** The server writes each placeholder in this form, with its fallback. */
const PLACEHOLDER = /\{\{(c?)\w+\.(\w+)\|(.*?)\}\}/gs;

/** The text with each placeholder replaced by its value, which is not read for more of them. */
export function fill(survey: Survey, text: string, answers: Answers, context: Context): string {
  return text.replace(PLACEHOLDER, (_whole, isContext, name, fallback) =>
    shown(typedForm(isContext ? own(context, name) : spoken(survey, name, own(answers, name)), survey.signs)) || fallback,
  );
}

/** An answer as a person reads it: labels instead of stored values. */
function spoken(survey: Survey, key: string, value: unknown): unknown {
  const question = value != null && survey.questions.find((other) => other.key == key);
  const { type, options } = Object(question) as Question;
  if (!/choice|ranking/.test(type)) return question && value;
  return ([] as any[])
    .concat(value)
    .map((item) => shown(item?.other) || options!.find(({ value: known, own }) => known === item || (own && isMap(item)))?.label)
    .filter(Boolean)
    .join(", ");
}

/** A value on one line, 200 characters at most; empty for what has no plain form. */
function shown(value: any): string {
  const text = isText(value) || value === +value ? `${value}`.trim().replace(/\s+/g, " ") : "";
  return count(text) > 200 ? [...text].slice(0, 199).join("") + "…" : text;
}
