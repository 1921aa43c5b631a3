import ranges from '../../../geo/land/unseen.json';

/** Longest code, in characters. */
export const maxCode = 100;

const escaped = (hex: string): string => `\\u{${hex}}`;

/** The characters that nobody sees, the server's list: no code has one. */
const unseen = new RegExp(
  `[${ranges.map((range) => range.split('-').map(escaped).join('-')).join('')}]`,
  'u',
);

/** What Unicode calls white space; JavaScript's \s is another set. */
const space = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const ends = new RegExp(`^[${space}]+|[${space}]+$`, 'gu');
const spaces = new RegExp(`[${space}]+`, 'gu');

/** A text in Unicode NFC without spaces at its ends. */
export const tidy = (text: string): string => text.normalize('NFC').replace(ends, '');

/** Whether a text shows nothing: it is empty, or made of spaces and of characters that nobody sees. */
export const isBlank = (text: string): boolean =>
  ![...text.replace(spaces, '')].some((character) => !unseen.test(character));

/** A code in its normal form; or what is wrong with it, with the character and its place where it is one. */
export type CodeReading =
  { code: string } | { fault: 'blank' | 'long' } | { fault: 'unseen'; hex: string; at: number };

/** Reads a code as geo/land.ParseCode does. */
export function readCode(text: string): CodeReading {
  const tidied = tidy(text);
  const characters = [...tidied];
  const at = characters.findIndex((character) => unseen.test(character));
  if (at >= 0)
    return {
      fault: 'unseen',
      hex: (characters[at]?.codePointAt(0) ?? 0).toString(16).toUpperCase(),
      at: at + 1,
    };
  if (tidied === '') return { fault: 'blank' };
  const code = tidied.replace(spaces, ' ');
  return [...code].length > maxCode ? { fault: 'long' } : { code };
}

const parts = /[0-9]+|[^0-9]/gu;

const compareNumbers = (a: string, b: string): number => {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
};

const pointOf = (text: string): number => text.codePointAt(0) ?? 0;
const isDigit = (text: string): boolean => text[0] !== undefined && text[0] >= '0' && text[0] <= '9';

/** Orders codes as people count, A-2 before A-10, as the server does. */
export function compareCodes(a: string, b: string): number {
  const [x, y] = [a.match(parts) ?? [], b.match(parts) ?? []];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [p = '', q = ''] = [x[i], y[i]];
    const order = isDigit(p) && isDigit(q) ? compareNumbers(p, q) : pointOf(p) - pointOf(q);
    if (order !== 0) return Math.sign(order);
  }
  if (x.length !== y.length) return Math.sign(x.length - y.length);
  const [p, q] = [[...a], [...b]];
  const differs = p.findIndex((character, i) => character !== q[i]);
  return differs < 0
    ? Math.sign(p.length - q.length)
    : Math.sign(pointOf(p[differs] ?? '') - pointOf(q[differs] ?? ''));
}
