/** What the server tells a kiosk, what the kiosk keeps, and what it sends. */

import type { Answers, Context, Phrases, Survey } from "../src/types";
import type { SealedPin } from "./pin";

/** `DeviceSettings` of `channels/kiosk/rules.py`. */
export interface Settings {
  mode: "survey" | "smiley";
  follow_up: boolean;
  idle_reset_s: number;
  min_interval_s: number;
  thanks_s: number;
  timezone: string;
  opening_hours: Record<string, Hours[]>;
  exit_pin: SealedPin | null;
  full_screen: boolean;
  context: Context;
}

/** Times on the wall, `09:00`. Closing at or before opening means the next day. */
export interface Hours {
  opens: string;
  closes: string;
}

/** A survey in one language, and that language's name in itself. */
export type SpokenSurvey = Survey & { spoken: string };

/** What `GET /v1/public/kiosk/config` gives. */
export interface KioskConfig {
  device: { id: string; name: string };
  settings: Settings;
  /** One for each language; none while there is nothing to ask. */
  surveys: SpokenSurvey[];
  phrases: Record<string, Phrases>;
  words: Record<string, Record<string, string>>;
  /** Key of the question that is asked by faces. */
  smiley?: string;
}

/** One response on its way to the server; `KioskItem` of `channels/kiosk/collect.py`. */
export interface Item {
  sequence: number;
  survey: string;
  version: number;
  answers: Answers;
  complete: boolean;
  locale: string;
  context: Context;
  started_at: string;
  answered_at: string;
  clock_offset_s: number | null;
}

/** An item on the device. */
export interface KeptItem {
  /** IndexedDB's key. */
  sequence: number;
  item: Item;
  /** Not sent before this time: a follow-up may still be answered. Milliseconds. */
  held_until: number;
  /** It was sent and nobody knows what became of it. */
  is_tried: boolean;
  /** How often it was given a new number. */
  moves: number;
}

/** An item the server refused for good, kept for the staff. */
export interface DeadItem {
  sequence: number;
  item: Item;
  code: string;
  message: string;
}

/** Counted on the device; it lives as long as the items do. */
export interface Counters {
  /** The last one given away. */
  sequence: number;
  /** When the last answer was kept, by the device's clock in milliseconds. */
  last_at: number;
  /** Presses that came too soon. */
  discarded: number;
  /** To add to the device's clock to get the server's. */
  offset_s: number | null;
}

export interface Registration {
  token: string;
  name: string;
}

export interface Kept {
  waiting: number;
  dead: number;
  discarded: number;
}
