/** What the face (what a person sees) needs of a sitting (what is answered and sent). */

import type { Answer, Answers, Ask, Phrases, Question } from "../types";

/** What is shown at once: statements, then at most one question that takes an answer. */
export interface Page {
  _questions: Question[];
  /** Nothing lies before it. */
  _first: boolean;
  /** Nothing follows with the answers given so far: the button says "Send". */
  _last: boolean;
}

export interface Thanks {
  _title: string;
  _text: string;
  _link?: string | undefined;
  _label?: string | undefined;
}

/** What became of the answers: stored by the server, waiting on this device, or neither. */
export type Sent = "stored" | "waiting" | "refused" | "failed";

export interface Talk {
  readonly _ask: Ask;
  readonly _answers: Answers;
  _page(): Page;
  /** A survey text as this person reads it, placeholders filled in. */
  _say(text: string | undefined): string;
  /** Words of the interface, in the language of the survey. */
  readonly _words: Phrases;
  /** Note an answer; undefined or blank takes it back. */
  _answer(key: string, value: Answer | undefined): void;
  /** Check the page. Gives what to tell the person, or nothing after going on to the next page. */
  _next(): string | undefined;
  _back(): void;
  /** After the last page: send everything. May be called again after "failed". */
  _send(): Promise<Sent>;
  /** Sentence for a refusal, such as a closed survey; there after `send` gave "refused". */
  _refusal(): string;
  _thanks(): Thanks;
  /** Send what is not sent yet by a beacon: the page may go away. */
  _flush(): void;
}

/** What `draw(talk)` in `face/` gives back. */
export interface Face {
  /** Take everything off the page and give the focus back. */
  _remove(): void;
}
