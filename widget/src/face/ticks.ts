/** What is ticked: ratings, choices, the rows of a matrix, ranks, a consent. */

import type { Talk } from "../sitting/types";
import type { Answer, Choice, Option, Question } from "../types";
import { drawing, make, type Fields } from "./make";

const MAX_OWN_CHARS = 500;

/** An input that knows what it stands for. */
type Tick = HTMLInputElement & { _option: Option };

export function ticks(question: Question, talk: Talk): Fields {
  const { key, rows, ends, type, many } = question;
  const answer: any = talk._answers[key];
  const given: any[] = [].concat(answer ?? []);
  const name = talk._words.other_text!;
  const own = make("input", {
    className: "box own",
    placeholder: name,
    ariaLabel: name,
    maxLength: MAX_OWN_CHARS,
    value: given.find((item) => item.other)?.other ?? "",
  });
  const chosen = given.map((item) => (item.other ? "other" : item));
  const boxes = rows
    ? rows.map((row) => boxOf(question, talk, own, [answer?.[row.value]], row))
    : [boxOf(question, talk, own, chosen)];
  const box = boxes[0]!;
  const valuesIn = (one: Element): any[] =>
    ticked(one).map(({ _option }) => (_option.own && own.value.trim() ? { other: own.value } : _option.value));
  const sort = type === "ranking" && sorter(box, question, talk);
  return {
    _parts: [
      ...boxes,
      ends && make("p", { ariaHidden: "true" }, ...ends.map((end) => make("span", {}, talk._say(end)))),
    ],
    _isRadio: !many && !rows,
    _read(changed) {
      // "None of these" and the others take each other back.
      for (const tick of ticked(box))
        if (changed.checked && tick._option.alone !== (changed as Tick)._option.alone) tick.checked = false;
      const values = valuesIn(box);
      if (sort) return sort(values);
      if (!rows) return type === "multiple_choice" ? values : values[0];
      const pairs = rows.map(({ value }, at) => [value, valuesIn(boxes[at]!)[0]]);
      return Object.fromEntries(pairs.filter((pair) => pair[1]));
    },
  };
}

function ticked(box: Element): Tick[] {
  return [...box.querySelectorAll<Tick>(":checked")];
}

/** The options of a question or of a row, each with its label. */
function boxOf(
  { key, options, style, many }: Question, talk: Talk, own: HTMLElement, chosen: unknown[], row?: Choice,
): HTMLElement {
  return make(
    row ? "fieldset" : "div",
    { className: style ?? "" },
    row && make("legend", {}, talk._say(row.label)),
    ...options!.flatMap((option) => [
      make(
        "label",
        { className: "box" },
        make("input", {
          type: many ? "checkbox" : "radio",
          name: row?.value ?? key,
          value: option.value,
          checked: chosen.includes(option.value),
          _option: option,
        } as object),
        option.mark && drawing(option.mark),
        option.label && make("span", {}, talk._say(option.label)),
        option.name && make("i", {}, ` ${talk._say(option.name)}`),
      ),
      option.own && own,
    ]),
  );
}

/** Ranks: the order of ticking is the answer, and each label tells its place. */
function sorter(box: Element, { key, options }: Question, talk: Talk): (values: string[]) => Answer {
  let order: string[] = [];
  const places = [...box.children].map((label) => label.appendChild(make("b")));
  const sort = (values: string[]): string[] => {
    order = [...new Set([...order.filter((value) => values.includes(value)), ...values])];
    options!.forEach(({ value }, at) => {
      const place = order.indexOf(value as string) + 1;
      places[at]!.textContent = place ? talk._words.place!.replace("{place}", `${place}`) : "";
    });
    return order;
  };
  sort((talk._answers[key] as string[] | undefined) ?? []);
  return sort;
}
