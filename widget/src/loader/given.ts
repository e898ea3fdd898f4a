/** What the site says and what the server gave. */

import type { Config, Entered, EventName, Mode, Options, Phrases, Reason, ShowOptions, Survey, Targeting } from "../types";

/** A survey and what becomes of it on this page. */
export interface Shown extends Survey {
  /** Why it did not open when it should have. */
  _no?: Reason | "";
  /** How it was called, while it is on the page or on its way to it. */
  _call?: Call | undefined;
  /** What it is, once it is on the page. */
  _entered?: Entered | undefined;
  /** The last of what happened to it. */
  _state?: EventName | undefined;
}

/** What a survey is opened with: by its targeting, the site's options, and the call, which wins. */
export interface Call extends Omit<Targeting & ShowOptions & Options, "element"> {
  element?: string | Element | undefined;
  mode: Mode;
  wanted?: boolean;
  token?: string;
  /** A part of the page, which leaves room for others. */
  _isStanding: boolean;
}

/** Taken when the script runs, before the page can put something else in their place. */
export const { parse, stringify }: typeof JSON = Object(JSON);
const request = fetch;

/** An element of the page by a selector, also where another one is called like the method. */
export const $ = (selector: string): any => Document.prototype.querySelector.call(document, selector);

/** Elements `<harken-survey>` that are in the page. */
export const tags = new Set<Element>();

/** The tag in which a survey stands, wherever that is: also in a shadow tree. */
export function tagOf(key: string): Element | undefined {
  return [...tags].find((tag) => tag.getAttribute("survey") === key);
}

export let options: Options & { key?: string };
/** Surveys that may be shown here, with what becomes of them. */
export let surveys: Shown[];
export let phrases: Record<string, Phrases>;
/** File name of the survey code; empty until there is a config. */
export let code: string;
/** Done when there is a config, or none is to come. */
export let ready: Promise<void> | undefined;

export function begin(given: typeof options): void {
  options = given;
  surveys = [];
  phrases = {};
  code = "";
}

/** Others wait for the config until this is done. */
export function setReady(promise: Promise<void>): void {
  ready = promise;
}

export function find(key: string | undefined): Shown | undefined {
  return surveys.find((survey) => survey.key === key);
}

/** Take in what the server gave. */
export function learn(given: { surveys: Survey[]; phrases?: Record<string, Phrases>; code?: string }): void {
  Object.assign(phrases, given.phrases);
  for (const survey of given.surveys) {
    const known = find(survey.key);
    if (known) Object.assign(known, survey);
    else surveys.push(survey);
  }
  code = given.code || code;
}

/** Ask for the texts in the locale of the page, with a survey that must be among them. */
export async function askConfig(survey = options.survey): Promise<Config> {
  const query = `key=${options.key}&locale=${localeOfPage()}${survey ? `&survey=${survey}` : ""}`;
  const reply = await request(`${options.server}/widget/config?${query}`, { credentials: "omit" });
  if (!reply.ok) throw reply.status;
  return reply.json();
}

/** A survey by its key, listed for this page or not. */
export async function need(key: string): Promise<Shown | undefined> {
  return find(key) || (learn(await askConfig(key)), find(key));
}

/** The locale of the page at this moment. */
export function localeOfPage(): string {
  return options.locale || $("html").lang || navigator.language;
}

/** Options from an element's attributes: `data-context-store-id` is `context.store_id`. */
export function optionsOf({ dataset }: HTMLElement): Options & { key?: string } {
  const options: any = { context: {} };
  for (const [name, value] of Object.entries(dataset)) {
    if (/^context/.test(name)) options.context[name.replace(/[A-Z]/g, "_$&").slice(8).toLowerCase()] = value;
    else options[name] = value;
  }
  return options;
}
