/** The box on the host's page: where it stands, how it opens and closes, where the focus goes. */

import type { Talk } from "../sitting/types";
import { dress } from "./dress";
import { make } from "./make";

/** Milliseconds until screen readers know the status line and notice what is put in. */
const A_MOMENT = 200;

export interface Frame {
  /** Come into sight, or as a tab; the focus moves in only when a person asked for it. */
  _enter(): void;
  /** Replace what is shown, a form or how it ended. The focus stays inside when it was there. */
  _show(body: HTMLElement): void;
  /** Off the page; the focus goes back to where it was. */
  _remove(): void;
}

export function frameFor(talk: Talk, done: () => void, shown?: () => void): Frame {
  const { mode, wanted } = talk._ask;
  const box = dress(talk._ask);
  const root = box.parentNode as ShadowRoot;
  const panel = drawPanel(talk, () => leave());
  const tab = drawTab(talk, () => open(true));
  const isTab = mode === "tab";
  const focus = (): void => panel.querySelector<HTMLElement>("[tabindex]")!.focus();
  const open = (isWanted: boolean): void => {
    tab.remove();
    if (mode === "modal") panel.showModal();
    else panel.open = true;
    if (isWanted || mode === "modal") focus();
    else setTimeout(() => (panel.firstChild!.textContent = panel.ariaLabel), A_MOMENT);
    shown?.();
    shown = undefined;
  };
  const leave = (): void => {
    // Behind its button it waits to be finished.
    if (!isTab || !panel.querySelector("form")) return done();
    panel.open = false;
    box.append(tab);
    tab.focus();
  };
  box.append(panel);
  const comeBack = watch(root, panel, leave);
  return {
    _enter: () => (isTab && !wanted ? box.append(tab) : open(wanted)),
    _show(body) {
      const isInside = root.activeElement;
      // The end comes when the server has answered: then nothing may move.
      if (body.localName !== "form") panel.style.minHeight = `${panel.offsetHeight}px`;
      panel.lastChild!.replaceWith(body);
      panel.scrollTop = 0;
      if (isInside) focus();
    },
    _remove() {
      const isInside = root.activeElement;
      box.remove();
      if (isInside) comeBack();
    },
  };
}

function drawTab(talk: Talk, onclick: () => void): HTMLElement {
  return make("button", { part: "tab", onclick }, make("span", {}, talk._say(talk._ask.survey.button)));
}

function drawPanel(talk: Talk, onclick: () => void): HTMLDialogElement {
  const { survey, mode, server } = talk._ask;
  const { brand, look } = survey;
  const title = talk._say(survey.title);
  const isInline = mode === "inline";
  return make(
    isInline ? ("section" as "dialog") : "dialog",
    { part: "panel", ariaLabel: title },
    make("p", { role: "status" }),
    !isInline && make("button", { part: "close", ariaLabel: talk._words.close!, onclick }, "×"),
    look.logo && make("img", { alt: "", src: server + look.logo }),
    make("h2", {}, brand && make("b", {}, `${brand} `), title),
    make("p"),
  );
}

/** Keys and focus. Gives what puts the focus back where it was before it came in. */
function watch(root: ShadowRoot, panel: HTMLDialogElement, leave: () => void): () => void {
  let before = document.activeElement as HTMLElement | null;
  const close = (event: Event): void => {
    event.preventDefault();
    leave();
  };
  const onKey = (event: Event): void => {
    const { key, type, isComposing, target } = event as KeyboardEvent;
    // What is typed here is no business of the page: a letter may be a shortcut there.
    event.stopPropagation();
    if (type !== "keydown" || isComposing) return;
    // Enter on something to tick would press the button: only the button itself does.
    if (key === "Enter" && (target as Element).matches("label input")) event.preventDefault();
    if (key === "Escape" && panel.matches("dialog[open]")) close(event);
  };
  for (const type of ["keydown", "keypress", "keyup"]) root.addEventListener(type, onKey);
  root.addEventListener("focusin", (event) => {
    const from = (event as FocusEvent).relatedTarget as HTMLElement | null;
    if (!root.contains(from)) before = from ?? before;
  });
  panel.oncancel = close;
  return () => before?.focus();
}
