/** Files of their own: what only some surveys need, and what is needed once a survey shows. */

import type { Fields } from "./face/make";
import { encode } from "./sending/encode";
import type { Outbox, Sent, Talk } from "./sitting/types";
import type { Answers, Ask, Condition, Context, Opener, Question, Survey, Walk } from "./types";

/** What the files hold. */
export interface Late {
  /* logic */
  evaluate(condition: Condition, answers: Answers, context: Context): boolean;
  fill(survey: Survey, text: string, answers: Answers, context: Context): string;
  walk(survey: Survey, answers: Answers, context: Context): Walk;
  /* looks */
  looks: string;
  drawTab(talk: Talk, onclick: () => void): HTMLElement;
  /* parts */
  style: string;
  fields(question: Question, talk: Talk): Fields;
  /* queue */
  askQueue: Opener["askQueue"];
  /* sending */
  faultOf(question: Question, value: unknown, isWhole?: boolean): string | undefined;
  makeOutbox(ask: Ask, id: string, began: Date, answers: Answers, meant: Set<string>): Outbox;
  outcome(talk: Talk, sent: Sent, send: (button: HTMLElement) => void): HTMLElement;
  resend(): Promise<unknown>;
  sound(survey: Survey, answers: Answers): Answers;
}

export type Name = "logic" | "looks" | "parts" | "queue" | "sending";

type Load = (name: Name) => Promise<Partial<Late>>;

/** What of it is there. */
export const late = {} as Late;

/** A bundle that has everything fetches nothing. */
let load: Load = async () => late;

export function fetchWith(how: Load): void {
  load = how;
}

/** Fetch one of the files, which is kept. */
export async function fetchLate(name: Name): Promise<void> {
  Object.assign(late, await load(name));
}

/** Whether a question is drawn by `late/parts.ts`. */
export function isRare({ type, options }: Question): boolean {
  return /^(ran|[mp]|nu)/.test(type) || !!options?.some(({ own }) => own);
}

/** Fetch what is needed to show this. Answers from elsewhere are looked at as if they were given here. */
export async function fetchFor({ survey, mode, answers }: Pick<Ask, "survey" | "mode" | "answers">): Promise<void> {
  const { questions, endings, title, intro, button } = survey;
  await Promise.all([
    // Texts alone: the loader keeps elements of the page with a survey, and frameworks tie knots into those.
    fetchLogic([questions, endings, title, intro, button]),
    answers && fetchLate("sending"),
    questions.some(isRare) && fetchLate("parts"),
    (/^[mst]/.test(mode) || questions.some(({ style }) => /star/.test(style!))) && fetchLate("looks"),
  ]);
}

/** Fetch what conditions, jumps and placeholders need, if there are any. */
export async function fetchLogic(given: unknown): Promise<void> {
  if (/"(show_if|jumps|when)":|\{\{/.test(encode(given))) await fetchLate("logic");
}
