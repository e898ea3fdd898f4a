/** A ranking: the order of ticking is the answer, and each label tells its place. */

import { make, type Fields } from "../face/make";
import { boxOf, ticked } from "../face/ticks";
import type { Talk } from "../sitting/types";
import type { Question } from "../types";

export function ranking(question: Question, talk: Talk): Fields {
  const { key, options, least } = question;
  let order = (talk._answers[key] as string[] | undefined) ?? [];
  const box = boxOf(question, talk, order);
  const labels = [...box.children] as HTMLElement[];
  const places = labels.map((label) => label.appendChild(make("b")));
  const placed = (place: number) => talk._words.place!.replace("{place}", `${place}`);
  const read = (): string[] => {
    const values = ticked(box).map(({ _option }) => _option.value as string);
    order = [...new Set([...order.filter((value) => values.includes(value)), ...values])];
    options!.forEach(({ value }, at) => {
      const place = order.indexOf(value as string) + 1;
      places[at]!.textContent = place ? placed(place) : "";
    });
    return order;
  };
  read();
  return {
    _parts: [box],
    _read: read,
    _object(problem, error) {
      if (order.length < least!) error.textContent = `${placed(order.length + 1)}: ${problem}`;
      return labels.find((label) => !ticked(label)[0]);
    },
  };
}
