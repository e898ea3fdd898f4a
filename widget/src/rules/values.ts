/** What the rules know of plain values. */

/** Own property or nothing: a key may be called `constructor`, a page may extend prototypes. */
export function own(of: object | null | undefined, key: string): unknown {
  return new Map(Object.entries(of || {})).get(key);
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value == "object" && !!value && !Array.isArray(value);
}

/** A row may be called `trim`: having a method is not enough. */
export function isText(value: unknown): value is string {
  return typeof value == "string";
}

/** Whether a value counts as not answered: nothing, blank text, empty list or map. */
export function isBlank(value: any): boolean {
  return value == null || !(isText(value) ? value.trim() : typeof value != "object" || Object.keys(value)[0]);
}

/** Length in code points, as Python counts it. */
export function count(text: string): number {
  return [...text].length;
}
