import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { secretOf } from './enquiry.svelte';
import { asked, sayOf } from './text';

const rooms = ['.', '../shortlist'].map((folder) => join(import.meta.dirname, folder));
const source = rooms
  .flatMap((room) => readdirSync(room).map((name) => join(room, name)))
  .filter((path) => /\.(ts|svelte)$/.test(path) && !path.endsWith('.test.ts'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

describe('the texts of enquiries', () => {
  it('are all used, and all there', () => {
    const literal = new Set([...source.matchAll(/'(ask\.[a-z_.]+)'/g)].map(([, key]) => key ?? ''));
    const composed = [...source.matchAll(/`(ask\.[a-z_.]+\.)\$\{/g)].map(([, prefix]) => prefix ?? '');
    const keys = Object.keys(asked);
    expect([...literal].filter((key) => !keys.includes(key))).toEqual([]);
    expect(keys.filter((key) => !literal.has(key) && !composed.some((each) => key.startsWith(each)))).toEqual(
      [],
    );
  });

  it('fill their placeholders', () => {
    expect(sayOf('en', 'ask.keep', { days: 180 })).toContain('180 days');
    expect(sayOf('zh', 'ask.keep', { days: 180 })).toContain('180 天');
  });
});

describe('a private link', () => {
  it('has its secret behind #enquiry=', () => {
    expect(secretOf(`#enquiry=${'aB3'.repeat(12)}`)).toBe('aB3'.repeat(12));
    for (const hash of ['', '#invite=x', '#enquiry=', '#enquiry=short', `#enquiry=${'-'.repeat(36)}`])
      expect(secretOf(hash)).toBeNull();
  });
});
