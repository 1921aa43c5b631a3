import { plain } from './format';
import { say, type Lang } from './message';
import type { Range } from './filters';

/** Sizes in mu as they are said: 54–66 mu, at least 70 mu, at most 30 mu. */
export function sizesIn(lang: Lang, [least, most]: Range): string {
  const mu = (value: number): string => plain(lang, value);
  if (most === null) return say(lang, 'web.search.sizes.least', { least: mu(least ?? 0) });
  if (!least) return say(lang, 'web.search.sizes.most', { most: mu(most) });
  return say(lang, 'web.search.sizes', { least: mu(least), most: mu(most) });
}
