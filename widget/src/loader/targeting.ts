/** Whether a survey may be shown to this visitor on this page, from the address, the window and the clock. */

import type { Reason, Targeting } from "../types";

/** When what happened to the visitor last (ms), by the names of events, and how often `shown` did. */
export type Clocks = Record<string, number>;

const DAY = 864e5;

/**
 * Why the survey must not be shown, lasting reasons first; nothing when it may. `share` is where
 * the visitor falls among all, 0 to 1; it is asked only when there is a sample.
 */
export function objection(targeting: Targeting, locale: string, clocks: Clocks, share: () => number): Reason | "" {
  const days = targeting.cooldown as Clocks | undefined;
  return !RegExp(targeting.pages!).test(location.href)
    ? "wrong_page"
    : !RegExp(targeting.locales!, "i").test(locale)
      ? "wrong_locale"
      : !matchMedia(targeting.devices || "all").matches
        ? "wrong_device"
        : targeting.sample_rate! < 1 && share() >= targeting.sample_rate!
          ? "sampled_out"
          : clocks.count! >= targeting.max_shown!
            ? "max_shown"
            : Object.entries(clocks).some(([what, at]) => Date.now() - at < days?.[what]! * DAY)
              ? "cooldown"
              : "";
}

/** Where a text falls, 0 to 1: always the same, and texts that differ fall apart (FNV-1a). */
export function shareOf(text: string): number {
  let hash = 0;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
