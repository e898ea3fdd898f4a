/** Shows a sitting to a person, from the first page to the thanks. */

import { late } from "../late";
import type { Face, Talk } from "../sitting/types";
import { frameFor } from "./frame";
import { make } from "./make";
import { drawPage } from "./page";

/** `shown` is called when a person sees it, of a tab once it is opened; `done` when it is closed. */
export function draw(talk: Talk, done: () => void, shown: () => void): Face {
  const { _enter, _show, _look, _move, _remove } = frameFor(talk, done, shown);
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
    const { textContent } = button;
    button.textContent = talk._words.sending!;
    const sent = await talk._send();
    if (late.outcome) return _show(late.outcome(talk, sent, send));
    // The network went before there was anything to send with: all stays as it is.
    button.textContent = textContent;
    button.before(make("strong", { role: "alert" }, talk._words.save_failed));
  };
  show();
  _enter();
  return { _look, _move, _remove };
}
