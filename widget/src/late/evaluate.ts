/** Truth of a condition, given answers and context; `surveys/logic/evaluation.py` in the browser. */

import type { Answers, Condition, Context } from "../types";
import { isBlank, isMap, isText, own } from "../rules/values";

/** A missing operand makes every comparison false; `true` is not 1, and "3" is not 3. */
export function evaluate(condition: Condition, answers: Answers, context: Context): boolean {
  const { all, any, not, answer, row, context: name, is, isnt, min, max, has, part } = condition;
  const holds = (part: Condition) => evaluate(part, answers, context);
  if (all) return all.every(holds);
  if (any) return any.some(holds);
  if (not) return !holds(not);
  let value: any = name ? own(context, name) : own(answers, answer!);
  if (row) value = isMap(value) ? own(value, row) : undefined;
  if (isBlank(value)) return false;
  const list: unknown[] = [].concat(value).map(chosen);
  const single: any = list.length > 1 ? list : list[0];
  const isNumber = typeof value == "number";
  return (
    (!is || is.map(folded).includes(folded(single) as any)) &&
    folded(single) !== folded(isnt) &&
    (min == null || (isNumber && value >= min)) &&
    (max == null || (isNumber && value <= max)) &&
    (has == null || (Array.isArray(value) && list.includes(has))) &&
    `${value}`.includes(part || "")
  );
}

/** A text without regard to capitals and blanks, as `folded` in `surveys/questions/conditions.py`. */
function folded(value: unknown): unknown {
  return isText(value) ? value.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ") : value;
}

/** `{other: …}` is read as "other". */
function chosen(item: unknown): unknown {
  return isMap(item) && own(item, "other") !== undefined ? "other" : item;
}
