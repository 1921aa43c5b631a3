import table from '../../../message/web.json';

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

/** The name in the reader's language, else in the other one, else null. */
export function nameIn(
  lang: Lang,
  zh: string | null | undefined,
  en: string | null | undefined,
): string | null {
  return (lang === 'zh' ? (zh ?? en) : (en ?? zh)) ?? null;
}
