import browse from '../../../message/browse.json';
import chain from '../../../message/chain.json';
import figures from '../../../message/figures.json';
import others from '../../../message/others.json';
import register from '../../../message/register.json';
import sample from '../../../message/sample.json';
import siting from '../../../message/siting.json';
import web from '../../../message/web.json';

/** Every text of the page, by key. */
export const table = { ...web, ...register, ...others, ...siting, ...chain, ...browse, ...figures };

/** The page's languages, the default first. */
export const languages = ['zh', 'en'] as const;
export type Lang = (typeof languages)[number];
export type Key = keyof typeof table;
export type Params = Record<string, string | number>;

/** A text with `{n}` may have another, under its key with this ending, for one of them. */
const ONE = '.one';

/** Placeholders that say how many there are. Counts of five digits and more are grouped, in both languages alike. */
const counts = new Set(['n', 'all', 'free', 'of', 'listed']);
const grouped = new Intl.NumberFormat('en-GB', { useGrouping: 'min2', maximumFractionDigits: 20 });

function filled(name: string, value: string | number): string {
  return typeof value === 'number' && counts.has(name) ? grouped.format(value) : String(value);
}

/**
 * The text of a key with its {placeholders} filled; a placeholder without a value stays visible as written. Of one
 * thing, where `n` is 1, the text for one.
 */
export function say(lang: Lang, key: Key, params: Params = {}): string {
  const one = `${key}${ONE}`;
  const form = Number(params.n) === 1 && isKey(one) ? one : key;
  return table[form][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? filled(name, params[name] ?? '') : whole,
  );
}

/** Whether a composed key (`web.landuse.100101`) is in the table. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(table, key);
}

/** How many parcels. */
export function parcelCount(lang: Lang, n: number): string {
  return say(lang, 'web.park.parcels', { n });
}

/** The sample park's texts, which stand in the database in both languages, as "Chinese / English". */
const halves = new Map(Object.values(sample).map((half) => [`${half.zh} / ${half.en}`, half]));

/** Of a text of the sample park the reader's half. Any other text is somebody's own: whole, however it is written. */
export function halfIn(lang: Lang, text: string): string {
  return halves.get(text)?.[lang] ?? text;
}

/** The name in the reader's language, else in the other one, else null. */
export function nameIn(
  lang: Lang,
  zh: string | null | undefined,
  en: string | null | undefined,
): string | null {
  return (lang === 'zh' ? (zh ?? en) : (en ?? zh)) ?? null;
}
