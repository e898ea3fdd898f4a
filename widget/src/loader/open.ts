/** Opens surveys, and says why one may not be opened. */

import type { Entering, EventDetail, EventName, Opener, Reason, Survey, Targeting } from "../types";
import { emit, safe } from "./events";
import { $, code, localeOfPage, options, phrases, surveys, tagOf, tags, type Call, type Shown } from "./given";
import { isWaiting, recall, remember, visitor } from "./memory";
import { objection, shareOf } from "./targeting";

let load: (address: string) => Promise<Opener>;
let again = "";

export function loadFrom(how: typeof load): void {
  load = how;
}

export function loadCode(): Promise<Opener> {
  return load(`${options.server}/widget/${code}${again}`).catch((problem) => {
    // Firefox asks only once for an address that it could not reach.
    again += "?";
    throw problem;
  });
}

export function callOf({ widget }: Survey, extra?: Partial<Call>): Call {
  const call: any = { ...widget, ...options, ...extra };
  call.context = { ...options.context, ...extra?.context };
  call._isStanding = /^[it]/.test(call.mode);
  return call;
}

/** Where it stands now: a page may have put another tag in the place of the first. */
function placeOf({ key }: Survey, { element, mode }: Call): Element | null | undefined {
  const place: any = mode === "inline" ? element : "html";
  return place && !place.tagName
    ? $(place)
    : place?.isConnected && !tags.has(place)
      ? place
      : tagOf(key);
}

/** Why the survey may not open now, lasting reasons first. */
export function obstacle(survey: Shown, call: Call): Reason | "" {
  const { key, widget } = survey;
  const { out, [`:${key}` as const]: clocks = {} } = recall();
  const isNamed = (options.survey ? options.survey === key : widget) && !/^f/.test(options.auto as any);
  return out
    ? "opted_out"
    : (!call.force &&
        (isNamed ? objection(call as Targeting, localeOfPage(), clocks, () => shareOf(key + visitor())) : "not_targeted")) ||
        (!placeOf(survey, call)
          ? "no_element"
          : !call._isStanding && surveys.some((other) => other !== survey && other._call?._isStanding === false)
            ? "another_open"
            : "");
}

/** Put it on the page; rejects with the reason or the problem when that fails. */
export async function open(survey: Shown, call: Call): Promise<void> {
  survey._call = call;
  const { enter } = await loadCode();
  const ask = {
    ...call,
    survey,
    phrases: phrases[survey.language],
    remember,
    tell: safe((event: EventName, detail: EventDetail, host: Element) => {
      survey._state = event;
      emit(event, { survey: survey.key, ...detail }, host);
    }),
    // Nowhere, if it was closed while its code was on the way.
    place: () => survey._call === call && placeOf(survey, call),
    isShared: call._isStanding,
    gone: () => {
      survey._call = survey._entered = survey._state = undefined;
    },
  } as unknown as Entering;
  // The page may be another one by now.
  const reason = survey._call === call && obstacle(survey, call);
  if (reason) throw reason;
  if (survey._call === call) survey._entered = await enter(ask);
}

/** Send what waits on the device for a network. */
export async function resend(): Promise<void> {
  if (code && isWaiting()) await (await loadCode()).resend();
}

/** Take it off the page; `isDismissed` by a person, or in the name of one. */
export function close(survey: Shown, isDismissed?: boolean): void {
  survey._entered?.close(isDismissed);
  survey._call = undefined;
}
