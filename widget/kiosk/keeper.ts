/** What is kept on the device: who it is, what it asks, and every answer until it is stored. */

import type { Answers } from "../src/types";
import type { Counters, DeadItem, Item, Kept, KeptItem, KioskConfig, Registration } from "./types";

const STATE = "state";
const ITEMS = "items";
const DEAD = "dead";
/** More than can be held back within a follow-up's time. */
const HELD_AT_ONCE = 100;
const FRESH: Counters = { sequence: 0, last_at: 0, discarded: 0, offset_s: null };

interface StateOf {
  registration: Registration;
  config: { etag: string; body: KioskConfig };
  counters: Counters;
}

export interface Keeper {
  get<Name extends keyof StateOf>(name: Name): Promise<StateOf[Name] | undefined>;
  put<Name extends keyof StateOf>(name: Name, value: StateOf[Name]): Promise<void>;
  /** Keep an answer under the next number; nothing, and one more discarded, when it comes too soon. */
  add(answer: Omit<Item, "sequence" | "clock_offset_s">, now: number, pause_ms: number, hold_ms: number): Promise<KeptItem | undefined>;
  /** A press that is no answer, because one was just given. */
  countDiscarded(): Promise<void>;
  /** Change an item that was not sent yet. */
  amend(sequence: number, answers: Answers, complete: boolean, held_until: number): Promise<void>;
  /** Items to send, oldest first. */
  ready(now: number, most: number): Promise<KeptItem[]>;
  setTried(sequences: number[], is_tried: boolean): Promise<void>;
  remove(sequence: number): Promise<void>;
  bury(sequence: number, code: string, message: string): Promise<void>;
  /** Give an item the next number: the server has something else under its own. */
  move(sequence: number): Promise<void>;
  setOffset(offset_s: number): Promise<void>;
  counts(): Promise<Kept>;
  dead(): Promise<DeadItem[]>;
  /** Forget who the device is; answers that were never sent stay for its next registration. */
  unregister(): Promise<void>;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open("harken-kiosk", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STATE);
    request.result.createObjectStore(ITEMS, { keyPath: "sequence" });
    request.result.createObjectStore(DEAD, { keyPath: "sequence" });
  };
  return settled(request);
}

type Work<T> = (store: (name: string) => IDBObjectStore) => Promise<T>;

/** All of the work or none of it; resolves when it is on the disk, not only on its way there. */
async function change<T>(db: IDBDatabase, work: Work<T>): Promise<T> {
  const tx = db.transaction([STATE, ITEMS, DEAD], "readwrite", { durability: "strict" });
  const finished = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = tx.onerror = () => reject(tx.error);
  });
  // Without a listener of its own a failure would be reported twice.
  finished.catch(() => {});
  try {
    const result = await work((name) => tx.objectStore(name));
    await finished;
    return result;
  } catch (error) {
    if (!tx.error) tx.abort();
    throw error;
  }
}

export async function openKeeper(): Promise<Keeper> {
  const db = await openDatabase();
  const read = (name: string) => db.transaction(name).objectStore(name);
  const counters = async (state: IDBObjectStore): Promise<Counters> => ({ ...FRESH, ...(await settled(state.get("counters"))) });
  const count = (more: Partial<Counters> | ((now: Counters) => Partial<Counters>)) =>
    change(db, async (store) => {
      const now = await counters(store(STATE));
      store(STATE).put({ ...now, ...(typeof more == "function" ? more(now) : more) }, "counters");
    });
  return {
    get: (name) => settled(read(STATE).get(name)),
    put: (name, value) => change(db, async (store) => void store(STATE).put(value, name)),
    add: (answer, now, pause_ms, hold_ms) =>
      change(db, async (store) => {
        const known = await counters(store(STATE));
        // A clock that was set back must not silence the kiosk.
        if (known.last_at <= now && now - known.last_at < pause_ms) {
          store(STATE).put({ ...known, discarded: known.discarded + 1 }, "counters");
          return undefined;
        }
        const sequence = known.sequence + 1;
        const item = { ...answer, sequence, clock_offset_s: known.offset_s };
        const kept: KeptItem = { sequence, item, held_until: hold_ms && now + hold_ms, is_tried: false, moves: 0 };
        store(STATE).put({ ...known, sequence, last_at: now }, "counters");
        store(ITEMS).put(kept);
        return kept;
      }),
    countDiscarded: () => count(({ discarded }) => ({ discarded: discarded + 1 })),
    amend: (sequence, answers, complete, held_until) =>
      change(db, async (store) => {
        const kept: KeptItem | undefined = await settled(store(ITEMS).get(sequence));
        if (kept && !kept.is_tried) store(ITEMS).put({ ...kept, held_until, item: { ...kept.item, answers, complete } });
      }),
    async ready(now, most) {
      const all: KeptItem[] = await settled(read(ITEMS).getAll(null, most + HELD_AT_ONCE));
      return all.filter(({ held_until }) => held_until <= now).slice(0, most);
    },
    setTried: (sequences, is_tried) =>
      change(db, async (store) => {
        for (const sequence of sequences) {
          const kept: KeptItem | undefined = await settled(store(ITEMS).get(sequence));
          if (kept) store(ITEMS).put({ ...kept, is_tried });
        }
      }),
    remove: (sequence) => change(db, async (store) => void store(ITEMS).delete(sequence)),
    bury: (sequence, code, message) => change(db, (store) => buryItem(store, sequence, code, message)),
    move: (sequence) =>
      change(db, async (store) => {
        const kept: KeptItem | undefined = await settled(store(ITEMS).get(sequence));
        if (!kept) return;
        const known = await counters(store(STATE));
        const next = known.sequence + 1;
        store(STATE).put({ ...known, sequence: next }, "counters");
        store(ITEMS).delete(sequence);
        store(ITEMS).put({ ...kept, sequence: next, is_tried: false, moves: kept.moves + 1, item: { ...kept.item, sequence: next } });
      }),
    setOffset: (offset_s) => count({ offset_s }),
    async counts() {
      const [waiting, dead, { discarded }] = await Promise.all([
        settled(read(ITEMS).count()), settled(read(DEAD).count()), counters(read(STATE)),
      ]);
      return { waiting, dead, discarded };
    },
    dead: () => settled(read(DEAD).getAll()),
    unregister: () =>
      change(db, async (store) => {
        store(STATE).delete("registration");
        store(STATE).delete("config");
        const all: KeptItem[] = await settled(store(ITEMS).getAll());
        for (const { sequence, is_tried } of all) {
          if (is_tried) await buryItem(store, sequence, "outcome_unknown", "Sent before the device was revoked; perhaps stored.");
        }
      }),
  };
}

async function buryItem(store: (name: string) => IDBObjectStore, sequence: number, code: string, message: string): Promise<void> {
  const kept: KeptItem | undefined = await settled(store(ITEMS).get(sequence));
  if (!kept) return;
  store(DEAD).put({ sequence, item: kept.item, code, message });
  store(ITEMS).delete(sequence);
}
