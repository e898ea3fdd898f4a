/** What the kiosk wants of the tablet: looks, a full screen that stays on, and files without a network. */

import type { SpokenSurvey } from "./types";

const UPDATE_MS = 3_600_000;
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

export interface Watching {
  touched(event: Event): void;
  wantsFullScreen(): boolean;
  /** Nobody has touched the screen since the device was registered; asked once. */
  isFirstTouch(): boolean;
  /** Nobody is answering: the page may be loaded anew. */
  mayReload(): boolean;
}

export const keepUp = {
  /** The looks and the language of a survey; of the kiosk itself without one. */
  dress(survey: SpokenSurvey | undefined): void {
    const { documentElement: root } = document;
    root.lang = survey?.locale || "en";
    root.dir = survey?.rtl ? "rtl" : "ltr";
    document.title = survey?.title || "Kiosk";
    if (!survey) return sheet.replaceSync("");
    const { shape, light, dark, scheme = "auto" } = survey.look;
    const night = { light: "not all", dark: "all", auto: "(prefers-color-scheme:dark)" }[scheme];
    sheet.replaceSync(`:root{${shape}${light}}@media ${night}{:root{${dark}}}`);
  },

  watch(watching: Watching): void {
    for (const name of ["pointerdown", "keydown", "input"]) {
      addEventListener(name, (event) => watching.touched(event), { capture: true });
    }
    const fill = (event: Event) => {
      const root = document.documentElement;
      if (document.fullscreenElement || !root.requestFullscreen || !watching.wantsFullScreen()) return;
      root.requestFullscreen({ navigationUI: "hide" }).catch(() => {});
      // Whoever set the device up fills the screen with it, and answers nothing.
      if (!watching.isFirstTouch()) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("click", fill, { capture: true });
    addEventListener("contextmenu", (event) => event.preventDefault());
    void navigator.storage?.persist?.().catch(() => {});
    stayAwake();
    register(watching);
  },
};

/** The lock ends when the page is hidden, so it is asked for again each time it is seen. */
function stayAwake(): void {
  const lock = () => {
    if (document.visibilityState == "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  lock();
  addEventListener("visibilitychange", lock, true);
}

function register(watching: Watching): void {
  const workers = navigator.serviceWorker;
  // Not there without https: the kiosk works all the same, but cannot be loaded without a network.
  if (!workers) return;
  const isFirst = !workers.controller;
  let isNew = false;
  const scope = new URL("../kiosk", import.meta.url).pathname;
  workers.register(new URL("worker.js", import.meta.url), { scope }).then(
    (registration) => setInterval(() => void registration.update().catch(() => {}), UPDATE_MS),
    (error: unknown) => console.info("no service worker:", error),
  );
  workers.addEventListener("controllerchange", () => (isNew = !isFirst));
  setInterval(() => {
    if (isNew && watching.mayReload()) location.reload();
  }, 5_000);
}
