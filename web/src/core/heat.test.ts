import { describe, expect, it } from 'vitest';
import { askHeat, bestPlaces, boxOfCells, coverageBand, shareOf, type HeatCell } from './heat';
import { Wire } from './wire';

const cell = (best: string, top: number, x = 0): HeatCell => ({
  type: 'Feature',
  id: x,
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [x, 0],
        [x + 1, 0],
        [x, 1],
        [x, 0],
      ],
    ],
  },
  properties: {
    score: top / 2,
    coverage: 0.5,
    best,
    best_id: `id ${best}`,
    best_key: `id ${best}`,
    kind: 'parcel' as const,
    park: 'p',
    top,
  },
});

describe('a surface', () => {
  it.each([
    ['a park', { over: 'park', district: 'd', by: '' }, { park: 'p', chain_node: 'n' }],
    ['a district', { over: 'district', district: 'd', by: 'm' }, { district: 'd', chain_node: 'n', by: 'm' }],
    ['the only district', { over: 'district', district: undefined, by: '' }, { chain_node: 'n' }],
  ] as const)('is asked over %s', async (_, how, body) => {
    const sent: unknown[] = [];
    const wire = new Wire(
      () => 'zh',
      (_url, init) => {
        sent.push(JSON.parse(init?.body as string));
        return Promise.resolve(new Response('{}'));
      },
    );
    await askHeat(wire, { park: 'p', chain_node: 'n' }, how, new AbortController().signal);
    expect(sent).toEqual([body]);
  });

  it('names each of its best places once, the best first', () => {
    const cells = [
      cell('b', 0.4),
      cell('a', 0.9, 1),
      cell('b', 0.4, 2),
      cell('c', 0.4, 3),
      cell('d', 0.1, 4),
    ];
    expect(bestPlaces(cells, 3).map(({ code }) => code)).toEqual(['a', 'b', 'c']);
    expect(bestPlaces([], 3)).toEqual([]);
  });

  it('stands between its least and its most', () => {
    expect([0.2, 0.4, 0.6].map((score) => shareOf(score, { least: 0.2, most: 0.6 }))).toEqual([
      0,
      expect.closeTo(0.5),
      1,
    ]);
    expect(shareOf(0.3, { least: 0.3, most: 0.3 })).toBe(1);
    expect(shareOf(0.3, { least: null, most: null })).toBe(1);
  });

  it('tells coverage by thirds', () => {
    expect([0.1, 0.34, 0.66, 0.67, 1].map(coverageBand)).toEqual([0, 1, 1, 2, 2]);
  });

  it('lies in the box around its cells', () => {
    expect(boxOfCells([cell('a', 1), cell('b', 1, 4)])).toEqual([0, 0, 5, 1]);
    expect(boxOfCells([])).toBeNull();
  });
});
