import { describe, expect, it } from 'vitest';
import { browse, costliest } from './browse';
import type { Parcel, ParcelProperties } from './feed';
import { filterLink, figures, noFilters, without, type Filters } from './filters';
import { textOf } from './link';
import { Measures } from './measures';
import { needKeys } from './requirement';
import { orderLink, sorted } from './parcels';

const MU = 10_000 / 15;
const parcel = (id: string, mu: number, change: Partial<ParcelProperties> = {}): Parcel =>
  ({
    type: 'Feature',
    id,
    geometry: { type: 'Polygon', coordinates: [] },
    properties: {
      code: id,
      status: 'available',
      legal_m2: mu * MU,
      land_use: '100102',
      price_cny_per_m2: 400,
      services: { road: { ready: true } },
      ...change,
    },
  }) as unknown as Parcel;
const ids = (parcels: readonly Parcel[]): string[] => parcels.map(({ id }) => id);
const set = (change: Partial<Filters>): Filters => ({ ...noFilters, ...change });

const land = [
  parcel('a', 20),
  parcel('b', 40, { price_cny_per_m2: null }),
  parcel('c', 60, { status: 'reserve', land_use: '110101' }),
  parcel('d', 80, { status: 'built', land_use: null, services: null }),
];
const measures = new Measures({
  ids: ['a', 'b', 'c'],
  day: '2026-11-28',
  measures: [
    { measure: 'port_m', name: { zh: '', en: '' }, unit: 'm', values: [4000, 6000, null] },
    { measure: 'ready_days', name: { zh: '', en: '' }, unit: 'd', values: [0, 40, null] },
    { measure: 'living_m', name: { zh: '', en: '' }, unit: 'm', values: [49, 50, 400] },
    {
      measure: 'headroom_power',
      name: { zh: '', en: '' },
      unit: 'kVA',
      values: [3000, null, null],
      least: [3000, 1000, null],
      most: [3000, 2000, null],
    },
  ],
  hazards: [{ class: 'B', living_m: 50, source: 'GB', edition: '2018' }],
});

