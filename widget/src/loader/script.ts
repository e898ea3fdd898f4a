/** Starts the widget from a script tag: its address, its `data-` attributes, calls made before it came. */

import type { Config, Opener } from "../types";
import { safe } from "./events";
import { options, optionsOf } from "./given";
import { start } from "./start";

/** Milliseconds in which the page may still call `init`. */
const A_WHILE = 1000;

/** What the server put into the script: where it is, what stood in the address, and what that gives. */
interface Inlined {
  server?: string;
  key?: string;
  config?: Config;
}

/** `inlined` is a string where the server put nothing. */
export const startFromScript = safe((load: (address: string) => Promise<Opener>, inlined: Inlined | string) => {
  const page = self as any;
  // An element of that name is nothing that somebody has put there.
  const stub = Object.hasOwn(page, "harken") && page.harken;
  // A second tag leaves the first one alone.
  if (stub?.explain) return;
  const baked = inlined as Inlined;
  // The document's own member, whatever elements are called; a module is not told its tag, and looks for none.
  const tag = Reflect.get(Document.prototype, "currentScript", document);
  const given: Inlined = {
    ...baked,
    // Where this very script came from: a base that the page puts in changes the address in its tag.
    server: /(https?:\S+)\/widget\/(v1|ha)/.exec(Error().stack!)?.[1] || baked.server!,
    ...(tag && optionsOf(tag as HTMLElement)),
  };
  const harken = start(load, given.server);
  // What the page has by that name stays the page's.
  if (!stub || stub.forEach) page.harken = harken;
  if (given.key) harken.init(given.key, given);
  stub?.forEach?.(harken.push);
  setTimeout(() => given.key || options.key || console.warn("Harken: no key"), A_WHILE);
});
