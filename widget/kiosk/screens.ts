/** The kiosk's own screens: its code, a message, the faces, the thanks, and the bar below them. */

import { drawing, make } from "../src/face/make";
import type { Option, Question } from "../src/types";
import type { SpokenSurvey } from "./types";

const TICK = "M6 12.5l4 4 8-9";
const CLOCK = "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7.5V12l3 2";
const CODE_DIGITS = 8;

/** A picture for the eye alone. */
export function picture(path: string): Element {
  const drawn = drawing(path);
  drawn.setAttribute("aria-hidden", "true");
  return drawn;
}

/** Ten digits to press, the way of a phone. What is pressed goes into the field. */
export function keypad(field: HTMLInputElement, most: number, changed: () => void): HTMLElement {
  const press = (digit: string) => {
    field.value = (field.value.replace(/\D/g, "") + digit).slice(0, most);
    changed();
  };
  const digit = (label: string) => make("button", { type: "button", className: "key", onclick: () => press(label) }, label);
  const erase = () => {
    field.value = field.value.replace(/\D/g, "").slice(0, -1);
    changed();
  };
  return make(
    "div",
    { className: "keypad", dir: "ltr" },
    ..."123456789".split("").map(digit),
    make("button", { type: "button", className: "key quiet", ariaLabel: "Erase", onclick: erase }, "⌫"),
    digit("0"),
    make("button", { className: "key go", ariaLabel: "OK" }, picture(TICK)),
  );
}

/** Asks for the code of the device. `pair` gives what to say when it did not work. */
export function pairScreen(wasRegistered: boolean, pair: (code: string) => Promise<string>): HTMLElement {
  const title = wasRegistered ? "This device is not registered" : "Register this kiosk";
  const told = make("p", { id: "told", role: "alert", className: "told" });
  const field = make("input", {
    id: "code", inputMode: "numeric", autocomplete: "off", maxLength: CODE_DIGITS + 3, className: "code", dir: "ltr",
  });
  field.setAttribute("aria-describedby", "told");
  const show = () => {
    const digits = field.value.replace(/\D/g, "").slice(0, CODE_DIGITS);
    field.value = digits.length > 4 ? `${digits.slice(0, 4)} ${digits.slice(4)}` : digits;
    told.textContent = "";
  };
  const onsubmit = async (event: Event) => {
    event.preventDefault();
    if (form.ariaBusy == "true") return;
    form.ariaBusy = "true";
    told.textContent = await pair(field.value);
    form.ariaBusy = "false";
  };
  const form = make(
    "form",
    { onsubmit, className: "register" },
    make("div", { className: "words" },
      make("h1", {}, title),
      make("p", {}, wasRegistered && "It was revoked, or its memory was cleared. "),
      make("label", { htmlFor: "code" }, "Type the eight digits of its code. A code works within an hour."),
      field,
      told,
    ),
    keypad(field, CODE_DIGITS, show),
  );
  field.oninput = show;
  return form;
}

/** Nothing to answer now, and why. */
export function messageScreen(title: string, text: string, isClosed = true): HTMLElement {
  return make("section", { className: "message" }, isClosed && picture(CLOCK), make("h1", {}, title), text && make("p", {}, text));
}

/** The thanks after a face was pressed; read out, as nothing else of it is focused. */
export function thanksScreen(title: string): HTMLElement {
  return make("section", { className: "message thanks", role: "status" }, picture(TICK), make("h1", {}, title));
}

/** A row of faces; one press is the answer. */
export function smileyScreen(
  survey: SpokenSurvey, question: Question, say: (text: string) => string, pressed: (value: number, face: HTMLElement) => void,
): HTMLElement {
  const options = question.options || [];
  const last = options.length - 1;
  const face = (option: Option, place: number) => {
    const tone = Math.round((place / last) * 4);
    const button = make(
      "button",
      { type: "button", className: `face tone${tone}`, ariaLabel: option.name || `${option.value}` },
      option.mark && picture(option.mark),
    );
    button.onclick = () => pressed(option.value as number, button);
    return button;
  };
  const ends = question.ends && make("p", { className: "ends", ariaHidden: "true" }, ...question.ends.map((end) => make("span", {}, say(end))));
  return make(
    "section",
    { className: "smiley" },
    make("h1", { id: "asked" }, say(question.text)),
    ...(question.notes || []).map((note) => make("p", { className: "note" }, say(note))),
    group("asked", "faces", options.map(face), survey.rtl),
    ends,
  );
}

/** Name of the brand, or its logo. */
export function brandBar(survey: SpokenSurvey | undefined, server: string): HTMLElement {
  const { brand, look } = survey || {};
  return make("header", {}, look?.logo ? make("img", { src: server + look.logo, alt: brand || "" }) : brand && make("p", {}, brand));
}

/** The languages, each named in itself. */
export function languageBar(surveys: SpokenSurvey[], chosen: SpokenSurvey, label: string, choose: (place: number) => void): HTMLElement {
  const buttons = surveys.map(({ locale, spoken }, place) => {
    const isChosen = locale == chosen.locale;
    const button = make("button", { type: "button", lang: locale, ariaPressed: `${isChosen}`, onclick: () => choose(place) }, spoken);
    button.dataset.locale = locale;
    return button;
  });
  const bar = make("div", { role: "group", ariaLabel: label, className: "languages" }, ...buttons);
  return make("footer", {}, surveys[1] && bar);
}

function group(labelledBy: string, className: string, buttons: HTMLElement[], isTurned = false): HTMLElement {
  const box = make("div", { role: "group", className, dir: isTurned ? "rtl" : "ltr" }, ...buttons);
  box.style.setProperty("--count", `${buttons.length}`);
  box.setAttribute("aria-labelledby", labelledBy);
  return box;
}
