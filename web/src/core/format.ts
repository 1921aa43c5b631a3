import { say, type Lang } from './message';

const locale: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' };

/** 1 mu (亩) in m²: 10000/15 exactly. */
export const M2_PER_MU = 10_000 / 15;

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(lang: Lang, min: number, max: number): Intl.NumberFormat {
  const key = `${lang} ${min} ${max}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale[lang], { minimumFractionDigits: min, maximumFractionDigits: max });
    numberFormats.set(key, format);
  }
  return format;
}

/** A number grouped in the reader's way with `decimals` places. */
export function fixed(lang: Lang, value: number, decimals: number): string {
  return numberFormat(lang, decimals, decimals).format(value);
}

/** A number with as many places as it needs, four at most. */
export function plain(lang: Lang, value: number): string {
  return numberFormat(lang, 0, 4).format(value);
}

/** In what large sums are counted: 万元, or millions. */
export const unitCny: Record<Lang, number> = { zh: 10_000, en: 1_000_000 };

/** A capacity with its unit as the feed names it, `m3` set as m³. */
export function capacity(lang: Lang, value: number, unit: string | null): string {
  return `${plain(lang, value)} ${(unit ?? '').replace(/m3/g, 'm³')}`.trim();
}

/** m² as mu, two places, as land tenders print it. */
export function muOf(lang: Lang, m2: number): string {
  return fixed(lang, m2 / M2_PER_MU, 2);
}

/** A length in metres; from a kilometre on in kilometres, to the metre. */
export function lengthText(lang: Lang, m: number): string {
  return m < 1000
    ? `${fixed(lang, m, 1)} ${say(lang, 'web.unit.m')}`
    : `${fixed(lang, m / 1000, 3)} ${say(lang, 'web.unit.km')}`;
}

/** An area in mu, m² and, from a hectare on, ha. */
export function areaText(lang: Lang, m2: number): string[] {
  return [
    `${muOf(lang, m2)} ${say(lang, 'web.unit.mu')}`,
    `${fixed(lang, m2, m2 < 1e6 ? 1 : 0)} m²`,
    ...(m2 >= 10_000 ? [`${fixed(lang, m2 / 10_000, 3)} ${say(lang, 'web.unit.ha')}`] : []),
  ];
}

export function percent(lang: Lang, share: number, decimals = 1): string {
  return `${fixed(lang, share * 100, decimals)} %`;
}

/** An instant or a plain date as a day in the park's time zone; a plain date is a day already and is not moved. */
export function day(lang: Lang, date: string, timeZone: string): string {
  const isPlain = /^\d{4}-\d{2}-\d{2}$/.test(date);
  return dateText(lang, date, { dateStyle: 'medium', timeZone: isPlain ? 'UTC' : timeZone });
}

/** The month of a plain date. */
export function month(lang: Lang, date: string): string {
  return dateText(lang, date, { year: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** An instant as day and minute in the park's time zone. */
export function moment(lang: Lang, date: string, timeZone: string): string {
  return dateText(lang, date, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

function dateText(lang: Lang, date: string, options: Intl.DateTimeFormatOptions): string {
  const parsed = new Date(date);
  if (Number.isNaN(parsed.getTime())) return date;
  return new Intl.DateTimeFormat(locale[lang], options).format(parsed);
}
