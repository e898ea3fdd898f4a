/**
 * Surveys on any web page, asked by your own Harken server.
 *
 * Importing this does nothing, and on a server every call does nothing, so it may be imported
 * anywhere. Nothing here throws: what fails is told by the event `error`.
 */

import { start } from "./loader/start.js";
import type { Context, EventDetail, EventName, Explained, Options, Scalar, ShowOptions } from "./types.js";

export type * from "./types.js";

type Api = ReturnType<typeof start>;

let api: Api | undefined;
/** Calls that came before `init`, such as those of components that are on the page sooner. */
let early: (() => unknown)[] | undefined = [];

/** The calls, made when first wanted; none without a page. */
function harken(): Api | undefined {
  if (typeof document === "undefined") return undefined;
  return (api ??= start(() => import("./packaged.js")));
}

/** Make a call, after `init` if that is yet to come. */
function afterInit(call: (api: Api) => unknown): void {
  const made = harken();
  if (made && early) early.push(() => call(made));
  else if (made) call(made);
}

/** Start with a key that has the scope `public`; `server` is your Harken server's address. */
export function init(key: string, options: Options & { server: string }): void {
  harken()?.init(key, options);
  const calls = early;
  early = undefined;
  calls?.forEach((call) => call());
}

/**
 * Say who answers. Without a signature that is stored as claimed; with one, made by your server
 * (`client.sign_identity` in Python), it is stored as verified, and surveys that your server asked
 * this respondent are shown.
 */
export function identify(respondent: string, signature?: string, context?: Context): void {
  afterInit((api) => api.identify(respondent, signature, context));
}

/** Use another locale for surveys that open from now on. */
export function setLocale(locale: string): void {
  afterInit((api) => api.setLocale(locale));
}

/** Tell of an event, which may open surveys that wait for it. Nothing is sent anywhere. */
export function track(name: string, properties?: Record<string, Scalar | null>): void {
  afterInit((api) => api.track(name, properties));
}

/** Tell of a page view, where the browser does not: surveys are looked at anew. */
export function page(): void {
  afterInit((api) => api.page());
}

/** Show a survey now, by default the one of the option `survey`; resolves to whether it is there. */
export function show(survey?: string, options?: ShowOptions): Promise<boolean> {
  return new Promise((done) => {
    if (typeof document === "undefined") done(false);
    else afterInit(async (api) => done(!!(await api.show(survey, options))));
  });
}

/** Take open surveys off the page. */
export function close(): void {
  harken()?.close();
}

/** Call a function whenever something happens to a survey. */
export function on(event: EventName, handler: (detail: EventDetail) => void): void {
  harken()?.on(event, handler);
}

/** Call it no longer. */
export function off(event: EventName, handler: (detail: EventDetail) => void): void {
  harken()?.off(event, handler);
}

/** Forget the person, what the device remembers and what waits to be sent: they logged out. */
export function reset(): void {
  harken()?.reset();
}

/** Show surveys again after `optOut`. */
export function optIn(): void {
  harken()?.optIn();
}

/** Forget the person, and show nothing any more; remembered as long as `memory` allows. */
export function optOut(): void {
  harken()?.optOut();
}

/** Take everything off the page and listen no longer; `init` starts again. */
export function destroy(): void {
  harken()?.destroy();
}

/** For each survey whether it is shown, and why not. */
export function explain(): Explained[] {
  return harken()?.explain() || [];
}
