/** `/widget/survey-<hash>.js`: what the loader imports when a survey is to be shown. */

import { from, type Sources } from "./late";

export { enter } from "./loader/enter";
export { askQueue, judge } from "./loader/judge";
export * from "./survey";

const sources: Sources = {
  logic: () => import("./late/logic"),
  looks: () => import("./late/looks"),
  parts: () => import("./late/parts"),
  queue: () => import("./late/queue"),
  sending: () => import("./late/sending"),
};
Object.assign(from, sources);
