import { describe, expect, it } from 'vitest';
import type { Hit, HitList, Step } from '../core/feed';
import { choicesOf, foundOf, layerOf, type Choice } from './search';

const hit = (id: string, park = 'p', how: Hit['matched']['how'] = 'exact'): Hit =>
  ({ id, park, kind: 'parcel', network: null, matched: { field: 'code', how } }) as Hit;
const list = { statuses: ['available'], parcels: 3, free: 3 } as unknown as HitList;
const step = { do: 'free' } as Step;

const names = (choices: Choice[]): string[] =>
  choices.map((choice) => (choice.of === 'hit' ? choice.hit.id : choice.of));

describe('the rows of a search', () => {
  it('puts what is in the open park first', () => {
    const hits = [hit('a', 'other'), hit('b'), hit('c', 'other'), hit('d')];
    expect(names(choicesOf({ scope: 'public', hits, lists: [], next: [step] }, 'p'))).toEqual([
      'b',
      'd',
      'a',
      'c',
      'step',
    ]);
  });

  it('puts a list before its own parcels, and after what is called so', () => {
    const listed = [hit('a', 'p', 'listed')];
    expect(names(choicesOf({ scope: 'public', hits: listed, lists: [list], next: [] }, 'p'))).toEqual([
      'list',
      'a',
    ]);
    expect(names(choicesOf({ scope: 'public', hits: [hit('a')], lists: [list], next: [] }, 'p'))).toEqual([
      'a',
      'list',
    ]);
    expect(names(choicesOf({ scope: 'public', hits: [], lists: [list], next: [step] }, 'p'))).toEqual([
      'list',
      'step',
    ]);
  });

  it('leads from a size to a search for a site, and from nothing elsewhere', () => {
    const site = { do: 'site', area_mu: 60 } as Step;
    const near = [hit('a', 'p', 'near')];
    const rows = choicesOf({ scope: 'public', hits: near, lists: [list], next: [step, site] }, 'p');
    expect(rows.map((row) => (row.of === 'step' ? row.step.do : row.of))).toEqual([
      'list',
      'site',
      'hit',
      'free',
    ]);
  });

  it.each<[Hit['kind'], string | null, ReturnType<typeof foundOf>, ReturnType<typeof layerOf>]>([
    ['parcel', null, { of: 'parcel', id: 'x' }, null],
    ['zone', null, { of: 'zone', id: 'x' }, 'zones'],
    ['plan_unit', null, { of: 'plan', id: 'x' }, 'plan'],
    ['road', 'road', { of: 'network', id: 'x' }, 'roads'],
    ['node', 'substation', { of: 'network', id: 'x' }, 'power'],
    ['line', 'of another version', { of: 'network', id: 'x' }, null],
    ['park', null, null, null],
  ])('shows a %s of the kind %s', (kind, network, found, layer) => {
    const one = { ...hit('x'), kind, network } as Hit;
    expect(foundOf(one)).toEqual(found);
    expect(layerOf(one)).toBe(layer);
  });
});
