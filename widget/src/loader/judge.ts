/** Asks what the loader alone cannot know: conditions of events, and what the server asked this respondent. */

import { fetchLate, fetchLogic, late } from "../late";
import type { Opener } from "../types";

/** Which openings an event of the site fits. */
export const judge: Opener["judge"] = async (openings, properties) => {
  await fetchLogic(openings);
  return openings.filter(({ when }) => !when || late.evaluate(when, {}, properties));
};

export const askQueue: Opener["askQueue"] = async (options) => {
  await fetchLate("queue");
  return late.askQueue(options);
};
