/** Surveys that the site's server asked the respondent; part of the survey code. */

import type { Opener, Queue, ShowOptions } from "../types";

export const askQueue: Opener["askQueue"] = async ({ server, key, respondent, signature, locale }) => {
  const body = JSON.stringify({ respondent, signature, locale });
  const reply = await fetch(`${server}/v1/public/widget/queue?key=${key}`, { method: "POST", credentials: "omit", body });
  const { asked, phrases }: Partial<Queue> = await reply.json();
  const [first] = asked || [];
  if (!first) return undefined;
  const { survey: { widget, ...survey }, ...queued } = first;
  // Nobody asked for it just now, and it is no part of the page.
  const options = { mode: "popover", ...widget, ...queued, wanted: false } as ShowOptions;
  return { surveys: [survey], phrases: phrases!, options };
};
