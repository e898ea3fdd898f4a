/** Shows a sitting to a person, from the first page to the thanks. */

import type { Face, Sent, Talk, Thanks } from "../sitting/types";
import { frameFor } from "./frame";
import { drawing, make } from "./make";
import { drawPage } from "./page";

const TICK = "M6 12.5l4 4 8-9";

/** `shown` is called when it comes into sight, of a tab the first time; `done` when it is closed. */
export function draw(talk: Talk, done: () => void, shown: () => void): Face {
  const { _enter, _show, _remove } = frameFor(talk, done, shown);
  const show = (): void => _show(drawPage(talk, next, back));
  const next = (go: HTMLElement): string | undefined => {
    const { _last: last } = talk._page();
    const problem = talk._next();
    if (!problem) last ? send(go).catch(() => {}) : show();
    return problem;
  };
  const back = (): void => {
    talk._back();
    show();
  };
  const send = async (button: HTMLElement): Promise<void> => {
    button.textContent = talk._words.sending!;
    _show(outcome(talk, await talk._send(), send));
  };
  show();
  _enter();
  return { _remove };
}

/** What became of the answers, and what can be done now. */
function outcome(talk: Talk, sent: Sent, send: (button: HTMLElement) => void): HTMLElement {
  const { _title: title, _text: text, _link: link, _label: label } = wordsOf(talk, sent);
  const look = { className: "box go", part: "button" };
  return make(
    "article",
    { tabIndex: -1 },
    sent === "stored" && drawing(TICK),
    title && make("h3", {}, title),
    make("p", {}, text),
    link && make("a", { ...look, href: link, target: "_blank" }, label),
    sent === "failed" &&
      make(
        "button",
        { ...look, onclick: ({ target }: Event) => send(target as HTMLElement) },
        talk._words.try_again!,
      ),
  );
}

function wordsOf(talk: Talk, sent: Sent): Thanks {
  if (sent === "stored") return talk._thanks();
  const isWaiting = sent === "waiting";
  return {
    _title: isWaiting ? talk._words.waiting_title! : "",
    _text: sent === "refused" ? talk._refusal() : talk._words[isWaiting ? "waiting_text" : "save_failed"]!,
  };
}
