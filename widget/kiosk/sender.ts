/** Hands over what is kept: in batches, oldest first, again and again until each item is settled. */

import type { Keeper } from "./keeper";
import type { KeptItem, KioskConfig } from "./types";

const MOST_ITEMS = 100;
/** The server takes 256 KiB; a character has three bytes at most. */
const MOST_CHARACTERS = 80_000;
const MOST_MOVES = 5;
const TIME_OUT_MS = 15_000;
const FIRST_PAUSE_MS = 4_000;
const LONGEST_PAUSE_MS = 60_000;
/** How often the server is asked for news when nothing happens. */
const HEARTBEAT_MS = 300_000;
/** Another try may go better; 401, 403 and 404 are those of a proxy whose server is away. */
const PASSING = [401, 403, 404, 407, 408, 421, 425, 429];

export interface Sender {
  /** Send now what is ready. Resolves when there is nothing more to do for the moment. */
  send(): Promise<void>;
  /** Get the config anew. */
  refresh(): Promise<void>;
  /** Type the code; gives what went wrong. */
  pair(code: string): Promise<"paired" | "unknown" | "unreachable">;
  readonly lastSent: number;
  readonly isReachable: boolean;
}

/** What the kiosk wants to know. */
export interface Hears {
  /** The token is no good any more. */
  unregistered(): void;
  changed(config: KioskConfig): void;
}

interface Reply {
  status: number;
  body: any;
  etag: string;
}

const OFFLINE: Reply = { status: 0, body: null, etag: "" };

