import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answers, levels, titles, verdicts, voices } from './office';
import { sayOf, table } from './text';

describe('the words of chain-led promotion', () => {
  it('are all used, in both languages', () => {
    const sources = [import.meta.dirname, join(import.meta.dirname, '../chain')]
      .flatMap((folder) =>
        readdirSync(folder)
          .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts'))
          .map((name) => readFileSync(join(folder, name), 'utf8')),
      )
      .join('\n');
    const composed = /^promo\.(voice|verdict|answer|role|title|level|standing)\./;
    const unused = Object.keys(table).filter((key) => !composed.test(key) && !sources.includes(`'${key}'`));
    expect(unused).toEqual([]);
    expect(Object.values(table).every(({ zh, en }) => zh && en)).toBe(true);
  });

  it('name every voice, verdict, answer, title and level', () => {
    for (const voice of voices) expect(sayOf('en', `promo.voice.${voice}`)).toBeTruthy();
    for (const verdict of verdicts) expect(sayOf('zh', `promo.verdict.${verdict}`)).toBeTruthy();
    for (const answer of answers) expect(sayOf('en', `promo.answer.${answer}`)).toBeTruthy();
    for (const title of titles) expect(sayOf('zh', `promo.title.${title}`)).toBeTruthy();
    for (const level of levels) expect(sayOf('en', `promo.level.${level}`)).toBeTruthy();
    expect(sayOf('en', 'promo.days', { n: 3 })).toBe('expires in 3 days');
  });
});
