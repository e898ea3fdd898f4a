/** One submission to the server. */

/** HTTP status (0: no answer), the problem's code, and after how many seconds to try again. */
export type Reply = readonly [status: number, code?: any, wait?: number];

/** Whether another try may go better: no network, a server in trouble, too many requests. */
export function isPassing([status]: Reply): boolean {
  return status != 201 && (status < 400 || status > 428);
}

const TIME_OUT = 10_000;

/** Never rejects. Sent as plain text (what a string is), so that the browser asks nothing first. */
export async function post(address: string, body: string): Promise<Reply> {
  try {
    const reply = await fetch(address, {
      method: "POST",
      credentials: "omit",
      // Browsers refuse to keep more than 64 KiB alive; a character has three bytes at most.
      keepalive: body.length < 20_000,
      signal: AbortSignal.timeout(TIME_OUT),
      body,
    });
    return [reply.status, reply.ok || (await reply.json()).code, +reply.headers.get("retry-after")!];
  } catch {
    // Without a network this does nothing; where the page took `fetch` away, it arrives all the same.
    beacon(address, body);
    return [0];
  }
}

/** Hand the body to the browser, to be sent although the page goes away. */
export function beacon(address: string, body: string): void {
  try {
    navigator.sendBeacon(address, body);
  } catch {
    // Taken away by the page.
  }
}
