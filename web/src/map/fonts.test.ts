import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sansRanges from '@fontsource/noto-sans-sc/unicode.json';
import serifRanges from '@fontsource/noto-serif-sc/unicode.json';
import { convert } from 'fontverter';
import { Blob, Face } from 'harfbuzzjs';
import { describe, expect, it } from 'vitest';
import cut from './cut/cut.json';
import { isCut, rangesOf } from './fonts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const faces = Object.entries(cut.faces);

/** What people read in the page: its message tables and the sample park. */
function textInUse(): string {
  const folder = at('../../../message/');
  const tables = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'cli.json');
  const paths = [...tables.map((name) => folder + name), at('../../../data/sample/lingang.json')];
  return paths.map((path) => readFileSync(path, 'utf8')).join('');
}

/** The characters that a table of ranges names. */
function charactersOf(ranges: Record<string, string>): Set<string> {
  const all = new Set<string>();
  for (const range of Object.values(ranges).flatMap((each) => each.split(','))) {
    const [from = NaN, to = from] = range
      .trim()
      .slice(2)
      .split('-')
      .map((hex) => parseInt(hex, 16));
    for (let code = from; code <= to; code++) all.add(String.fromCodePoint(code));
  }
  return all;
}

describe('the shipped type', () => {
  const used = [...new Set(textInUse())].filter((each) => each > ' ');
  const sliced = charactersOf(sansRanges);
  /** What no file of the type has, in notes of the tables: the reader's own fonts draw it. */
  const foreign = [...'⅓⅔⁹'];

  it.each(faces)('%s has every character in use, cut or in a slice', (_, { first, more }) => {
    const drawn = new Set(first + more);
    expect(used.filter((each) => !drawn.has(each) && !sliced.has(each) && !foreign.includes(each))).toEqual(
      [],
    );
    expect(used.filter((each) => drawn.has(each)).length).toBeGreaterThan(0.95 * used.length);
  });

  it.each(faces.flatMap(([name, parts]) => Object.entries(parts).map(([part, text]) => [name, part, text])))(
    '%s %s holds the glyphs that its table names',
    async (name = '', part = '', text = '') => {
      const font = await convert(readFileSync(at(`./cut/${name}-${part}.woff2`)), 'sfnt');
      const has = new Set([...new Face(new Blob(font)).collectUnicodes()]);
      expect([...text].filter((each) => !has.has(each.codePointAt(0) ?? 0))).toEqual([]);
    },
  );

  it('has a file for each slice, by one table for all faces', () => {
    expect(serifRanges).toEqual(sansRanges);
    for (const name of ['sans-400', 'sans-600', 'serif-600']) {
      const [family, weight] = name.split('-');
      const files = readdirSync(at(`../../node_modules/@fontsource/noto-${family}-sc/files`));
      const wanted = Object.keys(sansRanges).map(
        (id) => `noto-${family}-sc-${id.replace(/[[\]]/g, '')}-${weight}-normal.woff2`,
      );
      expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
    }
  });

  it('tells the characters apart that were not cut', () => {
    expect(isCut('地块 L-04\n12.50 亩')).toBe(true);
    expect(isCut('地块 龘')).toBe(false);
  });

  it('writes ranges as CSS does', () => {
    expect(rangesOf('cab ü')).toBe('U+20,U+61-63,U+fc');
  });
});
