/** `/widget/survey-<hash>.js`: what the loader imports when a survey is to be shown. */

import { fetchWith, type Name } from "./late";

export * from "./opener";

/** Put here by the build: where the late files are, beside this one. */
declare const LATE_FILES: Record<Name, string>;

const files = LATE_FILES;
fetchWith((name) =>
  import(files[name]).catch((problem) => {
    // Firefox asks only once for an address that it could not reach.
    files[name] += "?";
    throw problem;
  }),
);
