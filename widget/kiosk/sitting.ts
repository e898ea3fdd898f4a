/** A survey on the kiosk's screen: the widget's own rules and face, with answers kept on the device. */

import { draw } from "../src/face/draw";
import { check } from "../src/rules/check";
import { walk } from "../src/rules/walk";
import { sound } from "../src/sitting/outbox";
import { talk } from "../src/sitting/talk";
import type { Talk } from "../src/sitting/types";
import type { Answers, Ask, Context, Phrases, Survey } from "../src/types";
import style from "./face.css";

export interface Sitting {
  /** Answers that can be stored as they are. */
  answers(): Answers;
  /** Whether nothing that must be answered is missing. */
  isComplete(): boolean;
  remove(): void;
}

export interface Sat {
  survey: Survey;
  phrases: Phrases;
  context: Context;
  /** The server's address without a slash at its end. */
  server: string;
  /** Where the survey is to stand. */
  place: Element;
  /** Answered already, by a face: go on behind that. */
  given?: Answers;
  /** Everything is answered: keep it. The thanks come when this is done. */
  finish(): Promise<void>;
}

/** Whether there is more to ask once these answers are given. */
export function goesOn({ survey, context }: Pick<Sat, "survey" | "context">, given: Answers): boolean {
  const { visible } = walk(survey, given, context);
  return visible.some(({ key, type }) => type != "statement" && !(key in given));
}

/** Whether a response with these answers is complete. */
export function isComplete({ survey, context }: Pick<Sat, "survey" | "context">, given: Answers): boolean {
  return !check(walk(survey, given, context).visible, given)[0];
}

export function sit(sat: Sat): Sitting {
  const { survey, phrases, context, server, place, given = {} } = sat;
  const host = document.createElement("harken-survey");
  const ask: Ask = {
    survey, phrases, context, server, host, key: "", mode: "inline", position: "bottom_right",
    scheme: survey.look.scheme || "auto", wanted: false, tell() {}, gone() {},
  };
  const inner = talk(ask);
  for (const [key, value] of Object.entries(given)) {
    inner._answer(key, value);
    inner._next();
  }
  const mine: Talk = {
    ...inner,
    async _send() {
      try {
        await sat.finish();
        return "stored";
      } catch {
        return "failed";
      }
    },
    // A link would lead away from the kiosk.
    _thanks: () => ({ ...inner._thanks(), _link: undefined }),
    _flush() {},
  };
  place.append(host);
  draw(mine, () => {}, () => {});
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  host.shadowRoot!.adoptedStyleSheets.push(sheet);
  return {
    answers: () => sound(ask, inner._answers),
    isComplete: () => isComplete(sat, sound(ask, inner._answers)),
    remove: () => host.remove(),
  };
}
