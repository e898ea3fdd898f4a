/** What is fetched late elsewhere, put in place at once: for bundles that have it all. */

import { late } from "./late";
import { outcome } from "./late/ending";
import { faultOf } from "./late/limits";
import { evaluate, fill, walk } from "./late/logic";
import { drawTab, looks } from "./late/looks";
import { fields, style } from "./late/parts";
import { sound } from "./late/sound";

export function haveEverything(more: Partial<typeof late>): void {
  Object.assign(late, { drawTab, evaluate, faultOf, fields, fill, looks, outcome, sound, style, walk, ...more });
}
