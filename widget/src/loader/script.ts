/** Starts the widget from a script tag: its address, its `data-` attributes, calls made before it came. */

import type { Config, Opener } from "../types";
import { safe } from "./events";
import { optionsOf } from "./given";
import { start } from "./start";

/** `inlined` is what the server put into the script, or a string where it put nothing. */
export const startFromScript = safe(
  (load: (address: string) => Promise<Opener>, inlined: string | { key: string; config: Config }) => {
    const page = self as any;
    const stub = page.harken;
    // A second tag leaves the first one alone.
    if (stub?.explain) return;
    const script = document.currentScript as HTMLScriptElement;
    const { src } = script;
    const given = { server: src.split("/widget/")[0]!, ...Object.fromEntries(new URL(src).searchParams), ...optionsOf(script) };
    const harken = start(load);
    // What the page has by that name stays the page's.
    if (!stub || stub.forEach) page.harken = harken;
    if (given.key) harken.init(given.key, given, (inlined as { config?: Config }).config);
    stub?.forEach?.(harken.push);
  },
);
