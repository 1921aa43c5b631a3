/** A plain decimal as people type it: digits, at most one point, no sign. */
const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/** Whether a text is a number of at most so many decimals. */
export function isDecimal(text: string, decimals: number): boolean {
  const parts = DECIMAL.exec(text.trim());
  return parts !== null && (parts[2]?.length ?? 0) <= decimals;
}

/**
 * The decimal ×10^places, its point moved in the text, so that no digit is lost to binary fractions. What is no
 * decimal comes back as it is.
 */
export function shift(text: string, places: number): string {
  const parts = DECIMAL.exec(text.trim());
  if (!parts) return text;
  const [, whole = '', fraction = ''] = parts;
  const zeros = '0'.repeat(Math.abs(places));
  const digits = places < 0 ? zeros + whole + fraction : whole + fraction + zeros;
  const point = places < 0 ? whole.length : whole.length + places;
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const right = digits.slice(point).replace(/0+$/, '');
  return right ? `${left}.${right}` : left;
}
