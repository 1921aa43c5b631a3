import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Paper } from '../core/api';
import { base64Of, saidOf, sizesOf, titleOf } from './paper';
import { table } from './text';

const paper: Paper = {
  id: '01900000-0000-7000-8000-00000000000a',
  parcel: '01900000-0000-7000-8000-00000000000b',
  kind: 'document',
  title_zh: '规划条件',
  title_en: null,
  dated: '2026-03-01',
  number: '2026-018',
  expires_on: '2027-03-01',
  illustrative: false,
  media_type: 'application/pdf',
  size: 2049,
  width: null,
  height: null,
  since: '2026-03-02T00:00:00Z',
  widths: [],
  href: '/api/parks/p/papers/01900000-0000-7000-8000-00000000000a',
};

describe('a paper', () => {
  it('says its number, day, size, and whether it expired', () => {
    expect(saidOf('en', paper, '2027-03-01')).toBe(
      'No. 2026-018 · 2026-03-01 · valid until 2027-03-01 · PDF, 3 KB',
    );
    expect(saidOf('en', paper, '2027-03-02')).toContain('expired on 2027-03-01');
  });

  it('says that its day is not known, and that it is illustrative', () => {
    const photo: Paper = {
      ...paper,
      kind: 'photo',
      dated: null,
      number: null,
      expires_on: null,
      illustrative: true,
    };
    expect(saidOf('en', photo, '2026-01-01')).toBe('illustrative · day not stated');
  });

  it('is called by the title that there is', () => {
    expect(titleOf('en', paper)).toBe('规划条件');
    expect(titleOf('en', { ...paper, title_en: 'Planning conditions' })).toBe('Planning conditions');
  });

  it('offers the sizes that the server makes, and the whole', () => {
    const photo: Paper = { ...paper, kind: 'photo', width: 800, height: 600, widths: [320, 640], href: '/p' };
    expect(sizesOf(photo)).toBe('/p?width=320 320w, /p?width=640 640w, /p 800w');
    expect(sizesOf({ ...photo, width: 300, widths: [] })).toBeUndefined();
  });

  it('goes as Base64, however large', () => {
    const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => (i * 7) % 256);
    expect(Buffer.from(base64Of(bytes), 'base64').equals(Buffer.from(bytes))).toBe(true);
  });
});

describe('the texts of papers', () => {
  it('are all used, by the page or by the pages of sites, and all there', () => {
    const sources = [import.meta.dirname, join(import.meta.dirname, '../../../api/sheet')].flatMap((room) =>
      readdirSync(room)
        .filter((name) => /(?<!\.test)\.(ts|svelte|go)$/.test(name))
        .map((name) => readFileSync(join(room, name), 'utf8')),
    );
    const used = new Set(
      [...sources.join('\n').matchAll(/['"](papers?\.[a-z.]+)['"]/g)].map(([, key]) => key),
    );
    expect([...used].sort()).toEqual(Object.keys(table).sort());
  });
});
