/** Numbers as people type them; `kernel/local/numbers.py` in the browser. */

const SHAPES: [RegExp, string][] = [
  [/[\u2010-\u2014\u2212\ufe58\ufe63\uff0d\u207b]/g, "-"],
  [/[\ufe62\uff0b\u207a]/g, "+"],
  [/['\u2018\u2019\u02bb\u02bc\u2032\uff07\u066c\p{Zs}]/gu, " "],
  [/[\uff0c\ufe50]/g, ","],
  [/[\uff0e\ufe52]/g, "."],
  [/\p{Cf}/gu, ""],
];

/** `signs` are the decimal sign and what parts thousands. What is in doubt stays as it was typed. */
export function numberOf(typed: string, [decimal, group]: string = ".,", isWhole = false): number | string {
  const plain = plainly(typed);
  const [, minus, number] = /^([-+]?) ?((?=.?\d)[\d.,\u060c\u066b ]+)$/.exec(plain) ?? [];
  const found = typed.length <= 60 && number && parted(number, decimal!, group!, isWhole);
  return found && !/\d{21}/.test(found) ? +(minus + found) + 0 : typed;
}

/** A phone number as it is stored: `normalise_phone` of `kernel/formats.py`. What is none stays as it was typed. */
export function phoneOf(typed: string): string {
  const plain = plainly(typed);
  const bare = plain.replace(/[-.() /\xb7]/g, "");
  if (!/^\+?\d{5,15}$/.test(bare)) return typed;
  return bare[0] == "+" ? plain.replace("(0)", "").replace(/[-.() /\xb7]/g, "") : bare;
}

/** As it may be typed again. */
export function typedForm(value: unknown, signs = ".,"): unknown {
  if (value !== +(value as number)) return value;
  const text = (value as number).toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 });
  return text.replace(".", signs[0]!);
}

/** With the digits and signs of programs. */
function plainly(typed: string): string {
  return SHAPES.reduce((text, [shape, sign]) => text.replace(shape, sign), typed)
    .replace(/\p{Nd}/gu, digit)
    .trim();
}

function digit(letter: string): string {
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(letter.codePointAt(0)! - value - 1))) value++;
  return `${value % 10}`;
}

function parted(number: string, decimal: string, group: string, isWhole: boolean): string | undefined {
  const marks = number.match(/[.,\u060c\u066b]/g) ?? [];
  const [by, other, ...more] = new Set(marks);
  if (marks.length != 1 && !other) return by == "\u066b" ? undefined : joined(number, by ?? " ");
  const sign = marks.at(-1)!;
  const at = number.lastIndexOf(sign);
  const [left, right] = [number.slice(0, at), number.slice(at + 1)];
  const whole = left && joined(left, other ? by! : " ");
  const isOdd = more[0] || number.indexOf(sign) < at || /\D/.test(right) || whole == null;
  if (isOdd || (other && by == "\u066b")) return undefined;
  const text = `${whole}.${right}`;
  if (sign == "\u066b" || other) return text;
  const isGroup = /^\d{3}$/.test(right) && /^[1-9]\d{0,2}$/.test(whole);
  if (isGroup && sign == group) return whole + right;
  if (sign == decimal) return isGroup && (isWhole || right == "000") ? undefined : text;
  return right.length < 3 || (!/ /.test(left) && /^0*$/.test(whole)) ? text : undefined;
}

/** The digits, when what stands between the signs are thousands, or lakhs and crores. */
function joined(whole: string, sign: string): string | undefined {
  const isGood = /^(\d+|[1-9]\d{0,2}(_\d{3})+|[1-9]\d?(_\d\d)+_\d{3})$/.test(whole.split(sign).join("_"));
  return isGood ? whole.split(sign).join("") : undefined;
}
