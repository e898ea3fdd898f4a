/** The kiosk page: decides which screen is shown, and starts it again for whoever comes next. */

import { make } from "../src/face/make";
import { fill } from "../src/late/fill";
import type { Answers } from "../src/types";
import { isOpen } from "./hours";
import { openKeeper, type Keeper } from "./keeper";
import { keepUp } from "./machine";
import { brandBar, languageBar, messageScreen, pairScreen, smileyScreen, thanksScreen } from "./screens";
import { makeSender } from "./sender";
import { goesOn, isComplete, sit, type Sat, type Sitting } from "./sitting";
import { watchStaff } from "./staff";
import type { Item, KeptItem, KioskConfig, SpokenSurvey } from "./types";

const BASE = new URL("../", import.meta.url);
const SERVER = BASE.href.replace(/\/$/, "");
/** Thanks of a survey hold a text to read. */
const LEAST_THANKS_S = 5;
const WARNING_S = 5;
const LOOK_AGAIN_MS = 5_000;
/** A press that ends the thanks is not the one that brought them. */
const A_MOMENT_MS = 1_000;
/** Longer than any follow-up is left alone. */
const HOLD_MS = 120_000;

/** `thanks` are those for a face, `ended` those of a survey. */
type Screen = "register" | "message" | "ask" | "follow" | "thanks" | "ended";