export function makeSender(keeper: Keeper, base: URL, hears: Hears): Sender {
  let running: Promise<void> | undefined;
  let isWanted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_PAUSE_MS;
  let refreshed = 0;

  const call = async (path: string, options: RequestInit): Promise<Reply> => {
    try {
      const signal = AbortSignal.timeout(TIME_OUT_MS);
      const reply = await fetch(new URL(path, base), { credentials: "omit", cache: "no-store", signal, ...options });
      const { status, headers } = reply;
      // A hotel's log-in page answers 200 too: only our JSON counts.
      const isOurs = /json/.test(headers.get("content-type") || "");
      if (status != 304 && !isOurs) return OFFLINE;
      return { status, body: status == 304 ? null : await reply.json(), etag: headers.get("etag") || "" };
    } catch {
      return OFFLINE;
    }
  };
  const bearer = async () => ({ authorization: `Bearer ${(await keeper.get("registration"))?.token}` });
  const isRevoked = ({ status, body }: Reply) => status == 401 && /^device_/.test(body?.code);
  const giveUp = async () => {
    await keeper.unregister();
    hears.unregistered();
  };

  const post = async (batch: KeptItem[]): Promise<Reply> => {
    const { offset_s } = (await keeper.get("counters")) || {};
    const report = { ...(await keeper.counts()), clock_offset_s: offset_s ?? null };
    const began = Date.now();
    const body = JSON.stringify({ items: batch.map(({ item }) => item), report, sent_at: new Date(began) });
    const headers = { ...(await bearer()), "content-type": "application/json" };
    const reply = await call("v1/public/kiosk/responses", { method: "POST", headers, body });
    const ended = Date.now();
    const now = Date.parse(reply.body?.now);
    // The middle of a quick exchange is when the server looked at its clock.
    if (now && ended >= began && ended - began < 10_000) {
      const offset = Math.round((now - (began + ended) / 2) / 100) / 10;
      if (offset != offset_s) await keeper.setOffset(offset);
    }
    return reply;
  };

  /** Gives whether the next batch may have its turn. */
  const deliver = async (batch: KeptItem[]): Promise<boolean> => {
    await keeper.setTried(numbers(batch), true);
    const reply = await post(batch);
    const { status, body } = reply;
    if (status == 200 && Array.isArray(body?.results)) {
      sender.isReachable = true;
      sender.lastSent = Date.now();
      return settle(keeper, batch, body.results);
    }
    sender.isReachable = false;
    if (status >= 400 && status < 500) {
      // Refused as a whole: none of it was stored now.
      await keeper.setTried(numbers(batch.filter(({ is_tried }) => !is_tried)), false);
      if (isRevoked(reply)) await giveUp();
      else if (PASSING.includes(status)) return false;
      else if (batch[1]) return split(batch);
      else if (batch[0]) {
        await keeper.bury(batch[0].sequence, body?.code || `http_${status}`, body?.detail || "");
        return true;
      }
    }
    return false;
  };
  /** One of them spoils the batch: find it by halves. */
  const split = async (batch: KeptItem[]): Promise<boolean> => {
    const middle = batch.length >> 1;
    return (await deliver(batch.slice(0, middle))) && (await deliver(batch.slice(middle)));
  };

  const run = async (isHeartbeat: boolean): Promise<void> => {
    let isGood = true;
    do {
      isWanted = false;
      if (!(await keeper.get("registration"))) return hears.unregistered();
      const batch = fitting(await keeper.ready(Date.now(), MOST_ITEMS));
      if (!batch[0] && !isHeartbeat) break;
      isHeartbeat = false;
      isGood = await deliver(batch);
      if (batch[0]) isWanted = true;
    } while (isGood && isWanted);
    pause = isGood ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
    const { waiting } = await keeper.counts();
    clearTimeout(timer);
    const wait = isGood && !waiting ? HEARTBEAT_MS : isGood ? FIRST_PAUSE_MS : pause * (0.5 + Math.random() / 2);
    timer = setTimeout(() => void (waiting ? start(false) : beat()), wait);
    if (Date.now() - refreshed > HEARTBEAT_MS) void sender.refresh();
  };
  /** One tab at a time, where the browser can see to that; two would only send the same twice. */
  const alone = (isHeartbeat: boolean): Promise<unknown> => {
    const { locks } = navigator;
    return locks ? locks.request("harken-kiosk-sending", () => run(isHeartbeat)) : run(isHeartbeat);
  };
  const start = (isHeartbeat: boolean): Promise<void> => {
    isWanted = true;
    return (running ||= alone(isHeartbeat)
      .then(() => {}, () => {})
      .finally(() => (running = undefined)));
  };
  const beat = async () => {
    await start(true);
    await sender.refresh();
  };

  const sender: { -readonly [Name in keyof Sender]: Sender[Name] } = {
    lastSent: 0,
    isReachable: true,
    send: () => start(false),
    async refresh() {
      const known = await keeper.get("config");
      const reply = await call("v1/public/kiosk/config", {
        headers: { ...(await bearer()), ...(known && { "if-none-match": known.etag }) },
      });
      if (isRevoked(reply)) await giveUp();
      refreshed = Date.now();
      if (reply.status != 200 || !reply.body?.settings) return;
      await keeper.put("config", { etag: reply.etag, body: reply.body });
      hears.changed(reply.body);
    },
    async pair(code: string) {
      const headers = { "content-type": "application/json" };
      const { status, body } = await call("v1/public/kiosk/pair", { method: "POST", headers, body: JSON.stringify({ code }) });
      if (status != 200 || !body?.token) return status == 404 || status == 422 ? "unknown" : "unreachable";
      await keeper.put("registration", { token: body.token, name: body.name });
      await sender.refresh();
      void start(true);
      return "paired";
    },
  };
  addEventListener("online", () => {
    pause = FIRST_PAUSE_MS;
    void beat();
  });
  return sender;
}

/** What became of each item. Gives whether anything was settled, so that a next try makes sense. */
async function settle(keeper: Keeper, batch: KeptItem[], results: any[]): Promise<boolean> {
  let isGood = true;
  for (const [place, kept] of batch.entries()) {
    const { outcome, problem } = results[place] || {};
    if (outcome == "stored") await keeper.remove(kept.sequence);
    else if (outcome != "refused") isGood = false;
    // A copy of this device has used the number: this answer is not stored under it.
    else if (problem?.code == "response_conflict" && kept.moves < MOST_MOVES) await keeper.move(kept.sequence);
    else await keeper.bury(kept.sequence, problem?.code || "refused", problem?.detail || "");
  }
  return isGood;
}

function fitting(items: KeptItem[]): KeptItem[] {
  let size = 0;
  return items.filter((kept, place) => (size += JSON.stringify(kept.item).length) < MOST_CHARACTERS || !place);
}

function numbers(items: KeptItem[]): number[] {
  return items.map(({ sequence }) => sequence);
}
