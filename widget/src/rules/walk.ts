/** The way through a survey, and its pages of one question each. */

import { late } from "../late";
import type { Answers, Context, Question, Survey, Walk } from "../types";

/** What is passed, and where it ends: everything in turn, where nothing depends on an answer. */
export function walk(survey: Survey, answers: Answers, context: Context): Walk {
  return late.walk?.(survey, answers, context) ?? { visible: survey.questions, ending: survey.endings?.[0] };
}

/** Statements go with the question that follows them; those at the end are a page of their own. */
export function paged(visible: Question[]): Question[][] {
  const pages: Question[][] = [[]];
  visible.forEach((question, place) => {
    pages[0]!.push(question);
    if (question.type != "statement" && visible[place + 1]) pages.unshift([]);
  });
  return pages.reverse();
}
