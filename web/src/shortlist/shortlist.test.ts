import { describe, expect, it } from 'vitest';
import { formatList, keptPage, MOST_KEPT, parseList, type Kept } from '../core/kept';
import { Shortlist } from './shortlist.svelte';
import { Link } from '../state/link.svelte';
import type { Land } from '../state/land.svelte';
import type { Shelf } from '../core/shelf';

const parcel = (code: string): Kept => ({ kind: 'parcel', code, parcels: [code] });
const lot: Kept = { kind: 'lot', code: 'TX-R01, 东~2', parcels: ['TX-R01'], area_mu: 60.5 };
const outlined: Kept = { ...lot, lot: '122029172736_37248776183_-207290_1034202_-1281675_-299823' };
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
    const list = [parcel('TX-L04'), outlined, both, { ...lot, code: 'kept before outlines were' }];
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
      'A;o;1;B',
      'A;o;1;1_2;B',
      'A;o;1;1_2_3_4_5_x;B',
      'A;o;1;1_2_3_4_5_6;B;C',
      `A;o;1;${'1_'.repeat(400)}1;B`,
      `${'A'.repeat(201)}`,
    ])
      expect(parseList(text), String(text)).toEqual([]);
  });

  it('tells two lots of one code by their outlines', () => {
    const list = listOn(shelf());
    list.open('one');
    list.toggle(outlined);
    const other = { ...outlined, lot: `${outlined.lot}_7_7` };
    expect([list.has(outlined), list.has(other)]).toEqual([true, false]);
    list.toggle(other);
    expect(parseList(formatList(list.items))).toEqual([outlined, other]);
  });

  it('knows a lot by its outline when another ranking numbers it anew', () => {
    const list = listOn(shelf());
    list.open('one');
    list.toggle(outlined);
    const renumbered = { ...outlined, code: 'TX-R01/7' };
    expect(list.has(renumbered)).toBe(true);
    expect(list.has({ ...renumbered, parcels: ['TX-R02'] })).toBe(false);
    expect(list.has({ kind: 'parcel', code: outlined.code, parcels: [outlined.code] })).toBe(false);
    expect(list.has(lot)).toBe(true); // kept before outlines were: its code is all there is
    list.toggle(renumbered);
    expect(list.items).toEqual([]);
  });

  it('fits into an address, with twenty lots of many corners', () => {
    const long = (n: number): string =>
      Array.from({ length: 42 }, (_, i) => `${i % 2 ? '-' : ''}${1_000_000_000_000 - i - n}`).join('_');
    const list = Array.from({ length: MOST_KEPT }, (_, i) => ({
      ...outlined,
      code: `TX-R01/${i}`,
      lot: long(i),
    }));
    expect(parseList(formatList(list))).toEqual(list);
    expect(formatList(list).length).toBeLessThan(16 * 1024 - 1000);
  });

  it('leads to the page of each, but of a lot without an outline and of too many together', () => {
    expect(keptPage('p', outlined, 'en')).toBe(`/sites/p/TX-R01?lang=en&lot=${outlined.lot}`);
    expect(keptPage('p', both, 'zh')).toBe('/sites/p/A,B?lang=zh');
    expect(keptPage('p', lot, 'en')).toBeNull();
    const many = Array.from({ length: 11 }, (_, i) => `P${i}`);
    expect(keptPage('p', { ...both, parcels: many }, 'en')).toBeNull();
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
