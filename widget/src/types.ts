/** What the server sends, what a site may say, and how the loader talks to the survey code. */

export type Scalar = string | number | boolean;
export type Context = Record<string, Scalar | null>;
export type Answers = Record<string, Answer>;
export type Other = { other: string };
export type Answer =
  | number
  | string
  | boolean
  | Other
  | (string | Other)[]
  | Record<string, string>;

/* ---- The definition, as `/widget/config` gives it: texts in one locale, defaults filled in. ---- */

/** `channels/page/face/conditions.py`: a part of a tree, or an operand and what it must be. */
export interface Condition {
  all?: Condition[];
  any?: Condition[];
  not?: Condition;
  answer?: string;
  row?: string;
  context?: string;
  /** One of these. */
  is?: Scalar[];
  /** Given, and not this. */
  isnt?: Scalar;
  /** A number within. */
  min?: number;
  max?: number;
  /** A list with this in it. */
  has?: string;
  /** A text with this in it. */
  part?: string;
}

export interface Jump {
  to: string;
  when?: Condition;
}

export interface Choice {
  value: string;
  label: string;
}

/** Something to tick. */
export interface Option {
  value: string | number | boolean;
  /** What stands beside it. */
  label?: string;
  /** Read out after the label, not shown. */
  name?: string;
  /** Drawn, on a square of 24. */
  mark?: string;
  /** Comes with a text of the person's own. */
  own?: boolean;
  /** Cannot be chosen together with others. */
  alone?: boolean;
}

/** One question, made ready by `channels/page/face/questions.py`; which fields are there depends on `type`. */
export interface Question {
  type:
    | "nps" | "csat" | "ces" | "rating" | "single_choice" | "multiple_choice" | "matrix" | "ranking"
    | "short_text" | "long_text" | "number" | "date" | "email" | "phone" | "consent" | "statement";
  key: string;
  text: string;
  /** Help of the survey's author, and what the interface says on how to answer. */
  notes?: string[];
  /** Whether it must be answered, in a word to show. */
  mark?: string;
  required?: boolean;
  show_if?: Condition;
  jumps?: Jump[];
  /** What can be ticked: one of them, or several when `many`; for each of `rows`, if there are any. */
  options?: Option[];
  many?: boolean;
  rows?: Choice[];
  /** Names of the classes that a scale is drawn with. */
  style?: string;
  /** Words below the ends of a scale. */
  ends?: string[];
  /** Properties of the element that is written in; `rows` makes it a text area. */
  field?: Record<string, string | number>;
  placeholder?: string;
  unit?: string;
  max_chars?: number;
  /** Limits: of a number, or of a day as text. */
  min?: number | string;
  max?: number | string;
  is_whole?: boolean;
  /** Regular expression, flag `u`, of what may be written. */
  pattern?: string;
  /** How many may be chosen or ranked. */
  least?: number;
  most?: number;
  /** What to say when a limit is broken, by the codes of `rules/check.ts`. */
  says?: Record<string, string>;
}

export interface Ending {
  key: string;
  title: string;
  text?: string;
  link?: string;
  link_label?: string;
  show_if?: Condition;
}

export type Mode = "popover" | "modal" | "sheet" | "inline" | "tab" | "slide_in";
export type Position = "bottom_right" | "bottom_left" | "top_right" | "top_left";
export type Scheme = "auto" | "light" | "dark";

export interface Opening {
  on: "load" | "time" | "scroll" | "exit" | "click" | "event";
  seconds?: number;
  percent?: number;
  selector?: string;
  name?: string;
  /** What the properties of the event must be; they stand for the context. */
  when?: Condition;
}

/** `surveys/targeting.py` as `channels/widget/page_rules.py` prepares it; what equals its default is left out. */
export interface Targeting {
  mode?: Mode;
  position?: Position;
  element?: string;
  button?: string;
  /** Always there, although it may be empty. */
  opens?: Opening[];
  needs?: "any" | "all";
  /** Regular expression of addresses. */
  pages?: string;
  /** Regular expression of locales, whatever their case. */
  locales?: string;
  /** Media query. */
  devices?: string;
  sample_rate?: number;
  /** Days, all three, unless there is no cooldown at all. */
  cooldown?: { shown: number; dismissed: number; answered: number };
  max_shown?: number;
  closes_on_navigation?: boolean;
}

/** Custom properties as text, made and checked by the server: `--card:#fff;--ink:#111;…`. */
export interface Look {
  shape: string;
  light: string;
  dark: string;
  scheme?: Scheme;
  /** Path below the server's address. */
  logo?: string;
}

export interface Survey {
  key: string;
  version: number;
  /** Locale of the texts. */
  locale: string;
  rtl?: boolean;
  /** Which of `phrases` to use. */
  language: string;
  title: string;
  /** Label of its tab. */
  button: string;
  intro?: string;
  brand?: string;
  progress: boolean;
  questions: Question[];
  endings?: Ending[];
  look: Look;
  /** Not there for a survey that was asked for by name only; of a queued one only mode and position. */
  widget?: Targeting;
}

/** The words of the user interface, by the keys of `channels/page/languages/*.toml`. */
export type Phrases = Record<string, string>;

export interface Config {
  /** File name of the survey code below `/widget/`. */
  code: string;
  surveys: Survey[];
  phrases: Record<string, Phrases>;
  /** Locale asked for. */
  locale: string;
  /** Regular expression of the locales it is right for, whatever their case; else the loader asks again. */
  fits?: string;
  /** Origins that may use the key; not there when any may. */
  origins?: string[];
}

/** What `POST /v1/public/widget/queue` gives: surveys that the site's server asked for. */
export interface Queue {
  asked: Queued[];
  phrases: Record<string, Phrases>;
}

export interface Queued {
  /** The invitation's code, sent as the submission's `token`. */
  token: string;
  survey: Survey;
  touchpoint: string;
  context: Context;
  expires_at: string | null;
  /** Begun and not completed: go on under this id, with a higher sequence. */
  response?: Begun;
  /** What was answered so far. */
  answers?: Answers;
}

export interface Begun {
  id: string;
  sequence: number;
}

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
  /** The `<harken-survey>` element: in the page, empty, with no shadow root yet. */
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
  /** Targeting was not looked at. */
  force?: boolean;
  /** Changes what the device remembers of the visitor. */
  remember(change: (memory: Record<string, Record<string, number>>) => void): void;
  tell(event: EventName, detail: EventDetail, host: Element): void;
}

/** What `open` gives back. */
export interface Sitting {
  /** Take the survey off the page; `dismissed` is told unless it is finished. */
  close(): void;
}

/** What the loader calls of the survey code. */
export interface Opener {
  /**
   * Shows a survey in a new element in `place`; gives how to close it. Rejects with a `Reason` when
   * it may not be shown now. `isShared`: it is a part of the page, beside which others may be shown.
   */
  enter(ask: Entering, place: Element, isShared: boolean): Promise<() => void>;
  /** The first survey that the site's server asked this respondent, and how to show it. */
  askQueue(
    options: Options & { key?: string },
  ): Promise<{ surveys: Survey[]; phrases: Record<string, Phrases>; options: ShowOptions } | undefined>;
  /** Truth of a condition. */
  evaluate(condition: Condition, answers: Answers, context: Context): boolean;
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
