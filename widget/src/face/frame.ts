/** The box on the host's page: where it stands, how it opens and closes, where the focus goes. */

import { late } from "../late";
import type { Talk } from "../sitting/types";
import { dress } from "./dress";
import { make } from "./make";

/** Milliseconds until screen readers know the status line and notice what is put in. */
const A_MOMENT = 200;
/** What is typed and pressed here is no business of the page: a letter may be a shortcut there, a press may close something. */
const OURS =
  "keydown keypress keyup beforeinput input paste copy cut pointerdown pointerup mousedown mouseup click dblclick contextmenu touchstart touchend focusin focusout";

export interface Frame {
  /** Come into sight, or as a tab; the focus moves in only when a person asked for it. */
  _enter(): void;
  /** Replace what is shown, a form or how it ended. The focus stays inside when it was there. */
  _show(body: HTMLElement): void;
  /** Notice whether it is seen. While a dialog of the page is open, it is out of the way. */
  _look(isBehind: boolean): void;
  /** Go on in another element, or in the same one that was put elsewhere. */
  _move(host: HTMLElement): void;
  /** Off the page; the focus goes back to where it was. */
  _remove(): void;
}

export function frameFor(talk: Talk, done: () => void, shown?: () => void): Frame {
  let { mode, wanted, host } = talk._ask;
  const box = dress(talk._ask);
  const panel = drawPanel(talk, () => leave());
  const tab = mode === "tab" && late.drawTab(talk, () => open(true));
  const inside = () => box.isConnected && host.shadowRoot!.activeElement;
  const focus = (): void => panel.querySelector<HTMLElement>("[tabindex]")!.focus();
  const raise = (): void => {
    if (mode === "modal") {
      panel.close();
      panel.showModal();
    } else panel.open = true;
  };
  const open = (isWanted: boolean): void => {
    if (tab) tab.remove();
    raise();
    if (isWanted || mode === "modal") focus();
    else setTimeout(() => (panel.firstChild!.textContent = panel.ariaLabel), A_MOMENT);
    look();
  };
  const leave = (): void => {
    // Behind its button it waits to be finished.
    if (!tab || !panel.querySelector("form")) return done();
    panel.open = false;
    box.append(tab);
    tab.focus();
  };
  const stand = (): void => {
    host.shadowRoot!.append(box);
    if (panel.open) raise();
  };
  /** What a person cannot see is not shown. */
  const look = (): void => {
    if (shown && panel.open && isSeen(panel, host)) {
      shown();
      shown = undefined;
    }
  };
  box.append(panel);
  const comeBack = watch(box, panel, leave);
  return {
    _enter: () => (tab && !wanted ? box.append(tab) : open(wanted)),
    _show(body) {
      const isInside = inside();
      // The end comes when the server has answered: then nothing may move.
      if (body.localName !== "form") panel.style.minHeight = `${panel.offsetHeight}px`;
      panel.lastChild!.replaceWith(body);
      panel.scrollTop = 0;
      if (isInside) focus();
    },
    _look(isBehind) {
      if (isBehind) box.remove();
      else {
        if (!box.isConnected) stand();
        look();
      }
    },
    _move(to) {
      (to.shadowRoot || to.attachShadow({ mode: "open" })).adoptedStyleSheets = host.shadowRoot!.adoptedStyleSheets;
      host = to;
      stand();
    },
    _remove() {
      const isInside = inside();
      box.remove();
      if (isInside) comeBack();
    },
  };
}

/** Whether the middle of what is on the screen is there for the eye, and for a finger. */
function isSeen(panel: Element, host: Element): boolean {
  const { left, top, right, bottom } = panel.getBoundingClientRect();
  const middle = (from: number, to: number, most: number) => (Math.max(from, 0) + Math.min(to, most)) / 2;
  const found = host.shadowRoot!.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight));
  return (
    // Elements of the page may have the names of both.
    document.hidden !== true && panel.contains(found) &&
    Element.prototype.checkVisibility?.call(host.parentElement || panel, { opacityProperty: true }) !== false
  );
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
function watch(box: Element, panel: HTMLDialogElement, leave: () => void): () => void {
  let before = document.activeElement as HTMLElement | null;
  const close = (event: Event): void => {
    event.preventDefault();
    leave();
  };
  const notice = (event: Event): void => {
    const { key, type, isComposing, target, relatedTarget } = event as KeyboardEvent & FocusEvent;
    event.stopPropagation();
    if (type === "focusin" && !box.contains(relatedTarget as Node)) before = (relatedTarget as HTMLElement) ?? before;
    if (type !== "keydown" || isComposing) return;
    // Enter on something to tick would press the button: only the button itself does.
    if (key === "Enter" && (target as Element).matches("label input")) event.preventDefault();
    if (key === "Escape" && panel.matches("dialog[open]")) close(event);
  };
  for (const type of OURS.split(" ")) box.addEventListener(type, notice);
  panel.oncancel = close;
  return () => before?.focus();
}
