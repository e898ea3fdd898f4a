/** One sitting as the face sees it: which page is shown, and what is answered. */

import { fetchLate, late } from "../late";
import { check } from "../rules/check";
import { isBlank, own } from "../rules/values";
import { paged, walk } from "../rules/walk";
import { makeId } from "../sending/identifier";
import type { Answer, Answers, Ask } from "../types";
import type { Outbox, Page, Talk } from "./types";

export function talk(ask: Ask): Talk {
  const { survey, phrases, context } = ask;
  const answers = ask.answers ? late.sound(survey, ask.answers) : {};
  /** Keys that the person answered or passed: what was given beforehand is not sent by itself. */
  const meant = new Set<string>();
  const began = new Date();
  const id = ask.response?.id || makeId(+began);
  let outbox: Outbox | undefined;
  const fetchOutbox = async (): Promise<void> => {
    await fetchLate("sending");
    outbox ||= late.makeOutbox(ask, id, began, answers, meant);
  };
  // At once, before the network can go away.
  fetchOutbox().catch(() => {});
  const say = (text = "") => late.fill?.(survey, text, answers, context) ?? text;
  return {
    _ask: ask,
    _answers: answers,
    _typed: {},
    _say: say,
    _words: phrases,
    ...stepper(ask, answers, meant, id),
    _send: () => fetchOutbox().then(() => outbox!._send()).catch(() => "failed"),
    _refusal: () => outbox!._refusal,
    _flush: () => outbox?._flush(),
  };
}

type Steps = Pick<Talk, "_page" | "_answer" | "_next" | "_back">;

/** From page to page. Earlier pages do not depend on later answers, so a number is place enough. */
function stepper(ask: Ask, answers: Answers, meant: Set<string>, response: string): Steps {
  const { survey, context } = ask;
  let at = 0;
  const page = (): Page => {
    const pages = paged(walk(survey, answers, context).visible);
    const questions = pages[at] || [];
    return { _questions: questions, _first: !at, _last: !pages[at + 1] };
  };
  const pass = (question: string) => {
    const answer = own(answers, question) as Answer | undefined;
    if (answer === undefined) return;
    meant.add(question);
    ask.tell("answered", { survey: survey.key, response, question, answer });
  };
  return {
    _page: page,
    _answer(key, value) {
      if (isBlank(value)) delete answers[key];
      else answers[key] = value!;
      meant.add(key);
    },
    _next() {
      const { _questions: questions, _last: last } = page();
      const [problem] = check(questions, answers);
      if (problem) return problem[0].says![problem[1]];
      questions.forEach(({ key }) => pass(key));
      if (!last) at++;
      return undefined;
    },
    _back() {
      at--;
    },
  };
}
