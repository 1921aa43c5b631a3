import { describe, expect, it } from 'vitest';
import {
  figure,
  judge,
  questionOf,
  rerank,
  stepFor,
  telling,
  weightsOf,
  type Part,
  type Site,
} from './match';
import { exampleNeed } from './need';

const part = (measure: string, score: number, value: number | null = score): Part => ({
  measure,
  value,
  unit: '',
  score,
  weight: 0.5,
  text: { zh: '', en: '' },
});
const site = (rank: number, code: string, ...parts: Part[]): Site => ({
  rank,
  id: 'parent',
  key: code,
  kind: 'lot',
  code,
  version: 1,
  parcels: [{ id: 'parent', code: 'parent', version: 1 }],
  status: 'available',
  point: [122, 37],
  area_mu: 20,
  score: 0,
  judged: 1,
  least: 0,
  most: 0,
  standing: 0,
  parts,
  unjudged: [],
});
const near = site(1, 'near', part('area_mu', 0.2), part('partner_prepreg_m', 1));
const fit = site(2, 'fit', part('area_mu', 1), part('partner_prepreg_m', 0));

describe('ranking anew', () => {
  it('is the weighted mean of the parts, best first, of lots of one parcel too', () => {
    const ranked = rerank([near, fit], { area_mu: 1, partner_prepreg_m: 3 });
    expect(ranked.map(({ code, rank }) => [code, rank])).toEqual([
      ['near', 1],
      ['fit', 2],
    ]);
    expect(ranked[0]?.score).toBeCloseTo((0.2 + 3) / 4, 12);
  });

  it('turns round when other things weigh', () => {
    const ranked = rerank([near, fit], { area_mu: 3, partner_prepreg_m: 1 });
    expect(ranked.map(({ code }) => code)).toEqual(['fit', 'near']);
  });

  it('keeps the order where all are equal, and gives no score where nothing weighs', () => {
    expect(rerank([near, fit], {}).map(({ code, score }) => [code, score])).toEqual([
      ['near', null],
      ['fit', null],
    ]);
    expect(judge(site(1, 'a', part('a', 0.5)), { b: 1 }).score).toBeNull();
  });

  it('scores by what is judged, and puts what is not a whole scale below the worst that is', () => {
    const unknown = { measure: 'b', weight: 0.5, reason: 'unknown' as const, text: { zh: '', en: '' } };
    const held = { ...site(1, 'held', part('a', 1)), unjudged: [unknown] };
    const told = site(2, 'told', part('a', 0.2), part('b', 0));
    expect(judge(held, { a: 3, b: 1, dead: 9 })).toEqual({
      score: 1,
      judged: 0.75,
      least: 0.75,
      most: 1,
      standing: 0.5,
    });
    expect(rerank([held, told], { a: 3, b: 1 }).map(({ code }) => code)).toEqual(['held', 'told']);
    expect(rerank([held, told], { a: 1, b: 1 }).map(({ code }) => code)).toEqual(['told', 'held']);
  });

  it('bounds a band by its better end', () => {
    const banded = site(1, 'x', { ...part('a', 0.2, null), most: 0.6 });
    expect(judge(banded, { a: 1 })).toMatchObject({ score: 0.2, judged: 1, most: 0.6, standing: 0.2 });
  });

  it('puts those to be asked about last, and gives equals one rank', () => {
    const ask = { measure: 'headroom_steam', unit: 't/h', text: { zh: '', en: '' } };
    const best = { ...site(1, 'asked', part('a', 1)), to_ask: [ask] };
    const all = [
      site(1, 'x', part('a', 0.5)),
      site(2, 'y', part('a', 0.5 + 1e-9)),
      best,
      site(4, 'z', part('a', 0.2)),
    ];
    expect(rerank(all, { a: 1 }).map(({ code, rank }) => [code, rank])).toEqual([
      ['x', 1],
      ['y', 1],
      ['z', 3],
      ['asked', 4],
    ]);
  });

  it('leaves what it was given alone', () => {
    rerank([near, fit], { area_mu: 1 });
    expect([near.rank, near.score]).toEqual([1, 0]);
  });
});

describe('an answer', () => {
  const name = { zh: '', en: '' };
  const criteria = [
    { measure: 'area_mu', want: 'target' as const, weight: 1, name, unit: 'mu' },
    { measure: 'partner_wind_m', want: 'cost' as const, weight: 0.4, name, unit: 'm' },
    { measure: 'land_use', min: 1, name, unit: '' },
  ];

  it('has the weights of its wishes', () => {
    expect(weightsOf({ criteria })).toEqual({ area_mu: 1, partner_wind_m: 0.4 });
  });

  it('tells by what judges any site', () => {
    const sites = [site(1, 'a', part('area_mu', 1))];
    expect(telling({ criteria, sites })).toEqual(['area_mu']);
  });

  it('is asked for whole, as it was at an instant where one is given', () => {
    const question = questionOf('p', exampleNeed, '2026-01-01T00:00:00Z');
    expect(question).toMatchObject({ park: 'p', top: 500, at: '2026-01-01T00:00:00Z' });
    const now = questionOf('p', exampleNeed);
    expect('at' in now || 'lots' in now || 'assemblies' in now).toBe(false);
  });

  it('is asked for with lots and neighbours where the need has them', () => {
    const need = { ...exampleNeed, lots: '80', join: '3' };
    expect(questionOf('p', need)).toMatchObject({
      lots: { frontage_m: 80 },
      assemblies: { most: 3, reserve: true },
    });
    expect(questionOf('p', { ...need, released: '1' }).assemblies).toEqual({ most: 3, reserve: false });
  });
});

describe('the step that makes a site somebody’s', () => {
  const lot: Site = { ...near, cut: { type: 'LineString', coordinates: [] } };
  it.each<[Site, string[], string | null]>([
    [lot, ['available'], 'hold'],
    [lot, ['reserve'], 'release'],
    [near, ['available'], null],
    [{ ...near, kind: 'assembly' }, ['available', 'available'], 'hold'],
    [{ ...near, kind: 'assembly' }, ['available', 'reserve'], null],
    [{ ...near, kind: 'parcel' }, ['held'], null],
    [{ ...near, kind: 'parcel' }, [], null],
  ])('%#', (of, statuses, step) => {
    expect(stepFor(of, statuses)).toBe(step);
  });
});

it.each([
  [1234.56, '1,235'],
  [231.028, '231'],
  [123.45, '123.5'],
  [29.2641, '29.26'],
  [0.5, '0.5'],
])('writes %d as %s', (value, text) => {
  expect(figure('en', value)).toBe(text);
});
