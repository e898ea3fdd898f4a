/** Watches the page for what opens surveys. */

import type { Explained, Opening, ShowOptions } from "../types";
import { emit, fault, safe } from "./events";
import { $, code, learn, localeOfPage, need, options, ready, stringify, surveys, tagOf, type Call, type Shown } from "./given";
import { recall } from "./memory";
import { callOf, close, loadCode, obstacle, open, resend } from "./open";

/** Seconds between looks at what does not tell by itself. */
const LOOK = 0.5;
/** Seconds for which the element of an inline survey may come late. */
const LATE = 10;

/** What happened: an event of the browser, one that the site told, or a look at the page. */
interface Happening {
  type: string;
  /** Whether it is what an opening of this kind waits for. */
  fits?: (opening: Opening) => unknown;
}

/** On which page view it happened. */
type Watched = Opening & { _view?: number };

/** What waits for the page to become free. */
let waiting: (() => unknown)[] = [];
/** Counts page views. */
let views = 0;
let address: string | undefined;
/** Seconds for which this page was seen. */
let elapsed = 0;
let timer: unknown;
/** The lowest place of late, and when: for the quick way back up. */
let lowest = 0;
let lowestAt = 0;

/** Open a survey, or tell why not; what stands in the way only for now is tried again. */
async function attempt(survey: Shown, call: Call): Promise<boolean> {
  survey._entered?.look();
  if (survey._state) return true;
  // What is on its way, or waits to be seen, goes on as it was called.
  call = survey._call || call;
  let reason = obstacle(survey, call);
  let failure: any;
  if (reason) close(survey);
  else if (!survey._call) {
    await open(survey, call).catch((problem) => {
      reason = problem.at ? problem : "unreachable";
      failure = problem;
      survey._call = undefined;
    });
  }
  if (reason && reason !== survey._no) emit("suppressed", { survey: survey.key, reason });
  if (/^un/.test(reason)) fault(failure);
  survey._no = reason;
  report();
  if (/^h/.test(reason) || (/^no_e/.test(reason) && elapsed < LATE)) {
    waiting.push(() => attempt(survey, call));
    wake();
  }
  return !reason;
}

/** Show a survey because the site says so; resolves to whether it is on the page. */
export async function show(key = options.survey, extra?: ShowOptions): Promise<boolean> {
  await ready;
  const survey = await need(key!);
  if (survey) return attempt(survey, callOf(survey, { force: true, ...extra }));
  emit("suppressed", { survey: key!, reason: "no_survey" });
  return false;
}

/** The page is another one, or is seen anew. */
export async function view(isNew?: boolean): Promise<void> {
  if (!code || document.hidden === true || document.readyState === "loading" || (address === location.href && !isNew)) return;
  const now = ++views;
  address = location.href;
  elapsed = 0;
  waiting = [];
  surveys.forEach((survey) => {
    survey._no = "";
    if (survey.widget?.closes_on_navigation) close(survey);
  });
  // What the site's server asked for goes before what this page would open.
  await safe(askQueue)();
  if (now === views) happen({ type: "load" });
}

/** Show the first survey that the site's server asked this respondent, which only a signature opens. */
export async function askQueue(): Promise<void> {
  if (!options.signature || recall().out) return;
  const { askQueue } = await loadCode();
  const first = await askQueue({ ...options, locale: localeOfPage() });
  if (!first) return;
  learn(first);
  await show(first.surveys[0]!.key, first.options);
}

/** The site tells of an event; its rules are looked at by the survey code, which is wanted soon. */
export async function track(name: string, properties = {}): Promise<void> {
  await ready;
  const awaited = surveys.flatMap(({ widget }) => widget?.opens || []).filter((opening) => opening.name === name);
  if (!awaited[0]) return;
  const met = await (await loadCode()).judge(awaited, properties);
  happen({ type: "event", fits: (opening) => met.includes(opening) });
}

/** Something happened: open what it opens. */
export function happen(what: Happening): void {
  const { type } = what;
  const wanted = type === "click";
  for (const survey of surveys) {
    const call = callOf(survey, { wanted });
    const opens: Watched[] = call.opens || (options.survey ? [{ on: "load" }] : []);
    let isNew;
    for (const opening of opens) {
      if ((wanted || type === "event" || opening._view !== views) && isHit(opening, what)) isNew = opening._view = views;
    }
    // One that has a tag of its own stands there.
    if (isNew && !tagOf(survey.key) && (call.needs !== "all" || !opens.some((opening) => opening._view !== views))) safe(attempt)(survey, call);
  }
}

function isHit(opening: Opening, { type, fits }: Happening): unknown {
  const { on } = opening;
  return on === "time"
    ? elapsed >= opening.seconds! || wake()
    : on === "scroll"
      ? elapsed > LOOK
        ? isScrolled(opening.percent!)
        : wake()
      : on === type && (!fits || fits(opening));
}

/** Whether so much of the page was scrolled through; one without scroll bar counts as read. */
function isScrolled(percent: number): boolean {
  // Zoomed pages end a fraction of a pixel early.
  return (scrollY + 1) * 100 >= percent * ($("html").scrollHeight - innerHeight);
}

function wake(): void {
  timer ||= setTimeout(safe(look), LOOK * 1000);
}

/** Look at what does not tell by itself. A hidden page takes no time. */
function look(): void {
  timer = 0;
  if (document.hidden !== true) elapsed += LOOK;
  happen({ type: "" });
  waiting.splice(0).forEach((work) => safe(work)());
}

/** Something happened in the browser. */
const notice = safe((event: MouseEvent & PageTransitionEvent) => {
  const { type, relatedTarget, clientY, persisted, timeStamp } = event;
  if (type === "mouseout") return !relatedTarget && clientY <= 0 && happen({ type: "exit" });
  if (type === "online") safe(resend)();
  view(persisted);
  happen({ type, fits: ({ selector }) => event.composedPath().some((one) => one instanceof Element && Element.prototype.matches.call(one, selector!)) });
  if (scrollY > lowest || timeStamp - lowestAt > 1000) {
    lowest = scrollY;
    lowestAt = timeStamp;
  }
  const isUp = lowest - scrollY > innerHeight && scrollY < innerHeight;
  return isUp && matchMedia("(hover:none)").matches && happen({ type: "exit" });
});

/** Notice what happens on the page until the signal ends it. */
export function watch(signal: AbortSignal): void {
  const how = { capture: true, signal };
  const names = "visibilitychange DOMContentLoaded scroll click mouseout popstate pageshow online";
  for (const name of names.split(" ")) addEventListener(name, notice as any, how);
  (self as any).navigation?.addEventListener("currententrychange", notice, how);
}

/** For each survey whether it is shown, and why not. */
export function explain(): Explained[] {
  return surveys.map((survey) => ({
    survey: survey.key,
    reason: survey._state ? "shown" : survey._no || (!survey._call && obstacle(survey, callOf(survey))) || "waiting",
    detail: `By ${stringify([survey.widget, recall()])}.`,
  }));
}

/** With `debug`, print it. */
export function report(): void {
  if (/^(true)?$/.test(options.debug as any)) console.info(stringify(explain()));
}
