import { expect, it } from 'vitest';
import { sharedPrefix } from './codes';

it.each<[string[], string]>([
  [['TX-A01', 'TX-R01-1'], 'TX-'],
  [['TX-A01', 'TY-A01'], ''],
  [['TX-A01', 'TX-'], ''],
  [['A01', 'A02'], ''],
  [['园区_1', '园区_2'], '园区_'],
  [['TX-A01'], ''],
  [[], ''],
])('of %j all begin with “%s”', (codes, prefix) => {
  expect(sharedPrefix(codes)).toBe(prefix);
});
