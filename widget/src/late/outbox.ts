/** What is sent of a sitting: parts of it when the page may go away, and the whole at the end. */

import { own } from "../rules/values";
import { encode } from "../sending/encode";
import { beacon, isPassing, post } from "../sending/post";
import type { Outbox, Sent } from "../sitting/types";
import type { Answers, Ask } from "../types";
import { sound } from "./sound";
import { drop, keep, later } from "./waiting";

/**
 * `meant` are the questions that the person answered or passed; only those are sent, or taken back.
 * Each send names all of them: none says less than the one before, so the order of arrival is no matter,
 * and what was begun elsewhere stays until the person comes to it.
 */
export function makeOutbox(ask: Ask, id: string, began: Date, answers: Answers, meant: Set<string>): Outbox {
  const { survey, response, tell } = ask;
  const address = `${ask.server}/v1/public/responses?key=${ask.key}`;
  // Whoever knows the response's id alone cannot go on with it.
  const resume = "" + crypto.getRandomValues(new Uint32Array(4));
  let said = encode([{}, false]);
  let body = "";
  let sequence = response?.sequence || 0;
  let sending: Promise<Sent> | undefined;
  let isOver = false;
  /** Write the body anew if there is news, with the next sequence. */
  const compose = (complete: boolean): boolean => {
    const given = sound(survey, answers, meant);
    if (said == (said = encode([given, complete]))) return false;
    const news = { id, resume, started_at: began, sequence: ++sequence, complete, answers: given };
    const cleared = [...meant].filter((key) => own(given, key) == null);
    body = encode({ ...news, cleared, ...about(ask) });
    return true;
  };
  const deliver = async (): Promise<Sent> => {
    compose(true);
    const reply = await post(address, body);
    const [status, code] = reply;
    // Finished already: an earlier try did arrive, and its reply got lost.
    const isStored = status == 201 || code == "response_finished";
    const isWaiting = isPassing(reply) && keep(address, body);
    if (isWaiting) later(reply[2]);
    if (!isPassing(reply)) drop(body);
    outbox._refusal = code;
    isOver = isStored || isWaiting;
    if (!isOver) sending = undefined;
    const detail = { survey: survey.key, response: id };
    if (isOver) tell("submitted", { ...detail, delivered: isStored });
    else tell("error", { ...detail, message: code || `HTTP ${status}` });
    return isStored ? "stored" : isWaiting ? "waiting" : isPassing(reply) ? "failed" : "refused";
  };
  const outbox: Outbox = {
    _refusal: "",
    _flush() {
      if (isOver) return;
      if (sending) keep(address, body);
      else if (compose(false)) beacon(address, body);
    },
    _send: () => (sending ||= deliver()),
  };
  return outbox;
}

/** What a submission says besides the answers. */
function about({ survey, context, token, touchpoint, respondent, signature }: Ask): object {
  const { key, version, locale } = survey;
  // The server takes plain values only, and a page may put anything into its context.
  const plain = Object.fromEntries(Object.entries(context).filter(([, value]) => Object(value) !== value));
  return { survey: key, version, locale, channel: "widget", context: plain, token, touchpoint, respondent, signature };
}
