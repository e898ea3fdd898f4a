/** Starts and ends the widget; everything that a site may call. */

import type { Config, Context, Options, Opener } from "../types";
import { emit, fault, off, on, safe } from "./events";
import { askConfig, begin, code, learn, localeOfPage, need, options, optionsOf, setReady, surveys, tags, type Shown } from "./given";
import { forget, remember } from "./memory";
import { close, loadFrom, resend } from "./open";
import { askQueue, explain, show, track, view, watch } from "./page";

/** Where the script came from. */
let home: string;
let controller: AbortController | undefined;

function init(key: string, { config, ...given }: Options & { config?: Config } = {}): void {
  destroy();
  begin({ server: home, ...given, key });
  const { signal } = (controller = new AbortController());
  watch(signal);
  setReady(safe(boot)(config));
}

/** Get the config and begin; what the server does wrong leaves the page as it was. */
async function boot(inlined?: Config): Promise<void> {
  const mine = options;
  // What the site calls right after the start comes first.
  await null;
  try {
    const isRight = inlined && RegExp(inlined.fits!, "i").test(localeOfPage());
    const config = isRight ? inlined : await askConfig();
    // Rubbish fails here, before any of it is taken for a survey.
    config.surveys.map(({ questions }) => questions.some(Object));
    if (mine !== options) return;
    learn(config);
    if (options.survey) await need(options.survey);
  } catch (problem) {
    // It stands for the surveys that are not known.
    const unknown = { key: options.survey || "", _no: problem === 403 ? "origin_not_allowed" : "unreachable" };
    learn({ surveys: [unknown as Shown] });
    return fault(problem);
  }
  emit("ready", {});
  safe(define)();
  safe(resend)();
  safe(view)(true);
}

/** The element `<harken-survey survey="…">`: a survey where the site put it. */
function define(): void {
  customElements.get("harken-survey") ||
    customElements.define(
      "harken-survey",
      class extends HTMLElement {
        /** Called when the page may have taken it away. */
        declare missed?: () => void;
        static get observedAttributes(): string[] {
          return ["survey"];
        }
        connectedCallback(): unknown {
          tags.add(this);
          return this.attributeChangedCallback();
        }
        attributeChangedCallback(): unknown {
          const survey = this.isConnected && this.getAttribute("survey");
          this.missed?.();
          return survey && safe(show)(survey, { ...optionsOf(this), element: this, mode: "inline" });
        }
        disconnectedCallback(): void {
          tags.delete(this);
          // What took it away may put it, or another tag, back at once.
          setTimeout(() => this.missed?.());
        }
      },
    );
}

function identify(respondent: string, signature?: string, context?: Context): unknown {
  Object.assign(options, { respondent, signature, context: { ...options.context, ...context } });
  return code && askQueue();
}

function setLocale(locale: string): unknown {
  options.locale = locale;
  return boot();
}

function closeAll(isDismissed?: boolean): void {
  surveys.forEach((survey) => close(survey, isDismissed));
}

/** Forget the person: they logged out. */
function reset(): void {
  closeAll();
  forget();
  identify("");
}

function optOut(): void {
  reset();
  remember((memory) => (memory.out = true));
}

function optIn(): unknown {
  remember((memory) => delete memory.out);
  return view(true);
}

function destroy(): void {
  closeAll();
  controller?.abort();
  begin({});
}

/** The calls of `window.harken` and of the npm package; `load` imports the survey code. */
export function start(load: (address: string) => Promise<Opener>, server?: string) {
  home = server!;
  loadFrom(load);
  begin({});
  const api: any = {
    init,
    identify,
    setLocale,
    close: () => closeAll(true),
    on,
    off,
    reset,
    optIn,
    optOut,
    destroy,
    explain,
    push: ([name, ...values]: any[]) => api[name](...values),
    track,
    page: () => view(true),
    show,
  };
  for (const [name, call] of Object.entries(api)) api[name] = safe(call as any);
  return api;
}
