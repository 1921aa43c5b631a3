import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { halfIn, languages, nameIn, parcelCount, say, table } from './message';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|svelte)$/.test(file) && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

/** Keys written out, and the beginnings of composed ones (`web.status.${status}`). */
const literal = new Set([...source.matchAll(/['"](web\.[a-z0-9_.]+)['"]/g)].map(([, key]) => key ?? ''));
const prefixes = new Set(
  [...source.matchAll(/`(web\.[a-z0-9_.]+\.)\$\{/g)].map(([, prefix]) => prefix ?? ''),
);
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
const entries = Object.entries(table);

describe('the table of texts', () => {
  it.each(entries)('%s is said in both languages with the same placeholders', (_, { zh, en }) => {
    expect(zh.trim()).not.toBe('');
    expect(en.trim()).not.toBe('');
    expect(placeholders(zh)).toEqual(placeholders(en));
  });

  it('holds every key that the page uses', () => {
    expect([...literal].filter((key) => !(key in table))).toEqual([]);
    expect([...prefixes].filter((prefix) => !entries.some(([key]) => key.startsWith(prefix)))).toEqual([]);
  });

  it('holds no key that the page does not use', () => {
    const used = (each: string): boolean => {
      const key = each.replace(/\.one$/, '');
      return literal.has(key) || [...prefixes].some((prefix) => key.startsWith(prefix));
    };
    expect(entries.map(([key]) => key).filter((key) => !used(key))).toEqual([]);
  });

  it('says one of them apart in English, wherever a counted noun follows the number', () => {
    const counted = /\{n\} (?:\w+ )?(?!is\b|this\b|was\b|has\b)\w+s\b/;
    const uncounted = entries.filter(
      ([key, { en }]) => counted.test(en) && !(`${key}.one` in table) && !key.endsWith('.one'),
    );
    expect(uncounted.map(([key]) => key)).toEqual([]);
    expect(say('en', 'web.search.count', { n: 1 })).toBe('1 result');
    expect(say('en', 'web.search.count', { n: '1' })).toBe('1 result');
    expect(say('en', 'web.search.count', { n: 2 })).toBe('2 results');
    expect(say('en', 'web.search.count', { n: 0 })).toBe('0 results');
    expect(parcelCount('en', 1)).toBe('1 parcel');
  });

  it('has a text for one only beside that for more, with a number in both', () => {
    const more = (key: string): { en: string } | undefined =>
      (table as Record<string, { en: string }>)[key.replace(/\.one$/, '')];
    const ones = entries.filter(([key]) => key.endsWith('.one') && more(key)?.en.includes('{n}'));
    expect(ones.length).toBeGreaterThan(10);
    for (const [key, { en }] of ones) expect(en, key).toContain('{n}');
  });

  it('is the only place of texts: no Chinese stands in the source but the seal', () => {
    const chinese = source
      .replace(/^\s*(\/\/|\*|\/\*\*).*$|\/\*\*?[\s\S]*?\*\//gm, '')
      .match(/[\u4e00-\u9fff]+/g);
    expect(chinese).toEqual(['落', '地']);
  });
});

describe('saying', () => {
  it('fills placeholders and leaves unknown ones visible', () => {
    expect(say('en', 'web.park.parcels', { n: 3 })).toBe('3 parcels');
    expect(say('zh', 'web.park.parcels')).toBe('{n} 宗');
  });

  it('groups the digits of large counts, and of nothing else', () => {
    expect(say('zh', 'web.park.parcels', { n: 800_000 })).toBe('800,000 宗');
    expect(say('en', 'web.park.parcels', { n: 9_999 })).toBe('9999 parcels');
    expect(say('en', 'web.legend.asof', { at: 'x', seq: 100_002 })).toContain('100002');
  });

  it('counts one parcel in the singular', () => {
    expect([0, 1, 2].map((n) => parcelCount('en', n))).toEqual(['0 parcels', '1 parcel', '2 parcels']);
  });

  it.each([
    ['zh', '判断 / judgement', '判断'],
    ['en', '判断 / judgement', 'judgement'],
    ['en', '判断', '判断'],
  ] as const)('in %s, of the sample\'s text "%s" takes "%s"', (lang, text, expected) => {
    expect(halfIn(lang, text)).toBe(expected);
  });

  it.each([
    '公告 / a tender',
    '张三 / Zhang San',
    '按甲方函 / per letter of party A',
    'judgement / 判断',
    '一 / 二',
  ])('leaves a text of a user, "%s", whole in either language', (text) => {
    expect(languages.map((lang) => halfIn(lang, text))).toEqual([text, text]);
  });

  it('takes the other language where a name is missing', () => {
    expect(nameIn('en', '威达', null)).toBe('威达');
    expect(nameIn('zh', null, 'Weida')).toBe('Weida');
    expect(nameIn('zh', null, undefined)).toBeNull();
  });
});
