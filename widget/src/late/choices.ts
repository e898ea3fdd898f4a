/** Choices of which several can be ticked, or one of which comes with a text of the person's own. */

import { make, type Fields } from "../face/make";
import { boxOf, ticked, type Tick } from "../face/ticks";
import type { Talk } from "../sitting/types";
import type { Question } from "../types";

const MAX_OWN_CHARS = 500;

export function choices(question: Question, talk: Talk): Fields {
  const { key, many } = question;
  const given: any[] = [].concat((talk._answers[key] as any) ?? []);
  const name = talk._words.other_text!;
  const own = make("input", {
    className: "box own",
    autocomplete: "off",
    placeholder: name,
    ariaLabel: name,
    maxLength: 2 * MAX_OWN_CHARS,
    value: given.find((item) => item.other)?.other ?? talk._typed[key] ?? "",
  });
  const box = boxOf(question, talk, given.map((item) => (item.other ? "other" : item)));
  const mine = tickOf(box);
  mine?.parentElement!.after(own);
  const typed = () => own.value.trim();
  return {
    _parts: [box],
    _isRadio: !many,
    _read(changed) {
      // Who writes something means it.
      if (changed === own && typed()) (changed = mine!).checked = true;
      talk._typed[key] = own.value;
      // "None of these" and the others take each other back.
      for (const tick of ticked(box))
        if (changed.checked && tick._option.alone !== (changed as Tick)._option.alone) tick.checked = false;
      const values: any[] = ticked(box).map(({ _option }) => (_option.own && typed() ? { other: own.value } : _option.value));
      return many ? values : values[0];
    },
    // A text whose choice was taken back afterwards: kept in sight, and asked about.
    _doubt: () => typed() && !mine!.checked && talk._words.not_accepted,
    _object: () => (typed() && !mine!.checked ? own : undefined),
  };
}

/** The tick of the choice that comes with a text. */
function tickOf(box: Element): Tick | undefined {
  return [...box.querySelectorAll<Tick>("label>input")].find(({ _option }) => _option.own);
}
