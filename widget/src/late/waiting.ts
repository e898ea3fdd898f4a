/** Submissions that wait on the device: one line each of time, address and body. */

import { isPassing, post } from "../sending/post";
import { WAITING } from "../types";

const MOST = 20;
const DAY = 864e5;
const FIRST_PAUSE = 6e3;
const LONGEST_PAUSE = 18e5;

let pause = FIRST_PAUSE;
let timer: ReturnType<typeof setTimeout> | undefined;
let running: Promise<unknown> | undefined;

/** Keep a submission, once. Gives whether the device took it. */
export function keep(address: string, body: string): boolean {
  return drop(body, `${Date.now()} ${address} ${body}`);
}

/** Drop what ends like this: a body, or a whole line. */
export function drop(end: string, ...more: string[]): boolean {
  try {
    // The list as it is now: another tab may have changed it.
    const lines = [...read().filter((line) => !line.endsWith(end)), ...more];
    if (lines[0]) localStorage.setItem(WAITING, lines.slice(-MOST).join("\n"));
    else localStorage.removeItem(WAITING);
    return true;
  } catch {
    return false;
  }
}

/** Send what waits, oldest first. One run at a time. The loader calls
 * it on each page and when the network comes back. */
export function resend(): Promise<unknown> {
  return (running ||= run()
    .catch(() => {})
    .finally(() => (running = undefined)));
}

async function run(): Promise<void> {
  for (const line of read()) {
    const [since, address, ...rest] = line.split(" ");
    // Two looks at one clock, so that a wrong one does no harm: it counts on the day of the answers.
    const waited = `{"waited_ms":${Date.now() - +since!},`;
    const reply = await post(address!, rest.join(" ").replace("{", waited));
    if (isPassing(reply)) {
      later(reply[2]);
      // Only trouble with this one submission lets the next have its turn.
      if (reply[0] < 500) break;
    } else {
      pause = FIRST_PAUSE;
      drop(line);
    }
  }
}

/** Try again after a while that doubles, give or take a half, and not before the server said. */
export function later(wait = 0): void {
  clearTimeout(timer);
  timer = setTimeout(resend, Math.max(wait * 1e3, pause * (0.5 + Math.random())));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

function read(): string[] {
  const lines = (localStorage.getItem(WAITING) || "").split("\n");
  return lines.filter((line) => parseInt(line) > Date.now() - 7 * DAY);
}
