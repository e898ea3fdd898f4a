/** One sitting as the face sees it: which page is shown, and what is answered. */

import { check } from "../rules/check";
import { fill } from "../rules/fill";
import { isBlank, own } from "../rules/values";
import { paged, walk } from "../rules/walk";
import type { Answer, Answers, Ask } from "../types";
import { makeOutbox, sound } from "./outbox";
import type { Page, Talk } from "./types";

export function talk(ask: Ask): Talk {
  const { survey, phrases, context } = ask;
  const answers = sound(ask, ask.answers || {});
  /** Keys that the person answered or passed: what was given beforehand is not sent by itself. */
  const meant = new Set<string>();
  const outbox = makeOutbox(ask, answers, meant);
  const say = (text = "") => fill(survey, text, answers, context);
  return {
    _ask: ask,
    _answers: answers,
    _say: say,
    _words: phrases,
    ...stepper(ask, answers, meant, outbox._id),
    _send: outbox._send,
    _refusal: () => phrases[outbox._refusal!] || phrases.refused!,
    _thanks() {
      const { ending } = walk(survey, answers, context);
      if (!ending) return { _title: phrases.thanks_title!, _text: phrases.thanks_text! };
      const { title, text, link, link_label } = ending;
      return { _title: say(title), _text: say(text), _link: link, _label: say(link_label) };
    },
    _flush: outbox._flush,
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
