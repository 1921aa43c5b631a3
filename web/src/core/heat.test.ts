import { describe, expect, it } from 'vitest';
import {
  askHeat,
  bestPlaces,
  boxOfCells,
  byScore,
  cellBeside,
  cellsOf,
  groundByScore,
  shareOf,
  type HeatCell,
} from './heat';
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
    ['a park', { over: 'park', district: 'd', by: '' }, { park: 'p', chain_node: 'n', outline: 'ground' }],
    [
      'a district',
      { over: 'district', district: 'd', by: 'm' },
      { district: 'd', chain_node: 'n', by: 'm', outline: 'ground' },
    ],
    [
      'the only district',
      { over: 'district', district: undefined, by: '' },
      { chain_node: 'n', outline: 'ground' },
    ],
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

  it('names each best place on the highest of its cells, then the fullest', () => {
    const places = bestPlaces([cell('a', 0.9), cell('b', 0.5, 1)], 6);
    const low = cell('a', 0.9, 2);
    low.properties.score = 0.1;
    const full = cell('a', 0.9, 3);
    full.properties.coverage = 0.9;
    expect(cellsOf([low, cell('a', 0.9), full, cell('b', 0.5, 1)], places).map(({ id }) => id)).toEqual([
      3, 1,
    ]);
  });

  it('is walked through by score and by direction', () => {
    const at = (x: number, y: number, top: number): HeatCell => {
      const corners = [
        [x, y],
        [x + 1, y],
        [x + 1, y + 1],
        [x, y + 1],
        [x, y],
      ];
      return { ...cell('a', top, 10 * x + y), geometry: { type: 'Polygon', coordinates: [corners] } };
    };
    const [middle, east, north, far] = [at(5, 5, 0.2), at(6, 5, 0.9), at(5, 6, 0.4), at(9, 5, 0.4)];
    const cells = [middle, east, north, far];
    expect(byScore(cells).map(({ id }) => id)).toEqual([65, 56, 95, 55]);
    expect(cellBeside(cells, middle, 'east')).toBe(east);
    expect(cellBeside(cells, east, 'east')).toBe(far);
    expect(cellBeside(cells, middle, 'north')).toBe(north);
    expect(cellBeside(cells, east, 'west')).toBe(middle);
    expect(cellBeside(cells, middle, 'south')).toBeNull();
  });

  it('tells how much ground has which score', () => {
    const features = [cell('a', 0.2), cell('b', 1, 1), cell('c', 0.96, 2)];
    const half = 0.5 * 1.5 * Math.sqrt(3) * 100;
    const bars = groundByScore({ features, least: 0.1, most: 0.5, edge_m: 10 }, 4);
    expect(bars.map((m2) => Math.round((m2 / half) * 100) / 100)).toEqual([1, 0, 0, 2]);
  });

  it('lies in the box around its cells', () => {
    expect(boxOfCells([cell('a', 1), cell('b', 1, 4)])).toEqual([0, 0, 5, 1]);
    expect(boxOfCells([])).toBeNull();
  });
});
