/**
 * What all codes begin with, up to and with their first separator: "TX-" of TX-A01 and TX-R01-1. "" where one
 * differs, has nothing after it, or there are fewer than two.
 */
export function sharedPrefix(codes: readonly string[]): string {
  const first = codes[0];
  if (first === undefined || codes.length < 2) return '';
  const prefix = /^[^-_/. ]+[-_/. ]/.exec(first)?.[0] ?? '';
  return codes.every((code) => code.startsWith(prefix) && code.length > prefix.length) ? prefix : '';
}
