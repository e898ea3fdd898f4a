/** The survey code: what the loader imports when a survey is to be shown, or when answers wait. */

import { draw } from "./face/draw";
import { fetchLate, late } from "./late";
import { check } from "./rules/check";
import { walk } from "./rules/walk";
import { talk as begin } from "./sitting/talk";
import type { Ask, Sitting } from "./types";

export { fetchFor } from "./late";

/** Send what waits on the device. */
export const resend = async (): Promise<void> => {
  await fetchLate("sending");
  await late.resend();
};

/** The rules by themselves, for the vectors that the server and the widget share. */
export const rules = { walk, check, late };

/** Show a survey in its element, and send what is answered. */
export function open(ask: Ask): Sitting {
  const { tell } = ask;
  const detail = { survey: ask.survey.key };
  const gone = new AbortController();
  const { signal } = gone;
  let isPending = false;
  const talk = begin({
    ...ask,
    tell(event, detail) {
      if (event == "submitted") isPending = false;
      tell(event, detail);
    },
  });
  const close = (isDismissed?: boolean) => {
    if (signal.aborted) return;
    gone.abort();
    talk._flush();
    face._remove();
    if (isPending && isDismissed) tell("dismissed", detail);
    ask.gone();
  };
  const face = draw(talk, () => close(true), () => {
    isPending = true;
    tell("shown", detail);
  });
  // Coming back to a hidden page sends nothing: there is nothing new.
  for (const event of ["visibilitychange", "pagehide"]) addEventListener(event, talk._flush, { signal });
  return { close, look: face._look, move: face._move };
}
