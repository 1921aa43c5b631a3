import { expect, it } from 'vitest';
import { boxAround } from './bbox';

it('is as wide and high as what it goes around', () => {
  expect(
    boxAround([
      [122, 37.5],
      [121, 37],
      [121.5, 38],
    ]),
  ).toEqual([121, 37, 122, 38]);
  expect(boxAround([[122, 37]])).toEqual([122, 37, 122, 37]);
  expect(boxAround([])).toBeNull();
});
