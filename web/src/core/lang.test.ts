import { describe, expect, it } from 'vitest';
import asked from '../../../message/testdata/asked.json';
import { ChosenLang, langFor } from './lang';
import type { Shelf } from './shelf';

describe('the language of a browser', () => {
  it.each(asked)('that asks for $asked is $lang', ({ asked, lang }) => {
    expect(langFor(asked)).toBe(lang);
  });
});

describe('a language that was chosen', () => {
  const shelf = (kept: Map<string, string>): Shelf => ({
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
    key: (at) => [...kept.keys()][at] ?? null,
    length: kept.size,
  });

  it('is kept beyond the page', () => {
    const kept = new Map<string, string>();
    expect(new ChosenLang(shelf(kept)).read()).toBeNull();
    new ChosenLang(shelf(kept)).keep('en');
    expect(new ChosenLang(shelf(kept)).read()).toBe('en');
  });

  it('is none where the browser keeps nothing, or something else', () => {
    const none = new ChosenLang(null);
    none.keep('en');
    expect(none.read()).toBeNull();
    expect(new ChosenLang(shelf(new Map([['luodi.lang', 'fr']]))).read()).toBeNull();
  });
});
