/** Makes elements by their properties and text alone: no text of a survey can become markup. */

import type { Answer } from "../types";

/** Also where an element of the page is called like the method. */
const create = (tag: string, kind = "1999/xhtml"): any => Document.prototype.createElementNS.call(document, `http://www.w3.org/${kind}`, tag);

export type Inner = Node | string | false | undefined;

/** What is drawn for a question, and how the answer is read from it. */
export interface Fields {
  _parts: Inner[];
  /** The answer now; `changed` is what the person has just changed. Statements have none. */
  _read?(changed: HTMLInputElement): Answer | undefined;
  /** A single input, which the question is the label of; else the question is a group. */
  _input?: HTMLElement;
  /** One press answers the question. */
  _isRadio?: boolean;
  /** Say what is wrong where it is, in `error` or by it; gives the part to go to. */
  _object?(problem: string, error: HTMLElement): HTMLElement | undefined;
  /** What is to be asked about before going on. */
  _doubt?(): string | false | undefined;
}

/** The same function, throwing nothing: the page may have changed what we build on. */
export function quiet<T extends unknown[]>(work: (...values: T) => unknown): (...values: T) => void {
  return (...values) => {
    try {
      work(...values);
    } catch {
      // Nothing of ours is to reach the page as an error.
    }
  };
}

/** A new element with these properties set; what is inside may be left out by false or "". */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: { [Name in keyof HTMLElementTagNameMap[Tag]]?: unknown } = {},
  ...inner: Inner[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(create(tag), properties);
  // At once: a field in a form may be called like the method.
  element.append(...(inner.filter((part) => part) as Node[]));
  return element;
}

/** A line drawing on a square of 24. */
export function drawing(path: string): Element {
  const draw = (tag: string, name: string, value: string): Element => {
    const element = create(tag, "2000/svg");
    element.setAttribute(name, value);
    return element;
  };
  const picture = draw("svg", "viewBox", "0 0 24 24");
  picture.append(draw("path", "d", path));
  return picture;
}
