/** Shows a sitting to a person, from the first page to the thanks. */

import { late } from "../late";
import type { Face, Talk } from "../sitting/types";
import { frameFor } from "./frame";
import { make } from "./make";
import { drawPage } from "./page";

/** `shown` is called when a person sees it, of a tab once it is opened; `done` when it is closed. */
export function draw(talk: Talk, done: () => void, shown: () => void): Face {
  const frame = frameFor(talk, done, shown);
  const show = (): void => frame._show(drawPage(talk, next, back));
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
  const lost = make("strong", { role: "alert" }, talk._words.save_failed);
  const send = async (button: HTMLElement): Promise<void> => {
    const { textContent } = button;
    button.textContent = talk._words.sending!;
    const sent = await talk._send();
    if (late.outcome) return frame._show(late.outcome(talk, sent, send));
    // The network went before what sends had come: all stays as it is, and is sent when there is one.
    button.textContent = textContent;
    button.before(lost);
    addEventListener("online", () => button.click(), { once: true });
  };
  show();
  frame._enter();
  return frame;
}
