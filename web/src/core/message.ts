import chain from '../../../message/chain.json';
import others from '../../../message/others.json';
import register from '../../../message/register.json';
import siting from '../../../message/siting.json';
import web from '../../../message/web.json';

/** Every text of the page, by key. */
export const table = { ...web, ...register, ...others, ...siting, ...chain };

/** The page's languages, the default first. */
export const languages = ['zh', 'en'] as const;
export type Lang = (typeof languages)[number];
export type Key = keyof typeof table;
export type Params = Record<string, string | number>;

/** The text of a key with its {placeholders} filled; a placeholder without a value stays visible as written. */
export function say(lang: Lang, key: Key, params: Params = {}): string {
  return table[key][lang].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  );
}

/** Whether a composed key (`web.landuse.100101`) is in the table. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(table, key);
}

/** How many parcels: English says one apart. */
export function parcelCount(lang: Lang, n: number): string {
  return say(lang, n === 1 ? 'web.park.parcel' : 'web.park.parcels', { n });
}

const han = /\p{Script=Han}/u;
/** A word as English writes it: a share, a number or a standard's code is none. */
const english = /\b[A-Z]?[a-z]{2,}/;

/** Of a text written as "Chinese / English" the reader's half; any other text whole. */
export function halfIn(lang: Lang, text: string): string {
  const [zh, en, ...more] = text.split(' / ');
  if (!zh || !en || more.length > 0 || !han.test(zh) || han.test(en) || !english.test(en)) return text;
  return lang === 'zh' ? zh : en;
}

/** The name in the reader's language, else in the other one, else null. */
export function nameIn(
  lang: Lang,
  zh: string | null | undefined,
  en: string | null | undefined,
): string | null {
  return (lang === 'zh' ? (zh ?? en) : (en ?? zh)) ?? null;
}
