import { describe, expect, it } from 'vitest';
import { formatList, parseList, type Kept } from './link';
import { Shortlist } from './shortlist.svelte';
import { Link } from '../state/link.svelte';
import type { Land } from '../state/land.svelte';
import type { Shelf } from '../core/shelf';

const parcel = (code: string): Kept => ({ kind: 'parcel', code, parcels: [code] });
const lot: Kept = { kind: 'lot', code: 'TX-R01, 东~2', parcels: ['TX-R01'], area_mu: 60.5 };
const both: Kept = { kind: 'assembly', code: 'A+B', parcels: ['A', 'B'] };

function shelf(): Shelf & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    length: 0,
    key: () => null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  };
}
const listOn = (on: Shelf | null): Shortlist => new Shortlist({ land: {} as Land, link: new Link() }, on);

describe('the shortlist', () => {
  it('reads back what it wrote, each once, twenty at most', () => {
    const list = [parcel('TX-L04'), lot, both];
    expect(parseList(formatList(list))).toEqual(list);
    expect(parseList('A,A,B')).toEqual([parcel('A'), parcel('B')]);
    expect(parseList(Array.from({ length: 30 }, (_, i) => `P${i}`).join(','))).toHaveLength(20);
  });

  it('takes what it can not read as absent', () => {
    for (const text of [
      null,
      '',
      '%',
      'A;x;1;B',
      'A;l;-1;B',
      'A;l;1',
      'A;a;;',
      ';l;1;B',
      `${'A'.repeat(201)}`,
    ])
      expect(parseList(text), String(text)).toEqual([]);
  });

  it('is kept in the browser by park', () => {
    const on = shelf();
    const first = listOn(on);
    first.open('one');
    first.toggle(parcel('A'));
    first.toggle(parcel('B'));
    first.toggle(parcel('A'));
    expect(first.items).toEqual([parcel('B')]);
    first.open('two');
    expect(first.items).toEqual([]);
    const again = listOn(on);
    again.open('one');
    expect(again.items).toEqual([parcel('B')]);
    expect(again.fleeting).toBe(false);
    again.clear();
    expect(on.kept.size).toBe(0);
  });

  it('says so where the browser keeps nothing', () => {
    const full = {
      ...shelf(),
      setItem: () => {
        throw new Error('full');
      },
    };
    for (const on of [null, full]) {
      const list = listOn(on);
      list.open('one');
      list.toggle(parcel('A'));
      expect(list.items).toEqual([parcel('A')]);
      expect(list.fleeting).toBe(true);
    }
  });

  it('says so where one more was wanted than it holds', () => {
    const list = listOn(shelf());
    list.open('one');
    for (let i = 0; i <= 20; i++) list.toggle(parcel(`P${i}`));
    expect(list.items).toHaveLength(20);
    expect(list.full).toBe(true);
  });
});
