/** Puts a survey on the page; part of the survey code, as it is needed only then. */

import { beacon } from "../sending/post";
import { open } from "../survey";
import type { Ask, Opener } from "../types";

export const enter: Opener["enter"] = async (ask, place, isShared) => {
  let free = (): void => {};
  /** Become the one tab that shows a survey; gives whether another one is. */
  const isTaken = (): Promise<unknown> =>
    new Promise((done) => {
      const hold = (held: unknown): unknown => {
        done(!held);
        return held && new Promise<void>((end) => (free = end));
      };
      // A page that may not lock, such as a sandboxed frame, has no other tabs to look after.
      navigator.locks.request("harken", { ifAvailable: true }, hold).catch(() => done(0));
    });
  if (!isShared && hasModal()) throw "host_modal";
  if (!isShared && !ask.force && navigator.locks && (await isTaken())) throw "open_elsewhere";
  const { remember, survey, token } = ask;
  const host: any = document.createElement("harken-survey");
  // A held lock would keep the page out of the back/forward cache.
  addEventListener("pagehide", free);
  const gone = (): void => {
    removeEventListener("pagehide", free);
    free();
    host.remove();
    ask.gone();
  };
  place.append(host);
  try {
    const all = {
      ...ask,
      scheme: ask.scheme || survey.look.scheme || "auto",
      wanted: ask.wanted ?? navigator.userActivation?.isActive,
      host,
      gone,
      tell(event, detail) {
        remember((memory) => {
          const clocks = (memory[`:${survey.key}`] ||= { count: 0 });
          clocks[event] = Date.now();
          if (event === "shown") clocks.count!++;
        });
        if (token && /^(sh|d)/.test(event)) {
          beacon(`${ask.server}/v1/public/widget/seen?key=${ask.key}`, JSON.stringify({ token, what: event }));
        }
        ask.tell(event, detail, host);
      },
    } as Ask;
    return (host.leave = open(all).close);
  } catch (problem) {
    gone();
    throw problem;
  }
};

/** Whether the page shows a dialog that must be answered first. */
function hasModal(): boolean {
  const dialogs = document.querySelectorAll("dialog:is(:modal),[aria-modal=true]");
  return [...dialogs].some((dialog) => dialog.getClientRects()[0]);
}
