/** Opening hours by the clock on the wall; `is_open` of `channels/kiosk/rules.py` in the browser. */

import type { Settings } from "./types";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

export function isOpen({ opening_hours: hours, timezone }: Pick<Settings, "opening_hours" | "timezone">, at: Date): boolean {
  if (!Object.keys(hours)[0]) return true;
  const [day, clock] = onTheWall(at, timezone);
  const today = hours[DAYS[day]!] || [];
  const before = hours[DAYS[(day + 6) % 7]!] || [];
  return (
    today.some(({ opens, closes }) => clock >= opens && (closes <= opens || clock < closes)) ||
    before.some(({ opens, closes }) => closes <= opens && clock < closes)
  );
}

/** Day of the week (Monday is 0) and time as `09:05`. */
function onTheWall(at: Date, timeZone: string): [number, string] {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone, weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return [DAYS.indexOf(parts.get("weekday")!.toLowerCase()), `${parts.get("hour")}:${parts.get("minute")}`];
}
