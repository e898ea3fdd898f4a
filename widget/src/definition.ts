/** What the server sends: surveys as `/widget/config` gives them, in one locale, defaults filled in. */

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

/** `channels/page/face/questions.py`: a part of a tree, or an operand and what it must be. */
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
  /** The decimal sign and what parts thousands, where they are not those of English. */
  signs?: string;
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
