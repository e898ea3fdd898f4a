/** What the device remembers of a visitor: nothing, until the tab closes, or lastingly. */

import { WAITING } from "../types";
import { options, parse, stringify } from "./given";
import type { Clocks } from "./targeting";

/** Kept under one key; clocks by `:` and the survey's key, which cannot meet the other names. */
interface Memory {
  /** A random name for samples. */
  id?: number;
  /** The visitor wants no surveys. */
  out?: boolean;
  [survey: `:${string}`]: Clocks;
}

let kept: Memory = {};

/** Do something with the storage that the site allows; nothing when there is none, or it throws. */
function attempt<T>(work: (storage: Storage) => T, name = `${options.memory}Storage`): T | undefined {
  try {
    return work((self as any)[name]);
  } catch {
    // There is none, or the browser refuses it.
  }
  return undefined;
}

export function recall(): Memory {
  return (kept = attempt((storage) => parse(storage.harken)) || kept);
}

export function remember(change: (memory: Memory) => void): void {
  change(recall());
  attempt((storage) => (storage.harken = stringify(kept)));
}

/** Forget the visitor, and what waits to be sent. */
export function forget(): void {
  kept = {};
  attempt((storage) => delete storage.harken);
  attempt((storage) => delete storage[WAITING], "localStorage");
}

/** The respondent, else a random name kept as long as allowed. */
export function visitor(): string | number {
  if (!(options.respondent || recall().id)) remember((memory) => (memory.id = Math.random()));
  return options.respondent || kept.id!;
}

/** Whether submissions wait on this device for a network. */
export function isWaiting(): unknown {
  return attempt((storage) => storage[WAITING], "localStorage");
}
