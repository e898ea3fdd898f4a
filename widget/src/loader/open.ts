/** Opens surveys, and says why one may not be opened. */

import type { EventDetail, EventName, Mode, Options, Reason, ShowOptions, Survey, Opener, Targeting, Entering } from "../types";
import { emit, safe } from "./events";
import { code, localeOfPage, options, phrases, surveys } from "./given";
import { isWaiting, recall, remember, visitor } from "./memory";
import { objection, shareOf } from "./targeting";

/** A survey and what becomes of it on this page. */
export interface Shown extends Survey {
  /** Why it did not open when it should have. */
  _no?: Reason | "";
  /** How it was called, while it is on the page or on its way to it. */
  _call?: Call | undefined;
  _close?: (() => void) | undefined;
  /** The last of what happened to it. */
  _state?: EventName | undefined;
}

/** What a survey is opened with: by its targeting, the site's options, and the call, which wins. */
export interface Call extends Omit<Targeting & ShowOptions & Options, "element"> {
  element?: string | Element | undefined;
  mode: Mode;
  wanted?: boolean;
  token?: string;
  /** A part of the page, which leaves room for others. */
  _isStanding: boolean;
}

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
