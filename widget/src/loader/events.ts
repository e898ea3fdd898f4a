/** Tells the site what happens, and keeps what fails from reaching the page. */

import type { EventDetail, EventName } from "../types";

export type Handler = (detail: EventDetail) => void;

const handlers: Partial<Record<EventName, Set<Handler>>> = {};

export function on(name: EventName, handler: Handler): void {
  (handlers[name] ||= new Set()).add(handler);
}

export function off(name: EventName, handler: Handler): void {
  handlers[name]?.delete(handler);
}

/** Tell handlers everything, and the document by an event without the answer. */
export function emit(name: EventName, detail: EventDetail, target: EventTarget = document): void {
  for (const handler of handlers[name] || []) safe(handler, console.error)(detail);
  try {
    target.dispatchEvent(new CustomEvent(`harken:${name}`, { bubbles: true, composed: true, detail: { ...detail, answer: undefined } }));
  } catch {
    // An element of the page has the name of this method.
  }
}

/** A failure of ours is an event; it never reaches the page as an error. */
export function fault(error: unknown): void {
  emit("error", { message: `${error}` });
}

/** The same function, throwing and rejecting nothing. */
export function safe<T extends unknown[]>(work: (...values: T) => unknown, failed = fault): (...values: T) => any {
  return (...values) => {
    try {
      const result: any = work(...values);
      return result?.catch ? result.catch(failed) : result;
    } catch (error) {
      failed(error);
    }
  };
}
