import { describe, expect, it } from 'vitest';
import type { FilledNode, Link } from './chain';
import { middleOf, pictureOf, standingOf, wayOf, type Spot } from './chainpicture';

const node = (code: string, stage: number): FilledNode => ({
  code,
  stage,
  name: { zh: code, en: code },
  pipeline: 0,
  signed: 0,
  tenants: [],
});
const link = (from: string, to: string): Link => ({ from, to, weight: 1, source: '' });
const codes = (rows: readonly FilledNode[][]): string[][] => rows.map((row) => row.map(({ code }) => code));

describe('the picture of a chain', () => {
  const nodes = [
    node('use1', 2),
    node('raw', 0),
    node('helper', -1),
    node('made', 1),
    node('stray', -1),
    node('use2', 2),
    node('use3', 2),
    node('use4', 2),
  ];
  const links = [link('raw', 'made'), link('helper', 'made'), link('helper', 'use1'), link('made', 'use1')];
  const picture = pictureOf(nodes, links, 3);

  it('has a row for each stage, and what serves several beside the first that it serves', () => {
    expect(codes(picture.rows)).toEqual([
      ['raw'],
      ['made', 'helper'],
      ['use1', 'use2'],
      ['use3', 'use4'],
      ['stray'],
    ]);
    expect(picture.spots.get('helper')).toMatchObject({ row: 1, place: 1, of: 2 });
  });

  it('holds every piece once, however few stand beside one another', () => {
    for (const beside of [1, 2, 3, 9]) {
      const { rows, spots } = pictureOf(nodes, links, beside);
      expect(rows.flat()).toHaveLength(nodes.length);
      expect(spots.size).toBe(nodes.length);
      expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(beside);
    }
    expect(pictureOf([], [], 3).rows).toEqual([]);
  });

  it('draws links from foot to head, and from side to side in a row', () => {
    const frame = { width: 300, pitch: 100, boxWidth: 90, boxHeight: 60 };
    const at = (code: string): Spot => picture.spots.get(code) as Spot;
    expect(middleOf(at('made'), frame)).toEqual({ x: 75, y: 130 });
    expect(wayOf(at('raw'), at('made'), frame)).toBe('M150 60C150 80 75 80 75 100');
    expect(wayOf(at('helper'), at('made'), frame)).toBe('M180 130L120 130');
  });

  it('tells who is here, who is coming and what is missing', () => {
    const tenants = [{}] as FilledNode['tenants'];
    expect(standingOf({ tenants, pipeline: 1 })).toBe('here');
    expect(standingOf({ tenants: [], pipeline: 1 })).toBe('coming');
    expect(standingOf({ tenants: [], pipeline: 0 })).toBe('missing');
  });
});
