import { expect, it } from 'vitest';
import { load, shares } from './supply';

it('says how much of a node is promised, and nothing where that is not public', () => {
  expect(load({ capacity: 200, promised: 50 })).toBe(0.25);
  expect(load({ capacity: 200 })).toBeNull();
  expect(load({ capacity: 0, promised: 5 })).toBe(1);
  expect(load({ capacity: 0, promised: 0 })).toBe(0);
  expect(load({ capacity: 100, promised: 130 })).toBe(1);
});

it('parts a bar by state, the surest first, and never beyond its end', () => {
  const by_state = { hold: 50, reserved: 0, supplied: 40, built: 30 };
  const parts = shares({ capacity: 100, promised: 120, by_state });
  expect(parts.map(({ state }) => state)).toEqual(['built', 'supplied', 'hold']);
  expect(parts.map(({ share }) => share)).toEqual([0.3, 0.4, expect.closeTo(0.3) as number]);
  expect(shares({ capacity: 0, promised: 0 })).toEqual([]);
});