describe('filters', () => {
  it.each<[string, Partial<Filters>, string[], string[]]>([
    ['a status', { statuses: ['available'] }, ['a', 'b'], []],
    ['sizes, both ends included', { ranges: { mu: [20, 60] } }, ['a', 'b', 'c'], []],
    ['a price, which nobody told of one', { ranges: { price: [null, 500] } }, ['a', 'c', 'd'], ['b']],
    ['a use, which one has none of', { uses: ['100102'] }, ['a', 'b'], ['d']],
    ['a service, of which one says nothing', { ready: ['road'] }, ['a', 'b', 'c'], ['d']],
    ['a distance: not measured, or not known', { ranges: { port: [null, 5] } }, ['a'], ['c', 'd']],
    ['a day', { by: '2026-12-31' }, ['a'], ['c', 'd']],
    ['a class of hazard', { hazard: 'B' }, ['b', 'c'], ['d']],
    ['power: of a band the worse end counts', { ranges: { power: [1000, null] } }, ['a', 'b'], ['c', 'd']],
    ['power within a band: nobody can say', { ranges: { power: [1500, null] } }, ['a'], ['b', 'c', 'd']],
    ['power above a band: no', { ranges: { power: [2500, null] } }, ['a'], ['c', 'd']],
    ['a no beside what nobody knows', { ranges: { mu: [70, null], port: [null, 5] } }, [], ['d']],
  ])('by %s', (_, change, inside, unknown) => {
    const left = browse(land, set(change), measures);
    expect([ids(left.inside), ids(left.unknown)]).toEqual([inside, unknown]);
  });

  it('count each value among what the other filters leave', () => {
    const { counts } = browse(land, set({ statuses: ['available'], ranges: { mu: [30, null] } }), measures);
    expect([...counts.status].sort()).toEqual([
      ['available', 1],
      ['built', 1],
      ['reserve', 1],
    ]);
    expect([...counts.use]).toEqual([['100102', 1]]);
    expect(counts.figure.get('mu')).toMatchObject({ known: 2 });
    expect(counts.figure.get('price')).toBeUndefined();
  });

  it('count with what nobody knows only where that is shown', () => {
    const price = set({ ranges: { price: [null, 500] } });
    expect(browse(land, price, measures).counts.status.get('available')).toBe(1);
    expect(browse(land, { ...price, unknown: true }, measures).counts.status.get('available')).toBe(2);
  });

  it('say which of them costs most', () => {
    const filters = set({ statuses: ['built'], ranges: { mu: [null, 30], price: [null, 500] } });
    const { inside, lost } = browse(land, filters, measures);
    expect(inside).toEqual([]);
    expect(costliest(lost)).toEqual({ id: 'status', n: 1 });
    expect(ids(browse(land, without(filters, 'status'), measures).inside)).toEqual(['a']);
    expect(costliest(browse(land, set({ uses: ['x'], statuses: ['held'] }), measures).lost)).toBeNull();
  });

  it('leave aside what is to be measured until it is', () => {
    const filters = set({ statuses: ['available'], ranges: { port: [null, 5] } });
    expect(ids(browse(land, filters, null).inside)).toEqual(['a', 'b']);
  });

  it('go through 10,000 parcels at once', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => parcel(`p${i}`, (i * 37) % 500));
    const filters = set({
      statuses: ['available'],
      ranges: { mu: [10, 400], price: [100, 600] },
      ready: ['road'],
    });
    const { user: begun } = process.cpuUsage();
    const left = browse(many, filters, measures);
    const { user: filtered } = process.cpuUsage();
    const rows = sorted(left.inside, { column: 'mu', descending: true }, 'zh', ['available']);
    const { user: done } = process.cpuUsage();
    console.log(
      `10,000 parcels: filtered ${(filtered - begun) / 1000} ms, sorted ${(done - filtered) / 1000} ms`,
    );
    expect(rows[0]?.properties.legal_m2).toBeCloseTo(400 * MU, 6);
    expect(left.counts.status.get('available')).toBe(left.inside.length);
  });
});

describe('filters in the address', () => {
  it.each<[Partial<Filters>, string]>([
    [{}, ''],
    [{ statuses: ['reserve', 'built'] }, '?status=reserve,built'],
    [{ ranges: { mu: [54.5, 66], price: [null, 400] } }, '?mu=54.5-66&price=-400'],
    [{ ranges: { port: [null, 5], power: [3000, null] }, byRoad: true }, '?port=-5&power=3000-&way=road'],
    [
      { uses: ['100102'], ready: ['road', 'gas'], by: '2027-02-28', hazard: 'C', unknown: true },
      '?use=100102&ready=road,gas&by=2027-02-28&hazard=C&unknown=1',
    ],
  ])('%o', (change, text) => {
    const query = new URLSearchParams();
    filterLink.write(query, set(change));
    expect(textOf(query)).toBe(text);
    expect(filterLink.read(new URLSearchParams(text))).toEqual(set(change));
  });

  it.each([
    '?mu=a-b',
    '?mu=--3',
    '?by=2026-02-30',
    '?use=<b>',
    '?hazard=Z',
    '?ready=luck',
    '?unknown=yes',
    '?port=5',
  ])('take what they can’t read as absent: %s', (text) =>
    expect(filterLink.read(new URLSearchParams(text))).toEqual(noFilters),
  );

  it.each(['', '?sort=price', '?sort=-mu', '?sort=port'])('keep the order: %s', (text) => {
    const query = new URLSearchParams();
    orderLink.write(query, orderLink.read(new URLSearchParams(text)));
    expect(textOf(query)).toBe(text);
  });

  it('have a figure for every service that a project may need', () => {
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(needKeys));
  });
});
