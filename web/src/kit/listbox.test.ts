import { expect, it } from 'vitest';
import { moveHighlight } from './listbox';

it.each([
  ['ArrowDown', -1, 3, 0],
  ['ArrowDown', 2, 3, 0],
  ['ArrowUp', -1, 3, 2],
  ['ArrowUp', 0, 3, 2],
  ['Home', 2, 3, 0],
  ['End', 0, 3, 2],
  ['Home', -1, 3, null],
  ['a', 0, 3, null],
  ['ArrowDown', -1, 0, null],
])('%s at %i of %i goes to %s', (key, at, count, expected) => {
  expect(moveHighlight(key, at, count)).toBe(expected);
});
