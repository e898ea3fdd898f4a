/** What a site may say, and how the loader talks to the survey code; with what the server sends. */

import type {
  Answer, Answers, Begun, Context, Ending, Mode, Opening, Phrases, Position, Question, Scheme,
  Survey,
} from "./definition.js";

export * from "./definition.js";

/* ---- What a site says. ---- */

/** Options of `init`; each has a `data-` twin in kebab-case on the script tag. */
export interface Options {
  /** Address of the Harken server; a script tag takes it from its own address. */
  server?: string;
  /** Show this survey, listed in the widget's surveys or not. */
  survey?: string;
  /** Locale; else the page's `lang`, else the browser's. */
  locale?: string;
  scheme?: Scheme;
  mode?: Mode;
  position?: Position;
  /** CSS selector or element for an inline survey. */
  element?: string | Element;
  /** What the device may remember: nothing (default), until the tab closes, or lastingly. */
  memory?: "none" | "session" | "local";
  /** Who answers, by the site's own name; claimed unless signed. */
  respondent?: string;
  /** Made by the site's server; see `identify`. */
  signature?: string;
  /** The touchpoint that responses are filed under. */
  touchpoint?: string;
  /** Values for placeholders and conditions; `data-context-store="oslo-3"` in a tag. */
  context?: Context;
  /** Print to the console why each survey is shown or not. */
  debug?: boolean;
  /** Set false to show nothing by itself: only `show`, elements and the queue. */
  auto?: boolean;
}

/** Options of `show`. */
export type ShowOptions = Pick<
  Options, "mode" | "position" | "element" | "scheme" | "context" | "touchpoint"
> & {
  /** Show although a cooldown, the sample or the targeting says no. True unless set false. */
  force?: boolean;
  /** Answers already given, such as `{recommend: 9}`; shown as chosen, not sent by themselves. */
  answers?: Answers;
};

/** Why a survey is shown or not: the codes of `asking/rules/reasons.py`, the same everywhere. */
export type Reason =
  | "asked" | "shown" | "answered" | "waiting" | "wrong_page" | "wrong_locale" | "wrong_device"
  | "sampled_out" | "cooldown" | "max_shown" | "another_open" | "open_elsewhere" | "host_modal"
  | "no_element" | "opted_out" | "no_survey" | "not_live" | "not_targeted" | "origin_not_allowed"
  | "unreachable" | "suppressed" | "not_open" | "no_consent" | "not_in_segment" | "quota_full"
  | "escalated" | "open_invitation";

export interface Explained {
  survey: string;
  reason: Reason;
  /** For developers: the targeting and the memory that it was decided by. */
  detail: string;
}

export type EventName =
  | "ready" | "shown" | "answered" | "submitted" | "dismissed" | "suppressed" | "error";

/** What handlers get, and `event.detail` of the DOM event `harken:shown` and so on. */
export interface EventDetail {
  survey?: string;
  response?: string;
  /** `answered`: the question. Answers themselves are given only to the site's own handlers. */
  question?: string;
  answer?: Answer;
  reason?: Reason;
  message?: string;
  /** `submitted`: false while the answers wait on the device for a network. */
  delivered?: boolean;
}

/* ---- Loader and survey code: two files that must agree on these names alone. ---- */

/** What the loader hands to `open`. */
export interface Ask {
  survey: Survey;
  phrases: Phrases;
  /** The server's address without a slash at its end. */
  server: string;
  key: string;
  /** The `<harken-survey>` element: in the page, empty. */
  host: HTMLElement;
  mode: Mode;
  position: Position;
  scheme: Scheme;
  /** Whether a person asked for it just now; only then it may take the focus. */
  wanted: boolean;
  context: Context;
  answers?: Answers;
  /** A queued response that was begun elsewhere: go on with it. */
  response?: Begun;
  token?: string;
  touchpoint?: string;
  respondent?: string;
  signature?: string;
  /** Called for what happens; the loader keeps the clocks and tells the site. */
  tell(event: "shown" | "answered" | "submitted" | "dismissed" | "error", detail: EventDetail): void;
  /** Called once when everything is taken off the page. */
  gone(): void;
}

/** What the loader has for a survey: an `Ask` that knows no element yet. */
export interface Entering extends Omit<Ask, "host" | "tell"> {
  /** Where it is to stand on the page as it is now. */
  place(): Element | null | undefined;
  /** It is a part of the page, beside which others may be shown. */
  isShared: boolean;
  /** Targeting was not looked at. */
  force?: boolean;
  /** Changes what the device remembers of the visitor. */
  remember(change: (memory: Record<string, Record<string, number>>) => void): void;
  tell(event: EventName, detail: EventDetail, host?: Element): void;
}

/** What `open` gives back. */
export interface Sitting {
  /** Take the survey off the page; `dismissed` tells that a person did so, unless it is finished. */
  close(isDismissed?: boolean): void;
  /** Notice whether it is seen; out of the way while a dialog of the page is open. */
  look(isBehind: boolean): void;
  /** Go on in another element, or in the same one that was put elsewhere. */
  move(host: HTMLElement): void;
}

/** What `enter` gives back. */
export interface Entered {
  close(isDismissed?: boolean): void;
  /** Notice what the page did meanwhile. */
  look(): void;
}

/** What the loader calls of the survey code. */
export interface Opener {
  /**
   * Shows a survey in its place, and keeps it there. Rejects with a `Reason` when it may not be shown
   * now.
   */
  enter(ask: Entering): Promise<Entered>;
  /** The first survey that the site's server asked this respondent, and how to show it. */
  askQueue(
    options: Options & { key?: string },
  ): Promise<{ surveys: Survey[]; phrases: Record<string, Phrases>; options: ShowOptions } | undefined>;
  /** Those of the openings that an event with these properties fits. */
  judge(openings: Opening[], properties: Context): Promise<Opening[]>;
  /** Send what waits on the device. */
  resend(): Promise<unknown>;
}

/** What `/widget/survey-<hash>.js` exports. */
export interface SurveyCode extends Opener {
  open(ask: Ask): Sitting;
  /** The rules, for the vectors shared with the server. */
  rules: {
    walk(survey: Survey, answers: Answers, context: Context): Walk;
    /** Questions with a problem, each with the key of its sentence in `says`. */
    check(questions: Question[], answers: Answers): [Question, string][];
    /** A text with its placeholders filled in. */
    fill(survey: Survey, text: string, answers: Answers, context: Context): string;
  };
}

/** The questions passed, statements included, in order; and the ending reached. */
export interface Walk {
  visible: Question[];
  ending: Ending | undefined;
}

/** localStorage key under which submissions wait for a network. */
export const WAITING = "harken.waiting";
