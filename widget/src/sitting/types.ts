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

/** What became of the answers: stored by the server, waiting on this device, or neither. */
export type Sent = "stored" | "waiting" | "refused" | "failed";

/** Sends what is answered. */
export interface Outbox {
  /** Why the answers were refused: the server's code. */
  _refusal: string | undefined;
  /** The page may go away: send what is new, or keep what is just being sent. */
  _flush(): void;
  /** Send everything. Repeated, it sends the same body again unless an answer was changed. */
  _send(): Promise<Sent>;
}

export interface Talk {
  readonly _ask: Ask;
  readonly _answers: Answers;
  /** Texts beside choices, by question, ticked or not. */
  readonly _typed: Record<string, string>;
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
  /** Why the answers were refused, by the server's code. */
  _refusal(): string | undefined;
  /** Send what is not sent yet by a beacon: the page may go away. */
  _flush(): void;
}

/** What `draw(talk)` in `face/` gives back. */
export interface Face {
  /** Notice whether it is seen; out of the way while a dialog of the page is open. */
  _look(isBehind: boolean): void;
  /** Go on in another element, or in the same one that was put elsewhere. */
  _move(host: HTMLElement): void;
  /** Take everything off the page and give the focus back. */
  _remove(): void;
}
