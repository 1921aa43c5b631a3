import { expect, it } from 'vitest';
import { stacked } from './stacked';

const label = (x: number, y: number) => ({ x, y, width: 100, height: 26 });

it('leaves labels alone that lie apart', () => {
  const labels = [label(0, 100), label(200, 100), label(0, 60)];
  expect(stacked(labels)).toEqual(labels);
});

it('moves those behind up until none lies over another', () => {
  const out = stacked([label(0, 100), label(20, 104), label(-20, 98), label(40, 90)]);
  expect(out[1]?.y).toBe(104);
  for (const [i, a] of out.entries())
    for (const b of out.slice(i + 1))
      expect(Math.abs(a.x - b.x) >= 100 || Math.abs(a.y - b.y) >= 26).toBe(true);
  expect(out.map(({ x }) => x)).toEqual([0, 20, -20, 40]);
});
