/** Puts a survey on the page and keeps it there; part of the survey code, as it is needed only then. */

import { make, quiet } from "../face/make";
import { fetchFor } from "../late";
import { encode } from "../sending/encode";
import { beacon } from "../sending/post";
import { open } from "../survey";
import type { Ask, Opener, Sitting } from "../types";
import { hasDialog } from "./dialogs";

/** Milliseconds between looks at what the page did meanwhile. */
const LOOK = 500;
/** Looks after which what stayed on the page belongs to its new address. */
const SETTLED = 6;

export const enter: Opener["enter"] = async (ask) => {
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
  const { isShared, mode, place, remember, survey, token } = ask;
  const isBehind = (): boolean => {
    try {
      return mode !== "inline" && hasDialog();
    } catch {
      // Elements of the page have the names of what it is looked at with.
      return false;
    }
  };
  await fetchFor(ask);
  if (isBehind()) throw "host_modal";
  if (!isShared && !ask.force && navigator.locks && (await isTaken())) throw "open_elsewhere";
  let host: (HTMLElement & { missed?: () => void }) | undefined;
  let { href: address } = location;
  let looks = 0;
  /** While it is on the page, or to come back to it. */
  let timer = 0;
  let sitting: Sitting;
  /** A tag is the host itself, so that whoever compares the page with its source finds no child in it. */
  const settle = (): boolean => {
    const at: any = place();
    if (at) {
      if (at.localName === "harken-survey") host = at;
      else Element.prototype.append.call(at, (host ||= make("harken-survey" as "p")));
      host!.missed = look;
    }
    return at;
  };
  const look = (): void => {
    if (!timer) return;
    // Taken away by the page: it stands where there is room for it on the same page.
    if (!host!.isConnected || (host!.getAttribute("survey") || survey.key) !== survey.key) {
      if (address !== location.href) return sitting.close();
      if (!settle()) return sitting.look(true);
      sitting.move(host!);
    }
    // An application tells the new address first, and takes the old page away when it has the new one.
    looks = address === location.href ? 0 : looks + 1;
    if (looks > SETTLED) address = location.href;
    sitting.look(isBehind());
  };
  // A held lock would keep the page out of the back/forward cache.
  addEventListener("pagehide", free);
  const gone = (): void => {
    clearInterval(timer);
    timer = 0;
    removeEventListener("pagehide", free);
    free();
    if (!host!.getAttribute("survey")) host!.remove();
    ask.gone();
  };
  if (!settle()) {
    removeEventListener("pagehide", free);
    free();
    throw "no_element";
  }
  timer = setInterval(quiet(look), LOOK) as unknown as number;
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
        beacon(`${ask.server}/v1/public/widget/seen?key=${ask.key}`, encode({ token, what: event }));
      }
      ask.tell(event, detail, host);
    },
  } as Ask;
  try {
    sitting = open(all);
    return { close: sitting.close, look };
  } catch (problem) {
    gone();
    throw problem;
  }
};
