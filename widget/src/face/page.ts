/** A page of the survey: its questions, and the buttons that lead on and back. */

import type { Talk } from "../sitting/types";
import { make, quiet } from "./make";
import { ask } from "./question";

/** Milliseconds in which the person sees what was chosen, before the next page comes. */
const A_MOMENT = 300;

export function drawPage(
  talk: Talk, next: (go: HTMLElement) => string | undefined, onclick: () => void,
): HTMLElement {
  const { intro, progress } = talk._ask.survey;
  const page = talk._page();
  let isPressed = false;
  let timer = 0;
  const nameGo = (): void => {
    go.textContent = talk._words[talk._page()._last ? "send" : "next"]!;
  };
  const asked = page._questions.map((question) =>
    ask(question, talk, (isDone) => {
      nameGo();
      clearTimeout(timer);
      if (isDone && isPressed && !talk._page()._last) timer = setTimeout(forward, A_MOMENT);
    }),
  );
  const forward = quiet((event?: Event) => {
    event?.preventDefault();
    // Statements come first, and nothing is wrong with them.
    const one = asked.at(-1);
    const problem = form.isConnected && (one?._doubt?.() || next(go));
    if (problem) one!._object(problem);
  });
  const go = make("button", { className: "box go", part: "button" });
  const form = make(
    "form",
    {
      noValidate: true,
      onsubmit: forward,
      onpointerdown: () => (isPressed = true),
      onkeydown: () => void (isPressed = false),
    },
    progress && drawProgress(talk),
    page._first && intro && make("p", {}, talk._say(intro)),
    ...asked.map(({ _box }) => _box),
    make("footer", {}, !page._first && drawBack(talk, onclick), go),
  );
  nameGo();
  return form;
}

function drawProgress(talk: Talk): HTMLElement {
  const { questions, title } = talk._ask.survey;
  const value = questions.indexOf(talk._page()._questions[0]!);
  return make("progress", { value, max: questions.length, ariaLabel: talk._say(title) });
}

function drawBack(talk: Talk, onclick: () => void): HTMLElement {
  return make("button", { type: "button", className: "box back", onclick }, talk._words.back!);
}
