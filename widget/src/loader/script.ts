/** Starts the widget from a script tag: its address, its `data-` attributes, calls made before it came. */

import type { Config, Opener } from "../types";
import { safe } from "./events";
import { options, optionsOf } from "./given";
import { start } from "./start";

const OURS = "script[src*='/widget/v1.js'],script[src*='/widget/harken-']";
/** Milliseconds in which the page may still call `init`. */
const A_WHILE = 1000;

/** `inlined` is what the server put into the script, or a string where it put nothing. */
export const startFromScript = safe(
  (load: (address: string) => Promise<Opener>, inlined: string | { key: string; config: Config }) => {
    const page = self as any;
    const stub = page.harken;
    // A second tag leaves the first one alone.
    if (stub?.explain) return;
    // A module, or what is loaded as text, is not told its tag.
    const script = (document.currentScript || document.querySelector(OURS)) as HTMLScriptElement | null;
    const src = script?.src || "";
    const given: any = script && { server: src.split("/widget/")[0]!, ...Object.fromEntries(new URLSearchParams(src.split("?")[1])), ...optionsOf(script) };
    const harken = start(load);
    // What the page has by that name stays the page's.
    if (!stub || stub.forEach) page.harken = harken;
    if (given?.key) harken.init(given.key, given, (inlined as { config?: Config }).config);
    stub?.forEach?.(harken.push);
    setTimeout(() => given?.key || options.key || console.warn(`Harken: no ${script ? "key" : "script tag"}`), A_WHILE);
  },
);
