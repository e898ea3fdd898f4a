/** JSON by the function that was there when the script came: pages overwrite it. */

const { stringify } = JSON;

/** An empty text says nothing, and is left out. */
export function encode(value: unknown): string {
  return stringify(value, (_name, member) => (member === "" ? undefined : member));
}
