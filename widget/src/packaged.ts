/** The survey code in the npm package: a site's bundler knows where it puts the late files. */

import { fetchWith } from "./late";

export * from "./opener";

const sources = {
  logic: () => import("./late/logic"),
  looks: () => import("./late/looks"),
  parts: () => import("./late/parts"),
  queue: () => import("./late/queue"),
  sending: () => import("./late/sending"),
};
fetchWith((name) => sources[name]());