async function start(keeper: Keeper): Promise<void> {
  let config: KioskConfig | undefined = (await keeper.get("config"))?.body;
  let wasRegistered = false;
  let isRegistered = !!(await keeper.get("registration"));
  let screen: Screen = "message";
  let locale = 0;
  let sitting: Sitting | undefined;
  let followed: KeptItem | undefined;
  let began = new Date();
  let touchedAt = 0;
  let isTouched = false;
  let thanksSince = 0;
  let thanksUntil = 0;
  let lookedAt = 0;
  let isBusy = false;
  let isLeft = false;
  /** Registered just now, and not touched since. */
  let isNew = false;
  /** Something new is to be shown as soon as nobody is in the middle of answering. */
  let isStale = false;
  let stands = "";

  const page = document.getElementById("kiosk")!;
  const corner = make("div", { className: "corner" });
  const main = make("main", { tabIndex: -1 });
  const warning = make("div", { className: "warning", hidden: true });
  page.replaceChildren(corner, brandBar(undefined, SERVER), main, make("footer"), warning);

  const settings = () => config!.settings;
  const surveys = () => config?.surveys || [];
  const survey = (): SpokenSurvey | undefined => surveys()[locale] || surveys()[0];
  const words = () => config!.words[survey()?.language || "en"] || config!.words.en!;
  const phrases = () => config!.phrases[survey()!.language]!;
  const say = (text: string) => fill(survey()!, text, {}, settings().context);
  const now = async () => new Date(Date.now() + ((await keeper.get("counters"))?.offset_s || 0) * 1e3);

  const put = (name: Screen, ...body: Node[]) => {
    screen = name;
    sitting?.remove();
    sitting = undefined;
    warning.hidden = true;
    main.dataset.screen = name;
    main.replaceChildren(...body);
    isTouched = false;
    scrollTo(0, 0);
  };

  /** What is to be seen when nobody is answering. */
  const rest = async (): Promise<void> => {
    isStale = false;
    locale = 0;
    followed = undefined;
    if (!isRegistered) return register();
    if (!config) return put("message", messageScreen("One moment, please", "Waiting for the server.", false));
    const state = await whatToShow();
    show(state);
  };
  const whatToShow = async () => (!surveys()[0] ? "nothing" : isOpen(settings(), await now()) ? "open" : "closed");
  const show = (state: string) => {
    stands = state;
    const one = survey();
    keepUp.dress(one);
    page.querySelector("header")!.replaceWith(brandBar(one, SERVER));
    page.querySelector("footer")!.replaceWith(
      one && state == "open" ? languageBar(surveys(), one, words().language!, speak) : make("footer"),
    );
    if (state == "open") ask();
    else put("message", messageScreen(words().closed_title!, words().closed_text!));
  };
  const speak = (place: number) => {
    const given = sitting?.answers();
    locale = place;
    show(stands);
    // Whoever began in the wrong language goes on where they were.
    if (given && Object.keys(given)[0] && !config!.smiley) begin("ask", given);
    touched();
    page.querySelector<HTMLElement>(`[data-locale="${survey()!.locale}"]`)?.focus();
  };
  const register = () => {
    keepUp.dress(undefined);
    page.querySelector("header")!.replaceWith(brandBar(undefined, SERVER));
    page.querySelector("footer")!.replaceWith(make("footer"));
    put("register", pairScreen(wasRegistered, async (code) => {
      const outcome = await sender.pair(code);
      if (outcome == "unreachable") return "The server cannot be reached. Try again.";
      if (outcome == "unknown") return "No device waits for this code. Check the digits, or get a new code.";
      isRegistered = isNew = true;
      config = (await keeper.get("config"))?.body;
      await rest();
      return "";
    }));
  };

  /* ---- Asking. ---- */

  const sat = (place: Element): Omit<Sat, "finish"> => ({
    survey: survey()!, phrases: phrases(), context: settings().context, server: SERVER, place,
  });
  const ask = () => {
    began = new Date();
    const question = survey()!.questions.find(({ key }) => key == config!.smiley);
    if (question) put("ask", smileyScreen(survey()!, question, say, (value, face) => void press(question.key, value, face)));
    else begin("ask");
  };
  const begin = (name: Screen, given: Answers = {}) => {
    const place = make("div", { className: "sitting" });
    put(name, make("h1", { className: "title" }, say(survey()!.title)), place);
    sitting = sit({ ...sat(place), given, finish });
  };
  const finish = async () => {
    const [answers, complete] = [sitting!.answers(), sitting!.isComplete()];
    if (followed) await keeper.amend(followed.sequence, answers, complete, 0);
    else await keeper.add(item(answers, complete), Date.now(), settings().min_interval_s * 1e3, 0);
    followed = undefined;
    endAfter("ended", Math.max(settings().thanks_s, LEAST_THANKS_S));
    void sender.send();
  };
  const endAfter = (name: Screen, seconds: number) => {
    [screen, thanksSince, thanksUntil] = [name, Date.now(), Date.now() + seconds * 1e3];
    main.dataset.screen = name;
    warning.hidden = true;
  };
  const item = (answers: Answers, complete: boolean): Omit<Item, "sequence" | "clock_offset_s"> => ({
    survey: survey()!.key, version: survey()!.version, answers, complete,
    locale: survey()!.locale, context: settings().context, started_at: began.toISOString(),
    answered_at: new Date().toISOString(),
  });
  const press = async (key: string, value: number, face: HTMLElement) => {
    if (isBusy) return keeper.countDiscarded();
    isBusy = true;
    face.ariaPressed = "true";
    try {
      const given = { [key]: value };
      const seat = sat(main);
      const hasMore = settings().follow_up && goesOn(seat, given);
      const hold = hasMore ? HOLD_MS : 0;
      const complete = isComplete(seat, given);
      const kept = await keeper.add(item(given, complete), Date.now(), settings().min_interval_s * 1e3, hold);
      if (kept && hasMore) {
        followed = kept;
        begin("follow", given);
        touched();
      } else thank();
    } finally {
      isBusy = false;
    }
    void sender.send();
  };
  const thank = () => {
    put("thanks", thanksScreen(phrases().thanks_title!));
    endAfter("thanks", settings().thanks_s);
  };

  /* ---- Time. ---- */

  const touched = () => {
    touchedAt = Date.now();
    isTouched = true;
    warning.hidden = true;
  };
  /** Nobody is there any more: keep what was answered, and start again. */
  const abandon = async () => {
    isBusy = true;
    const [answers, complete] = [sitting?.answers() || {}, sitting?.isComplete()];
    try {
      if (followed) await keeper.amend(followed.sequence, answers, !!complete, 0);
      else if (Object.keys(answers)[0]) await keeper.add(item(answers, false), Date.now(), 0, 0);
    } finally {
      isBusy = false;
    }
    await rest();
    void sender.send();
  };
  const warn = (seconds: number) => {
    if (!warning.firstChild || warning.hidden) {
      const again = make("button", { type: "button", className: "plain", onclick: () => void abandon() }, words().start_again!);
      const go = make("button", { type: "button", className: "plain go", onclick: touched }, words().go_on!);
      const said = make("p", { role: "status", className: "said" });
      warning.replaceChildren(make("p", { ariaHidden: "true" }), said, go, again);
      warning.hidden = false;
      // Read out once, not every second.
      setTimeout(() => (said.textContent = inSeconds(seconds)), 100);
    }
    warning.firstChild!.textContent = inSeconds(seconds);
  };
  const inSeconds = (seconds: number) => words().idle!.replace("{seconds}", `${seconds}`);
  const tick = async () => {
    const now = Date.now();
    const isTime = now - lookedAt > LOOK_AGAIN_MS;
    if (isTime) lookedAt = now;
    if (isTime && isRegistered && !config) await sender.refresh();
    if (isBusy || !config || staff.isOpen) return;
    const since = (now - touchedAt) / 1e3;
    const isEnd = screen == "thanks" || screen == "ended";
    if (isEnd && now >= thanksUntil) await rest();
    else if ((screen == "ask" || screen == "follow") && isTouched) {
      const left = settings().idle_reset_s - since;
      if (left <= 0) await abandon();
      else if (left <= Math.min(WARNING_S, settings().idle_reset_s / 2)) warn(Math.ceil(left));
    } else if (!isEnd && isRegistered && (isStale || (isTime && stands != (await whatToShow())))) await rest();
  };

  const sender = makeSender(keeper, BASE, {
    unregistered() {
      if (!isRegistered) return;
      [wasRegistered, isRegistered, config] = [true, false, undefined];
      void rest();
    },
    changed(news) {
      const isFirst = !config;
      config = news;
      isStale = true;
      if (isFirst && isRegistered) void rest();
    },
  });
  const staff = watchStaff(corner, {
    keeper, sender,
    pin: () => config?.settings.exit_pin ?? null,
    leave: () => (isLeft = true),
    async unregister() {
      await keeper.unregister();
      [wasRegistered, isRegistered, config] = [false, false, undefined];
      await rest();
    },
  });
  keepUp.watch({
    touched(event) {
      // The buttons of the warning say themselves what they do.
      if (warning.contains(event.target as Node)) return;
      if (screen == "ask" || screen == "follow") touched();
      if (event.type != "pointerdown" || event.target == corner) return;
      // Somebody goes on pressing where the faces were.
      if (screen == "thanks") void keeper.countDiscarded();
      if (screen == "ended" && Date.now() - thanksSince > A_MOMENT_MS) void rest();
    },
    wantsFullScreen: () => !!config?.settings.full_screen && isRegistered && !isLeft && !staff.isOpen,
    isFirstTouch() {
      const isFirst = isNew;
      isNew = false;
      return isFirst;
    },
    mayReload: () => !isTouched && screen != "thanks" && screen != "ended" && !staff.isOpen,
  });
  await rest();
  setInterval(() => void tick().catch(() => {}), 250);
  if (isRegistered) void sender.refresh().then(() => sender.send());
}

openKeeper().then(start, (error: unknown) => {
  const text = "The browser does not let this page keep anything. Allow storage for this site, and do not use a private window.";
  document.getElementById("kiosk")!.replaceChildren(messageScreen("This kiosk cannot start", text, false));
  console.error(error);
});
