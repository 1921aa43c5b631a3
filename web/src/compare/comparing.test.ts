import { describe, expect, it } from 'vitest';
import { say } from '../core/message';
import type { Kept } from '../core/kept';
import { Comparing, outlineOf } from './comparing.svelte';

type Use = ConstructorParameters<typeof Comparing>[0];

const square = (at: number) => ({
  type: 'Polygon' as const,
  coordinates: [[[at, 0], [at + 1, 0], [at + 1, 1], [at, 0]]],
}); // prettier-ignore
const parcel = (code: string, at: number) => ({
  id: code.toLowerCase(),
  geometry: square(at),
  properties: {
    code,
    status: 'available',
    legal_m2: 20_000,
    land_use: '1001',
    price_cny_per_m2: null,
    services: {},
  },
});
const unit = (code: string) => ({ code, conditions: {} });
const outline = '1_2_3_4_5_6';
const lot: Kept = { kind: 'lot', code: 'A/1', parcels: ['A'], area_mu: 15, lot: outline };
const set: Kept = { kind: 'assembly', code: 'A+B', parcels: ['A', 'B'] };
const cut = {
  geometry: square(0.5),
  properties: { computed_m2: 10_000, frontage_m: 80, road: 'R1', plan_unit: unit('OWN'), neighbours: [] },
};

/** The sites beside each other, without a ranking; asked is what was read. */
async function beside(items: readonly Kept[], answer: (path: string) => unknown) {
  const parcels = [parcel('A', 0), parcel('B', 1)];
  const asked: string[] = [];
  const wire = {
    ask: (path: string) => {
      asked.push(path);
      const found = answer(path);
      return found ? Promise.resolve(found) : Promise.reject(new Error('none'));
    },
  };
  const comparing = new Comparing(
    {
      land: {
        park: { code: 'p' },
        past: null,
        content: { parcels },
        whole: true,
        parcels,
        parcelById: new Map(parcels.map((each) => [each.id, each])),
        called: (_: string, code: string) => code,
      },
      session: { wire },
      siting: { sites: [], answer: null, telling: [] },
      words: { lang: 'en', t: (...said: [never, never]) => say('en', ...said) },
    } as unknown as Use,
    () => items,
  );
  await comparing.read();
  const cells = (label: string) =>
    comparing.groups.flatMap(({ rows }) => rows).find((row) => row.label === label)?.cells;
  return { comparing, cells, asked };
}
const facts = (path: string) => ({ id: path.split('/').at(-1), plan_unit: unit('WHOLE'), neighbours: [] });

describe('lots and sets beside a parcel', () => {
  it('are told by their own figures, and by their parcels where they have none', async () => {
    const { comparing, cells, asked } = await beside(
      [{ kind: 'parcel', code: 'B', parcels: ['B'] }, lot, set],
      (path) => (path.includes('lot=') ? cut : facts(path)),
    );
    expect(asked).toContain(`/sites/p/A?lang=en&lot=${outline}&f=geojson`);
    expect(cells(say('en', 'web.match.area'))).toEqual([
      '30.00 mu · 20,000 m²',
      '15 mu',
      '60.00 mu · 40,000 m²',
    ]);
    expect(cells(say('en', 'web.match.frontage'))?.[1]).toContain('80');
    expect(cells(say('en', 'web.compare.planunit'))).toEqual(['WHOLE', 'OWN', 'WHOLE']);
    expect(new Set(cells('Price'))).toEqual(new Set(['Not stated']));
    expect(comparing.columns.map((column) => outlineOf(column)?.type)).toEqual([
      'Polygon',
      'Polygon',
      'MultiPolygon',
    ]);
    expect(comparing.columns.map(outlineOf)[1]).toEqual(cut.geometry);
  });

  it('have no outline and no figures where the public has no such ground', async () => {
    const { comparing, cells } = await beside([lot, { ...set, parcels: ['A', 'HIDDEN'] }], () => null);
    expect(comparing.columns.map(outlineOf)).toEqual([null, null]);
    expect(cells(say('en', 'web.match.area')) ?? []).toEqual([]);
  });
});
