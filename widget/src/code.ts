/** `/widget/survey-<hash>.js`: what the loader imports when a survey is to be shown. */

import { fetchWith, type Name } from "./late";

export * from "./opener";

/** Put here by the build: what the names of all late files end in, which are beside this one. */
declare const LATE_DIGEST: string;

const again: { [name in Name]?: string } = {};
fetchWith((name) => {
  const file = `./${name}-${LATE_DIGEST}.js${again[name] || ""}`;
  return import(file).catch((problem) => {
    // Firefox asks only once for an address that it could not reach.
    again[name] = `${again[name] || ""}?`;
    throw problem;
  });
});
