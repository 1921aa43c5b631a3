import { expect, it } from 'vitest';
import { decided, type Waiting } from './queue';

const place = (id: string, state: Waiting['state']): Waiting => ({ id, state }) as Waiting;

it('tells of places that were waited in and have been decided, once', () => {
  const before = [place('a', 'waiting'), place('b', 'waiting'), place('c', 'waiting'), place('d', 'served')];
  const now = [
    place('a', 'served'),
    place('b', 'passed'),
    place('c', 'waiting'),
    place('d', 'served'),
    place('e', 'served'),
  ];
  expect(decided(before, now).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(decided(now, now)).toEqual([]);
  expect(decided([place('a', 'waiting')], [place('a', 'left')])).toEqual([]);
});
