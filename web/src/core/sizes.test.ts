import { expect, it } from 'vitest';
import { sizesIn } from './sizes';

it.each([
  ['zh', [54, 66], '54–66 亩'],
  ['en', [20.52, 25.08], '20.52–25.08 mu'],
  ['en', [70, null], 'at least 70 mu'],
  ['zh', [0, 30], '30 亩以内'],
  ['en', [null, 30], 'at most 30 mu'],
] as const)('says sizes (%s, %j)', (lang, sizes, words) => {
  expect(sizesIn(lang, sizes)).toBe(words);
});
