/** The way through a survey with conditions and jumps; `surveys/logic/paging.py` in the browser. */

import { own } from "../rules/values";
import type { Answers, Context, Ending, Question, Survey, Walk } from "../types";
import { evaluate } from "./evaluate";

/** Answers of hidden questions count as not given. It always ends: jumps only go forward. */
export function walk({ questions, endings = [] }: Survey, answers: Answers, context: Context): Walk {
  const visible: Question[] = [];
  const given: Answers = {};
  const holds = ({ show_if }: Question | Ending) => !show_if || evaluate(show_if, given, context);
  let end: string | undefined;
  for (let place = 0; place < questions.length; ) {
    const question = questions[place++]!;
    if (!holds(question)) continue;
    visible.push(question);
    const answer = own(answers, question.key);
    if (answer !== undefined) given[question.key] = answer as Answers[string];
    const to = question.jumps?.find(({ when }) => !when || evaluate(when, given, context))?.to;
    end = to && /^end(:|$)/.test(to) ? to.slice(4) : undefined;
    if (end != null) break;
    const later = questions.findIndex(({ key }, index) => index >= place && key == to);
    if (later > 0) place = later;
  }
  return { visible, ending: endings.find((ending) => (end ? ending.key == end : holds(ending))) };
}
