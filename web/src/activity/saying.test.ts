import { expect, it } from 'vitest';
import type { ParkEvent } from '../core/live';
import { sayEvent } from './saying';

const event = (codes: (string | null)[], more: Partial<ParkEvent> = {}): ParkEvent => ({
  park: 'p',
  seq: 1,
  at: '',
  changes: codes.map((code, i) => ({ collection: 'parcels', id: String(i), code, op: 'changed' })),
  change_count: codes.length,
  ...more,
});

it('says who did what to which, in both languages', () => {
  const held = event(['A-07', null], { kind: 'hold', who: { id: '1', name: '王丽' } });
  expect(sayEvent('zh', held)).toBe('王丽：锁定 A-07');
  expect(sayEvent('en', held)).toBe('王丽: Hold A-07');
});

it('names the server where nobody did it, and nobody to the public', () => {
  expect(sayEvent('en', event(['A-07'], { kind: 'expire' }))).toBe('The server: Expired A-07');
  expect(sayEvent('zh', event(['A-07']))).toBe('有更改 A-07');
});

it('counts what it does not name', () => {
  expect(sayEvent('zh', event(['RD-T']), () => '碳谷大道（RD-T）')).toBe('有更改 碳谷大道（RD-T）');
  const line = sayEvent('en', event(['A', 'B', 'C', 'D'], { kind: 'publish', change_count: 104 }));
  expect(line).toContain('A, B, C, 104 in all');
});
