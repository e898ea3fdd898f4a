/** Numbers as people type them. */

/** Spaces between thousands, a comma or a point for decimals; what is no number stays as it was typed. */
export function numberOf(typed: string): number | string {
  const plain = typed.replace(/\s/g, "").replace(",", ".").replace("\u2212", "-");
  return /^[-+]?[\d.]+$/.test(plain) && isFinite(+plain) ? +plain : typed;
}
