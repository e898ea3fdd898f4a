/** Opens surveys, and says why one may not be opened. */

import type { Entering, EventDetail, EventName, Opener, Reason, Survey, Targeting } from "../types";
import { emit, safe } from "./events";
import { code, localeOfPage, options, phrases, surveys, type Call, type Shown } from "./given";
import { isWaiting, recall, remember, visitor } from "./memory";
import { objection, shareOf } from "./targeting";

let load: (address: string) => Promise<Opener>;

export function loadFrom(how: typeof load): void {
  load = how;
}

export function loadCode(): Promise<Opener> {
  return load(`${options.server}/widget/${code}`);
}

export function callOf({ widget }: Survey, extra?: Partial<Call>): Call {
  const call: any = { ...widget, ...options, ...extra };
  call.context = { ...options.context, ...extra?.context };
  call._isStanding = /^[it]/.test(call.mode);
  return call;
}

function placeOf({ element, mode }: Call): Element | null {
  const place: any = mode === "inline" ? element : "html";
  return place?.tagName ? place : document.querySelector(place);
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
        (!placeOf(call)
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
    gone: () => {
      survey._call = survey._close = survey._state = undefined;
    },
  } as unknown as Entering;
  if (survey._call) survey._close = await enter(ask, placeOf(call)!, call._isStanding);
}

/** Send what waits on the device for a network. */
export async function resend(): Promise<void> {
  if (code && isWaiting()) await (await loadCode()).resend();
}

/** Take it off the page. */
export function close(survey: Shown): void {
  survey._close?.();
  survey._call = undefined;
}
