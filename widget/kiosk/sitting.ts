/** A survey on the kiosk's screen: the widget's own rules and face, with answers kept on the device. */

import { haveEverything } from "../src/everything";
import { draw } from "../src/face/draw";
import { check } from "../src/rules/check";
import { sound } from "../src/late/sound";
import { walk } from "../src/rules/walk";
import { talk } from "../src/sitting/talk";
import type { Talk } from "../src/sitting/types";
import type { Answers, Ask, Context, Phrases, Survey } from "../src/types";
import style from "./face.css";

// The kiosk works without a network.
haveEverything({});

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

/** A device that many people use offers nobody what others typed, and no link away from it. */
function onDevice(survey: Survey): Survey {
  const { questions, endings = [] } = survey;
  return {
    ...survey,
    questions: questions.map((question) => (question.field ? { ...question, field: { ...question.field, autocomplete: "off" } } : question)),
    endings: endings.map((ending) => ({ ...ending, link: "" })),
  };
}

export function sit(sat: Sat): Sitting {
  const { phrases, context, server, place, given = {} } = sat;
  const survey = onDevice(sat.survey);
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
    _flush() {},
  };
  place.append(host);
  draw(mine, () => {}, () => {});
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  host.shadowRoot!.adoptedStyleSheets.push(sheet);
  return {
    answers: () => sound(survey, inner._answers),
    isComplete: () => isComplete(sat, sound(survey, inner._answers)),
    remove: () => host.remove(),
  };
}
