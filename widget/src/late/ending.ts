/** What became of the answers, and what can be done now. */

import { drawing, make } from "../face/make";
import type { Late } from "../late";
import type { Sent, Talk } from "../sitting/types";
import type { Ending } from "../types";

const TICK = "M6 12.5l4 4 8-9";

// Styles of elements made by script need no permission of the page.
const BOX = "clear:both;display:grid;justify-items:center;gap:12px;padding:8px 0 16px;text-align:center";
const TITLE = "font-size:1.4em;font-weight:600";
const ROUND = "padding:6px;border-radius:50%;background:var(--soft);color:var(--accent-ink)";

/** Called on what is there of the late files: this one does not know the others. */
export function outcome(this: Partial<Late>, talk: Talk, sent: Sent, send: (button: HTMLElement) => void): HTMLElement {
  const { title, text, link, link_label: label } = wordsOf(talk, sent, this.walk);
  const look = { className: "box go", part: "button" };
  return make(
    "article",
    { tabIndex: -1, style: BOX },
    sent === "stored" && Object.assign(drawing(TICK), { style: ROUND }),
    title && make("h3", { style: TITLE }, title),
    make("p", {}, text),
    link && make("a", { ...look, href: link, target: "_blank" }, label),
    sent === "failed" &&
      make(
        "button",
        { ...look, onclick: ({ target }: Event) => send(target as HTMLElement) },
        talk._words.try_again!,
      ),
  );
}

/** What is said: the ending that was reached, or what became of the answers instead. */
function wordsOf({ _ask: { survey, context }, _answers, _refusal, _say, _words: words }: Talk, sent: Sent, walk?: Late["walk"]): Partial<Ending> {
  if (sent === "refused") return { text: words[_refusal()!] || words.refused! };
  if (sent === "waiting") return { title: words.waiting_title!, text: words.waiting_text! };
  if (sent === "failed") return { text: words.save_failed! };
  const ending = walk ? walk(survey, _answers, context).ending : survey.endings?.[0];
  if (!ending) return { title: words.thanks_title!, text: words.thanks_text! };
  return { ...ending, title: _say(ending.title), text: _say(ending.text), link_label: _say(ending.link_label) };
}
